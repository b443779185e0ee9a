"""One way to tune an encoder, for the teacher and for the student.

Matrices are multiplied in bfloat16 and everything else stays float32: on a processor with
AVX512-BF16 that is 4.5 times as fast (measured 2026-11-30; docs/decisions/0020).
"""

import random
import time
from dataclasses import dataclass

import numpy as np
import torch
from losses import class_weights, contrast, distilled
from merged import Merged
from sentences import BATCH, Said, in_batches, tidy
from slips import with_slips
from torch import nn
from torch.nn import functional
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn
from transformers import get_linear_schedule_with_warmup

from bot.understanding.merging import members

MOST_TOKENS = 64
SHARPNESS = 10  # embeddings have length one: too short for a linear layer to be sure of anything
HEAD_RATE = 2e-3
CONTRAST = 0.5  # the contrastive loss's weight
SAY = 100  # steps between two lines on the screen


@dataclass(frozen=True)
class Plan:
    """How long, how fast, and how much of the last steps the mean of the weights holds.

    `labels` and `teacher` are the weights of the right topic and of the teacher's opinion.
    """

    epochs: int
    rate: float
    decay: float
    seed: int
    labels: float = 1.0
    teacher: float = 0.0


def tune(model, tokenizer, said: Said, plan: Plan, teachers: torch.Tensor | None = None):
    """Change `model` in place; the linear layer over it, with which topics are told, is returned.

    Half of the sentences are seen with slips of the thumb, tidied as the assistant does it, so that
    a slip moves the embedding less. `teachers` holds the teacher's scores, a row for each
    sentence, of NaN where it has none.
    """
    torch.manual_seed(plan.seed)
    quick_dropout(model, plan.seed)
    intents = sorted({intent for _, intent in said})
    labels = torch.tensor([intents.index(intent) for _, intent in said])
    weights = class_weights(labels.tolist(), len(intents))
    head = nn.Linear(model.config.hidden_size, len(intents))
    both = nn.ModuleList([model, head])
    steps = plan.epochs * -(-len(said) // BATCH)
    optimiser = torch.optim.AdamW(
        [
            {"params": model.parameters(), "lr": plan.rate},
            {"params": head.parameters(), "lr": HEAD_RATE},
        ],
        weight_decay=0.01,
        fused=True,
    )
    schedule = get_linear_schedule_with_warmup(optimiser, steps // 10, steps)
    # The mean of the weights over the last steps does better on new sentences than the last ones
    mean = AveragedModel(both, multi_avg_fn=get_ema_multi_avg_fn(plan.decay))
    chance = random.Random(plan.seed)  # noqa: S311 no secret hangs on it
    both.train()
    step, started, total = 0, time.monotonic(), 0.0
    for _ in range(plan.epochs):
        for batch in in_batches(said, chance):
            typed = [tidy(with_slips(said[i][0], chance)) for i in batch]
            rows = embed(model, tokenizer, typed)
            scores = head(rows * SHARPNESS)
            right = functional.cross_entropy(
                scores, labels[batch], weight=weights, label_smoothing=0.05
            )
            loss = CONTRAST * contrast(rows, labels[batch]) + plan.labels * right
            if teachers is not None:
                known = teachers[batch].isfinite().all(1)  # to the teacher
                theirs = teachers[batch][known]
                loss = (
                    loss + plan.teacher * distilled(scores[known], theirs) if len(theirs) else loss
                )
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            step, total = step + 1, total + loss.item()
            if step > steps // 2:
                mean.update_parameters(both)
            if step % SAY == 0:
                spent = time.monotonic() - started
                print(f"step {step} of {steps}: loss {total / SAY:.3f}, {spent:.0f} s", flush=True)
                total = 0.0
    both.load_state_dict(mean.module.state_dict())
    both.eval()
    return head


def embed(model, tokenizer, texts: list[str]) -> torch.Tensor:
    """As bot/understanding/encoder.py does it: the mean over the tokens, of length one. The tokens
    of a teacher are not merged."""
    read = tokenizer(texts, padding=True, truncation=True, max_length=MOST_TOKENS,
                     return_tensors="pt")  # fmt: skip
    mask = read["attention_mask"]
    with torch.autocast("cpu", torch.bfloat16):
        if model.config.model_type == "bert":
            groups = torch.from_numpy(members(mask.sum(1).tolist()))
            hidden = Merged(model)(read["input_ids"], mask, groups).float()
            weights = groups.sum(-1, keepdim=True)
        else:
            hidden = model(**read).last_hidden_state.float()
            weights = mask.unsqueeze(-1).float()
    return functional.normalize((hidden * weights).sum(1) / weights.sum(1), dim=1)


class QuickDropout(nn.Module):
    """Dropout with numpy's random bytes: PyTorch's own takes as long here as a matrix product."""

    def __init__(self, share: float, chance: np.random.Generator) -> None:
        super().__init__()
        self.cut, self.chance = round(256 * share), chance

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if not self.training or not self.cut:
            return x
        thrown = np.frombuffer(self.chance.bytes(x.numel()), dtype=np.uint8).reshape(x.shape)
        keep = torch.from_numpy(thrown >= self.cut).to(x.dtype)
        return x * keep * (256 / (256 - self.cut))


def quick_dropout(model: nn.Module, seed: int) -> None:
    """Put QuickDropout in place of every dropout layer of `model`."""
    chance = np.random.Generator(np.random.SFC64(seed))
    for part in list(model.modules()):
        for name, child in part.named_children():
            if isinstance(child, nn.Dropout):
                setattr(part, name, QuickDropout(child.p, chance))
