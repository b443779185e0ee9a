"""Scores the trained model on tests/nlu: sentences that no training has seen (docs/evaluation/)."""

import asyncio
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from typing import Any

import yaml

from bot.settings import ROOT
from bot.training import MODELS, quiet

SENTENCES = ROOT / "tests" / "nlu"
TRAINED_ON = ROOT / "data" / "nlu"
LOOKALIKES = "calm-lookalikes"
EMERGENCY, OUT_OF_SCOPE, FALLBACK = "report_emergency", "out_of_scope", "nlu_fallback"
WORST = 15


@dataclass(frozen=True)
class Scored:
    """One test sentence: what it means, what was understood, and which emergency net caught it."""

    topic: str
    text: str
    meant: str
    understood: str
    confidence: float
    learned: bool
    written: bool


def evaluate(output: Path | None = None) -> str:
    """Score every sentence; write the report to `output`/ when given, and return its text."""
    quiet()
    scored = asyncio.run(score())
    report = describe(scored)
    if output:
        output.mkdir(parents=True, exist_ok=True)
        (output / "README.md").write_text(report, encoding="utf-8")
        (output / "figures.json").write_text(json.dumps(figures(scored), indent=2) + "\n")
    return report


async def score() -> list[Scored]:
    """What the newest model makes of each test sentence."""
    from rasa.core.agent import load_agent

    newest = max(MODELS.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    agent = await load_agent(model_path=str(newest))
    return [
        _scored(topic, text, meant, await agent.parse_message(text))
        for topic, meant, text in unseen()
    ]


def unseen() -> Iterator[tuple[str, str, str]]:
    """The test sentences that stand nowhere in the training data, case and punctuation aside."""
    trained = {_plain(text) for _, _, text in sentences(TRAINED_ON)}
    return (said for said in sentences() if _plain(said[2]) not in trained)


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def sentences(folder: Path = SENTENCES) -> Iterator[tuple[str, str, str]]:
    """(topic, intent, sentence) of every example in the files of `folder`."""
    for path in sorted(folder.glob("*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            for line in block["examples"].splitlines():
                if line.strip().startswith("- "):
                    yield path.stem, block["intent"], line.strip()[2:]


def figures(scored: list[Scored]) -> dict[str, Any]:
    """The figures that matter, as shares from 0 to 1, each with the number of sentences."""
    calm = [s for s in scored if s.topic == LOOKALIKES]
    plain = [s for s in scored if s.topic != LOOKALIKES]
    in_scope = [s for s in plain if s.meant != OUT_OF_SCOPE]
    outside = [s for s in plain if s.meant == OUT_OF_SCOPE]
    urgent = [s for s in plain if s.meant == EMERGENCY]
    not_urgent = [s for s in plain if s.meant != EMERGENCY]
    return {
        "in_scope_accuracy": share([s.understood == s.meant for s in in_scope]),
        "in_scope_macro": {"share": macro(in_scope), "of": len({s.meant for s in in_scope})},
        "out_of_scope_recall": share([s.understood in (OUT_OF_SCOPE, FALLBACK) for s in outside]),
        "emergency_recall": share([s.understood == EMERGENCY for s in urgent]),
        "emergency_recall_learned": share([s.learned for s in urgent]),
        "emergency_recall_written": share([s.written for s in urgent]),
        "false_alarms_lookalikes": share([s.understood == EMERGENCY for s in calm]),
        "false_alarms_elsewhere": share([s.understood == EMERGENCY for s in not_urgent]),
    }


def share(hits: list[bool]) -> dict[str, Any]:
    """A share with its 95 % interval (Wilson: https://doi.org/10.1080/01621459.1927.10502953)."""
    n, z = len(hits), 1.96
    if not n:
        return {"share": 0.0, "of": 0, "low": 0.0, "high": 1.0}
    p = sum(hits) / n
    middle, spread = p + z * z / (2 * n), z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    below = 1 + z * z / n
    return {
        "share": p,
        "of": n,
        "low": (middle - spread) / below,
        "high": (middle + spread) / below,
    }


def macro(scored: list[Scored]) -> float:
    """Accuracy averaged over topics, so that a small topic counts as much as a large one."""
    topics = {s.meant for s in scored}
    each = [[s.understood == topic for s in scored if s.meant == topic] for topic in sorted(topics)]
    return sum(sum(hits) / len(hits) for hits in each) / len(each)


def describe(scored: list[Scored]) -> str:
    """The report in Markdown."""
    lines = [
        "# Evaluation",
        "",
        "Made by `assistant evaluate --output docs/evaluation` from the sentences of tests/nlu,",
        'less those that stand word for word in data/nlu, such as "yes".',
        "",
        "| figure | share | 95 % interval | sentences |",
        "|---|---|---|---|",
    ]
    for name, value in figures(scored).items():
        interval = f"{value['low']:.1%} - {value['high']:.1%}" if "low" in value else ""
        label = name.replace("_", " ")
        lines.append(f"| {label} | {value['share']:.1%} | {interval} | {value['of']} |")
    lines += ["", "## Worst confusions", "", "| meant | understood | times |", "|---|---|---|"]
    wrong = Counter((s.meant, s.understood) for s in scored if s.meant != s.understood)
    lines += [f"| {m} | {u} | {n} |" for (m, u), n in wrong.most_common(WORST)]
    lines += ["", "## Missed emergencies", ""]
    lines += [
        f"- {s.text} ({s.understood})" for s in scored if s.meant == EMERGENCY != s.understood
    ]
    return "\n".join(lines) + "\n"


def _scored(topic: str, text: str, meant: str, parsed: dict[str, Any]) -> Scored:
    nets = parsed.get("emergency_nets") or {}
    return Scored(
        topic=topic,
        text=text,
        meant=meant,
        understood=parsed["intent"]["name"],
        confidence=parsed["intent"]["confidence"],
        learned=bool(nets.get("learned")),
        written=bool(nets.get("written")),
    )
