"""Neighbouring tokens of a longer sentence are read as one, and nothing else changes."""

import numpy as np

from bot.understanding.encoder import MOST_TOKENS, shared_encoder
from bot.understanding.merging import AS_THEY_ARE, members

SHORT = "loud music next door"
LONG = (
    "the lads outside the flats were out till four again with the car doors open and the music on"
)


def test_a_short_sentence_keeps_its_tokens():
    assert np.array_equal(members([AS_THEY_ARE])[0], np.eye(AS_THEY_ARE))


def test_two_neighbours_of_a_longer_sentence_become_one():
    (belongs,) = members([AS_THEY_ARE + 1])
    groups = [np.flatnonzero(row).tolist() for row in belongs]
    assert groups[:2] == [[0, 1], [2, 3]]
    assert groups[-1] == [AS_THEY_ARE]  # the odd one stays alone
    assert len(groups) == AS_THEY_ARE // 2 + 1


def test_padding_belongs_to_no_group():
    short, long = members([3, MOST_TOKENS])
    assert short.sum() == 3
    assert long.sum() == MOST_TOKENS
    assert not short[3:].any()
    assert not short[:, 3:].any()


def test_a_sentence_is_the_same_alone_and_among_many():
    encoder = shared_encoder()
    alone = np.vstack([encoder.encode([SHORT]), encoder.encode([LONG])])
    assert np.allclose(encoder.encode_many([SHORT, LONG, "hi"])[:2], alone, atol=1e-5)
    assert np.allclose(np.linalg.norm(alone, axis=1), 1, atol=1e-5)


def test_order_of_words_counts_in_a_merged_sentence():
    words = LONG.split()
    assert len(words) > AS_THEY_ARE * 0.75
    turned = " ".join([*words[1::2], *words[::2]])
    one, other = shared_encoder().encode([LONG, turned])
    assert float(one @ other) < 0.999
