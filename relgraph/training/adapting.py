"""Going on with pre-training on news, before anything annotated is read: pieces are hidden and guessed.

After Gururangan et al. 2020, "Don't Stop Pretraining", by masked language modelling (Devlin et al. 2019).
"""

import math
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from relgraph.nlp.encoder.hints import WIDTH
from relgraph.nlp.encoder.windows import LONGEST
from relgraph.training.network import Encoder
from relgraph.training.optimizing import optimizer_and_schedule
from relgraph.training.pretrained import Pretrained
from relgraph.training.settings import AdaptSettings

_SHORTEST = 64  # pieces of a window worth reading
_GUESSED = 0.15  # share of the pieces, or a little more
_SPAN = 0.4  # of a geometric distribution: spans of 2.5 pieces on average (SpanBERT, Joshi et al. 2020)
_BLANK, _OTHER = 0.8, 0.1  # of them not shown, or another piece in their place; the others stay (BERT)
_REPORTS = 20


def adapted(
    start: Pretrained,
    windows: Sequence[Sequence[int]],
    settings: AdaptSettings,
    report: Callable[[int, int, float], None],
) -> Pretrained:
    """Return the encoder after it has read each window once.

    Args:
        windows: pieces by number, as of `nearest_windows`.
        report: called now and then with the step, the number of steps, and the mean loss since the last time.
    """
    rng = random.Random(settings.seed)
    torch.manual_seed(settings.seed)
    encoder = Encoder(start.tensors, start.heads, settings.dropout)
    guesser = _Guesser(encoder, _frequencies(windows, encoder.words.num_embeddings))
    head = [value for name, value in guesser.named_parameters() if not name.startswith("encoder.")]
    decay = {"weight_decay": settings.weight_decay}
    groups = [
        {"params": encoder.pretrained(), "lr": settings.rate, **decay},
        {"params": head, "lr": settings.head_rate, **decay},
    ]
    steps = math.ceil(len(windows) / settings.batch)
    optimizer, schedule = optimizer_and_schedule(groups, steps, settings.warmup)
    order = list(windows)
    rng.shuffle(order)
    total, count = 0.0, 0
    for step in range(steps):
        first = step * settings.batch
        batch = [_masked(window, rng) for window in order[first : first + settings.batch]]
        size = sum(len(masked.right) for masked in batch)
        optimizer.zero_grad(set_to_none=True)
        for masked in batch:
            with torch.autocast("cpu", dtype=torch.bfloat16, enabled=settings.bfloat16):
                scores = guesser(masked)
            loss = functional.cross_entropy(scores, masked.right, reduction="sum")
            torch.autograd.backward(loss / size)
            total += float(loss.detach())
        count += size
        nn.utils.clip_grad_norm_(guesser.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        if (step + 1) % max(1, steps // _REPORTS) == 0 or step + 1 == steps:
            report(step + 1, steps, total / count)
            total, count = 0.0, 0
    state = encoder.state_dict()
    return Pretrained({name: state[name].numpy() for name in start.tensors}, start.pieces, start.heads)


def nearest_windows(
    news: Sequence[Sequence[int]], wanted: Sequence[Sequence[int]], pieces: int
) -> list[list[int]]:
    """Return windows of the articles of ``news`` most like the ``wanted``, ``pieces`` long or a little more.

    Likeness is the mean log ratio of the pieces' frequencies there and in all news (Moore and Lewis 2010,
    "Intelligent Selection of Language Model Training Data", with unigrams).
    """
    ours = Counter(piece for article in wanted for piece in article)
    theirs = Counter(piece for article in news for piece in article)
    ratio = {piece: math.log((ours[piece] + 1) / (count + 1)) for piece, count in theirs.items()}
    articles = [article for article in news if article]
    articles.sort(key=lambda article: sum(ratio[piece] for piece in article) / len(article), reverse=True)
    chosen: list[list[int]] = []
    for article in articles:
        if pieces <= 0:
            break
        for window in _windows(article):
            chosen.append(window)
            pieces -= len(window)
    return chosen


class _Masked(NamedTuple):
    """A window some of whose pieces are to be guessed.

    Attributes:
        shown: its pieces, some of them others than they were.
        blank: whether each is not shown at all.
        places: positions of those to be guessed.
        right: what stood there.
    """

    shown: Tensor
    blank: Tensor
    places: Tensor
    right: Tensor


class _Guesser(nn.Module):
    """The encoder with BERT's head for guessing pieces, whose output is tied to the table of pieces."""

    def __init__(self, encoder: Encoder, frequencies: Tensor) -> None:
        super().__init__()
        self.encoder = encoder
        self.blank = nn.Parameter(encoder.words.weight.detach().mean(0))
        self.inner, self.norm = nn.Linear(encoder.width, encoder.width), nn.LayerNorm(encoder.width)
        self.bias = nn.Parameter(frequencies.log())

    def forward(self, masked: _Masked) -> Tensor:
        """Return scores of the whole vocabulary, a row a piece to be guessed."""
        words = torch.where(masked.blank[:, None], self.blank, self.encoder.words(masked.shown))
        states = self.encoder.states(words, torch.zeros(len(words), WIDTH))[masked.places]
        read = self.norm(functional.gelu(self.inner(states)))
        return functional.linear(read, self.encoder.words.weight).float() + self.bias


def _frequencies(windows: Sequence[Sequence[int]], vocabulary: int) -> Tensor:
    """Return the share of each piece, as the first guess: Adam's small steps would take long to get there.

    Pieces that never occur have none, and so are never guessed nor changed.
    """
    counts = Counter(piece for window in windows for piece in window)
    found = torch.tensor([float(counts[piece]) for piece in range(vocabulary)])
    return found / found.sum()


def _windows(article: Sequence[int]) -> Iterator[list[int]]:
    for start in range(0, len(article), LONGEST):
        window = list(article[start : start + LONGEST])
        if len(window) >= _SHORTEST:
            yield window


def _masked(window: Sequence[int], rng: random.Random) -> _Masked:
    """Choose spans of a window to be guessed, and hide most of them."""
    places: set[int] = set()
    while len(places) < _GUESSED * len(window):
        length = 1 + int(math.log(1 - rng.random()) / math.log(1 - _SPAN))
        first = rng.randrange(len(window))
        places.update(range(first, min(first + length, len(window))))
    shown, blank = list(window), [False] * len(window)
    for place in sorted(places):
        chance = rng.random()
        if chance < _BLANK:
            blank[place] = True
        elif chance < _BLANK + _OTHER:
            shown[place] = window[rng.randrange(len(window))]
    right = [window[place] for place in sorted(places)]
    return _Masked(*map(torch.tensor, (shown, blank, sorted(places), right)))
