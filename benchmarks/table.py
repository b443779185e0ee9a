"""The figures side by side, with the reach that each should have."""

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.load import Times
from benchmarks.measured import AT_ONCE, Measured

GB = 1_000_000_000
PERCENTILES = (50, 95, 99)


@dataclass(frozen=True)
class Reach:
    """What a figure should be, in words and as a test of (ours, stock)."""

    words: str
    holds: Callable[[float, float], bool]
    wants_stock: bool = True


@dataclass(frozen=True)
class Row:
    """One figure of both sides; None when it was not measured."""

    label: str
    ours: float | None
    stock: float | None
    unit: str
    reach: Reach | None = None

    def cells(self) -> list[str]:
        ratio = f"{self.ours / self.stock:.2f}" if self.ours and self.stock else ""
        said = [_said(value, self.unit) for value in (self.ours, self.stock)]
        return [self.label, *said, ratio, self.reach.words if self.reach else "", self._verdict()]

    def _verdict(self) -> str:
        needed = self.stock if self.reach and self.reach.wants_stock else 0.0
        if not self.reach or self.ours is None or needed is None:
            return ""
        return "reached" if self.reach.holds(self.ours, needed) else "NOT reached"


def at_most(share: float, words: str) -> Reach:
    """Ours is at most `share` of the stock figure."""
    return Reach(words, lambda ours, stock: ours <= share * stock)


def below(limit: float, words: str) -> Reach:
    """Ours is below `limit`, whatever the stock figure is."""
    return Reach(words, lambda ours, _: ours <= limit, wants_stock=False)


def rows(ours: Measured, web: Measured, stock: Measured | None) -> list[Row]:
    """Every row of the table."""
    other = stock or Measured()
    faster = Reach("at least 2.5 times", lambda mine, theirs: mine >= 2.5 * theirs)
    rasa = [side.memory["rasa"].pss if side.memory else None for side in (ours, other)]
    return [
        Row("training, cold", ours.training, other.training or None, "s",
            at_most(1 / 5, "at most 1/5")),
        Row("start to first reply", ours.first_reply, other.first_reply or None, "s",
            at_most(1 / 3, "at most 1/3")),
        Row("memory of all processes, PSS", ours.pss, other.pss or None, "MB",
            at_most(0.6, "at most 0.6")),
        Row("memory of all processes, RSS", ours.rss, other.rss or None, "MB"),
        Row("memory of Rasa itself, PSS", rasa[0], rasa[1], "MB", below(0.5 * GB, "below 0.5 GB")),
        *_speed("one conversation", ours.alone, other.alone, at_most(1 / 3, "at most 1/3"), None),
        *_speed(f"{AT_ONCE} conversations", ours.many, other.many, None, faster),
        *_speed("one, our whole web API", web.alone, other.alone, None, None),
        *_speed(f"{AT_ONCE}, our whole web API", web.many, other.many, None, None),
        Row("a turn with an action, above one without (p50)", _extra(ours), _extra(other), "ms",
            below(30, "at most 30 ms")),
        Row("environment on disk", ours.disk, other.disk or None, "MB", below(GB, "below 1 GB")),
    ]  # fmt: skip


def markdown(table: list[Row]) -> str:
    """The rows as a table that reads well as plain text too."""
    head = ["", "ours", "stock", "ours / stock", "should be", ""]
    lines = [head, *(row.cells() for row in table)]
    widths = [max(len(line[n]) for line in lines) for n in range(len(head))]
    lines.insert(1, ["-" * width for width in widths])
    return "\n".join(
        "| " + " | ".join(cell.ljust(widths[n]) for n, cell in enumerate(line)) + " |"
        for line in lines
    )


def _speed(
    where: str, ours: Times | None, stock: Times | None, p50: Reach | None, rate: Reach | None
) -> list[Row]:
    percentiles = [
        Row(
            f"reply p{p}, {where}",
            ours.percentile(p) if ours else None,
            stock.percentile(p) if stock else None,
            "ms",
            p50 if p == 50 else None,
        )
        for p in PERCENTILES
    ]
    mine, theirs = (times.a_second if times else None for times in (ours, stock))
    return [*percentiles, Row(f"messages a second, {where}", mine, theirs, "", rate)]


def _extra(side: Measured) -> float | None:
    if not side.action_turn or not side.plain_turn:
        return None
    return side.action_turn.percentile(50) - side.plain_turn.percentile(50)


def _said(value: float | None, unit: str) -> str:
    if value is None:
        return "-"
    if unit == "MB":
        return f"{value / 1_000_000:,.0f} MB"
    return f"{value:.1f} {unit}".rstrip()
