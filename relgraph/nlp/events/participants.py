"""Who takes part in an event, and where: the evidence for each entity near its trigger."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby, takewhile

from relgraph.model import EntityType, EventType, Factuality
from relgraph.nlp.events.reading import Actor, Reading, Sentence
from relgraph.nlp.events.triggers import Candidate
from relgraph.nlp.events.words import clause_words

AGENT, PATIENT, PLACE = "agent", "patient", "place"
ROLES = (AGENT, PATIENT, PLACE)

_LINKS = frozenset({"E", "C", "Cc", "CH"})  # tags of prepositions, conjunctions, punctuation
_PATH_LENGTH = 5
_OPENING = 2  # position up to which an actor opens its sentence
_MEMORY = 50  # events back to which one like this is looked for
_BACK = 2  # sentences before the trigger's in which its participants are looked for
_CLOSE, _NEAR, _FAR = 2, 6, 15  # words


@dataclass(slots=True)
class Told:
    """An event in the making.

    Attributes:
        heads: positions of all triggers of its sentence, in order.
        roles: entity → "agent", "patient" or "place".
        odds: entity → probability of its role.
        confidence: probability of ``type``.
        factuality_confidence, time_confidence: probability of the factuality and the time chosen.
    """

    candidate: Candidate
    type: str
    sentence: Sentence
    heads: list[int] = field(default_factory=list)
    roles: dict[str, str] = field(default_factory=dict)
    odds: dict[str, float] = field(default_factory=dict)
    factuality: str = str(Factuality.ACTUAL)
    confidence: float = 1.0
    factuality_confidence: float = 1.0
    time_confidence: float = 1.0


@dataclass(slots=True)
class _Place:
    """Where an entity stands in relation to a trigger: its nearest occurrences either side."""

    left: Actor | None = None
    right: Actor | None = None


def tell_of_each_other(events: Sequence[Told]) -> None:
    """Set each event's ``heads``, given an article's events in text order."""
    for _, group in groupby(events, key=lambda event: event.sentence.number):
        together = list(group)
        heads = [event.candidate.head for event in together]
        for event in together:
            event.heads = heads


def candidates_for(told: Told, reading: Reading) -> list[str]:
    """Return the entities that may take part: those of the sentence, the ones before it, and the headline."""
    number = told.sentence.number
    sentences = [told.sentence, *reading.sentences[max(0, number - _BACK) : number], reading.sentences[0]]
    return list(dict.fromkeys(actor.entity for sentence in sentences for actor in sentence.actors))


def role_evidence(told: Told, earlier: Sequence[Told], reading: Reading) -> dict[str, list[str]]:
    """Return, for each entity that may take part in the event, the evidence for its role.

    Args:
        earlier: the article's events before this one, with their roles.
    """
    places = _places(told)
    situation = _situation(told, places)
    earlier_roles = _earlier_roles(told, earlier)
    lefts = [place.left for place in places.values() if place.left]
    rights = [place.right for place in places.values() if place.right]
    evidence: dict[str, list[str]] = {}
    for entity in candidates_for(told, reading):
        kind = str(reading.entities[entity].type)
        place = places.get(entity)
        names = _local(told, place, lefts, rights) if place else _distant(told, entity, reading, bool(lefts))
        names += [f"{role} of {which}" for which, role in earlier_roles.get(entity, ())]
        names += [f"frequency={min(reading.rank[entity], 4)}", f"{told.type} is {kind}"]
        if not place:
            names += [f"away {name}" for name in situation]
        side = names[0]
        evidence[entity] = [
            "always",
            *names,
            *(f"{told.type} {name}" for name in names),
            f"{side} {kind}",
            f"word={told.candidate.entry.phrase} {side}",
            *(f"{kind} {name}" for name in names),
        ]
    return evidence


def _places(told: Told) -> dict[str, _Place]:
    places: dict[str, _Place] = {}
    first, last = told.candidate.first, told.candidate.last
    for actor in told.sentence.actors:
        place = places.setdefault(actor.entity, _Place())
        if actor.last < first:
            place.left = actor  # actors come in order, so the last one is the nearest
        elif actor.first > last:
            place.right = place.right or actor
    return places


def _situation(told: Told, places: dict[str, _Place]) -> list[str]:
    sentence, first = told.sentence, told.candidate.first
    return [
        f"word={told.candidate.entry.phrase}",
        f"left actors={min(2, sum(1 for place in places.values() if place.left))}",
        f"right actors={min(2, sum(1 for place in places.values() if place.right))}",
        f"opening={sentence.sees[0]}",
        f"trigger at start={first <= _OPENING}",
        f"before={sentence.sees[first - 1] if first else '<START>'}",
    ]


def _local(told: Told, place: _Place, lefts: list[Actor], rights: list[Actor]) -> list[str]:
    """Describe an entity that stands in the trigger's sentence; the first name tells on which side."""
    if place.left and place.right:
        names = ["both sides"]
    else:
        names = ["left" if place.left else "right" if place.right else "inside"]
    if place.left:
        names += _from_left(told, place.left, lefts)
    if place.right:
        names += _from_right(told, place.right, lefts, rights)
    return names


def _from_left(told: Told, actor: Actor, lefts: list[Actor]) -> list[str]:
    sentence, trigger = told.sentence, told.candidate
    rank = min(3, sum(1 for other in lefts if other.last > actor.last))
    names = [
        f"left rank={rank} {_form(trigger)}",
        f"left gap={_bucket(trigger.first - actor.last - 1)}",
        f"left path={_path(sentence, actor.last + 1, trigger.first)}",
        f"left {_voice(sentence, trigger)} rank={rank}",
        f"left undergoes={_undergoes(sentence, actor, trigger)}",
        f"left undergoes={_undergoes(sentence, actor, trigger)} rank={rank}",
        f"left events between={events_between(told, actor.last, trigger.first)}",
        f"left events between={events_between(told, actor.last, trigger.first)} rank={rank}",
        f"left before={_before(sentence, actor)}",
        f"left after={_after(sentence, actor)}",
        f"left rank={rank} of {len(lefts)}",
        f"left titles={_titles(sentence, actor)}",
        f"left opening={actor.first <= _OPENING}",
    ]
    if any(other.last > actor.last and other.type == EntityType.PER for other in lefts):
        names.append("left person nearer")
    return names


def _from_right(told: Told, actor: Actor, lefts: list[Actor], rights: list[Actor]) -> list[str]:
    sentence, trigger = told.sentence, told.candidate
    rank = min(3, sum(1 for other in rights if other.first < actor.first))
    path = _path(sentence, trigger.last + 1, actor.first)
    before = _before(sentence, actor)
    return [
        f"right rank={rank} {_form(trigger)}",
        f"right gap={_bucket(actor.first - trigger.last - 1)}",
        f"right path={path}",
        f"right events between={events_between(told, trigger.last, actor.first)}",
        f"right events between={events_between(told, trigger.last, actor.first)} before={before}",
        f"right before={before} rank={rank}",
        f"right before={before}",
        f"right after={_after(sentence, actor)}",
        f"right word={trigger.entry.phrase} rank={min(rank, 2)}",
        f"right titles={_titles(sentence, actor)}",
        f"right {_voice(sentence, trigger)} left={bool(lefts)}",
        f"right first path={path.split(' ')[0]}",
    ]


def _distant(told: Told, entity: str, reading: Reading, has_left: bool) -> list[str]:
    number = told.sentence.number
    names = []
    for back in range(1, _BACK + 1):
        if number - back < 0:
            break
        actors = reading.sentences[number - back].actors
        positions = [i for i, actor in enumerate(actors) if actor.entity == entity]
        if positions:
            names += [
                f"back={back}",
                f"back={back} first={positions[0] == 0}",
                f"back={back} last={positions[-1] == len(actors) - 1}",
                f"back={back} left={has_left}",
                f"back={back} of {min(4, len({actor.entity for actor in actors}))}",
            ]
    if any(actor.entity == entity for actor in reading.sentences[0].actors):
        names.append("headline")
    return names


def _earlier_roles(told: Told, earlier: Sequence[Told]) -> dict[str, list[tuple[str, str]]]:
    """Return each entity's roles in the last event and in the last ones of the same type and word."""
    recent = earlier[-_MEMORY:]
    wanted: list[tuple[str, Told]] = []
    if recent:
        last = recent[-1]
        gap = told.sentence.number - last.sentence.number
        wanted.append((f"last event, {min(gap, 3)} back", last))
        if gap == 0:
            path = _path(told.sentence, last.candidate.last + 1, told.candidate.first)
            wanted.append((f"{last.type} in sentence, path {path}", last))
    for event in reversed(recent):
        if event.type == told.type:
            wanted.append(("last of type", event))
            break
    for event in reversed(recent):
        if event.candidate.entry is told.candidate.entry:
            wanted.append(("last of word", event))
            break
    roles: dict[str, list[tuple[str, str]]] = {}
    for which, event in wanted:
        for entity, role in event.roles.items():
            roles.setdefault(entity, []).append((which, role))
    return roles


def _form(trigger: Candidate) -> str:
    return "noun" if trigger.classified else "verb"


def _voice(sentence: Sentence, trigger: Candidate) -> str:
    before = sentence.words[max(0, trigger.first - 3) : trigger.first]
    return "active" if clause_words("passive").isdisjoint(before) else "passive"


def _undergoes(sentence: Sentence, actor: Actor, trigger: Candidate) -> bool:
    """Whether the passive stands between an actor and the trigger after it: "Nga bị Mỹ **cáo buộc**"."""
    return not clause_words("passive").isdisjoint(sentence.words[actor.last + 1 : trigger.first])


def events_between(told: Told, left: int, right: int) -> int:
    """Return how many triggers stand between two words of the sentence, at most 2."""
    return min(2, bisect_left(told.heads, right) - bisect_right(told.heads, left))


def _bucket(gap: int) -> str:
    for name, limit in (("adjacent", 0), ("close", _CLOSE), ("near", _NEAR), ("far", _FAR)):
        if gap <= limit:
            return name
    return "remote"


def _path(sentence: Sentence, first: int, last: int) -> str:
    """Return what links two places: the prepositions, conjunctions, punctuation and actors between them."""
    steps: list[str] = []
    for i in range(first, last):
        seen = sentence.sees[i]
        if seen[0] == "<":
            if not (steps and steps[-1] == seen):
                steps.append(seen)
        elif sentence.tags[i] in _LINKS or seen in clause_words("links"):
            steps.append(seen)
        if len(steps) > _PATH_LENGTH:
            return "long"
    return " ".join(steps) or "direct"


def _before(sentence: Sentence, actor: Actor) -> str:
    return sentence.sees[actor.first - 1] if actor.first else "<START>"


def _after(sentence: Sentence, actor: Actor) -> str:
    return sentence.sees[actor.last + 1] if actor.last + 1 < len(sentence.sees) else "<END>"


def _titles(sentence: Sentence, actor: Actor) -> bool:
    """Whether a person's name follows at once: "Tổng thống **Nga** Putin"."""
    return not sentence.person_starts.isdisjoint(range(actor.last + 1, actor.last + 4))


def method_of(entity: str, told: Told) -> str:
    """Return how ``entity`` stands in the event's sentence: "name", "office", "pronoun" …, else "carried"."""
    methods = [actor.method for actor in told.sentence.actors if actor.entity == entity]
    return "name" if "name" in methods else methods[0] if methods else "carried"


def find_source(told: Told, earlier: Sequence[Told]) -> str | None:
    """Return who reports the event: whom the sentence follows ("theo TASS"), else who speaks before it."""
    sentence, according = told.sentence, clause_words("according")
    for actor in sentence.actors:
        if _before(sentence, actor) in according and actor.entity not in told.roles:
            return actor.entity
    if told.type == EventType.STATE:
        return None
    here = takewhile(lambda event: event.sentence is sentence, reversed(earlier))
    speech = next((event for event in here if event.type == EventType.STATE), None)
    return next((entity for entity, role in speech.roles.items() if role == AGENT), None) if speech else None
