"""`make bench-understanding`: what it costs to understand one message, on one core."""

import asyncio
import os
import statistics
import time
from collections.abc import Sequence

from bot.evaluation.sentences import sentences
from bot.training import newest, quiet
from bot.understanding import quick
from bot.understanding.encoder import MODEL, TOKENIZER

SHORT_WORDS = range(6, 13)
MESSAGES, ROUNDS = 60, 5
AT_MOST_MS, AT_MOST_TIMES, AT_MOST_MB = 8.0, 3.0, 60.0


def main() -> None:
    """Print the medians, their ratio and the sizes, each beside what it should be."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    quiet()
    quick.put_in_place()  # as `assistant run rasa` does
    texts = [said.text for said in sentences()]
    short = [text for text in texts if len(text.split()) in SHORT_WORDS][::9][:MESSAGES]
    words = " ".join(text for text in texts if len(text.split()) > 20)
    long = [words[i * 1000 : (i + 1) * 1000] for i in range(min(MESSAGES, len(words) // 1000))]
    medians = asyncio.run(_measure(short, long, [words[:5000]]))
    at_short, at_long, at_longest = (median * 1000 for median in medians)
    size = sum(path.stat().st_size for path in (MODEL, TOKENIZER, newest())) / 1e6
    print(f"{len(short)} messages of 6-12 words: p50 {at_short:.1f} ms (at most {AT_MOST_MS:.0f})")
    print(f"{len(long)} messages of 1,000 characters: p50 {at_long:.1f} ms, "
          f"{at_long / at_short:.1f} times a short one (at most {AT_MOST_TIMES:.0f})")  # fmt: skip
    print(f"a message of 5,000 characters: p50 {at_longest:.1f} ms")
    print(f"model on disk: {size:.0f} MB (at most {AT_MOST_MB:.0f})")


async def _measure(*kinds: Sequence[str]) -> list[float]:
    """The median time in seconds to understand a message of each kind."""
    from rasa.core.agent import load_agent

    agent = await load_agent(model_path=str(newest()))
    times: list[list[float]] = [[] for _ in kinds]
    for _ in range(ROUNDS):
        for found, kind in zip(times, kinds, strict=True):
            for text in kind:
                started = time.perf_counter()
                await agent.parse_message(text)
                found.append(time.perf_counter() - started)
    return [statistics.median(found[len(found) // ROUNDS :]) for found in times]


if __name__ == "__main__":
    main()
