"""From the fitted network to the files that the package ships: ONNX with small weights, then checked."""

import json
import tempfile
import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import onnx.numpy_helper
import torch
from torch import nn

from relgraph.nlp.encoder.hints import WIDTH
from relgraph.nlp.encoder.network import FILES, MIX, PIECES
from relgraph.nlp.encoder.pairs import (
    CHAIN_CATEGORIES,
    EVENT_CATEGORIES,
    FRAME_CATEGORIES,
    ROLE_CATEGORIES,
    TIME_CATEGORIES,
)
from relgraph.nlp.encoder.runtime import InferenceSession
from relgraph.training.network import Network

_OPSET = 17
_CLOSE = 2e-3  # difference of an exported fp32 network's scores that rounding explains
_LARGEST = 127  # of the integers that a weight is stored as
_TINY = 1e-12
_MATRIX = 2  # dimensions of what is stored so
_PIECES, _PAIRS = 37, 5  # size of the example that is traced


def export(network: Network, pieces: bytes, folder: Path, *, small: bool = True) -> None:
    """Write the network to ``folder`` as `relgraph.nlp.encoder.network` reads it.

    Args:
        small: store the weights in 8 and 16 bits.

    Raises:
        ValueError: the exported network does not give the scores of the one in PyTorch.
    """
    folder.mkdir(parents=True, exist_ok=True)
    network.eval()
    width = network.encoder.width
    states = torch.randn(_PAIRS, width)
    parts: dict[str, tuple[nn.Module, tuple[torch.Tensor, ...], int]] = {
        "encoder": (
            network.encoder,
            (torch.randint(4, 999, (_PIECES,)), torch.randint(0, 2, (_PIECES, WIDTH)).float()),
            3,
        ),
        "roles": (network.roles, (states, torch.randn(_PAIRS, width), _categories(ROLE_CATEGORIES)), 1),
        "times": (network.times, (states, torch.randn(_PAIRS, width), _categories(TIME_CATEGORIES)), 1),
        "chains": (network.chains, (states, torch.randn(_PAIRS, width), _categories(CHAIN_CATEGORIES)), 1),
        "events": (network.events, (states, _categories(EVENT_CATEGORIES)), 1),
        "frames": (network.frames, (states, _categories(FRAME_CATEGORIES)), 1),
    }
    for name, (part, inputs, outputs) in parts.items():
        _export_part(part, inputs, outputs, folder / FILES[name], small=small)
    (folder / PIECES).write_bytes(pieces)
    mix = {name: value.detach().tolist() for name, value in network.mix.items()}
    (folder / MIX).write_text(json.dumps(mix, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def _categories(sizes: Sequence[int]) -> torch.Tensor:
    return torch.stack([torch.randint(0, size, (_PAIRS,)) for size in sizes], dim=1)


def _export_part(
    part: nn.Module, inputs: tuple[torch.Tensor, ...], outputs: int, path: Path, *, small: bool
) -> None:
    names = [f"in{i}" for i in range(len(inputs))]
    results = [f"out{i}" for i in range(outputs)]
    with tempfile.TemporaryDirectory() as scratch:
        exact = Path(scratch) / "exact.onnx"
        with warnings.catch_warnings():
            # the exporter by tracing is deprecated, but needs no further package
            warnings.simplefilter("ignore", DeprecationWarning)
            torch.onnx.export(
                part,
                inputs,
                str(exact),
                input_names=names,
                output_names=results,
                dynamic_axes={name: {0: "n"} for name in (*names, *results)},
                opset_version=_OPSET,
                dynamo=False,
            )
        _check(part, inputs, names, exact)
        model = onnx.load(str(exact))
        onnx.save(_with_small_weights(model) if small else model, str(path))


def _with_small_weights(model: onnx.ModelProto) -> onnx.ModelProto:
    """Store the table of pieces as 8-bit integers with a scale for each piece, other matrices in 16 bits.

    onnxruntime turns them into 32 bits once, when it loads them, and computes in 32. What flows between the
    layers has outliers that 8 bits can't hold beside the rest (Bondarenko, Nagel and Blankevoort 2021,
    "Understanding and Overcoming the Challenges of Efficient Transformer Quantization").
    """
    graph = model.graph
    tables = {node.input[0] for node in graph.node if node.op_type == "Gather"}
    widened = []
    for tensor in [tensor for tensor in graph.initializer if len(tensor.dims) == _MATRIX]:
        values = onnx.numpy_helper.to_array(tensor)
        name, wide = tensor.name, tensor.name
        graph.initializer.remove(tensor)
        if name in tables:
            wide = f"{name}.cast"
            scale = np.maximum(np.abs(values).max(axis=1, keepdims=True), _TINY) / _LARGEST
            values = np.rint(values / scale).astype(np.int8)
            graph.initializer.append(onnx.numpy_helper.from_array(scale, f"{name}.scale"))
            widened.append(onnx.helper.make_node("Mul", [wide, f"{name}.scale"], [name]))
        else:
            values = values.astype(np.float16)
        graph.initializer.append(onnx.numpy_helper.from_array(values, f"{name}.small"))
        widened.insert(0, onnx.helper.make_node("Cast", [f"{name}.small"], [wide], to=onnx.TensorProto.FLOAT))
    nodes = [*widened, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)
    onnx.checker.check_model(model)
    return model


def _check(part: nn.Module, inputs: tuple[torch.Tensor, ...], names: Sequence[str], exported: Path) -> None:
    """Compare on inputs of another size than were traced."""
    fewer = tuple(value[: len(value) // 2] for value in inputs)
    with torch.no_grad():
        wanted = part(*fewer)
    session = InferenceSession(str(exported), providers=["CPUExecutionProvider"])
    given = session.run(None, dict(zip(names, (value.numpy() for value in fewer), strict=True)))
    for want, got in zip(wanted if isinstance(wanted, tuple) else (wanted,), given, strict=True):
        if (difference := float(np.abs(want.numpy() - got).max())) > _CLOSE:
            raise ValueError(f"{exported}: the exported network's scores are {difference} off")
