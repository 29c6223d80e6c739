"""Scoring of extracted documents against gold documents, as the evaluation folder's score.py does it.

All figures are micro-averaged over documents. Spans pair one to one, largest overlap first.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from relgraph.errors import RelgraphError
from relgraph.model import Document, EventMention, EventType, Role, Span

ROWS = (
    "mention",
    "mention-span",
    "entity",
    "timex",
    "timex-value",
    "event",
    "event-type",
    "event-time",
    "participant",
    "fact",
    "fact-nostate",
)

_DASHES = re.compile(r"[\u2010-\u2015\u2212/-]")
_OTHER = re.compile(r"[^a-z0-9]+")


class Figures(BaseModel):
    """Counts of one row and the precision, recall and F1 that follow, in percent."""

    model_config = ConfigDict(frozen=True)

    correct: int
    gold: int
    predicted: int

    @property
    def precision(self) -> float:
        """Share of what was predicted that is right."""
        return 100 * self.correct / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        """Share of what is in the gold that was found."""
        return 100 * self.correct / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        total = self.predicted + self.gold
        return 200 * self.correct / total if total else 0.0


class Scores(BaseModel):
    """The figures of each row of ``ROWS``, and the accuracy of factuality over the events found."""

    model_config = ConfigDict(frozen=True)

    rows: dict[str, Figures]
    factuality_correct: int
    factuality_total: int

    @property
    def factuality(self) -> float:
        """Percentage of the events found whose factuality is right."""
        return 100 * self.factuality_correct / self.factuality_total if self.factuality_total else 0.0


class NameNormaliser:
    """Makes entity names comparable: plain lower-case ASCII, and one name for several in good use.

    Args:
        aliases: tab-separated file, one entity a line: canonical name, then further names.
    """

    def __init__(self, aliases: Path | None = None) -> None:
        self._canonical: dict[str, str] = {}
        if aliases is None:
            return
        try:
            lines = aliases.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise RelgraphError(aliases, f"can't be read ({error})", "give a UTF-8 file of names") from error
        for line in lines:
            if line.strip() and not line.startswith("#"):
                first, *others = line.split("\t")
                for other in others:
                    self._canonical[self(other)] = self(first)

    @classmethod
    def beside(cls, gold: Path) -> "NameNormaliser":
        """Return the one that knows the names of ``aliases.tsv`` in or beside a folder of gold, if any."""
        paths = (gold / "aliases.tsv", gold.parent / "aliases.tsv")
        return cls(next((path for path in paths if path.is_file()), None))

    def __call__(self, name: str) -> str:
        """Return the form under which names that count as the same entity are equal."""
        plain = _DASHES.sub(" ", name).replace("đ", "d").replace("Đ", "D")
        plain = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode().lower()
        plain = _OTHER.sub(" ", plain).strip()
        return self._canonical.get(plain, plain)


def pair_spans(
    gold: Sequence[Span],
    predicted: Sequence[Span],
    fits: Callable[[int, int], bool] = lambda _gold, _predicted: True,
) -> list[tuple[int, int]]:
    """Return one-to-one pairs of overlapping spans, by their positions, largest overlap first."""
    candidates = []
    for i, g in enumerate(gold):
        for j, p in enumerate(predicted):
            shared = min(g.end, p.end) - max(g.start, p.start)
            if shared > 0 and fits(i, j):
                candidates.append((shared, -abs(g.start - p.start), i, j))
    used_gold: set[int] = set()
    used_predicted: set[int] = set()
    pairs = []
    for _, _, i, j in sorted(candidates, reverse=True):
        if i not in used_gold and j not in used_predicted:
            used_gold.add(i)
            used_predicted.add(j)
            pairs.append((i, j))
    return pairs


def score(
    golds: Iterable[Document], predictions: Mapping[str, Document], same_name: NameNormaliser
) -> Scores:
    """Score predictions (by document id) against gold; a gold document without one counts as all missed."""
    correct: Counter[str] = Counter()
    total: Counter[str] = Counter()
    predicted: Counter[str] = Counter()
    factuality_correct = factuality_total = 0

    def add(row: str, hits: int, gold_count: int, predicted_count: int) -> None:
        correct[row] += hits
        total[row] += gold_count
        predicted[row] += predicted_count

    for gold in golds:
        guess = predictions.get(gold.id) or Document(id=gold.id, sha256="", text="")
        names = [{entity.id: same_name(entity.name) for entity in doc.entities} for doc in (gold, guess)]
        _score_mentions(gold, guess, same_name, add)
        _score_timexes(gold, guess, add)
        pairs, typed = pair_events(gold.events, guess.events)
        counts = (len(gold.events), len(guess.events))
        add("event", len(pairs), *counts)
        add("event-type", len(typed), *counts)
        same_time = [day(gold.events[i].time) == day(guess.events[j].time) for i, j in typed]
        add("event-time", sum(same_time), *counts)
        gold_roles = [_roles(event, names[0]) for event in gold.events]
        guess_roles = [_roles(event, names[1]) for event in guess.events]
        shared_roles = sum(len(gold_roles[i] & guess_roles[j]) for i, j in pairs)
        add("participant", shared_roles, sum(map(len, gold_roles)), sum(map(len, guess_roles)))
        for row, with_state in (("fact", True), ("fact-nostate", False)):
            gold_facts, guess_facts = _facts(gold, names[0], with_state), _facts(guess, names[1], with_state)
            add(row, len(gold_facts & guess_facts), len(gold_facts), len(guess_facts))
        factuality_total += len(pairs)
        factuality_correct += sum(gold.events[i].factuality == guess.events[j].factuality for i, j in pairs)
    rows = {row: Figures(correct=correct[row], gold=total[row], predicted=predicted[row]) for row in ROWS}
    return Scores(rows=rows, factuality_correct=factuality_correct, factuality_total=factuality_total)


_Add = Callable[[str, int, int, int], None]


def _score_mentions(gold: Document, guess: Document, same_name: NameNormaliser, add: _Add) -> None:
    gold_spans, guess_spans = ({(m.start, m.end, m.type) for m in doc.mentions} for doc in (gold, guess))
    add("mention", len(gold_spans & guess_spans), len(gold_spans), len(guess_spans))
    overlapping = pair_spans(gold.mentions, guess.mentions)
    add("mention-span", len(overlapping), len(gold.mentions), len(guess.mentions))
    gold_entities, guess_entities = (_named_entities(doc, same_name) for doc in (gold, guess))
    add("entity", len(gold_entities & guess_entities), len(gold_entities), len(guess_entities))


def _named_entities(doc: Document, same_name: NameNormaliser) -> set[tuple[str, str]]:
    mentioned = {mention.entity for mention in doc.mentions}
    return {(entity.type.value, same_name(entity.name)) for entity in doc.entities if entity.id in mentioned}


def _score_timexes(gold: Document, guess: Document, add: _Add) -> None:
    pairs = pair_spans(gold.timexes, guess.timexes)
    counts = (len(gold.timexes), len(guess.timexes))
    add("timex", len(pairs), *counts)
    add("timex-value", sum(gold.timexes[i].value == guess.timexes[j].value for i, j in pairs), *counts)


def pair_events(
    gold: Sequence[EventMention], guess: Sequence[EventMention]
) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Return all pairs of events with overlapping triggers, and those of them whose types are equal.

    Of several events on one trigger the first one's type stands for the trigger, as in score.py.
    """
    gold_types, guess_types = _type_by_trigger(gold), _type_by_trigger(guess)
    gold_triggers, guess_triggers = [e.trigger for e in gold], [e.trigger for e in guess]
    typed = pair_spans(
        gold_triggers,
        guess_triggers,
        lambda i, j: gold_types[gold_triggers[i]] == guess_types[guess_triggers[j]],
    )
    rest_gold = [i for i in range(len(gold)) if i not in {i for i, _ in typed}]
    rest_guess = [j for j in range(len(guess)) if j not in {j for _, j in typed}]
    rest = pair_spans([gold_triggers[i] for i in rest_gold], [guess_triggers[j] for j in rest_guess])
    return typed + [(rest_gold[i], rest_guess[j]) for i, j in rest], typed


def _type_by_trigger(events: Sequence[EventMention]) -> dict[Span, EventType]:
    types: dict[Span, EventType] = {}
    for event in events:
        types.setdefault(event.trigger, event.type)
    return types


def _roles(event: EventMention, names: Mapping[str, str]) -> set[tuple[str, Role]]:
    return {(names[participant.entity], participant.role) for participant in event.participants}


def day(value: str | None) -> str | None:
    """Return a time without its time of day; durations keep their T part."""
    return value.split("T")[0] if value and not value.startswith("P") else value


def _facts(doc: Document, names: Mapping[str, str], with_state: bool) -> set[object]:
    """Return what lands in the graph: type, time, agents and patients of each event."""
    facts: set[object] = set()
    for event in doc.events:
        if with_state or event.type is not EventType.STATE:
            who = [
                frozenset(names[p.entity] for p in event.participants if p.role is role)
                for role in (Role.AGENT, Role.PATIENT)
            ]
            facts.add((event.type, day(event.time), *who))
    return facts
