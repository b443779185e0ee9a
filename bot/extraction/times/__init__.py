"""Times as people say them: "last night about 11", "every Friday since June"."""

from bot.extraction.times.reading import When, read_when

__all__ = ["When", "read_when"]
