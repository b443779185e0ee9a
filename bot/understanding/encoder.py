"""all-MiniLM-L6-v2, tuned on our own sentences, as int8 ONNX: a sentence in, 384 numbers out.

The weights are minilm/model.onnx, made by `make embedding` (tuning/) and used only when their
digest is the one in minilm/model.json; EMBEDDING_MODEL names another copy. Mean pooling over the
attention mask, then L2 normalisation, as the model card of the official source says
(docs/dependencies.md).
"""

import hashlib
import json
import os
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

WIDTH = 384
MOST_TOKENS = 64  # of a message: a long story says what it is about by then (parts.py)
BATCH = 32
THREADS = 2  # of one sentence, where there are two cores: a third faster than one (measured)
TOKENIZER_DIGEST = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
FOLDER = Path(__file__).parent / "minilm"
TOKENIZER = FOLDER / "tokenizer.json"
MODEL = FOLDER / "model.onnx"
MADE_FROM = FOLDER / "model.json"


class WrongModel(RuntimeError):
    """The model file is not the one that was checked."""


class Encoder:
    """Turns sentences into embeddings. One session, safe to share between threads."""

    def __init__(self, model: Path | None = None) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        path = model or MODEL
        if model is None:
            _check(path, json.loads(MADE_FROM.read_text(encoding="utf-8"))["sha256"])
        _check(TOKENIZER, TOKENIZER_DIGEST)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = min(THREADS, _cores())
        options.inter_op_num_threads = 1
        # The second thread waits awake for the first while a sentence is encoded, and then rests.
        options.add_session_config_entry("session.intra_op.allow_spinning", "1")
        options.add_session_config_entry("session.force_spinning_stop", "1")
        self._session: Any = onnxruntime.InferenceSession(
            str(path), options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer: Any = Tokenizer.from_file(str(TOKENIZER))
        self._tokenizer.enable_truncation(MOST_TOKENS)
        self._tokenizer.enable_padding()

    def encode(self, sentences: Sequence[str]) -> npt.NDArray[np.float32]:
        """One row of WIDTH numbers for each sentence, in the order given."""
        order = sorted(range(len(sentences)), key=lambda i: len(sentences[i]))
        rows = np.zeros((len(sentences), WIDTH), dtype=np.float32)
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            rows[batch] = self._encode_batch([sentences[i] for i in batch])
        return rows

    def _encode_batch(self, sentences: list[str]) -> npt.NDArray[np.float32]:
        encodings = self._tokenizer.encode_batch(sentences)
        mask = np.array([e.attention_mask for e in encodings], dtype=np.int64)
        (hidden,) = self._session.run(
            ["last_hidden_state"],
            {
                "input_ids": np.array([e.ids for e in encodings], dtype=np.int64),
                "attention_mask": mask,
                "token_type_ids": np.zeros_like(mask),
            },
        )
        weights = mask[:, :, None].astype(np.float32)
        pooled = (hidden * weights).sum(axis=1) / np.maximum(weights.sum(axis=1), 1e-9)
        normed: npt.NDArray[np.float32] = pooled / np.maximum(
            np.linalg.norm(pooled, axis=1, keepdims=True), 1e-9
        )
        return normed


@lru_cache(maxsize=2)
def shared_encoder(model: Path | None = None) -> Encoder:
    """The process's encoder, made at first use."""
    return Encoder(model)


def _cores() -> int:
    """How many cores this process may use."""
    may_use = getattr(os, "sched_getaffinity", None)
    return len(may_use(0)) if may_use else os.cpu_count() or 1


def _check(path: Path, digest: str) -> None:
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != digest:
        raise WrongModel(f"{path.name} has the digest {found}, not the recorded {digest}")
