"""The weights that export.py wrote, read again, so that tuning can go on from them."""

import re
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper

PRODUCT = re.compile(r"/(?:model/encoder/)?(layer\.\d+/.+)/MatMul_quant$")
GATHERED = re.compile(r"model\.(embeddings\.\w+\.weight)_quantized$")


def read_into(model, file: Path) -> None:
    """Give `model` the weights of the int8 `file`, as near as seven bits hold them. Raises KeyError
    when the file lacks one."""
    graph = onnx.load(file).graph
    kept = {found.name: numpy_helper.to_array(found) for found in graph.initializer}
    found = {
        name.removeprefix("model."): array
        for name, array in kept.items()
        if name.startswith("model.") and array.dtype == np.float32
    }
    for name in kept:
        if place := GATHERED.match(name):
            found[place[1]] = _in_full(kept, name.removesuffix("_quantized"))
    for node in graph.node:
        if place := PRODUCT.match(node.name):
            weights = _in_full(kept, node.input[1].removesuffix("_quantized"))
            found["encoder." + place[1].replace("/", ".") + ".weight"] = weights.T
    state = model.state_dict()
    for name in state:
        if not name.startswith("pooler.") and state[name].is_floating_point():  # never written
            state[name] = torch.from_numpy(np.array(found[name]))
    model.load_state_dict(state)


def _in_full(kept: dict[str, np.ndarray], name: str) -> np.ndarray:
    whole = kept[f"{name}_quantized"].astype(np.float32)
    return (whole - kept[f"{name}_zero_point"].astype(np.float32)) * kept[f"{name}_scale"]
