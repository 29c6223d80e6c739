"""The chosen events as a network of actors, read in bulk so that a graph of a hundred thousand fits.

:meth:`EventGraph.to_networkx` gives the same nodes and edges with all evidence read; here an event is a row
of short texts, and edges are made while they are written.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple

from relgraph.graph import vocabulary as v
from relgraph.model import Interval, Precision

NODE_ATTRIBUTES: Final = {"label": str, "label_vi": str, "entity_type": str, "events": int}
"""What is known of an actor, with its type; what is unknown is left out of a node's values."""

EDGE_ATTRIBUTES: Final = {
    "label": str,
    "label_vi": str,
    "event": str,
    "event_type": str,
    "quad_class": str,
    "relation": str,
    "mode": str,
    "factuality": str,
    "place": str,
    "place_vi": str,
    "earliest": str,
    "latest": str,
    "edtf": str,
    "precision": str,
    "year": int,
    "month": int,
    "evidence": int,
    "articles": int,
    "weight": float,
}
"""What is known of an event's edge. ``earliest`` and ``latest`` are ISO dates, ``year`` and ``month`` those of
``earliest`` (the month only where the time lies within one), ``weight`` the number of reporting articles."""

_EVENTS = f"""
SELECT ?event ?type ?factuality ?mode ?place ?earliest ?latest ?edtf ?precision ?articles
WHERE {{ GRAPH {v.MERGED} {{
  ?event {v.SEM_TYPE} ?type ; {v.FACTUALITY} ?factuality ; a {v.EVENT} .
  OPTIONAL {{ ?event {v.MODE} ?mode }}
  OPTIONAL {{ ?event {v.SEM_PLACE} ?place }}
  OPTIONAL {{ ?event {v.EARLIEST} ?earliest }}
  OPTIONAL {{ ?event {v.LATEST} ?latest }}
  OPTIONAL {{ ?event {v.EDTF} ?edtf ; {v.PRECISION} ?precision }}
  OPTIONAL {{ ?event {v.REPORTING_ARTICLES} ?articles }}
}} }}
"""
_CONCEPTS = (
    """
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?concept ?language ?label WHERE { GRAPH <%s> {
  ?concept skos:prefLabel ?label . BIND(LANG(?label) AS ?language)
} }
"""
    % v.VOCABULARY.value
)
_CLASSES = (
    """
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?type ?class WHERE { GRAPH <%s> { ?class skos:topConceptOf ?scheme . ?type skos:broader ?class } }
"""
    % v.VOCABULARY.value
)
_STATES = f"""
SELECT ?state ?member ?whole ?en ?vi ?kind ?start ?end ?edtf
WHERE {{ GRAPH {v.KNOWLEDGE} {{
  {{ ?state {v.OFFICE} ?office . ?office {v.ORG_POST_IN} ?whole .
     ?office {v.LABEL} ?en FILTER(LANG(?en) = "en") ?office {v.LABEL} ?vi FILTER(LANG(?vi) = "vi")
     BIND("holds-office" AS ?kind) }}
  UNION
  {{ ?state {v.ORG_ORGANIZATION} ?whole ; {v.MEMBERSHIP_STATUS} ?en . BIND("belongs-to" AS ?kind) }}
  ?state {v.ORG_MEMBER} ?member .
  OPTIONAL {{ ?state {v.EARLIEST} ?start }}
  OPTIONAL {{ ?state {v.LATEST} ?end }}
  OPTIONAL {{ ?state {v.EDTF} ?edtf }}
}} }}
"""


class Happening(NamedTuple):
    """An event as a network needs it. Dates are ISO text; actors and place are keys; unknown is None."""

    id: str
    type: str
    factuality: str
    mode: str | None
    place: str | None
    earliest: str | None
    latest: str | None
    edtf: str | None
    precision: str | None
    articles: int
    evidence: int
    agents: Sequence[str]
    patients: Sequence[str]

    @property
    def interval(self) -> Interval | None:
        """Its time; None where it is unknown."""
        if self.edtf is None or self.precision is None:
            return None
        return Interval(
            earliest=self.earliest and date.fromisoformat(self.earliest),  # type: ignore[arg-type]
            latest=self.latest and date.fromisoformat(self.latest),  # type: ignore[arg-type]
            precision=Precision(self.precision),
            edtf=self.edtf,
        )
