"""Who founded what, where the construction tells: "OPEC được thành lập với năm thành viên gồm Iran, Iraq …".

Foundings are too rare in the annotated articles (one in 200 events) for weights to have learnt it.
"""

from relgraph.model import EntityType, EventType
from relgraph.nlp.events.participants import AGENT, PATIENT, Told
from relgraph.nlp.events.reading import Actor, Sentence
from relgraph.nlp.events.words import clause_words

# By Laplace's rule of succession: of bodies before a passive founding in the training annotation, 4 of 4.
CONFIDENCE = 5 / 6
_REACH = 3  # words from "được" to the trigger, from "thành viên" to "gồm", from "gồm" to the first name


def roles_in_founding(event: Told) -> dict[str, str]:
    """Return the roles that the construction gives to entities; none for other events and constructions."""
    sentence, trigger = event.sentence, event.candidate
    passive = sentence.words[max(0, trigger.first - _REACH) : trigger.first]
    if event.type != EventType.FOUND or clause_words("passive").isdisjoint(passive):
        return {}
    before = [actor for actor in sentence.actors if actor.last < trigger.first]
    founded = before[-1:] if before and before[-1].type == EntityType.ORG else []
    members = _members(sentence, trigger.last + 1)
    return dict.fromkeys((a.entity for a in members), AGENT) | dict.fromkeys(
        (a.entity for a in founded), PATIENT
    )


def joined_names(sentence: Sentence) -> list[list[Actor]]:
    """Return the runs of names of one type with only commas and conjunctions between them."""
    runs: list[list[Actor]] = []
    for actor in sentence.actors:
        before = runs[-1][-1] if runs else None
        between = sentence.words[before.last + 1 : actor.first] if before else []
        joined = bool(between) and clause_words("joins_names").issuperset(between)
        if before and before.type == actor.type and joined:
            runs[-1].append(actor)
        else:
            runs.append([actor])
    return runs


def _members(sentence: Sentence, start: int) -> list[Actor]:
    """Return the names that are listed as members after the word at ``start``."""
    for i in range(start, len(sentence.words)):
        listed = sentence.words[i] in clause_words("lists")
        if listed and not clause_words("members").isdisjoint(sentence.words[max(start, i - _REACH) : i]):
            runs = (run for run in joined_names(sentence) if i < run[0].first <= i + _REACH)
            return next(runs, [])
    return []
