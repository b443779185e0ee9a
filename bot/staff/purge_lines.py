"""A purge in words: what one would do, what one did, and how the last one went."""

from collections.abc import Iterator

from bot.retention.purge import RULES, Plan
from bot.retention.runs import Run
from bot.staff.labels import label, labels
from bot.staff.shown import local_time


def of_plan(plan: Plan, shown: int) -> Iterator[str]:
    """What a dry run prints: each rule that something is due by, with the references of reports, of
    which at most `shown` are told."""
    words = labels()["purge_words"]
    for rule, number in plan.by_rule.items():
        if number:
            yield _due(rule, number)
            if names := plan.reports.get(rule):
                yield f"    {_some(names, shown)}"
    yield words["total"].format(number=f"{sum(plan.by_rule.values()):,}")
    if plan.held:
        yield words["held"].format(names=_some(plan.held, shown))
    for reference, came in plan.old_open[:shown]:
        yield words["old_open"].format(reference=reference, day=local_time(came))
    yield words["dry"]


def of_run(run: Run) -> Iterator[str]:
    """What a run did, by rule, and how it ended."""
    for rule in RULES:
        if number := run.counts.get(rule):
            yield _due(rule, number)
    yield told(run)


def told(run: Run) -> str:
    """How a run went, in one line."""
    words = labels()["purge_words"]
    number = sum(run.counts.values())
    went = words["went"].format(number=f"{number:,}") if number else words["nothing"]
    said = str(
        words["ran"].format(
            state=label("purge_state", run.state), at=local_time(run.began_at), by=run.by, went=went
        )
    )
    return words["problem"].format(told=said, problem=run.problem) if run.problem else said


def _due(rule: str, number: int) -> str:
    told = labels()["purge_words"]["due"].format(
        rule=label("purge_rule", rule), number=f"{number:,}"
    )
    return str(told)


def _some(names: list[str], shown: int) -> str:
    more = f" … ({len(names):,})" if len(names) > shown else ""
    return ", ".join(names[:shown]) + more
