"""From rows of the named queries about states of affairs to the models that `EventGraph.as_of` gives."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from relgraph.graph.actors import Actors
from relgraph.model import Interval, MembershipHeld, OfficeHeld

Row = Mapping[str, Any]


def offices_from(rows: Iterable[Row], on: date, actors: Actors) -> tuple[OfficeHeld, ...]:
    """Return what the rows of the query office-holders-on say."""
    return tuple(
        OfficeHeld(
            office=row["office"],
            title=row["title"],
            jurisdiction=actors.load(row["jurisdiction"]),
            holder=actors.load(row["holder"]),
            start=row["from"],
            end=row["until"],
            certain=surely_includes(row["validity"], on),
        )
        for row in rows
    )


def memberships_from(rows: Iterable[Row], on: date, actors: Actors) -> tuple[MembershipHeld, ...]:
    """Return what the rows of the query memberships-on say."""
    return tuple(
        MembershipHeld(
            organisation=actors.load(row["organisation"]),
            member=actors.load(row["member"]),
            status=row["status"],
            start=row["from"],
            end=row["until"],
            certain=surely_includes(row["validity"], on),
        )
        for row in rows
    )


def surely_includes(validity: str, on: date) -> bool:
    """Tell whether a state with this EDTF interval surely holds on the day.

    An unknown beginning is not sure; a missing end is taken as going on.

    >>> surely_includes("2005-08/..", date(2005, 8, 31)), surely_includes("2005-08/..", date(2005, 8, 3))
    (True, False)
    """
    begin, end = (Interval.from_value(bound) for bound in validity.split("/"))
    if begin is None or begin.latest is None or on < begin.latest:
        return False
    return end is None or end.earliest is None or on <= end.earliest
