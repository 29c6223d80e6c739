"""The terms that the graph is written in, and the IRIs of its data.

relgraph's own terms are defined in ``ontology/relgraph.ttl`` and ``ontology/event-types.ttl``; the others are
those of SEM, PROV-O, Web Annotation, W3C ORG, SKOS and Dublin Core. Data IRIs are minted from identifiers
with everything but letters, digits and ``-._~`` percent-encoded, because Oxigraph accepts IRIs that rdflib
and other tools refuse.
"""

from functools import lru_cache
from typing import Final
from urllib.parse import quote, unquote

from pyoxigraph import NamedNode

from relgraph.model import EntityType, EventType, Factuality, Precision, Role, TimeAnchor

ONTOLOGY: Final = "https://w3id.org/relgraph/ontology#"
EVENT_TYPES: Final = "https://w3id.org/relgraph/event-types#"
DATA: Final = "https://w3id.org/relgraph/id/"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"

PREFIXES: Final = {
    "rg": ONTOLOGY,
    "rgt": EVENT_TYPES,
    "article": f"{DATA}article/",
    "entity": f"{DATA}entity/",
    "event": f"{DATA}event/",
    "graph": f"{DATA}graph/",
    "office": f"{DATA}office/",
    "dcterms": "http://purl.org/dc/terms/",
    "oa": "http://www.w3.org/ns/oa#",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "sem": "http://semanticweb.cs.vu.nl/2009/11/sem/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "wd": "http://www.wikidata.org/entity/",
    "xsd": XSD,
}
"""Prefixes known to every query and written into every export."""


def _term(name: str) -> NamedNode:
    prefix, local = name.split(":")
    return NamedNode(PREFIXES[prefix] + local)


# relgraph's own classes
EVENT: Final = _term("rg:Event")
EVENT_MENTION: Final = _term("rg:EventMention")
CODED_EVENT: Final = _term("rg:CodedEvent")
PARTICIPATION: Final = _term("rg:Participation")
ARTICLE: Final = _term("rg:Article")
ENTITY_MENTION: Final = _term("rg:EntityMention")
EVENT_TRIGGER: Final = _term("rg:EventTrigger")
TIME_EXPRESSION_CLASS: Final = _term("rg:TimeExpression")
EXTRACTION: Final = _term("rg:Extraction")
OFFICE_CLASS: Final = _term("rg:Office")
TENURE: Final = _term("rg:Tenure")
MEMBERSHIP: Final = _term("rg:Membership")
MENTION_CHAIN: Final = _term("rg:MentionChain")
DYAD_CLASS: Final = _term("rg:Dyad")
CALENDAR_PERIOD_CLASS: Final = _term("rg:CalendarPeriod")

ANY_ENTITY: Final = _term("rg:Entity")
ENTITY_CLASSES: Final = {
    EntityType.PER: _term("rg:Person"),
    EntityType.ORG: _term("rg:Organisation"),
    EntityType.GPE: _term("rg:GeopoliticalEntity"),
    EntityType.LOC: _term("rg:Location"),
    EntityType.FAC: _term("rg:Facility"),
    EntityType.EVT: _term("rg:NamedEvent"),
    EntityType.MISC: _term("rg:NamedObject"),
}

# relgraph's own properties
REFERS_TO: Final = _term("rg:refersTo")
EVIDENCE: Final = _term("rg:evidence")
HAS_PARTICIPATION: Final = _term("rg:participation")
ENTITY: Final = _term("rg:entity")
ROLE: Final = _term("rg:role")
METHOD: Final = _term("rg:method")
THROUGH: Final = _term("rg:through")
MODE: Final = _term("rg:mode")
FACTUALITY: Final = _term("rg:factuality")
REPORTER: Final = _term("rg:reporter")
TRIGGER: Final = _term("rg:trigger")
SENTENCE: Final = _term("rg:sentence")
CONFIDENCE: Final = _term("rg:confidence")
CAMEO_CODE: Final = _term("rg:cameoCode")
REPORTING_ARTICLES: Final = _term("rg:reportingArticles")
INDEPENDENT_SOURCES: Final = _term("rg:independentSources")
REPEATS: Final = _term("rg:repeats")
CHAIN_MEMBER: Final = _term("rg:chainMember")
BLOCKING_KEY: Final = _term("rg:blockingKey")
MERGE_METHOD: Final = _term("rg:mergeMethod")
MERGE_SCORE: Final = _term("rg:mergeScore")
CORRECTION: Final = _term("rg:correction")
MENTION_COUNT: Final = _term("rg:mentionCount")
EVENT_COUNT: Final = _term("rg:eventCount")
ACTS_ON: Final = _term("rg:actsOn")
ACTS_WITH: Final = _term("rg:actsWith")
DYAD: Final = _term("rg:dyad")
DYAD_MEMBER: Final = _term("rg:dyadMember")
CALENDAR_PERIOD: Final = _term("rg:calendarPeriod")
FIRST_DAY: Final = _term("rg:firstDay")
LAST_DAY: Final = _term("rg:lastDay")
PRECISION: Final = _term("rg:precision")
TIME_ANCHOR: Final = _term("rg:timeAnchor")
TIME_EXPRESSION: Final = _term("rg:timeExpression")
EDTF: Final = _term("rg:edtf")
TIME_VALUE: Final = _term("rg:timeValue")
TIMEX_TYPE: Final = _term("rg:timexType")
COUNTRY: Final = _term("rg:country")
CAPITAL: Final = _term("rg:capital")
OFFICE: Final = _term("rg:office")
OFFICE_ROLE: Final = _term("rg:officeRole")
MEMBERSHIP_STATUS: Final = _term("rg:membershipStatus")
TEXT: Final = _term("rg:text")
SHA256: Final = _term("rg:sha256")
FINGERPRINT: Final = _term("rg:fingerprint")
MODEL: Final = _term("rg:model")

ROLES: Final = {Role.AGENT: _term("rg:agent"), Role.PATIENT: _term("rg:patient")}
ROLE_CONCEPTS: Final = {role: _term(f"rg:role-{role}") for role in Role}
FACTUALITIES: Final = {value: _term(f"rg:factuality-{value}") for value in Factuality}
PRECISIONS: Final = {value: _term(f"rg:precision-{value}") for value in Precision}
ANCHORS: Final = {value: _term(f"rg:anchor-{value}") for value in TimeAnchor}
TYPES: Final = {value: _term(f"rgt:{value}") for value in EventType}

# other vocabularies
RDF_TYPE: Final = _term("rdf:type")
LABEL: Final = _term("rdfs:label")
ALT_LABEL: Final = _term("skos:altLabel")
HIDDEN_LABEL: Final = _term("skos:hiddenLabel")
SAME_AS: Final = _term("owl:sameAs")
SEM_EVENT: Final = _term("sem:Event")
SEM_TYPE: Final = _term("sem:eventType")
SEM_ACTOR: Final = _term("sem:hasActor")
SEM_PLACE: Final = _term("sem:hasPlace")
EARLIEST: Final = _term("sem:hasEarliestBeginTimeStamp")
LATEST: Final = _term("sem:hasLatestEndTimeStamp")
OA_ANNOTATION: Final = _term("oa:Annotation")
OA_MOTIVATED_BY: Final = _term("oa:motivatedBy")
OA_IDENTIFYING: Final = _term("oa:identifying")
OA_DESCRIBING: Final = _term("oa:describing")
OA_BODY: Final = _term("oa:hasBody")
OA_TARGET: Final = _term("oa:hasTarget")
OA_SPECIFIC_RESOURCE: Final = _term("oa:SpecificResource")
OA_SOURCE: Final = _term("oa:hasSource")
OA_SELECTOR: Final = _term("oa:hasSelector")
OA_POSITION_SELECTOR: Final = _term("oa:TextPositionSelector")
OA_QUOTE_SELECTOR: Final = _term("oa:TextQuoteSelector")
OA_START: Final = _term("oa:start")
OA_END: Final = _term("oa:end")
OA_EXACT: Final = _term("oa:exact")
OA_PREFIX: Final = _term("oa:prefix")
OA_SUFFIX: Final = _term("oa:suffix")
ORG_MEMBER: Final = _term("org:member")
ORG_ORGANIZATION: Final = _term("org:organization")
ORG_POST_IN: Final = _term("org:postIn")
PROV_DERIVED_FROM: Final = _term("prov:wasDerivedFrom")
PROV_GENERATED_BY: Final = _term("prov:wasGeneratedBy")
PROV_ASSOCIATED_WITH: Final = _term("prov:wasAssociatedWith")
PROV_STARTED: Final = _term("prov:startedAtTime")
PROV_SOFTWARE_AGENT: Final = _term("prov:SoftwareAgent")
IDENTIFIER: Final = _term("dcterms:identifier")
TITLE: Final = _term("dcterms:title")
ISSUED: Final = _term("dcterms:issued")
PUBLISHER: Final = _term("dcterms:publisher")
SOURCE: Final = _term("dcterms:source")
LANGUAGE: Final = _term("dcterms:language")
HAS_VERSION: Final = _term("schema:softwareVersion")
URL: Final = _term("schema:url")

XSD_DATE: Final = NamedNode(f"{XSD}date")
XSD_DATETIME: Final = NamedNode(f"{XSD}dateTime")
XSD_DECIMAL: Final = NamedNode(f"{XSD}decimal")
XSD_ANYURI: Final = NamedNode(f"{XSD}anyURI")

# named graphs
MERGED: Final = NamedNode(f"{DATA}graph/merged")
MERGING: Final = NamedNode(f"{DATA}graph/merging")
KNOWLEDGE: Final = NamedNode(f"{DATA}graph/knowledge")
VOCABULARY: Final = NamedNode(f"{DATA}graph/vocabulary")
ARTICLE_GRAPHS: Final = f"{DATA}graph/article/"

SOFTWARE: Final = NamedNode("https://w3id.org/relgraph/software/relgraph")


def data_iri(kind: str, *parts: str) -> NamedNode:
    """Return the IRI of a thing of that kind; each part is escaped.

    >>> data_iri("article", "tin 1/a").value
    'https://w3id.org/relgraph/id/article/tin%201%2Fa'
    """
    return NamedNode(DATA + "/".join([kind, *map(_quoted, parts)]))


@lru_cache(maxsize=50_000)
def _quoted(part: str) -> str:
    return quote(part, safe="")


@lru_cache(maxsize=50_000)
def entity_iri(key: str) -> NamedNode:
    """Return the IRI of the entity with that key (``Entity.key``, ``KbEntity.id``).

    >>> entity_iri("per/vladimir-putin").value
    'https://w3id.org/relgraph/id/entity/per/vladimir-putin'
    """
    return NamedNode(f"{DATA}entity/{quote(key, safe='/')}")


def part_iri(whole: NamedNode, part: str) -> NamedNode:
    """Return the IRI of something that belongs to one thing only: an annotation's "target", "position" and
    "quote", an event mention's "trigger" and "participation/1"."""
    return NamedNode(f"{whole.value}/{part}")


def key_of(iri: str) -> str:
    """Return the key or id that a data IRI was minted from, without its kind.

    >>> key_of("https://w3id.org/relgraph/id/entity/per/vladimir-putin")
    'per/vladimir-putin'
    """
    return unquote(iri.removeprefix(DATA).split("/", 1)[1])


def article_graph(article_id: str) -> NamedNode:
    """Return the named graph that holds what was extracted from the article."""
    return data_iri("graph", "article", article_id)


DATA_SETS: Final = ("icews", "gdelt")
"""Names of the data sets of coded events that can be imported."""


def import_graph(data_set: str) -> NamedNode:
    """Return the named graph that holds the coded events of a data set ("icews", "gdelt")."""
    return data_iri("graph", data_set)


def mode_iri(event_type: EventType, mode: str) -> NamedNode:
    """Return the concept of a mode, such as a visit, of an event type."""
    return NamedNode(f"{EVENT_TYPES}{event_type}-{quote(mode, safe='')}")


def local_name(iri: str) -> str:
    """Return what follows the last hash or slash of an IRI, unescaped."""
    return unquote(iri.replace("#", "/").rsplit("/", 1)[1])
