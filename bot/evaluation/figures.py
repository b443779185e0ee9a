"""The figures that matter, each a share from 0 to 1 with its 95 % interval."""

from collections import Counter
from dataclasses import dataclass
from math import sqrt
from typing import Any

from bot.evaluation.scoring import OUT_OF_SCOPE, Scored, ScoredPair

Share = dict[str, Any]


@dataclass(frozen=True)
class Bin:
    """Messages of like confidence: how sure the model was on average, and how often right."""

    low: float
    sure: float
    right: float
    of: int


def figures(scored: list[Scored], pairs: list[ScoredPair]) -> dict[str, Share]:
    """Every figure by name, in the order in which they are printed."""
    plain = [s for s in scored if not s.is_calm_lookalike]
    calm = [s for s in scored if s.is_calm_lookalike]
    in_scope = [s for s in plain if not s.is_outside]
    outside = [s for s in plain if s.is_outside]
    neighbours = [s for s in outside if s.sentence.meant != OUT_OF_SCOPE]
    urgent = [s for s in plain if s.is_urgent and not s.language]
    foreign = [s for s in plain if s.language]
    others = [s for s in plain if not s.is_urgent]
    return {
        "in_scope_accuracy": share([s.is_right for s in in_scope]),
        "in_scope_macro": {"share": macro(in_scope), "of": len(accuracy_by_topic(in_scope))},
        "out_of_scope_recall": share([s.is_declined for s in outside]),
        "neighbours_declined_by_name": share([s.is_right for s in neighbours]),
        "emergency_recall": share([s.is_alarm for s in urgent]),
        "emergency_recall_learned_net": share([s.learned for s in urgent]),
        "emergency_recall_written_net": share([s.written for s in urgent]),
        "emergency_recall_other_languages": share([s.is_alarm for s in foreign if s.is_urgent]),
        "other_languages_accuracy": share([s.is_right for s in foreign]),
        "false_alarms": share([s.is_alarm for s in others]),
        "false_alarms_lookalikes": share([s.is_alarm for s in calm if not s.is_urgent]),
        "false_alarms_lookalikes_learned_net": share([s.learned for s in calm if not s.is_urgent]),
        "false_alarms_lookalikes_written_net": share([s.written for s in calm if not s.is_urgent]),
        "lookalikes_right_topic": share([s.is_right for s in calm]),
        "two_questions_both_answered": share(
            [p.asked == p.message.topics for p in pairs if p.message.topics]
        ),
        "one_question_kept_one": share([not p.asked for p in pairs if not p.message.topics]),
    }  # fmt: skip


def share(hits: list[bool]) -> Share:
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
        "low": max(0.0, (middle - spread) / below),
        "high": min(1.0, (middle + spread) / below),
    }


def macro(scored: list[Scored]) -> float:
    """Accuracy averaged over topics, so that a small topic counts as much as a large one."""
    by_topic = accuracy_by_topic(scored)
    return sum(right / of for right, of in by_topic.values()) / len(by_topic)


def accuracy_by_topic(scored: list[Scored]) -> dict[str, tuple[int, int]]:
    """(right, all) for each topic, by name."""
    all_, right = Counter(s.sentence.meant for s in scored), Counter()  # type: ignore[var-annotated]
    right.update(s.sentence.meant for s in scored if s.is_right)
    return {topic: (right[topic], all_[topic]) for topic in sorted(all_)}


def confusions(scored: list[Scored]) -> list[tuple[str, str, int]]:
    """(meant, understood, times), the most frequent first."""
    wrong = Counter((s.sentence.meant, s.understood) for s in scored if not s.is_right)
    return [(meant, understood, n) for (meant, understood), n in wrong.most_common()]


def calibration(scored: list[Scored], bins: int = 10) -> tuple[list[Bin], float]:
    """How sure the classifier was against how often it was right, before any threshold; and the
    expected calibration error, the mean distance between the two (https://arxiv.org/abs/1706.04599).

    What the emergency nets or "two questions" decided is left out: their confidence is 1 by design.
    """
    judged = [s for s in scored if s.confidence < 1.0]
    made = []
    for i in range(bins):
        low, high = i / bins, (i + 1) / bins
        inside = [s for s in judged if low <= s.confidence < high or (high == 1 == s.confidence)]
        if inside:
            sure = sum(s.confidence for s in inside) / len(inside)
            right = sum(s.best == s.sentence.meant for s in inside) / len(inside)
            made.append(Bin(low, sure, right, len(inside)))
    total = sum(bin_.of for bin_ in made)
    error = sum(abs(bin_.sure - bin_.right) * bin_.of for bin_ in made) / total if total else 0.0
    return made, error
