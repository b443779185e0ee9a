"""The evaluation in words: docs/evaluation/README.md."""

from collections import Counter

from bot.evaluation.figures import (
    Bin,
    accuracy_by_topic,
    calibration,
    confusions,
    figures,
)
from bot.evaluation.scoring import Scored, ScoredPair

WORST = 20
PICTURE = "\n![A row for each topic meant, a column for each one understood](confusion.png)\n"
INTRODUCTION = """\
# Evaluation

Made by `assistant evaluate` from the sentences of `{folder}`. How those of `tests/nlu` were
written, and what may be done with them, is in [tests/nlu/README.md](../../tests/nlu/README.md).
"""


def describe(
    scored: list[Scored], pairs: list[ScoredPair], folder: str, commit: str, unplaced: str
) -> str:
    """The report in Markdown, on the sentences of `folder`."""
    bins, error = calibration(scored)
    return "\n".join(
        [
            INTRODUCTION.format(folder=folder),
            f"Model of commit {commit}; {len(scored)} sentences.\n",
            _figures(scored, pairs),
            "\n## How sure, and how often right\n",
            f"Expected calibration error {error:.1%}, before any threshold.\n",
            _bins(bins),
            "\n## Worst confusions\n",
            _confusions(scored),
            PICTURE,
            "## Emergencies that neither net caught\n",
            _listed([s for s in scored if s.is_urgent and not s.is_alarm]),
            "\n## False alarms\n",
            _listed([s for s in scored if s.is_alarm and not s.is_urgent]),
            "\n## Each topic\n",
            _topics(scored),
            "\n## Messages of residents that could not be placed\n",
            unplaced,
        ]
    )


def _figures(scored: list[Scored], pairs: list[ScoredPair]) -> str:
    lines = ["| figure | share | 95 % interval | of |", "|---|---|---|---|"]
    for name, value in figures(scored, pairs).items():
        interval = f"{value['low']:.1%} - {value['high']:.1%}" if "low" in value else ""
        label = name.replace("_", " ")
        lines.append(f"| {label} | {value['share']:.1%} | {interval} | {value['of']} |")
    return "\n".join(lines)


def _bins(bins: list[Bin]) -> str:
    lines = ["| confidence from | mean confidence | right | sentences |", "|---|---|---|---|"]
    lines += [f"| {b.low:.1f} | {b.sure:.1%} | {b.right:.1%} | {b.of} |" for b in bins]
    return "\n".join(lines)


def _confusions(scored: list[Scored]) -> str:
    lines = ["| meant | understood | times |", "|---|---|---|"]
    lines += [f"| {m} | {u} | {n} |" for m, u, n in confusions(scored)[:WORST]]
    return "\n".join(lines)


def _listed(scored: list[Scored]) -> str:
    if not scored:
        return "None."
    nets = {(True, True): "both nets", (True, False): "learned net", (False, True): "written net"}
    lines = []
    for s in scored:
        why = nets.get((s.learned, s.written), f"taken for {s.understood}")
        where = f", {s.language}" if s.language else ""
        lines.append(f"- {s.sentence.text} ({s.sentence.meant}{where}: {why})")
    return "\n".join(lines)


def _topics(scored: list[Scored]) -> str:
    wrong = Counter((s.sentence.meant, s.understood) for s in scored if not s.is_right)
    lines = ["| topic | right | of | most often taken for |", "|---|---|---|---|"]
    for topic, (right, of) in accuracy_by_topic(scored).items():
        mine = [(n, understood) for (meant, understood), n in wrong.items() if meant == topic]
        most = f"{max(mine)[1]} ({max(mine)[0]})" if mine else ""
        lines.append(f"| {topic} | {right} | {of} | {most} |")
    return "\n".join(lines)
