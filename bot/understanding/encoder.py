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
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.understanding.merging import members

WIDTH = 384
MOST_TOKENS = 64  # of a message: a long story says what it is about by then (parts.py)
THREADS = 2  # of one sentence, where there are two cores: a third faster than one (measured)
TOKENIZER_DIGEST = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
Floats = npt.NDArray[np.float32]
FOLDER = Path(__file__).parent / "minilm"
TOKENIZER = FOLDER / "tokenizer.json"
MODEL = FOLDER / "model.onnx"
MADE_FROM = FOLDER / "model.json"


class WrongModel(RuntimeError):
    """The model file is not the one that was checked."""


class Encoder:
    """Turns sentences into embeddings. Safe to share between threads.

    Each sentence is encoded alone, in training too: the scale of the 8-bit activations is one for
    all that is encoded together, so that a sentence in a batch comes out a little different
    (docs/decisions/0021).
    """

    def __init__(self, model: Path | None = None) -> None:
        from tokenizers import Tokenizer

        self._model = model or MODEL
        if model is None:
            _check(MODEL, json.loads(MADE_FROM.read_text(encoding="utf-8"))["sha256"])
        _check(TOKENIZER, TOKENIZER_DIGEST)
        self._session = _session(self._model, min(THREADS, _cores()))
        self._tokenizer: Any = Tokenizer.from_file(str(TOKENIZER))
        self._tokenizer.enable_truncation(MOST_TOKENS)
        self._tokenizer.no_padding()  # which the file asks for

    def encode(self, sentences: Sequence[str]) -> Floats:
        """One row of WIDTH numbers for each of a few sentences, in the order given."""
        return np.vstack([self._encode(self._session, sentence) for sentence in sentences])

    def encode_many(self, sentences: Sequence[str]) -> Floats:
        """The same for thousands: a core for each sentence instead of all cores for one."""
        session = _session(self._model, threads=1)
        with ThreadPoolExecutor(_cores()) as pool:
            return np.vstack(list(pool.map(partial(self._encode, session), sentences)))

    def _encode(self, session: Any, sentence: str) -> Floats:
        ids = self._tokenizer.encode(sentence).ids
        groups = members([len(ids)])
        read = {"input_ids": [ids], "attention_mask": [[1] * len(ids)], "members": groups}
        (hidden,) = session.run(["last_hidden_state"], read)
        pooled = (groups.sum(axis=2) @ hidden[0]) / len(ids)
        normed: Floats = pooled / np.maximum(np.linalg.norm(pooled), 1e-9)
        return normed


def _session(model: Path, threads: int) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # The second thread waits awake for the first while a sentence is encoded, and then rests.
    options.add_session_config_entry("session.intra_op.allow_spinning", "1")
    options.add_session_config_entry("session.force_spinning_stop", "1")
    return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])


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
