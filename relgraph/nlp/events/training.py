"""Fitting of the event reader's weights to annotated articles.

``python -m relgraph.nlp.events.training --gold DIR... --articles DIR...`` writes lexicon/event_weights.json
anew, in less than a minute; the same input gives the same file. Which annotation the shipped file was fitted
to is told in data/annotation/README.md.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from spacy.tokens import Doc

from relgraph.model import EventMention, Factuality
from relgraph.nlp.events.anchors import Dated, Time, TimeReader, date_in_order, without_time_of_day
from relgraph.nlp.events.annotated import annotated_articles, annotated_roles
from relgraph.nlp.events.choice import ANY, NONE, Weights
from relgraph.nlp.events.component import WEIGHTS
from relgraph.nlp.events.factuality import UNREAL, FactualityCues
from relgraph.nlp.events.participants import ROLES, Told, role_evidence, tell_of_each_other
from relgraph.nlp.events.reading import Reading
from relgraph.nlp.events.triggers import Candidate, TriggerLexicon, trigger_evidence
from relgraph.nlp.lexicon import read_lexicon

_Array: TypeAlias = npt.NDArray[Any]

_SOURCE = "Log-odds fitted by relgraph.nlp.events.training; data/annotation/README.md names the annotation."
_RATE = 0.3  # AdaGrad's step
# Penalty on the weights' squares by decision, by cross-validation on the annotated articles: among
# equals the strongest.
_RIDGE = {"trigger": 4.0, "role": 4.0, "factuality": 4.0, "time": 20.0}


@dataclass(frozen=True)
class Example:
    """A decision that an annotator took.

    Attributes:
        evidence: for each alternative, what speaks for or against it.
        answers: for each alternative, whether it holds.
        options: the alternatives' names, where they have evidence in common that each weighs in its own way.
    """

    evidence: tuple[tuple[str, ...], ...]
    answers: tuple[bool, ...]
    options: tuple[str, ...] = ()


def learn(documents: Iterable[tuple[Doc, Sequence[EventMention]]]) -> dict[str, Weights]:
    """Return the weights of all four decisions.

    Args:
        documents: articles with everything set that the event reader reads (mentions, entities, time
            expressions, nominals, tags), and the events that an annotator found in them.
    """
    cases = Cases()
    for doc, events in documents:
        cases.add(doc, events)
    return cases.fitted()


class Cases:
    """The examples of annotated articles, by decision."""

    def __init__(self) -> None:
        self._lexicon, self._cues = (
            TriggerLexicon(read_lexicon("triggers")),
            FactualityCues(read_lexicon("factuality")),
        )
        self._examples: dict[str, list[Example]] = {"trigger": [], "role": [], "factuality": [], "time": []}

    def fitted(self, decisions: Iterable[str] = tuple(_RIDGE)) -> dict[str, Weights]:
        """Return the weights that fit the examples, by decision."""
        return {decision: fit(self._examples[decision], ridge=_RIDGE[decision]) for decision in decisions}

    def add(self, doc: Doc, events: Sequence[EventMention]) -> None:
        """Collect the examples of one article."""
        reading = Reading(doc)
        told = self._triggers(reading, events)
        times = TimeReader(reading, doc._.timexes, doc._.article.published)
        self._roles(told, reading)
        self._facts(told, times)
        self._times(told, times)

    def _triggers(self, reading: Reading, events: Sequence[EventMention]) -> list[tuple[Told, EventMention]]:
        """Collect the triggers' examples and return the events that the lexicon reaches, as annotated."""
        told: list[tuple[Told, EventMention]] = []
        left = list(events)
        for sentence in reading.sentences:
            candidates = self._lexicon.candidates(sentence)
            for i, candidate in enumerate(candidates):
                event = next((event for event in left if _is_of(candidate, event)), None)
                if event:
                    left.remove(event)
                    told.append((Told(candidate, str(event.type), sentence), event))
                evidence = trigger_evidence(i, candidates, sentence)
                answer = str(event.type) if event else NONE
                self._keep("trigger", candidate.entry.types, evidence, answer)
        tell_of_each_other([event for event, _ in told])
        return told

    def _roles(self, told: Sequence[tuple[Told, EventMention]], reading: Reading) -> None:
        earlier: list[Told] = []
        for event, annotated in told:
            answers = annotated_roles(annotated)
            for entity, evidence in role_evidence(event, earlier, reading).items():
                self._keep("role", ROLES, evidence, answers.get(entity, NONE))
            event.roles = answers
            earlier.append(event)

    def _facts(self, told: Sequence[tuple[Told, EventMention]], times: TimeReader) -> None:
        earlier: list[Told] = []
        for event, annotated in told:
            answer = NONE if annotated.factuality is Factuality.ACTUAL else str(annotated.factuality)
            self._keep(
                "factuality", UNREAL, self._cues.evidence(event, earlier, times.relation(event)), answer
            )
            event.factuality = str(annotated.factuality)
            earlier.append(event)

    def _times(self, told: Sequence[tuple[Told, EventMention]], times: TimeReader) -> None:
        date_in_order([event for event, _ in told], lambda i, earlier: self._time(*told[i], earlier, times))

    def _time(
        self, event: Told, annotated: EventMention, earlier: Sequence[Dated], times: TimeReader
    ) -> Time | None:
        """Collect the example of an event's time, unless the right one is not on offer; return the time."""
        options = times.options(event, earlier)
        value = without_time_of_day(annotated.time)
        if value in options:
            evidence = tuple(tuple(option.evidence) for option in options.values())
            self._examples["time"].append(Example(evidence, tuple(other == value for other in options)))
        if value is None:
            return None
        return options[value].time if value in options else Time.elsewhere(value)

    def _keep(self, decision: str, options: Sequence[str], evidence: Sequence[str], answer: str) -> None:
        alternatives = (NONE, *options)
        answers = tuple(option == answer for option in alternatives)
        example = Example(((), *[tuple(evidence)] * len(options)), answers, alternatives)
        self._examples[decision].append(example)


def _is_of(candidate: Candidate, event: EventMention) -> bool:
    """Whether the candidate overlaps the event's trigger and can express its type."""
    overlaps = candidate.start < event.trigger.end and event.trigger.start < candidate.end
    return overlaps and event.type in candidate.entry.modes


def fit(
    examples: Sequence[Example],
    *,
    ridge: float = 1.0,
    min_count: int = 3,
    steps: int = 150,
    min_weight: float = 0.03,
) -> dict[str, dict[str, float]]:
    """Return the weights that make the examples' answers most likely, by AdaGrad over all examples at once.

    Args:
        ridge: penalty on each weight's square.
        min_count: evidence seen in fewer examples is left out.
        steps: passes over the examples.
        min_weight: weights nearer to 0 are left out of the result.
    """
    if not examples:
        return {}
    table = _table(examples, min_count)
    weights, squares = np.zeros(len(table.keys)), np.zeros(len(table.keys))
    for _ in range(steps):
        scores = np.bincount(table.row, weights[table.key], minlength=len(table.holds))
        exponentials = np.exp(scores - table.spread(np.maximum.reduceat(scores, table.begin)))
        excess = table.shares(exponentials) - table.shares(exponentials * table.holds)
        gradient = np.bincount(table.key, excess[table.row], minlength=len(weights)) + ridge * weights
        squares += gradient**2
        weights -= _RATE * gradient / (np.sqrt(squares) + 1e-8)
    result: dict[str, dict[str, float]] = {}
    for (name, kind), weight in zip(table.keys, weights.tolist(), strict=True):
        if abs(weight) >= min_weight:
            result.setdefault(name, {})[kind] = round(weight, 3)
    return result


@dataclass(frozen=True)
class _Table:
    """Examples as arrays: one row an alternative; ``key`` and ``row`` list which weight counts in which row.

    Attributes:
        keys: each weight's evidence and option.
        begin: first row of each example.
        holds: for each row, whether the alternative is an answer.
    """

    keys: list[tuple[str, str]]
    key: _Array
    row: _Array
    begin: _Array
    holds: _Array

    def spread(self, values: _Array) -> _Array:
        """Repeat each example's value for all its rows."""
        sizes = np.diff(np.append(self.begin, len(self.holds)))
        return np.repeat(values, sizes)

    def shares(self, values: _Array) -> _Array:
        """Return each row's share in its example's sum."""
        shares: _Array = values / self.spread(np.add.reduceat(values, self.begin))
        return shares


def _table(examples: Sequence[Example], min_count: int) -> _Table:
    counts = Counter(name for example in examples for name in {n for part in example.evidence for n in part})
    keys: dict[tuple[str, str], int] = {}
    key: list[int] = []
    row: list[int] = []
    begin: list[int] = []
    holds: list[bool] = []
    for example in examples:
        begin.append(len(holds))
        for position, (evidence, answer) in enumerate(zip(example.evidence, example.answers, strict=True)):
            kinds = (ANY, example.options[position]) if example.options else (ANY,)
            names = [name for name in dict.fromkeys(evidence) if counts[name] >= min_count]
            used = [keys.setdefault((name, kind), len(keys)) for name in names for kind in kinds]
            key += used
            row += [len(holds)] * len(used)
            holds.append(answer)
    return _Table(list(keys), np.array(key, int), np.array(row, int), np.array(begin), np.array(holds))


def main() -> None:
    """Fit the weights to the annotation in the folders named, and store them."""
    parser = argparse.ArgumentParser(prog="python -m relgraph.nlp.events.training", description=main.__doc__)
    parser.add_argument("--gold", type=Path, nargs="+", required=True, help="folders of ID.gold.json")
    parser.add_argument("--articles", type=Path, nargs="+", required=True, help="folders of ID.txt")
    arguments = parser.parse_args()
    weights = learn(annotated_articles(arguments.gold, arguments.articles))
    content = {"source": _SOURCE, "weights": weights}
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    WEIGHTS.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
