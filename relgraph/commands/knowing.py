"""Commands about the knowledge base: kb search, kb show, kb check."""

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from relgraph.commands.common import FormatOption, TableFormat, errors
from relgraph.errors import RelgraphError
from relgraph.export import render
from relgraph.graph import QueryResult
from relgraph.graph.events import first_day
from relgraph.kb import KnowledgeBase
from relgraph.kb.check import check
from relgraph.kb.dates import covers
from relgraph.model import KbEntity, Membership, Renaming, Tenure

_Term = TypeVar("_Term", Tenure, Membership, Renaming)

app = typer.Typer(help="Look into the knowledge base and check it.", no_args_is_help=True)


@app.command("search")
def search_command(
    name: Annotated[str, typer.Argument(help="A name, in any spelling.", show_default=False)],
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="How many at most.")] = 10,
    table_format: FormatOption = TableFormat.TEXT,
) -> None:
    """Find entities by name; the most alike come first."""
    with errors():
        columns = ("id", "type", "name", "vi", "found by", "likeness")
        rows = (
            (e.id, e.type.value, e.name, e.vi, found_by, round(score))
            for e, found_by, score in KnowledgeBase.load().search(name, limit=limit)
        )
        print(render(QueryResult.of(columns, rows), table_format), end="")


@app.command("show")
def show_command(
    entity: Annotated[str, typer.Argument(help="An entity's name or id.", show_default=False)],
    on: Annotated[
        str | None,
        typer.Option("--on", metavar="DATE", help="Only what surely held on that day.", show_default=False),
    ] = None,
) -> None:
    """Show an entity: names, country and capital, offices held, memberships, members, office-holders."""
    with errors():
        kb = KnowledgeBase.load()
        print("\n".join(_lines(kb, _one(kb, entity), first_day(on))))


@app.command("check")
def check_command(
    folder: Annotated[
        Path | None,
        typer.Argument(help="Folder of .yaml files; default: what relgraph ships.", show_default=False),
    ] = None,
) -> None:
    """Check the files of a knowledge base; every finding names its file and line."""
    with errors() as log:
        kb = KnowledgeBase.load(folder)
        for finding in check(kb):
            log.add(RelgraphError(finding.location, finding.problem, "mend the entry"))
        if not log.count:
            print(f"{len(kb.entities)} entities and {len(kb.offices)} offices, nothing to mend")


def _one(kb: KnowledgeBase, name: str) -> KbEntity:
    found = (kb.entities[name],) if name in kb.entities else kb.find(name)
    if len(found) == 1:
        return found[0]
    if found:
        ids = ", ".join(entity.id for entity in found)
        raise RelgraphError(name, "the name stands for several entities", f"give one of the ids {ids}")
    alike = ", ".join(f"{match.name} ({match.entity.id})" for match in kb.search(name, limit=3))
    remedy = f"did you mean {alike}?" if alike else "look for it with relgraph kb search"
    raise RelgraphError(name, "the knowledge base has no entity of this name", remedy)


def _lines(kb: KnowledgeBase, entity: KbEntity, on: date | None) -> Iterator[str]:
    """Yield the description of an entity; with a day, only the dated facts that surely held then."""
    yield f"{entity.name} ({entity.type}, {entity.id})"
    facts = {
        "Vietnamese": entity.vi,
        "also": ", ".join(entity.aliases),
        "Wikidata": entity.wikidata and f"https://www.wikidata.org/wiki/{entity.wikidata}",
        "country": entity.country and _named(kb, entity.country),
        "capital": entity.capital and _named(kb, entity.capital),
        "source": entity.source,
        "written at": kb.locations.get(entity.id),
    }
    yield from (f"  {label}: {value}" for label, value in facts.items() if value)
    former = (f"{_term(r)}  {r.name}  ({r.source})" for r in _then(entity.former_names, on))
    yield from _section("former names", former)
    predecessors = (
        f"{succession.on:10}  {_named(kb, succession.predecessor)}  ({succession.source})"
        for succession in entity.predecessors
    )
    yield from _section("took the place of", predecessors)
    tenures = (f"{_term(t)}  {kb.offices[t.office].name}  ({t.source})" for t in _then(entity.held, on))
    yield from _section("offices held", tenures)
    memberships = (
        f"{_term(m)}  {m.status} of {_named(kb, m.organisation)}" for m in _then(entity.member_of, on)
    )
    yield from _section("memberships", memberships)
    members = (
        f"{_term(m)}  {m.status}: {other.name}"
        for other in kb.entities.values()
        for m in _then(other.member_of, on)
        if m.organisation == entity.id
    )
    yield from _section("members", members)
    holders = (
        f"{_term(tenure)}  {office.name}: {person.name}"
        for office in kb.offices.values()
        if office.jurisdiction == entity.id
        for person, tenure in kb.holders(office.id)
        if on is None or covers(tenure, on)
    )
    yield from _section("office-holders", holders)


def _then(terms: Iterable[_Term], on: date | None) -> Iterator[_Term]:
    return (term for term in terms if on is None or covers(term, on))


def _section(title: str, lines: Iterator[str]) -> Iterator[str]:
    if found := list(lines):
        yield f"  {title}:"
        yield from (f"    {line}" for line in found)


def _named(kb: KnowledgeBase, entity_id: str) -> str:
    return f"{kb.entities[entity_id].name} ({entity_id})"


def _term(term: Tenure | Membership | Renaming) -> str:
    return f"{term.start or '?':10} – {term.end or '':10}"
