"""Which chains are compared at all: those of one type that share actors and weeks.

A chain is found under its keys by those who look for them. Chains of two or more states meet where they
share a pair; chains of one state meet every chain with that state; speech meets speech of the same
speaker. Weeks are those of the chain's time with a day on either side, so that a day's difference between
reports never keeps them apart. Undated chains meet by the week of publication and the weeks beside it.
"""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import combinations
from typing import Final

from relgraph.graph.merging.profiles import Profile
from relgraph.graph.merging.scoring import MOST_DAYS
from relgraph.graph.merging.times import bounds, days
from relgraph.model import EventType, Interval

_ACTORS: Final = 8  # actors of a chain that make keys; a summit's long list shares its first pairs too
_WEEK: Final = 7  # days


def keys(profile: Profile, state: Callable[[str], str]) -> tuple[set[str], set[str]]:
    """Return the keys that a chain is found under, and the keys that it looks for.

    The relation is symmetric: where one finds another, the other finds it.
    """
    stem = f"{profile.type}|{profile.factuality}"
    found, sought = (
        {f"{stem}|{actors}|{when}" for actors in who for when in weeks}
        for who, weeks in zip(_actors(profile, state), _weeks(profile), strict=True)
    )
    return found, sought


def _actors(profile: Profile, state: Callable[[str], str]) -> tuple[set[str], set[str]]:
    if profile.type is EventType.STATE:
        speakers = {f"speaker {agent}" for agent in profile.agents}
        return speakers, speakers
    states = sorted({state(entity) for entity in profile.participants})[:_ACTORS]
    if len(states) == 1:
        return {f"alone {states[0]}", f"any {states[0]}"}, {f"any {states[0]}"}
    pairs = {f"pair {one} {other}" for one, other in combinations(states, 2)}
    return pairs | {f"any {one}" for one in states}, pairs | {f"alone {one}" for one in states}


def _weeks(profile: Profile) -> tuple[list[str], list[str]]:
    """Return the weeks that a chain is found under and those that it looks for, as numbers."""
    published = profile.published.toordinal() // _WEEK if profile.published else None
    if profile.time is None:
        near = [] if published is None else [published - 1, published, published + 1]
        undated = [f"undated {week}" for week in near]
        return undated, undated + [f"dated {week}" for week in near]
    if days(profile.time) > MOST_DAYS:  # only found by its equal
        weeks = [profile.time.edtf]
    else:
        weeks = [str(week) for week in _week_numbers(profile.time)]
    if published is None:
        return weeks, weeks
    return [*weeks, f"dated {published}"], [*weeks, f"undated {published}"]


def _week_numbers(time: Interval) -> range:
    first, last = bounds(time)
    day = timedelta(days=1)
    begin = (first - day if first > date.min else first).toordinal()
    end = (last + day if last < date.max else last).toordinal()
    return range(begin // _WEEK, end // _WEEK + 1)
