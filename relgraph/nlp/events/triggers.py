"""Finding triggers: words of the lexicon, their possible types, and the evidence for each in its sentence."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from relgraph.model import EntityType, EventType, Span
from relgraph.nlp.events.choice import Choice
from relgraph.nlp.events.reading import Reading, Sentence
from relgraph.nlp.events.words import boundaries

_Syllable: TypeAlias = tuple[str, int, int, int]

_MEMORY = 20  # candidates back to which the same phrase is looked for
_NEAR = 3  # words either side that count as a trigger's surroundings
_FAR = 12  # words beyond which an actor is not looked for on either side


@dataclass(frozen=True, slots=True)
class Entry:
    """A phrase of the lexicon: for each type it can express, the mode, and whether it is ambiguous there."""

    phrase: str
    modes: dict[str, str | None]
    ambiguous: frozenset[str]

    @property
    def types(self) -> tuple[str, ...]:
        """The types that the phrase can express, in the lexicon's order."""
        return tuple(self.modes)


@dataclass(slots=True)
class Candidate:
    """A phrase of the lexicon where it stands in a sentence.

    Attributes:
        first, last: positions of its first and last word, a classifier before it among them.
        head: position of the first word of the phrase itself.
        start, end: character offsets into the article's text.
        classified: whether a classifier stands before the phrase.
    """

    entry: Entry
    first: int
    head: int
    last: int
    start: int
    end: int
    classified: bool


class TriggerLexicon:
    """The phrases that can express events.

    Args:
        data: the lexicon file's content (``classifiers`` and ``triggers``).
    """

    def __init__(self, data: dict[str, Any]) -> None:
        self.classifiers = frozenset(data["classifiers"])
        self._by_first: dict[str, list[tuple[tuple[str, ...], Entry]]] = {}
        modes: dict[str, dict[str, str | None]] = {}
        ambiguous: dict[str, set[str]] = {}
        for group in data["triggers"]:
            kind = str(EventType(group["type"]))
            for strength in ("words", "ambiguous"):
                for phrase in group[strength]:
                    modes.setdefault(phrase, {}).setdefault(kind, group.get("mode"))
                    if strength == "ambiguous":
                        ambiguous.setdefault(phrase, set()).add(kind)
        for phrase, types in modes.items():
            entry = Entry(phrase, types, frozenset(ambiguous.get(phrase, ())))
            syllables = tuple(phrase.split())
            self._by_first.setdefault(syllables[0], []).append((syllables, entry))
        for entries in self._by_first.values():
            entries.sort(key=lambda item: -len(item[0]))

    def candidates(self, sentence: Sentence) -> list[Candidate]:
        """Return the phrases found in ``sentence``, left to right, the longest at each place."""
        syllables = sentence.syllables
        found: list[Candidate] = []
        i = 0
        while i < len(syllables):
            match = self._match(syllables, i)
            if match is None:
                i += 1
                continue
            entry, length = match
            candidate = self._candidate(sentence, entry, i, i + length - 1)
            if not _inside_name(candidate, sentence):
                found.append(candidate)
            i += length
        return found

    def given(self, trigger: Span, kind: str, sentence: Sentence) -> Candidate:
        """Return an annotated trigger of that type as a candidate: the lexicon's phrase that it overlaps and
        that can express the type, else a phrase of its own words."""
        for candidate in self.candidates(sentence):
            overlaps = candidate.start < trigger.end and trigger.start < candidate.end
            if overlaps and kind in candidate.entry.modes:
                return replace(candidate, start=trigger.start, end=trigger.end)
        entry = Entry(trigger.text.lower(), {kind: None}, frozenset())
        first, last = sentence.reach(trigger.start, trigger.end)
        classified = entry.phrase.split()[0] in self.classifiers
        return Candidate(entry, first, first, last, trigger.start, trigger.end, classified)

    def _match(self, syllables: list[_Syllable], i: int) -> tuple[Entry, int] | None:
        for phrase, entry in self._by_first.get(syllables[i][0], ()):
            end = i + len(phrase)
            if tuple(syllable[0] for syllable in syllables[i:end]) == phrase and self._fits(
                syllables, i, end
            ):
                return entry, end - i
        return None

    def _fits(self, syllables: list[_Syllable], i: int, end: int) -> bool:
        """Whether the match is a word of its own.

        A phrase of several syllables may cut across words, since segmentation errs ("bị cáo | buộc"); a
        single syllable must be a word, or follow its classifier inside one ("cuộc gặp").
        """
        if end - i > 1:
            return True
        word = syllables[i][3]
        if end < len(syllables) and syllables[end][3] == word:
            return False
        return i == 0 or syllables[i - 1][3] != word or syllables[i - 1][0] in self.classifiers

    def _candidate(self, sentence: Sentence, entry: Entry, i: int, j: int) -> Candidate:
        syllables = sentence.syllables
        first = syllables[i - 1] if i and syllables[i - 1][0] in self.classifiers else syllables[i]
        head, last = syllables[i], syllables[j]
        return Candidate(entry, first[3], head[3], last[3], first[1], last[2], first is not head)


def judged_phrases(
    reading: Reading, lexicon: TriggerLexicon, choice: Choice
) -> Iterator[tuple[Candidate, Sentence, Mapping[str, float]]]:
    """Yield the lexicon's phrases with their sentence and the probability of each type, and of ``NONE``."""
    for sentence in reading.sentences:
        candidates = lexicon.candidates(sentence)
        for i, candidate in enumerate(candidates):
            evidence = trigger_evidence(i, candidates, sentence)
            yield candidate, sentence, choice.probabilities(candidate.entry.types, evidence)


def trigger_evidence(index: int, candidates: Sequence[Candidate], sentence: Sentence) -> list[str]:
    """Return the evidence for and against the candidate at ``index`` being an event's trigger.

    Args:
        candidates: all candidates of the sentence, in order.
    """
    candidate = candidates[index]
    sees, entry = sentence.sees, candidate.entry
    first, last = candidate.first, candidate.last
    word = entry.phrase
    before = sees[first - 1] if first else "<START>"
    before2 = sees[first - 2] if first > 1 else "<START>"
    after = sees[last + 1] if last + 1 < len(sees) else "<END>"
    after2 = sees[last + 2] if last + 2 < len(sees) else "<END>"
    form = "noun" if candidate.classified else sentence.tags[candidate.head]
    subject, object_ = _subject(candidate, sentence), _object(candidate, sentence)
    kinds = "|".join(entry.types)
    evidence = [
        "always",
        f"word={word}",
        f"types={kinds}",
        f"form={form}",
        f"word={word} form={form}",
        f"before={before}",
        f"before2={before2} {before}",
        f"after={after}",
        f"after2={after} {after2}",
        f"word={word} before={before}",
        f"word={word} after={after}",
        f"subject={subject}",
        f"object={object_}",
        f"word={word} subject={subject.split(' ')[0]}",
        f"word={word} object={object_.split(' ')[0]}",
        f"types={kinds} object={object_.split(' ')[0]}",
        f"sentence={min(sentence.number, 3)}",
        f"actors={min(len({actor.entity for actor in sentence.actors}), 3)}",
        f"quoted={sentence.quoted[first]}",
        f"word={word} quoted={sentence.quoted[first]}",
    ]
    left, right = sees[max(0, first - _NEAR) : first], sees[last + 1 : last + 1 + _NEAR]
    for side, seen in (("left", left), ("right", right)):
        evidence += [f"{side}={other}" for other in seen]
        evidence += [f"word={word} {side}={other}" for other in seen]
    evidence += [f"strong={kind}" for kind in entry.types if kind not in entry.ambiguous]
    evidence += _neighbours(index, candidates, sentence)
    return evidence


def _subject(candidate: Candidate, sentence: Sentence) -> str:
    """Describe the nearest actor before the trigger: what it is, how far off, in the same clause or not."""
    before = (actor for actor in reversed(sentence.actors) if actor.last < candidate.first)
    actor = next(before, None)
    if actor is None or candidate.first - actor.last > _FAR:
        return "nobody"
    return f"{actor.label} {_distance(sentence, actor.last, candidate.first)}"


def _object(candidate: Candidate, sentence: Sentence) -> str:
    """Describe the nearest actor after the trigger in the same way."""
    after = (actor for actor in sentence.actors if actor.first > candidate.last)
    actor = next(after, None)
    if actor is None or actor.first - candidate.last > _FAR:
        return "nobody"
    return f"{actor.label} {_distance(sentence, candidate.last, actor.first)}"


def _distance(sentence: Sentence, left: int, right: int) -> str:
    """Describe how far apart two words are, and whether a clause ends between them."""
    gap = right - left - 1
    size = "adjacent" if gap == 0 else "near" if gap <= _NEAR else "far"
    return f"{size} {'inside' if boundaries().isdisjoint(sentence.words[left + 1 : right]) else 'across'}"


def _neighbours(index: int, candidates: Sequence[Candidate], sentence: Sentence) -> list[str]:
    """Describe the candidates beside one, and whether its phrase stands shortly before already."""
    candidate = candidates[index]
    evidence = []
    if index:
        other = candidates[index - 1]
        where = _distance(sentence, other.last, candidate.first)
        evidence += [f"previous={other.entry.types[0]} {where}", f"previous={other.entry.phrase}"]
    else:
        evidence.append("previous=nothing")
    if index + 1 < len(candidates):
        other = candidates[index + 1]
        where = _distance(sentence, candidate.last, other.first)
        evidence += [f"next={other.entry.types[0]} {where}", f"next={other.entry.phrase}"]
    else:
        evidence.append("next=nothing")
    if any(other.entry is candidate.entry for other in candidates[max(0, index - _MEMORY) : index]):
        evidence.append("repeated")
    return evidence


def _inside_name(candidate: Candidate, sentence: Sentence) -> bool:
    """Whether a name holds the phrase; a conference's name may be its event's trigger."""
    return any(
        actor.method == "name"
        and actor.type != EntityType.EVT
        and actor.first <= candidate.head
        and candidate.last <= actor.last
        for actor in sentence.actors
    )
