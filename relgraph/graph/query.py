"""SPARQL on a store: named queries, and anything else that only reads.

A named query is a file in ``queries/`` whose head documents it::

    # name: meetings
    # about: Meetings, visits and calls between two actors.
    # param a (actors, required): an actor's name or key, with the persons, bodies and cities of a state
    # param start (first_day): first day
    # param lang (text: en|vi): language of the names

where a kind may be followed by the only values that are allowed, and that binds each parameter in lines
``VALUES ?start { "0001-01-01"^^xsd:date }`` where it is used, so that the file is valid SPARQL with its
defaults. Arguments become RDF terms and replace what stands in the braces.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property, lru_cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pyoxigraph as ox
from pydantic import BaseModel, ConfigDict
from rdflib import BNode, Literal, URIRef
from rdflib.term import Node

from relgraph.errors import RelgraphError
from relgraph.graph import worker
from relgraph.graph.endpoint import Endpoint
from relgraph.graph.store import Store, reading
from relgraph.graph.vocabulary import DATA, PREFIXES

if TYPE_CHECKING:
    import pandas as pd

TIME_LIMIT: Final = 60.0  # seconds; enough for any query over the store that an analyst waits for
MAX_ROWS: Final = 1_000_000  # a table larger than this is no answer that anyone reads
_ROWS_SHOWN: Final = 100  # in a notebook

_QUERIES = Path(__file__).parent / "queries"
_HEAD = re.compile(r"#\s*(name|about|param)\b\s*:?\s*(.*)")
_PARAMETER = re.compile(r"(\w+) \((\w+)(?:: ([\w|-]+))?(, required)?\): (.+)")
_VALUES_LINE = re.compile(r"^(?P<head>\s*VALUES \?(?P<name>\w+) )\{[^}]*\}", re.MULTILINE)
_POSITION = re.compile(r"error at (\d+):(\d+)(?:: (.*))?", re.DOTALL)
_DATASET_CLAUSE = re.compile(r"(?<![\w:@.-])from(?![\w.-])")  # not a part of a name with a prefix
_UPDATES = frozenset(("insert", "delete", "load", "clear", "drop", "create", "add", "move", "copy", "with"))

# What may hold any word without being a keyword: long and short strings, IRIs, comments, variables, escapes.
_OPAQUE = re.compile(
    r'''"""(?:[^"\\]|\\.|"(?!""))*"""'''
    r"""|'''(?:[^'\\]|\\.|'(?!''))*'''"""
    r'''|"(?:[^"\\\r\n]|\\.)*"'''
    r"""|'(?:[^'\\\r\n]|\\.)*'"""
    r"""|<[^<>"{}|^`\\\x00-\x20]*>"""
    r"""|\#[^\r\n]*|[?$]\w+|\\.""",
    re.DOTALL,
)


class QueryResult:
    """A table: the answer to a SELECT query, or to an ASK (one boolean) or CONSTRUCT (triples) query.

    Attributes:
        columns: names of the columns.
        terms: the rows as RDF terms, None where a variable is unbound.
    """

    def __init__(self, columns: Sequence[str], terms: Iterable[Sequence[Node | None]]) -> None:
        self.columns = tuple(columns)
        self.terms = tuple(tuple(row) for row in terms)

    @cached_property
    def rows(self) -> tuple[tuple[Any, ...], ...]:
        """The rows as Python values: str for IRIs and text, date, int, Decimal, bool, None."""
        return tuple(tuple(_python(term) for term in row) for row in self.terms)

    @classmethod
    def of(cls, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> "QueryResult":
        """Return Python values as a table; None is an empty cell."""
        return cls(columns, ([None if value is None else Literal(value) for value in row] for row in rows))

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """Yield each row as a dictionary by column."""
        return (dict(zip(self.columns, row, strict=True)) for row in self.rows)

    def __len__(self) -> int:
        return len(self.terms)

    def __repr__(self) -> str:
        return f"QueryResult(columns={self.columns}, rows={len(self)})"

    def _repr_html_(self) -> str:
        """Return the table as a notebook shows it, at most its first rows."""
        head = "".join(f"<th>{escape(column)}</th>" for column in self.columns)
        body = "".join(
            f"<tr>{''.join(f'<td>{escape(_shown(term))}</td>' for term in row)}</tr>"
            for row in self.terms[:_ROWS_SHOWN]
        )
        left = len(self) - _ROWS_SHOWN
        rest = f"<p>… and {left} more rows</p>" if left > 0 else ""
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{rest}"

    def to_pandas(self) -> "pd.DataFrame":
        """Return the table as a pandas frame; days are timestamps, whole numbers Int64.

        Raises:
            RelgraphError: pandas is not installed.
        """
        try:
            import pandas as pd
        except ImportError as error:
            raise RelgraphError("to_pandas", f"frames need pandas ({error})", "pip install pandas") from error
        frame = pd.DataFrame(list(self.rows), columns=list(self.columns), dtype=object)
        for column in frame.columns:
            values = frame[column].dropna()
            if len(values) and values.map(lambda value: type(value) is date).all():
                frame[column] = frame[column].astype("datetime64[s]")  # in ns there are no years 1 to 1677
        return frame.convert_dtypes()


def short(term: Node) -> str:
    """Return a term as a person reads it: IRIs by prefix, literals without datatype."""
    if not isinstance(term, URIRef):
        return str(term)
    for prefix, namespace in PREFIXES.items():
        if term.startswith(namespace) and len(term) > len(namespace):
            return f"{prefix}:{term[len(namespace) :]}"
    return str(term).removeprefix(DATA)


def _shown(term: Node | None) -> str:
    return "" if term is None else short(term)


def _python(term: Node | None) -> Any:
    if isinstance(term, Literal):
        value = term.toPython()
        return str(term) if isinstance(value, Literal) else value
    return None if term is None else str(term)


class Parameter(BaseModel):
    """A parameter of a named query.

    Attributes:
        kind: what its value is: actor, actors (with those who belong to it), event, first_day, last_day,
            type, factuality, role, status, text (:data:`relgraph.graph.parameters.KINDS`).
        choices: the only values that it may have; empty where its kind sets no such bounds.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    kind: str
    choices: tuple[str, ...] = ()
    required: bool
    about: str


class NamedQuery(BaseModel):
    """A query that relgraph ships."""

    model_config = ConfigDict(frozen=True)

    name: str
    about: str
    parameters: tuple[Parameter, ...]
    text: str

    def bind(self, values: Mapping[str, Sequence[ox.NamedNode | ox.Literal]]) -> str:
        """Return the SPARQL text with these terms in place of the defaults; no terms match nothing."""

        def bound(line: re.Match[str]) -> str:
            if line["name"] not in values:
                return line[0]
            return f"{line['head']}{{ {' '.join(map(str, values[line['name']]))} }}"

        return _VALUES_LINE.sub(bound, self.text)


@lru_cache(maxsize=1)
def named_queries() -> dict[str, NamedQuery]:
    """Return the queries that relgraph ships, by name."""
    queries = (_parse(path) for path in sorted(_QUERIES.glob("*.rq")))
    return {query.name: query for query in queries}


def _parse(path: Path) -> NamedQuery:
    text = path.read_text(encoding="utf-8")
    head: dict[str, list[str]] = {"name": [], "about": [], "param": []}
    for line in text.splitlines():
        if match := _HEAD.fullmatch(line.strip()):
            head[match[1]].append(match[2])
    parameters, bound = [], {line["name"] for line in _VALUES_LINE.finditer(text)}
    for line in head["param"]:
        match = _PARAMETER.fullmatch(line)
        if match is None or match[1] not in bound:
            raise ValueError(f"{path}: the parameter {line!r} is not bound by a VALUES line")
        name, kind, choices, required, about = match.groups()
        allowed = tuple(choices.split("|")) if choices else ()
        parameters.append(
            Parameter(name=name, kind=kind, choices=allowed, required=bool(required), about=about)
        )
    return NamedQuery(
        name=head["name"][0], about=" ".join(head["about"]), parameters=tuple(parameters), text=text
    )


def select(store: Store, sparql: str) -> QueryResult:
    """Answer a query of relgraph's own in this process, without limits."""
    return QueryResult(*store.select(sparql))


def answer(store: Store, sparql: str, *, subject: str, time_limit: float = TIME_LIMIT) -> QueryResult:
    """Answer a user's query: reading only, nothing leaves the machine, ended after ``time_limit`` seconds.

    It runs in a process of its own, which costs about a tenth of a second. The vocabulary's prefixes are
    known. The default graph is the merged one. Where the store was opened for several graphs of events, it is
    their union, in which Oxigraph counts a triple once for each graph that has it
    (https://github.com/oxigraph/oxigraph/issues/1919). A server answers by itself, within its own limits.

    Args:
        subject: what the query is called in messages.

    Raises:
        RelgraphError: it is not valid SPARQL, would change the graph, asks another server, has FROM, takes
            too long, needs too much memory, or gives too many rows.
    """
    refuse_unsafe(sparql, subject)
    _refuse_dataset_clause(sparql, subject)
    if isinstance(store, Endpoint):
        return QueryResult(*store.answer(sparql))
    request = {
        "store": str(store.generation),
        "query": sparql,
        "prefixes": PREFIXES,
        "graphs": [graph.value for graph in store.events_in],
        "rows": MAX_ROWS,
    }
    command = [sys.executable, "-I", worker.__file__]
    try:
        process = subprocess.run(
            command,
            input=json.dumps(request),
            capture_output=True,
            encoding="utf-8",
            timeout=time_limit,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise RelgraphError(
            subject,
            f"the query ran longer than {time_limit:g} seconds",
            "narrow it, or allow it more time",
        ) from None
    if process.returncode:
        raise _too_large(subject)
    *messages, ending = map(json.loads, process.stdout.splitlines())
    _check_ending(ending, subject, store)
    columns, *rows = messages
    return QueryResult(columns, ([_decoded(term) for term in row] for row in rows))


def refuse_unsafe(sparql: str, subject: str) -> None:
    """Raise where the query is an update, or might ask another server.

    Oxigraph follows SERVICE. Because its parser does not ask for space between tokens, the word is refused
    wherever it is not inside a string, an IRI, a comment or a variable's name.
    """
    bare = _OPAQUE.sub(" ", sparql).lower()
    if "service" in bare:
        raise RelgraphError(
            subject,
            "the query has SERVICE in it, and nothing may leave this machine",
            "remove it; write a name that contains the word as a full IRI",
        )
    words = re.findall(r"[a-z]+", re.sub(r"\b(prefix\s+[\w.-]*:|base)\s*", "", bare))
    if words and words[0] in _UPDATES:
        raise RelgraphError(
            subject,
            f"{words[0].upper()} would change the graph",
            "ask with SELECT, ASK, CONSTRUCT or DESCRIBE",
        )


def _refuse_dataset_clause(sparql: str, subject: str) -> None:
    """Raise where the query names graphs by FROM, which the choice of the default graph would override."""
    if _DATASET_CLAUSE.search(_OPAQUE.sub(" ", sparql).lower()):
        raise RelgraphError(
            subject,
            "FROM does not choose graphs here",
            "write GRAPH graph:icews { … } in the pattern, or choose whose events are asked with --graph",
        )


def _check_ending(ending: dict[str, str], subject: str, store: Store) -> None:
    if ending["end"] == "complete":
        return
    if ending["end"] == "memory":
        raise _too_large(subject)
    detail = " ".join(ending["detail"].split())
    if ending["end"] == "syntax":
        raise _syntax_error(detail, subject)
    if "Corruption" in detail or "IO error" in detail:
        with reading(store.folder):
            raise RuntimeError(detail)
    raise RelgraphError(subject, f"the query can't be answered: {detail}", "mend or narrow it")


def _syntax_error(detail: str, subject: str) -> RelgraphError:
    match = _POSITION.search(detail)
    if match is None:
        return RelgraphError(subject, f"not valid SPARQL: {detail}", "mend it")
    expected = match[3] or ""
    if "Prefix not found" in expected:
        reason, remedy = "an unknown prefix", "declare it with PREFIX"
    else:
        reason, remedy = f"not valid SPARQL, {expected[:100]}".rstrip(", "), "mend it there"
    return RelgraphError(subject, f"line {match[1]}, column {match[2]}: {reason}", remedy)


def _too_large(subject: str) -> RelgraphError:
    return RelgraphError(
        subject,
        "the query is too large for the memory it may use",
        "narrow it with constants, FILTER or LIMIT",
    )


class _Encoded(NamedTuple):
    kind: str
    value: str
    datatype: str | None = None
    language: str | None = None


def _decoded(encoded: list[str] | None) -> Node | None:
    if encoded is None:
        return None
    term = _Encoded(*encoded)
    if term.kind == "iri":
        return URIRef(term.value)
    if term.kind == "blank":
        return BNode(term.value)
    if term.language:
        return Literal(term.value, lang=term.language)
    if term.datatype == PREFIXES["xsd"] + "string":
        return Literal(term.value)
    return Literal(term.value, datatype=term.datatype)
