"""From a model of PyTorch to an int8 ONNX file."""

from pathlib import Path

import torch
from merged import Merged

from bot.understanding.merging import members

NAMES = ["input_ids", "attention_mask", "members"]
AXES = {
    "input_ids": {0: "batch", 1: "tokens"},
    "attention_mask": {0: "batch", 1: "tokens"},
    "members": {0: "batch", 1: "groups", 2: "tokens"},
    "last_hidden_state": {0: "batch", 1: "groups"},
}


def write(model, output: Path, work: Path) -> None:
    """Export and quantise. Seven of the eight bits are used, which no processor lets overflow, with
    a scale for each channel: twice as near to the unquantised embedding as one scale for all, and
    signed weights take two thirds of the time of unsigned ones (docs/decisions/0020)."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    work.mkdir(parents=True, exist_ok=True)
    output.parent.mkdir(parents=True, exist_ok=True)
    full = work / f"{output.stem}-float.onnx"
    tokens = torch.ones(1, 30, dtype=torch.int64)
    blank = (tokens, tokens, torch.from_numpy(members([30])))
    torch.onnx.export(Merged(model).eval(), blank, str(full), input_names=NAMES, dynamo=False,
                      output_names=["last_hidden_state"], dynamic_axes=AXES,
                      opset_version=17)  # fmt: skip
    quantize_dynamic(full, output, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)
    full.unlink()
