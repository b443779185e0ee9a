"""Which tokens of a sentence the encoder reads as one, from its third layer on.

A story says the same thing several times over, so each two neighbours of a longer sentence become
one, their mean, once two layers have looked at all of them: two thirds of the work, for sentences
that take the most. Tuning does the same (tuning/merged.py), so that the weights expect it. The idea
is Funnel-Transformer's (Dai and others 2020, https://arxiv.org/abs/2006.03236).
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

MERGED_AFTER = 2  # layers that read every token
AS_THEY_ARE = 24  # tokens: a sentence of no more keeps them all


def members(lengths: Sequence[int]) -> npt.NDArray[np.float32]:
    """For sentences of so many tokens, padded to the longest: [sentence, group, token], 1 where the
    token belongs to the group and 0 elsewhere. A group without a token is padding."""
    grouped = [length if length <= AS_THEY_ARE else -(-length // 2) for length in lengths]
    belongs = np.zeros((len(lengths), max(grouped), max(lengths)), dtype=np.float32)
    for sentence, length in enumerate(lengths):
        tokens = np.arange(length)
        belongs[sentence, tokens if length <= AS_THEY_ARE else tokens // 2, tokens] = 1
    return belongs
