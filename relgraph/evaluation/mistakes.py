"""Which kinds of mistakes extraction makes, counted: where to work next."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from relgraph.evaluation.score import NameNormaliser, day, pair_events, pair_spans
from relgraph.model import Document, EventMention, Mention, TimeExpression

_Typed: TypeAlias = Mention | TimeExpression | EventMention


def count_mistakes(
    golds: Iterable[Document], predictions: Mapping[str, Document], same_name: NameNormaliser
) -> Counter[str]:
    """Return how often each kind of mistake was made in the predictions (by document id)."""
    found: Counter[str] = Counter()
    for gold in golds:
        guess = predictions.get(gold.id) or Document(id=gold.id, sha256="", text="")
        for kinds in (_names(gold, guess), _times(gold, guess), _events(gold, guess, same_name)):
            found.update(kinds)
    return found


def _names(gold: Document, guess: Document) -> Iterator[str]:
    pairs = pair_spans(gold.mentions, guess.mentions)
    for i, j in pairs:
        one, other = gold.mentions[i], guess.mentions[j]
        if one.type != other.type:
            yield f"name: {one.type} taken for {other.type}"
        elif (one.start, one.end) != (other.start, other.end):
            yield f"name: {one.type} with other bounds"
    yield from _missed("name", gold.mentions, guess.mentions, pairs)


def _times(gold: Document, guess: Document) -> Iterator[str]:
    pairs = pair_spans(gold.timexes, guess.timexes)
    for i, j in pairs:
        if gold.timexes[i].value != guess.timexes[j].value:
            yield "time expression: other value"
    yield from _missed("time expression", gold.timexes, guess.timexes, pairs)


def _missed(
    what: str, gold: Sequence[_Typed], guess: Sequence[_Typed], pairs: list[tuple[int, int]]
) -> Iterator[str]:
    left, right = {i for i, _ in pairs}, {j for _, j in pairs}
    for i, one in enumerate(gold):
        if i not in left:
            yield f"{what}: {one.type} missed"
    for j, other in enumerate(guess):
        if j not in right:
            yield f"{what}: {other.type} where there is none"


def _events(gold: Document, guess: Document, same_name: NameNormaliser) -> Iterator[str]:
    pairs, typed = pair_events(gold.events, guess.events)
    named = [
        {entity.id: same_name(entity.name) for entity in document.entities} for document in (gold, guess)
    ]
    for i, j in pairs:
        one, other = gold.events[i], guess.events[j]
        if (i, j) not in typed:
            yield f"event: {one.type} taken for {other.type}"
        if one.factuality != other.factuality:
            yield f"factuality: {one.factuality} taken for {other.factuality}"
        yield from _participants(one, other, named[0], named[1])
    for i, j in typed:
        yield from _event_time(gold.events[i], guess.events[j], guess)
    yield from _missed("event", gold.events, guess.events, pairs)


def _participants(
    gold: EventMention, guess: EventMention, gold_names: Mapping[str, str], guess_names: Mapping[str, str]
) -> Iterator[str]:
    right = {gold_names[p.entity]: p.role for p in gold.participants}
    taken = {guess_names[p.entity]: p for p in guess.participants}
    for name, role in right.items():
        if name not in taken:
            yield f"participant: {role} missed"
        elif taken[name].role != role:
            yield f"participant: {role} taken for {taken[name].role}"
    for name, participant in taken.items():
        if name not in right:
            yield f"participant: {participant.role} where there is none, found by {participant.method}"


def _event_time(gold: EventMention, guess: EventMention, document: Document) -> Iterator[str]:
    wanted, given = day(gold.time), day(guess.time)
    if wanted == given:
        return
    published = document.dct.isoformat() if document.dct else ""
    yield f"event's time: {_kind(wanted, published)} wanted, {_kind(given, published)} given"


def _kind(value: str | None, published: str) -> str:
    return "none" if value is None else "the day of publication" if value == published else "another date"
