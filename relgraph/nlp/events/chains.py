"""Later mentions of one event in the same article.

The rule was read off the annotated articles, by the share of event pairs that are one event: same type,
factuality and time with the same word and a participant in common, 96 %; with other words and the same
participants, 80 %; same word and participants where one of the two has no time, 80 %. Speech is not linked:
of two statements by one speaker on one day, most are two (57 % even where the word is the same).
"""

from collections.abc import Sequence

from relgraph.model import EventMention, EventType

_MEMORY = 200  # events back to which a first mention is looked for: all of a usual article


def link_repeats(events: Sequence[EventMention], words: Sequence[str]) -> tuple[EventMention, ...]:
    """Return the events with ``same_as`` set to the first mention of the same event.

    Args:
        events: an article's events in text order.
        words: for each event, the phrase of its trigger without classifier.
    """
    linked: list[EventMention] = []
    for i, event in enumerate(events):
        start = max(0, i - _MEMORY)
        known = zip(linked[start:], words[start:], strict=False)
        first = next((other for other, word in known if _is_same(other, word, event, words[i])), None)
        linked.append(event.model_copy(update={"same_as": first.same_as or first.id}) if first else event)
    return tuple(linked)


def _is_same(one: EventMention, one_word: str, other: EventMention, other_word: str) -> bool:
    if one.type != other.type or one.type is EventType.STATE or one.factuality != other.factuality:
        return False
    parties = {participant.entity for participant in one.participants}
    others = {participant.entity for participant in other.participants}
    if not parties & others:
        return False
    same_word, same_parties, same_time = one_word == other_word, parties == others, one.time == other.time
    if one.time and same_time:
        return same_word or same_parties
    return same_word and same_parties and (one.time is None or other.time is None)
