"""The trained network as the package ships it: ONNX graphs, run on one core without PyTorch."""

import hashlib
import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from sentencepiece import SentencePieceProcessor

from relgraph.errors import RelgraphError
from relgraph.nlp.encoder.hints import WIDTH
from relgraph.nlp.encoder.pairs import Pair
from relgraph.nlp.encoder.runtime import UNREADABLE, InferenceSession, SessionOptions
from relgraph.nlp.encoder.windows import Window

_Array: TypeAlias = npt.NDArray[Any]

SHIPPED = Path(__file__).parent / "model"
FILES = {name: f"{name}.onnx" for name in ("encoder", "roles", "times", "chains", "events", "frames")}
PIECES, MIX = "pieces.model", "mix.json"
_PARTS = (*FILES.values(), PIECES, MIX)

# What tells how far network and log-linear model are trusted in each decision.
MIXED = frozenset(
    (
        *("trigger", "trigger_unread", "trigger_trust"),
        *("role", "role_unread", "role_unseen", "role_trust"),
        *("factuality", "factuality_trust"),
        *("time", "time_unseen", "time_trust"),
    )
)


class EncoderNetwork:
    """Encoder and heads of a trained model.

    Attributes:
        processor: cuts text into the pieces that the encoder reads.
        mix: weights of the log-linear model's part in each decision.
        sha256: hash of the model's files, hexadecimal.

    Args:
        folder: where :func:`relgraph.training.export.export` put the model.

    Raises:
        RelgraphError: there is no whole model in the folder.
    """

    def __init__(self, folder: Path) -> None:
        missing = [name for name in _PARTS if not (folder / name).is_file()]
        if missing:
            problem = f"holds no trained model ({', '.join(missing)} missing)"
            raise RelgraphError(folder, problem, 'make one with "relgraph train", or use the model "rules"')
        try:
            self._load(folder)
        except (OSError, RuntimeError, ValueError, *UNREADABLE) as error:
            problem = f"holds a model that can't be read ({str(error).splitlines()[0]})"
            raise RelgraphError(folder, problem, "make or copy it anew") from error

    def _load(self, folder: Path) -> None:
        digests = [hashlib.sha256((folder / name).read_bytes()).digest() for name in _PARTS]
        self.sha256 = hashlib.sha256(b"".join(digests)).hexdigest()
        self.processor = SentencePieceProcessor(model_file=str(folder / PIECES))
        mix = json.loads((folder / MIX).read_text(encoding="utf-8"))
        if missing := sorted(MIXED - mix.keys()):
            raise ValueError(f"{MIX} has no {', '.join(missing)}")
        self.mix: dict[str, _Array] = {name: np.array(value, np.float32) for name, value in mix.items()}
        options = SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = (
            1  # articles are the unit of parallel work
        )
        self._sessions = {
            name: InferenceSession(str(folder / file), options, providers=["CPUExecutionProvider"])
            for name, file in FILES.items()
        }
        columns = self._sessions["encoder"].get_inputs()[1].shape[1]
        if columns != WIDTH:
            raise ValueError(f"of another version of relgraph: {columns} columns of hints, not {WIDTH}")

    def read(self, window: Window, hints: _Array) -> tuple[_Array, _Array, _Array]:
        """Return the states, name labels and trigger labels of a window's pieces, one row a piece."""
        states, names, triggers = self._run("encoder", np.array(window.ids, np.int64), hints)
        return states, names, triggers

    def judge_event(self, head: str, trigger: _Array, categories: Sequence[int]) -> _Array:
        """Return the scores of an event by the head "events" or "frames"."""
        (scores,) = self._run(head, trigger[None], np.array([categories], np.int64))
        only: _Array = scores[0]
        return only

    def judge_pairs(self, head: str, trigger: _Array, pairs: Sequence[Pair], states: _Array) -> _Array:
        """Return the scores of a trigger's pairs by the head "roles" or "times", one row a pair."""
        firsts, lasts = [pair.first for pair in pairs], [pair.last for pair in pairs]
        others = (states[firsts] + states[lasts]) / 2
        return self.judge_states(
            head,
            np.broadcast_to(trigger, others.shape),
            others,
            np.array([pair.categories for pair in pairs], np.int64),
        )

    def judge_states(self, head: str, left: _Array, right: _Array, categories: _Array) -> _Array:
        """Return the scores of pairs of states, one row a pair."""
        (scores,) = self._run(head, np.ascontiguousarray(left), right, categories)
        return scores

    def _run(self, part: str, *inputs: _Array) -> list[_Array]:
        session = self._sessions[part]
        names = [value.name for value in session.get_inputs()]
        results: list[_Array] = session.run(None, dict(zip(names, inputs, strict=True)))
        return results


@cache
def shipped_network() -> EncoderNetwork:
    """Return the model that the package carries."""
    return EncoderNetwork(SHIPPED)


def gathered(scores: _Array, pairs: Sequence[Pair], alternatives: int, unseen: _Array) -> _Array:
    """Return log(sum(exp)) of each alternative's pairs, a row each; ``unseen`` for those with none."""
    result = np.tile(unseen.reshape(1, -1), (alternatives, 1)).astype(np.float32)
    of = np.array([pair.of for pair in pairs])
    for number in np.unique(of):
        result[number] = np.logaddexp.reduce(scores[of == number], axis=0)
    return result
