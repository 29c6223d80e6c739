"""Quality and speed of reading: the models beside each other and beside underthesea's ``ner()``."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from relgraph.errors import RelgraphError
from relgraph.evaluation.given import extract_given
from relgraph.evaluation.score import NameNormaliser, Scores, score
from relgraph.model import Article, Document, EntityType, Mention
from relgraph.pipeline import extract, load

# underthesea's types in the guidelines' terms; its training data has no type for states
_PEER_TYPES = {"PER": EntityType.PER, "ORG": EntityType.ORG, "LOC": EntityType.GPE, "MISC": EntityType.MISC}
_LOADING = (
    "import sys, time, relgraph; start = time.process_time(); relgraph.load(sys.argv[1]); "
    "print(time.process_time() - start)"
)
_MEGABYTE = 1024  # ru_maxrss counts kilobytes on Linux


class ReadingFigures(BaseModel):
    """What one reader did.

    Attributes:
        scores: against gold documents; of underthesea only the mentions' row counts.
        given: with the gold's names, times and triggers as input; None where the reader can't take them.
        words: words of the articles read for the timing.
        seconds: processor time for them in a process of its own, start-up included, on one core.
        loading: processor time of loading the pipeline alone, imports not counted.
        megabytes: most memory held.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    scores: Scores
    given: Scores | None
    words: int
    seconds: float
    loading: float | None
    megabytes: float

    @property
    def per_second(self) -> float:
        """Words a second."""
        return self.words / self.seconds


def benchmark_reading(
    gold: Sequence[tuple[Article, Document]],
    names: NameNormaliser,
    texts: Sequence[Path],
    models: Iterable[str],
) -> Iterable[ReadingFigures]:
    """Yield the figures of each model, then of underthesea.

    Args:
        gold: articles with their gold documents, for the scores.
        texts: articles to be read for the timing.

    Raises:
        RelgraphError: a model is not there.
    """
    words = sum(len(path.read_text(encoding="utf-8").split()) for path in texts)
    for model in models:
        nlp = load(model)
        predictions = {document.id: document for document in extract(nlp, (article for article, _ in gold))}
        with_triggers = {document.id: document for document in extract_given(nlp, gold, triggers=True)}
        seconds, megabytes, _ = _in_own_process(
            [
                sys.executable,
                "-m",
                "relgraph",
                "extract",
                "--model",
                model,
                "--out",
                os.devnull,
                *map(str, texts),
            ]
        )
        _, _, loading = _in_own_process([sys.executable, "-c", _LOADING, model])
        yield ReadingFigures(
            name=model,
            scores=score((document for _, document in gold), predictions, names),
            given=score((document for _, document in gold), with_triggers, names),
            words=words,
            seconds=seconds,
            loading=float(loading),
            megabytes=megabytes,
        )
    yield _underthesea(gold, names, texts, words)


def _underthesea(
    gold: Sequence[tuple[Article, Document]], names: NameNormaliser, texts: Sequence[Path], words: int
) -> ReadingFigures:
    predictions = {
        article.id: document.model_copy(
            update={
                "mentions": tuple(_peer_mentions(article.text)),
                "entities": (),
                "timexes": (),
                "events": (),
            }
        )
        for article, document in gold
    }
    seconds, megabytes, _ = _in_own_process([sys.executable, "-m", __name__, *map(str, texts)])
    return ReadingFigures(
        name="underthesea",
        scores=score((document for _, document in gold), predictions, names),
        given=None,
        words=words,
        seconds=seconds,
        loading=None,
        megabytes=megabytes,
    )


def _peer_mentions(text: str) -> Iterable[Mention]:
    """Yield what underthesea takes for names, found again in the text from left to right."""
    from underthesea import ner

    at = 0
    for line in text.splitlines():
        first: int | None = None
        last, kind = 0, ""
        for word, _, _, label in (*(ner(line) if line.strip() else ()), ("", "", "", "O")):
            start = text.find(word, at) if word else at
            if first is not None and not label.startswith("I-"):
                yield Mention(start=first, end=last, text=text[first:last], type=_PEER_TYPES[kind])
                first = None
            if label != "O" and start >= 0 and first is None:
                first, kind = start, label[2:]
            if word and start >= 0:
                at = last = start + len(word)


def _in_own_process(command: list[str]) -> tuple[float, float, str]:
    """Run a command on one core; return its processor seconds, its most memory in MB, and its output."""
    single = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=os.environ | single
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        output = process.stdout.read().decode()
        complaint = process.stderr.read().decode()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RelgraphError(" ".join(command[:4]), f"failed: {complaint.strip()[-300:]}", "run it by itself")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / _MEGABYTE, output


def _read_with_underthesea(paths: Iterable[str]) -> None:
    found = sum(len(list(_peer_mentions(Path(path).read_text(encoding="utf-8")))) for path in paths)
    print(json.dumps({"mentions": found}))


if __name__ == "__main__":
    _read_with_underthesea(sys.argv[1:])
