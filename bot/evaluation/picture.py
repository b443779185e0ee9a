"""Draws the confusion matrix; the same in words stands in the report."""

from pathlib import Path

import numpy as np

from bot.evaluation.scoring import FALLBACK, Scored


def draw(scored: list[Scored], path: Path) -> None:
    """A PNG: a row for each topic that was meant, a column for each that was understood."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    topics = sorted({s.sentence.meant for s in scored} | {s.understood for s in scored})
    topics = [topic for topic in topics if topic != FALLBACK] + [FALLBACK]
    place = {topic: i for i, topic in enumerate(topics)}
    counts = np.zeros((len(topics), len(topics)))
    for s in scored:
        counts[place[s.sentence.meant], place[s.understood]] += 1
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    size = 0.19 * len(topics) + 3
    figure, axes = pyplot.subplots(figsize=(size, size), dpi=100)
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for row, column in np.argwhere((counts > 0) & ~np.eye(len(topics), dtype=bool)):
        axes.text(
            column, row, int(counts[row, column]), ha="center", va="center", fontsize=6,
            color="#a3152b",
        )  # fmt: skip
    axes.set_xticks(range(len(topics)), topics, rotation=90, fontsize=6)
    axes.set_yticks(range(len(topics)), topics, fontsize=6)
    axes.set_xlabel("understood")
    axes.set_ylabel("meant")
    axes.set_title("Each row sums to 1; red numbers count mistakes", fontsize=9)
    figure.tight_layout()
    figure.savefig(path)
    pyplot.close(figure)
