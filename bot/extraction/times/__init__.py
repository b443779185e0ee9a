"""Times as people say them: "last night about 11", "every Friday since June"."""

from bot.extraction.times.reading import LONDON, When, read_as_of_now, read_when

__all__ = ["LONDON", "When", "read_as_of_now", "read_when"]
