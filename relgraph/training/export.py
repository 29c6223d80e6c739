"""From the fitted network to the files that the package ships: ONNX in 8-bit integers, checked on the way."""

import json
import tempfile
import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import torch
from onnxruntime import InferenceSession
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import nn

from relgraph.nlp.encoder.hints import WIDTH
from relgraph.nlp.encoder.network import FILES, MIX, PIECES
from relgraph.nlp.encoder.pairs import CHAIN_CATEGORIES, EVENT_CATEGORIES, ROLE_CATEGORIES, TIME_CATEGORIES
from relgraph.training.network import Network

_OPSET = 17
_CLOSE = 2e-3  # difference of an exported fp32 network's scores that rounding explains
_PIECES, _PAIRS = 37, 5  # size of the example that is traced


def export(network: Network, pieces: bytes, folder: Path) -> None:
    """Write the network to ``folder`` as `relgraph.nlp.encoder.network` reads it.

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
    }
    for name, (part, inputs, outputs) in parts.items():
        _export_part(part, inputs, outputs, folder / FILES[name])
    (folder / PIECES).write_bytes(pieces)
    mix = {name: value.detach().tolist() for name, value in network.mix.items()}
    (folder / MIX).write_text(json.dumps(mix, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def _categories(sizes: Sequence[int]) -> torch.Tensor:
    return torch.stack([torch.randint(0, size, (_PAIRS,)) for size in sizes], dim=1)


def _export_part(part: nn.Module, inputs: tuple[torch.Tensor, ...], outputs: int, path: Path) -> None:
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
        kept = _kept_exact(exact)
        quantize_dynamic(exact, path, weight_type=QuantType.QInt8, per_channel=True, nodes_to_exclude=kept)


def _kept_exact(exported: Path) -> list[str]:
    """Return the nodes that stay in 32 bits: the second matrices of the feed-forward networks.

    What goes into them has outliers that 8 bits can't hold beside the rest (Bondarenko, Nagel and Blankevoort
    2021, "Understanding and Overcoming the Challenges of Efficient Transformer Quantization").
    """
    names = [node.name for node in onnx.load(str(exported)).graph.node if "/outer/" in node.name]
    # the quantiser turns Gemm into MatMul and Add first, under names of its own
    return [*names, *(f"{name}_MatMul" for name in names)]


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
