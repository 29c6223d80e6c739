"""Why each mention is in its event, and which mentions that are."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from relgraph.errors import RelgraphError
from relgraph.graph import vocabulary as v
from relgraph.graph.merging.corrections import Action, Correction
from relgraph.graph.merging.features import features
from relgraph.graph.merging.merger import Chain, Merger
from relgraph.graph.merging.profiles import Profile
from relgraph.graph.merging.scoring import ACROSS, WITHIN, contributions
from relgraph.graph.store import Store, facts

_NO_EVENT: Final = "see relgraph timeline for ids; events of imported data sets (--graph) are never merged"
_SHOWN: Final = 4  # figures that speak most for or against; the others change little


class MentionReason(NamedTuple):
    """Why a mention is in its event.

    Attributes:
        mention: its place, as corrections name it: ``ARTICLE:START-END``.
        quote: the words of its trigger.
        method, score: see :class:`relgraph.graph.merging.merger.Reason`; as the store has them.
        nearest: the place of the event's mention that it is most like; None where it is the only one.
        figures: what spoke most for or against these two being one, as shares of the log-odds.
    """

    mention: str
    quote: str
    method: str
    score: float
    nearest: str | None
    figures: tuple[tuple[str, float], ...]


def explain(store: Store, event: str) -> list[MentionReason]:
    """Return why each mention is in an event, in the order of articles and text.

    Args:
        event: the event's id.

    Raises:
        RelgraphError: there is no such event.
    """
    merger = Merger(store.native)
    chains = _chains(merger, store, event)
    members = [(chain, mention) for chain in chains for mention in chain.mentions]
    reasons = []
    for chain, mention in members:
        others = [(c, m.profile) for c, m in members if m is not mention]
        nearest, figures = _nearest(merger, chain, mention.profile, others)
        article = mention.profile.first
        text = merger.reader.text(article.article)
        reasons.append(
            MentionReason(
                mention=str(article),
                quote=text[article.start : article.end],
                method=_said(merger, mention.iri, v.MERGE_METHOD),
                score=float(_said(merger, mention.iri, v.MERGE_SCORE)),
                nearest=nearest,
                figures=figures,
            )
        )
    return reasons


def _nearest(
    merger: Merger, chain: Chain, profile: Profile, others: Iterable[tuple[Chain, Profile]]
) -> tuple[str | None, tuple[tuple[str, float], ...]]:
    """Return the mention that this one is most like, and what speaks for and against the two."""
    state = merger.reader.state
    compared = []
    for other_chain, other in others:
        shares = contributions(features(profile, other, state), WITHIN if other_chain is chain else ACROSS)
        compared.append((sum(share for _, share in shares), str(other.first), shares))
    if not compared:
        return None, ()
    _, nearest, shares = max(compared)
    told = [(name, round(share, 2)) for name, share in shares if name != "bias" and round(share, 2)]
    return nearest, tuple(sorted(told, key=lambda one: -abs(one[1]))[:_SHOWN])


def _said(merger: Merger, mention: object, predicate: object) -> str:
    (fact,) = facts(merger.native, mention, predicate, None, v.MERGING)  # type: ignore[arg-type]
    return str(fact.value.value)


def _chains(merger: Merger, store: Store, event: str) -> list[Chain]:
    """Return the chains that tell of an event, by their first mentions."""
    iri = v.data_iri("event", event)
    mentions = [fact.value for fact in store.facts(iri, v.EVIDENCE, None, v.MERGED)]
    if not mentions:
        raise RelgraphError(event, "there is no such event in the graph", _NO_EVENT)
    iris = {iri for iri in map(merger.chain_of, mentions) if iri}
    return sorted((merger.chain(iri) for iri in iris), key=lambda chain: chain.profile.first)


def split_correction(store: Store, event: str, mentions: Iterable[str]) -> Correction:
    """Return the correction that takes mentions out of an event and makes them an event of their own.

    Args:
        mentions: their places, as :func:`explain` gives them.

    Raises:
        RelgraphError: there is no such event, one of the mentions is not in it, or all of them are named.
    """
    members = _places(store, event)
    named = sorted(set(mentions))
    for mention in named:
        if mention not in members:
            raise RelgraphError(
                mention, f"is no mention of {event}", f"see relgraph explain {event} for its mentions"
            )
    rest = tuple(sorted(set(members) - set(named)))
    if not rest:
        raise RelgraphError(event, "all its mentions are named", "leave those out that are to stay")
    return Correction(action=Action.SPLIT, mentions=tuple(named), others=rest)


def merge_correction(store: Store, events: Iterable[str]) -> Correction:
    """Return the correction that makes several events one.

    Raises:
        RelgraphError: there is no such event, or only one is named.
    """
    named = sorted(set(events))
    if len(named) < 2:
        raise RelgraphError(", ".join(named), "is one event only", "name the events that are to be one")
    places = {place for event in named for place in _places(store, event)}
    return Correction(action=Action.MERGE, mentions=tuple(sorted(places)))


def _places(store: Store, event: str) -> list[str]:
    return [name for chain in _chains(Merger(store.native), store, event) for name in chain.names]
