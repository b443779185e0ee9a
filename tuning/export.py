"""From a model of PyTorch to an int8 ONNX file."""

from pathlib import Path

import torch

NAMES = ["input_ids", "attention_mask", "token_type_ids"]


class OnlyHidden(torch.nn.Module):
    """The model with the one output that the assistant uses."""

    def __init__(self, model) -> None:
        super().__init__()
        self.model = model

    def forward(self, input_ids, attention_mask, token_type_ids):
        return self.model(input_ids, attention_mask, token_type_ids).last_hidden_state


def write(model, output: Path, work: Path) -> None:
    """Export and quantise. Seven of the eight bits are used, which no processor lets overflow, with
    a scale for each channel: twice as near to the unquantised embedding as one scale for all, and
    signed weights take two thirds of the time of unsigned ones (docs/decisions/0020)."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    work.mkdir(parents=True, exist_ok=True)
    output.parent.mkdir(parents=True, exist_ok=True)
    full = work / f"{output.stem}-float.onnx"
    blank = tuple(torch.ones(1, 8, dtype=torch.int64) for _ in NAMES)
    axes = {name: {0: "batch", 1: "tokens"} for name in [*NAMES, "last_hidden_state"]}
    torch.onnx.export(OnlyHidden(model), blank, str(full), input_names=NAMES, dynamo=False,
                      output_names=["last_hidden_state"], dynamic_axes=axes,
                      opset_version=17)  # fmt: skip
    quantize_dynamic(full, output, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)
    full.unlink()
