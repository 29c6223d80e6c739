"""Whether an event is presented as fact: the evidence of cues ("sẽ", "có thể") and of what governs it."""

from collections.abc import Mapping, Sequence

from relgraph.model import EventType, Factuality
from relgraph.nlp.events.participants import Told
from relgraph.nlp.events.reading import Sentence
from relgraph.nlp.events.words import boundaries

UNREAL = (str(Factuality.PLANNED), str(Factuality.POSSIBLE), str(Factuality.NEGATED))
_SCOPE = 12  # words before the trigger in which a cue is looked for
_LONGEST_CUE = 3  # syllables


class FactualityCues:
    """Finds the cues of the lexicon "factuality" before a trigger.

    Args:
        data: the lexicon's content: cue class → phrases.
    """

    def __init__(self, data: Mapping[str, Sequence[str]]) -> None:
        self._withheld = tuple(f"{word} " for word in data["withheld"])
        self._classes: dict[str, list[str]] = {}
        for kind in ("planned", "possible", "negated", "wanted", "done"):
            for phrase in data[kind]:
                self._classes.setdefault(phrase, []).append(kind)

    def evidence(self, told: Told, earlier: Sequence[Told], published_relation: str) -> list[str]:
        """Return the evidence for an event being planned, possible or negated.

        Args:
            earlier: the article's events before this one.
            published_relation: how the event's own dates lie to the publication ("future", "past", …).
        """
        sentence, trigger = told.sentence, told.candidate
        names = [
            "always",
            f"type={told.type}",
            f"word={trigger.entry.phrase}",
            f"time={published_relation}",
            f"quoted={sentence.quoted[trigger.first]}",
            f"headline={sentence.headline}",
            f"{told.type} time={published_relation}",
            f"noun={trigger.classified}",
        ]
        names += self._before(sentence, trigger.first, trigger.entry.phrase, told.type)
        names += [
            f"after={sentence.sees[i]}"
            for i in range(trigger.last + 1, min(trigger.last + 3, len(sentence.sees)))
        ]
        names += [f"left={word}" for word in sentence.sees[max(0, trigger.first - 3) : trigger.first]]
        names += _governors(told, earlier)
        return names

    def is_withheld(self, told: Told) -> bool:
        """Whether the trigger itself says that somebody did not speak ("chưa xác nhận")."""
        return told.type == EventType.STATE and told.candidate.entry.phrase.startswith(self._withheld)

    def _before(self, sentence: Sentence, first: int, phrase: str, kind: str) -> list[str]:
        names: list[str] = []
        crossed = 0
        nearest = True
        marks = boundaries()
        for i in range(first - 1, max(-1, first - 1 - _SCOPE), -1):
            if sentence.words[i] in marks:
                crossed += 1
                continue
            for cue in self._cues_ending_at(sentence, i):
                for cls in self._classes[cue]:
                    where = "close" if first - i <= 3 else "far"
                    names += [f"cue={cls} {where} crossed={min(crossed, 2)}", f"cue={cls}"]
                    if crossed == 0:
                        names += [f"cue word={cue}", f"{kind} cue={cls}", f"word={phrase} cue={cls}"]
                    if nearest:
                        names.append(f"nearest cue={cls} crossed={min(crossed, 2)}")
                nearest = False
        if nearest:
            names.append("no cue")
        return names

    def _cues_ending_at(self, sentence: Sentence, i: int) -> list[str]:
        """Return the cues whose last word is the one at ``i``, the longest only."""
        for length in range(min(_LONGEST_CUE, i + 1), 0, -1):
            phrase = " ".join(sentence.words[i - length + 1 : i + 1])
            if phrase in self._classes:
                return [phrase]
        return []


def _governors(told: Told, earlier: Sequence[Told]) -> list[str]:
    """Describe the event before this one in the sentence, under which this one may stand."""
    if not earlier or earlier[-1].sentence is not told.sentence:
        return ["no event before"]
    last = earlier[-1]
    between = told.sentence.words[last.candidate.last + 1 : told.candidate.first]
    crossed = "across" if any(word in boundaries() for word in between) else "inside"
    return [f"under={last.type} {crossed}", f"under={last.candidate.entry.phrase} {crossed}"]
