"""Where the bars, points and cells of a chart stand. The server draws them as SVG in
templates/charts.html; every length is in the units of the drawing, which is 340 wide."""

from collections.abc import Iterable
from typing import NamedTuple

from bot.reports.statistics import HeatMap

WIDE = 340
BAR_ROOM = 278  # the number stands right of the longest bar
ROW = 40
LONGEST_LABEL = 44  # characters; the table beside it has the whole
PLOT_LEFT, PLOT_TOP, PLOT_WIDE, PLOT_HIGH = 42, 14, 288, 130
SHADES = 4
HOURS, DAYS = range(24), range(7)


class Bar(NamedTuple):
    """One bar. `label` is the whole, `short` what fits into the drawing; `shown` is the number in
    words, `y` the top of its row, `wide` the length of the bar."""

    label: str
    short: str
    value: int
    shown: str
    y: int
    wide: float


class Point(NamedTuple):
    """One point of a line."""

    label: str
    value: int
    x: float
    y: float


class HeatCell(NamedTuple):
    """One hour of one weekday; `shade` is 0 for none, and 4 for the most."""

    day: int
    value: int
    shade: int


def bars(counts: Iterable[tuple[str, int, str]]) -> list[Bar]:
    """A bar for each (label, number, number in words), the longest as wide as there is room."""
    given = list(counts)
    most = max((value for _, value, _ in given), default=0) or 1
    return [
        Bar(label, _short(label), value, shown, n * ROW, round(value / most * BAR_ROOM, 1))
        for n, (label, value, shown) in enumerate(given)
    ]


def points(counts: Iterable[tuple[str, int]]) -> list[Point]:
    """A point for each (label, number), from left to right."""
    given = list(counts)
    most = max((value for _, value in given), default=0) or 1
    step = PLOT_WIDE / max(1, len(given) - 1)
    return [
        Point(
            label, value, round(PLOT_LEFT + n * step, 1),
            round(PLOT_TOP + PLOT_HIGH * (1 - value / most), 1),
        )
        for n, (label, value) in enumerate(given)
    ]  # fmt: skip


def heat_rows(heat: HeatMap) -> list[list[HeatCell]]:
    """A row for each hour of the day, with a cell for each weekday from Monday on."""
    most = max(heat.cells.values(), default=0) or 1

    def cell(day: int, hour: int) -> HeatCell:
        value = heat.cells.get((day, hour), 0)
        return HeatCell(day, value, -(-value * SHADES // most))

    return [[cell(day, hour) for day in DAYS] for hour in HOURS]


def _short(label: str) -> str:
    return label if len(label) <= LONGEST_LABEL else label[: LONGEST_LABEL - 1] + "…"
