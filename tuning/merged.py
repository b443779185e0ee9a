"""The student's forward pass, in which neighbouring tokens become one half way (bot/understanding/
merging.py). For training and for the ONNX file alike."""

import sentences  # noqa: F401 it lets bot be found
import torch

from bot.understanding.merging import MERGED_AFTER


class Merged(torch.nn.Module):
    """A BERT model; gives the last hidden state of each group of tokens."""

    def __init__(self, model) -> None:
        super().__init__()
        self.model = model

    def forward(self, input_ids, attention_mask, members):
        hidden = self.model.embeddings(input_ids)
        seen = unseen_is_low(attention_mask)
        for place, layer in enumerate(self.model.encoder.layer):
            if place == MERGED_AFTER:
                counts = members.sum(-1, keepdim=True)
                hidden = members @ hidden / counts.clamp(min=1)
                seen = unseen_is_low(counts[:, :, 0].clamp(max=1))
            hidden = layer(hidden, attention_mask=seen)[0]
        return hidden


def unseen_is_low(mask: torch.Tensor) -> torch.Tensor:
    """What is added to attention: nothing for a token, a low number for padding."""
    return (1 - mask.float())[:, None, None, :] * -1e9
