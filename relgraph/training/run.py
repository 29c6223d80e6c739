"""A training run from annotation and texts to a model folder."""

import json
import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch
from sentencepiece import SentencePieceProcessor

from relgraph.annotation import annotated_ids
from relgraph.errors import RelgraphError
from relgraph.files import replacing
from relgraph.training.adapting import adapted, nearest_windows
from relgraph.training.examples import article_examples, unseen_examples
from relgraph.training.export import export
from relgraph.training.fitting import calibrate, fit
from relgraph.training.network import Network
from relgraph.training.pretrained import pretrained_encoder
from relgraph.training.settings import FitSettings

LOG = "training.json"
_SAMPLE_SEED = 1  # of the news sample that makes the vocabulary, the same for every training seed
_HEADS_SEED = 0  # of the heads' first values, likewise: seeds differ in the articles' order and in dropout


def train(
    settings: FitSettings,
    gold: Sequence[Path],
    unseen: Sequence[Path],
    articles: Sequence[Path],
    news: Path,
    folder: Path,
    report: Callable[[str], None],
    *,
    withheld: Sequence[Path] = (),
    exact: Path | None = None,
) -> None:
    """Train a model and write it to ``folder``, with a log of its figures (``training.json``).

    The same settings, annotation, texts and number of threads give the same model.

    Args:
        gold: folders of standoff annotation (``ID.gold.json``), last the one as whose annotators the model
            reads.
        unseen: folders of annotation that neither this model nor the log-linear one learns from, to settle
            how far each is trusted.
        articles: folders of the annotated texts (``ID.txt``).
        news: a folder of raw news (``.txt``). Its words make the vocabulary, and what is most like the
            annotated articles is learnt from, the articles of ``unseen`` and ``withheld`` left out.
        report: told each step of the work.
        withheld: folders of annotation whose articles must not be learnt from as news either.
        exact: folder for the same model with all weights in 32 bits, to compare with.

    Raises:
        RelgraphError: there is no annotation, text or news, or the pre-trained encoder is not installed.
    """
    hidden = set[str]().union(*map(annotated_ids, (*unseen, *withheld)))
    report("reading the pre-trained encoder")
    start = pretrained_encoder(_sample(news, settings.news), layers=settings.layers, least=settings.least)
    processor = SentencePieceProcessor(model_proto=start.pieces)
    report("reading the annotated articles")
    kept_back = unseen_examples(unseen, articles, processor)
    examples = article_examples(gold, articles, processor)
    guessing: list[float] = []
    if settings.adapt:
        report("choosing news like the annotated articles")
        wanted = [window.window.ids for example in examples for window in example.windows]
        windows = nearest_windows(_pieces(news, hidden, processor), wanted, settings.adapt.pieces)
        if not windows:
            raise RelgraphError(news, "holds no news to learn from", "give more, or set adapt to null")
        start = adapted(start, windows, settings.adapt, _told(report, guessing))
    torch.manual_seed(_HEADS_SEED)
    network = Network(start.tensors, start.heads, settings.dropout)
    log: dict[str, Any] = {
        "settings": settings.model_dump(),
        "articles": len(examples),
        "events": sum(len(example.events) for example in examples),
        "pieces": sum(len(window.window.ids) for example in examples for window in example.windows),
        "parameters": sum(parameter.numel() for parameter in network.parameters()),
        "guessing": guessing,
        "losses": [],
    }
    started = time.monotonic()

    def keep(epoch: int, epochs: int, losses: dict[str, float]) -> None:
        log["losses"].append({name: round(value, 4) for name, value in sorted(losses.items())})
        shown = ", ".join(f"{name} {value:.3f}" for name, value in sorted(losses.items()))
        report(f"epoch {epoch} of {epochs}: {shown} ({(time.monotonic() - started) / 60:.0f} min)")

    fit(network, examples, settings, keep)
    report("weighing network and log-linear model")
    calibrate(network, kept_back)
    report("writing the model")
    export(network, start.pieces, folder)
    if exact:
        export(network, start.pieces, exact, small=False)
    with replacing(folder / LOG) as stream:
        stream.write((json.dumps(log, indent=1) + "\n").encode())


def _told(report: Callable[[str], None], losses: list[float]) -> Callable[[int, int, float], None]:
    """Return what tells of the reading of news, and keeps the losses."""
    started = time.monotonic()

    def told(step: int, steps: int, loss: float) -> None:
        losses.append(round(loss, 4))
        minutes = (time.monotonic() - started) / 60
        report(f"reading news, step {step} of {steps}: loss {loss:.3f} ({minutes:.0f} min)")

    return told


def _pieces(news: Path, hidden: set[str], processor: SentencePieceProcessor) -> list[list[int]]:
    """Return the pieces of all news but the hidden articles."""
    return [processor.encode(_text(path)) for path in _news_files(news) if path.stem not in hidden]


def _sample(news: Path, count: int) -> list[str]:
    paths = _news_files(news)
    random.Random(_SAMPLE_SEED).shuffle(paths)
    return [_text(path) for path in paths[:count]]


def _news_files(news: Path) -> list[Path]:
    paths = sorted(news.rglob("*.txt"))
    if not paths:
        raise RelgraphError(news, "holds no .txt files", "give the folder of the unpacked news corpus")
    return paths


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="ignore")
