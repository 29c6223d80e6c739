"""The network in PyTorch: a BERT encoder (Devlin et al. 2019) over pieces and hints, a head a decision."""

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from relgraph.nlp.encoder.hints import WIDTH
from relgraph.nlp.encoder.labels import ENTITY_TYPES, EVENT_TYPES, FACTUALITY
from relgraph.nlp.encoder.pairs import (
    CHAIN_CATEGORIES,
    EVENT_CATEGORIES,
    FRAME_CATEGORIES,
    FRAMES,
    ROLE_CATEGORIES,
    TIME_CATEGORIES,
)
from relgraph.training.pretrained import Tensors

_EPSILON = 1e-12  # of layer normalisation, as in BERT
CALIBRATED = ("trigger", "role", "factuality", "time")
ROLES = 3
_HIDDEN = 192  # width of a head's hidden layer
_SPREAD = 0.05  # standard deviation of a category's first values
_RANK = 96  # width in which a pair's members are multiplied


class Layer(nn.Module):
    """A transformer layer: self-attention and a feed-forward network, each normalised after its sum."""

    def __init__(self, width: int, inner: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.heads = heads
        self.query, self.key, self.value = (nn.Linear(width, width) for _ in range(3))
        self.attended = nn.Linear(width, width)
        self.attended_norm = nn.LayerNorm(width, _EPSILON)
        self.inner, self.outer = nn.Linear(width, inner), nn.Linear(inner, width)
        self.outer_norm = nn.LayerNorm(width, _EPSILON)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor) -> Tensor:
        """Transform a window's states of shape (pieces, width)."""
        pieces, width = x.shape
        size = width // self.heads
        query, key, value = (
            part(x).reshape(pieces, self.heads, size).transpose(0, 1)
            for part in (self.query, self.key, self.value)
        )
        scores = torch.matmul(query, key.transpose(-1, -2)) * (1 / math.sqrt(size))
        mixed = torch.matmul(torch.softmax(scores, -1), value).transpose(0, 1).reshape(pieces, width)
        x = self.attended_norm(x + self.dropout(self.attended(mixed)))
        return self.outer_norm(x + self.dropout(self.outer(functional.gelu(self.inner(x)))))


class Encoder(nn.Module):
    """Reads one window: states of its pieces, and each piece's labels as name and as trigger."""

    def __init__(self, tensors: Tensors, heads: int, dropout: float) -> None:
        super().__init__()
        vocabulary, width = tensors["words.weight"].shape
        inner = tensors["layers.0.inner.weight"].shape[0]
        layers = 1 + max(int(name.split(".")[1]) for name in tensors if name.startswith("layers."))
        self.width = width
        self.words = nn.Embedding(vocabulary, width)
        self.positions = nn.Embedding(tensors["positions.weight"].shape[0], width)
        self.hints = nn.Linear(WIDTH, width, bias=False)
        self.norm = nn.LayerNorm(width, _EPSILON)
        self.layers = nn.ModuleList(Layer(width, inner, heads, dropout) for _ in range(layers))
        self.dropout = nn.Dropout(dropout)
        self.names = nn.Linear(width, 1 + 2 * len(ENTITY_TYPES))
        self.triggers = nn.Linear(width, 1 + 2 * len(EVENT_TYPES))
        missing, unexpected = self.load_state_dict(
            {name: torch.from_numpy(value) for name, value in tensors.items()}, strict=False
        )
        if unexpected or any(not name.startswith(("hints", "names", "triggers")) for name in missing):
            raise ValueError(f"the pre-trained tensors do not fit: {missing} {unexpected}")
        nn.init.normal_(self.hints.weight, std=0.02)

    def pretrained(self) -> list[nn.Parameter]:
        """Return the parameters that were there before training: all but the hints' and labels'."""
        new = ("hints", "names", "triggers")
        return [value for name, value in self.named_parameters() if not name.startswith(new)]

    def forward(self, pieces: Tensor, hints: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return states, name labels and trigger labels of a window's pieces, one row a piece."""
        x = self.states(self.words(pieces), hints)
        states = self.dropout(x)
        return x, self.names(states), self.triggers(states)

    def states(self, words: Tensor, hints: Tensor) -> Tensor:
        """Return the states of a window's pieces, given their embeddings."""
        positions = self.positions.weight[: words.shape[0]]
        x: Tensor = self.dropout(self.norm(words + positions + self.hints(hints)))
        for layer in self.layers:
            x = layer(x)
        return x


class Judge(nn.Module):
    """A head for one thing: its state and categories to scores."""

    def __init__(self, width: int, categories: Sequence[int], outputs: int, dropout: float) -> None:
        super().__init__()
        self.inner = nn.Linear(width, _HIDDEN)
        tables = [nn.Embedding(size, _HIDDEN) for size in categories]
        for table in tables:
            nn.init.normal_(table.weight, std=_SPREAD)
        self.categories = nn.ModuleList(tables)
        self.dropout = nn.Dropout(dropout)
        self.out = nn.Linear(_HIDDEN, outputs)

    def forward(self, states: Tensor, categories: Tensor) -> Tensor:
        """Return scores of shape (things, outputs)."""
        x = self.inner(states)
        for i, table in enumerate(self.categories):
            x = x + table(categories[:, i])
        return self.out(self.dropout(functional.gelu(x)))


class PairJudge(nn.Module):
    """A head for two things: both states, their product in a narrower space, and categories to scores."""

    def __init__(self, width: int, categories: Sequence[int], outputs: int, dropout: float) -> None:
        super().__init__()
        self.judge = Judge(2 * width + _RANK, categories, outputs, dropout)
        self.left, self.right = nn.Linear(width, _RANK), nn.Linear(width, _RANK)

    def forward(self, left: Tensor, right: Tensor, categories: Tensor) -> Tensor:
        """Return scores of shape (pairs, outputs)."""
        together = torch.tanh(self.left(left)) * torch.tanh(self.right(right))
        return self.judge(torch.cat([left, right, together], -1), categories)


class Network(nn.Module):
    """Encoder and heads; ``mix`` weighs what the log-linear model says beside what the heads say."""

    def __init__(self, tensors: Tensors, heads: int, dropout: float) -> None:
        super().__init__()
        self.encoder = Encoder(tensors, heads, dropout)
        width = self.encoder.width
        self.roles = PairJudge(width, ROLE_CATEGORIES, ROLES, dropout)
        self.times = PairJudge(width, TIME_CATEGORIES, 1, dropout)
        self.chains = PairJudge(width, CHAIN_CATEGORIES, 1, dropout)
        self.events = Judge(width, EVENT_CATEGORIES, len(FACTUALITY), dropout)
        self.frames = Judge(width, FRAME_CATEGORIES, FRAMES, dropout)
        self.mix = nn.ParameterDict(
            {
                # the labels of triggers are learnt alone; `fitting.calibrate` settles what else has a say
                "trigger": nn.Parameter(torch.tensor(0.0), False),
                "trigger_unread": nn.Parameter(torch.tensor(0.0), False),
                "role": nn.Parameter(torch.full((ROLES,), 0.5)),
                "role_unseen": nn.Parameter(torch.full((ROLES,), -2.0)),
                "role_unread": nn.Parameter(torch.full((ROLES,), -2.0)),
                "factuality": nn.Parameter(torch.full((len(FACTUALITY),), 0.5)),
                # 0 while the heads learn, since what the log-linear model leaves of times is mostly noise
                "time": nn.Parameter(torch.zeros(3), False),
                "time_unseen": nn.Parameter(torch.tensor(0.0)),
                # how far the heads are trusted: 1 while they learn, then settled by `fitting.calibrate`
                **{f"{name}_trust": nn.Parameter(torch.tensor(1.0), False) for name in CALIBRATED},
            }
        )
