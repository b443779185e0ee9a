"""The figures that may leave the house: no count under five, and none that can be worked out.

Three rules together keep a small number from being worked out:

- A count under five, none included, is "fewer than 5". Where the other numbers of its table and
  the total would give it away, further numbers of the table are not shown (`hide`).
- The periods are blocks of thirteen whole weeks that do not overlap: nobody can ask for two periods
  that differ by a day and subtract them. There is no choice of kind or ward for the same reason.
- No total is shown, and whoever knows it from elsewhere is reckoned with.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy.engine import Engine

from bot.reports.equality import FEWEST_SHOWN
from bot.reports.statistics import Counts, figures
from bot.reports.statistics_scope import WEEK, Scope, monday

MOST_HIDDEN = FEWEST_SHOWN - 1  # what "fewer than 5" may be at most
LEAST_DOUBT = 3  # so many values must be possible for what is hidden
BLOCK = 13  # weeks
BLOCKS_SHOWN = 8
OF_OWN_TOTAL = ("parts",)  # only some reports say when, and nothing tells how many
PARTS = ("night", "morning", "afternoon", "evening")  # six hours each, from midnight


class Cell(NamedTuple):
    """One number of a table: `shown` is None when it is not told, and `few` says whether that is
    because it is under five."""

    key: str
    shown: int | None
    few: bool


@dataclass(frozen=True)
class Outside:
    """The tables by name, and the block of weeks that they are of."""

    scope: Scope
    tables: dict[str, list[Cell]]


def blocks(today: date) -> list[Scope]:
    """The last blocks of thirteen weeks that are over, the newest first. Counted from a Monday that
    never changes, so that every block is the same whenever it is looked at."""
    origin = date(2024, 1, 1)  # a Monday
    over = (monday(today) - origin) // (BLOCK * WEEK)
    starts = (origin + n * BLOCK * WEEK for n in range(over - 1, -1, -1))
    return [Scope(start, start + BLOCK * WEEK - timedelta(days=1)) for start in starts][
        :BLOCKS_SHOWN
    ]


def outside(engine: Engine, scope: Scope, keys: dict[str, list[str]]) -> Outside:
    """The tables of a block. `keys` names, by table, the values that exist whether or not a report
    has them: a value that is left out would be known to be none."""
    found = figures(engine, scope)
    parts: Counts = {
        f"{day}-{part}": 0 for day in range(7) for part in PARTS
    }  # fmt: skip
    for (day, hour), times in found.heat.cells.items():
        parts[f"{day}-{PARTS[hour // 6]}"] += times
    counted: dict[str, Counts] = {
        "weeks": {week.isoformat(): times for week, times in found.weeks.items()},
        "kinds": found.kinds,
        "wards": found.wards,
        "channels": found.channels,
        "levels": found.levels,
        "outcomes": found.outcomes,
        "repeats": {"yes": found.repeats, "no": found.total - found.repeats},
        "parts": parts,
    }
    hidden = {
        name: _hide({**dict.fromkeys(keys.get(name, ()), 0), **counts})
        for name, counts in counted.items()
    }
    if all(is_safe for name, (_, is_safe) in hidden.items() if name not in OF_OWN_TOTAL):
        return Outside(scope, {name: cells for name, (cells, _) in hidden.items()})
    # So few reports that even what is hidden would be known by whoever knows how many there are:
    # then no table says how many there are.
    blank = {
        name: [cell._replace(shown=None) for cell in cells] for name, (cells, _) in hidden.items()
    }
    return Outside(scope, blank)


def hide(counts: Counts) -> list[Cell]:
    """`counts` without what is under five, and without as many of the next smallest as it takes
    that nobody who knows the total can narrow a hidden one down to fewer than three values."""
    return _hide(counts)[0]


def _hide(counts: Counts) -> tuple[list[Cell], bool]:
    """The cells, and whether hiding was enough."""
    few = {key for key, times in counts.items() if times <= MOST_HIDDEN}
    told = sorted((key for key in counts if key not in few), key=lambda key: counts[key])
    more: list[str] = []
    is_safe = _is_safe(counts, few, more, told)
    while told and not is_safe:
        more.append(told.pop(0))
        is_safe = _is_safe(counts, few, more, told)
    cells = [Cell(key, n if key in told else None, key in few) for key, n in counts.items()]
    return cells, is_safe


def _is_safe(counts: Counts, few: set[str], more: list[str], told: list[str]) -> bool:
    """Whether every value under five keeps enough doubt, for somebody who knows the total and this
    very rule: the values in `more` lie between five and the smallest that is told."""
    if not few:
        return True
    hidden = sum(counts[key] for key in (*few, *more))
    most_of_one = counts[told[0]] if told else hidden
    least_of_others = FEWEST_SHOWN * len(more)
    most_of_others = MOST_HIDDEN * (len(few) - 1) + most_of_one * len(more)
    lowest = max(0, hidden - most_of_others)
    highest = min(MOST_HIDDEN, hidden - least_of_others)
    return highest - lowest + 1 >= LEAST_DOUBT
