"""The spaCy component that reads events: triggers, then roles, factuality and time, then repeated mentions."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc

from relgraph.model import EventMention, EventType, Factuality, Participant, Role, Span
from relgraph.nlp.events import anchors, factuality, participants
from relgraph.nlp.events.anchors import Time, TimeReader
from relgraph.nlp.events.chains import link_repeats
from relgraph.nlp.events.choice import NONE, Choice, Weights
from relgraph.nlp.events.factuality import FactualityCues
from relgraph.nlp.events.participants import PLACE, ROLES, Told, role_evidence
from relgraph.nlp.events.reading import Reading
from relgraph.nlp.events.triggers import TriggerLexicon, inside_name, trigger_evidence
from relgraph.nlp.lexicon import read_lexicon

WEIGHTS = Path(__file__).parents[1] / "lexicon" / "event_weights.json"


@cache
def shipped_weights() -> dict[str, Weights]:
    """Return the weights that the package carries, by decision: "trigger", "role", "factuality", "time"."""
    return json.loads(WEIGHTS.read_text(encoding="utf-8"))  # type: ignore[no-any-return]


class EventReader:
    """Sets ``doc._.events`` and mirrors the triggers into ``doc.spans["triggers"]``.

    Args:
        weights: decision → evidence → option → log-odds, as `shipped_weights` gives them.
        trigger_threshold: least probability at which a word of the lexicon is an event's trigger.
        role_threshold: least probability at which an entity takes part.
    """

    def __init__(self, weights: dict[str, Weights], *, trigger_threshold: float = 0.5, role_threshold: float = 0.4) -> None:
        self.lexicon = TriggerLexicon(read_lexicon("triggers"))
        self.cues = FactualityCues(read_lexicon("factuality"))
        self._trigger = Choice(weights["trigger"])
        self._role = Choice(weights["role"])
        self._factuality = Choice(weights["factuality"])
        self._time = Choice(weights["time"])
        self._trigger_threshold = trigger_threshold
        self._role_threshold = role_threshold

    def __call__(self, doc: Doc) -> Doc:
        """Read the events of one document."""
        reading = Reading(doc)
        times = TimeReader(reading, doc._.timexes, doc._.article.published)
        told: list[Told] = []
        dated: list[tuple[Told, Time | None]] = []
        for event in self.triggers(reading):
            event.roles = self._roles(event, told, reading)
            event.factuality = self._fact(event, told, times)
            time = self._when(event, dated, times)
            told.append(event)
            dated.append((event, time))
        ...
        return doc
