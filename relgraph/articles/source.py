"""Which outlet an article is from, told by its signs: a lead's "(CLO)", a byline, the page's address."""

import re
from functools import cache
from urllib.parse import urlsplit

from relgraph.articles.rules import Outlet, byline_rules, outlets


def is_outlet(name: str) -> bool:
    """Whether ``name`` is one that a known outlet signs with.

    >>> is_outlet("TTXVN"), is_outlet("Lễ tân")
    (True, False)
    """
    return name.casefold() in _by_code()


def source_of_lead(line: str) -> str | None:
    """Return the outlet whose sign opens ``line``, or None.

    >>> source_of_lead("(CLO) Hai bên trao đổi qua điện thoại."), source_of_lead("VOV.VN - Hai bên trao đổi.")
    ('Công Luận', 'VOV')
    """
    match = _lead_sign().match(line)
    return _by_code()[(match["bracketed"] or match["bare"]).casefold()].name if match else None


def source_of_byline(line: str) -> str | None:
    """Return the outlet that a byline names; of an agency and an outlet that carries it, the outlet.

    >>> source_of_byline("TTXVN/Báo Tin tức"), source_of_byline("Lê Bình (theo VTC News)")
    ('Báo Tin tức', 'VTC')
    """
    parts = re.split(rf"{byline_rules().joiner}|[()\[\]:]|\b[Tt]heo\s+(?:báo\s)?|^Nguồn\s", line)
    named = [_by_code()[code] for part in parts if part and (code := part.strip().casefold()) in _by_code()]
    named.sort(key=lambda outlet: outlet.agency)
    return named[0].name if named else None


def source_of_url(url: str) -> str | None:
    """Return the outlet whose page ``url`` is, or None.

    >>> source_of_url("https://special.vietnamplus.vn/a.vnp")
    'VietnamPlus'
    """
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:  # not an address; where it is the user's, it is kept as it stands
        return None
    labels = host.split(".")
    known = (_by_domain().get(".".join(labels[first:])) for first in range(len(labels)))
    return next((outlet.name for outlet in known if outlet), None)


@cache
def _by_code() -> dict[str, Outlet]:
    return {code.casefold(): outlet for outlet in outlets() for code in (outlet.name, *outlet.codes)}


@cache
def _by_domain() -> dict[str, Outlet]:
    return {domain: outlet for outlet in outlets() for domain in outlet.domains}


@cache
def _lead_sign() -> re.Pattern[str]:
    codes = "|".join(re.escape(code) for code in sorted(_by_code(), key=len, reverse=True))
    return re.compile(
        rf"\(\s?(?P<bracketed>{codes})(?:\s?\)|\s)|(?P<bare>{codes})\s?(?:[-–—]\s|\))", re.IGNORECASE
    )
