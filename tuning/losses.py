"""What tuning makes small. All take rows of embeddings or scores, a row for each sentence."""

import numpy as np
import torch
from torch.nn import functional

WARMTH = 0.1  # of the contrastive loss
TEMPERATURE = 2.0  # at which a student looks at what its teacher is not sure of


def class_weights(labels: list[int], count: int) -> torch.Tensor:
    """Small topics count for more, by the square root of how much smaller they are."""
    sizes = np.bincount(labels, minlength=count)
    weights = np.sqrt(sizes.mean() / sizes)
    return torch.tensor(weights, dtype=torch.float32)


def contrast(rows: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """The supervised contrastive loss over a batch (Khosla and others 2020,
    https://arxiv.org/abs/2004.11362); 0 when no two share a topic."""
    alike = (labels[:, None] == labels[None, :]).float()
    self_ = torch.eye(len(labels))
    scores = rows @ rows.T / WARMTH - self_ * 1e9
    shares = scores - torch.logsumexp(scores, dim=1, keepdim=True)
    pairs = alike - self_
    has = pairs.sum(1) > 0
    if not has.any():
        return rows.sum() * 0
    return -((shares * pairs).sum(1)[has] / pairs.sum(1)[has]).mean()


def distilled(scores: torch.Tensor, teachers: torch.Tensor) -> torch.Tensor:
    """How far `scores` are from the teacher's (Hinton and others 2015,
    https://arxiv.org/abs/1503.02531)."""
    ours = functional.log_softmax(scores / TEMPERATURE, dim=1)
    theirs = functional.softmax(teachers / TEMPERATURE, dim=1)
    return functional.kl_div(ours, theirs, reduction="batchmean") * TEMPERATURE**2
