"""The grammar of time expressions: ``lexicon/timex/*.yaml`` read into compiled rules."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from relgraph.model import TimexType
from relgraph.nlp.lexicon import read_lexicon
from relgraph.nlp.timex.resolving import RESOLVERS, Parts, Resolver, Value, constant

RULE_FILES = ("other_calendars", "dates", "relative", "times", "durations", "references")

_PLACEHOLDER = re.compile(r"\{([a-z]\w*)(?::(\w+))?\}")
_PLAIN_SPACE = re.compile(r" (?![?*+{])")
_LOOKED_BACK = 60  # characters before an expression that "preceded_by" patterns can see

# an expression neither begins nor ends inside a word, a number, a path or a model's name ("MiG-29", "km/giờ")
_LEFT_EDGE = r"(?<![\w/])(?<!\d[.,:])(?<![^\W\d_]-)"
_RIGHT_EDGE = r"(?![\w%]|[.,:/]\d|/\w| %)"

# one character for another, so that offsets stay: odd spaces, and letters that IGNORECASE takes for s, i, k
_LOOKALIKES = str.maketrans("\t\u00a0\u2007\u2009\u202f\u3000ſıİ\u212a", "      siIK")
_LATIN = (*range(0x41, 0x250), *range(0x1E00, 0x1F00))
_CAPITAL = f"(?-i:[{''.join(chr(code) for code in _LATIN if chr(code).isupper())}])"


@dataclass(frozen=True)
class Pattern:
    """A compiled pattern and the vocabulary that each of its named groups is read with."""

    regex: re.Pattern[str]
    vocabulary_of: Mapping[str, str]


@dataclass(frozen=True)
class Match:
    """A place where a rule's pattern matched."""

    rule: "Rule"
    start: int
    end: int
    parts: Parts


@dataclass(frozen=True)
class Rule:
    """One rule of the grammar.

    Attributes:
        resolve: works the value out from the parts and the context.
        fixed: parts handed to the resolver beside those that matched.
    """

    name: str
    type: TimexType
    patterns: tuple[Pattern, ...]
    resolve: Resolver
    fixed: Parts = field(default_factory=dict)
    preceded_by: re.Pattern[str] | None = None
    not_preceded_by: re.Pattern[str] | None = None
    followed_by: re.Pattern[str] | None = None
    not_followed_by: re.Pattern[str] | None = None


class Grammar:
    """All rules, ready to be matched.

    Raises:
        ValueError: a rule is written wrongly; the message names it.
    """

    def __init__(self, vocabulary: Mapping[str, Any], rules: list[Mapping[str, Any]]) -> None:
        self._words = {name: _lower_words(entry) for name, entry in vocabulary["vocabulary"].items()}
        self._sources = {name: _alternation(entry) for name, entry in vocabulary["vocabulary"].items()}
        self._fragments: Mapping[str, str] = vocabulary["fragments"]
        self._gate_sources: list[str] = []
        self.rules = tuple(self._named(rule) for rule in rules)
        self._gate = re.compile(f"{_LEFT_EDGE}(?:{'|'.join(self._gate_sources)})")

    def matches(self, text: str, spans: Iterable[tuple[int, int]]) -> Iterator[tuple[Match, ...]]:
        """Yield, for each span of ``text``, the places in it where a rule matches; the longest match wins."""
        readable = text.translate(_LOOKALIKES)
        small = readable.lower()
        for start, end in spans:
            yield tuple(self._within(readable, small, start, end))

    def _within(self, text: str, small: str, start: int, end: int) -> Iterator[Match]:
        position = start
        while gate := self._gate.search(small, position, end):
            best = self._longest(text, gate.start(), start, end)
            if best:
                yield best
            position = best.end if best else gate.start() + 1

    def _longest(self, text: str, at: int, start: int, end: int) -> Match | None:
        best: tuple[Rule, Pattern, re.Match[str]] | None = None
        before = text[max(start, at - _LOOKED_BACK) : at].rstrip(" ")
        for rule in self.rules:
            for pattern in rule.patterns:
                found = pattern.regex.match(text, at, end)
                if found and (not best or found.end() > best[2].end()) and _allowed(rule, found, before, end):
                    best = rule, pattern, found
        if not best:
            return None
        rule, pattern, found = best
        return Match(rule, *found.span(), parts={**rule.fixed, **self._parts(pattern, found)})

    def _parts(self, pattern: Pattern, found: re.Match[str]) -> dict[str, Value]:
        parts: dict[str, Value] = {}
        for group, surface in found.groupdict().items():
            name = group.rstrip("_")
            if surface is not None and name not in parts:
                words = self._words[pattern.vocabulary_of[group]]
                key = " ".join(surface.lower().split())
                parts[name] = words[key] if key in words else _number(key)
        return parts

    def _named(self, rule: Mapping[str, Any]) -> Rule:
        try:
            return self._compiled(rule)
        except (ValueError, KeyError, re.error) as error:
            raise ValueError(f"grammar of time expressions, rule {rule.get('name')}: {error}") from error

    def _compiled(self, rule: Mapping[str, Any]) -> Rule:
        unknown = set(rule) - _RULE_KEYS
        if unknown:
            raise ValueError(f"a rule has no keys {', '.join(sorted(unknown))}")
        if ("value" in rule) == ("resolve" in rule):
            raise ValueError("a rule has either a value or a resolver")
        if "resolve" in rule and rule["resolve"] not in RESOLVERS:
            raise ValueError(f"there is no resolver {rule['resolve']}; choose one of {', '.join(RESOLVERS)}")
        sources = rule["pattern"] if isinstance(rule["pattern"], list) else [rule["pattern"]]
        return Rule(
            name=rule["name"],
            type=TimexType(rule["type"]),
            patterns=tuple(self._pattern(source) for source in sources),
            resolve=constant(rule["value"]) if "value" in rule else RESOLVERS[rule["resolve"]],
            fixed=rule.get("with", {}),
            preceded_by=_guard(rule.get("preceded_by"), _BEFORE),
            not_preceded_by=_guard(rule.get("not_preceded_by"), _BEFORE),
            followed_by=_guard(rule.get("followed_by"), "(?:{})"),
            not_followed_by=_guard(rule.get("not_followed_by"), "(?:{})"),
        )

    def _pattern(self, source: str) -> Pattern:
        groups: dict[str, str] = {}
        expanded = f"(?:{_PLAIN_SPACE.sub(' +', self._expanded(source, groups))}){_RIGHT_EDGE}"
        # the gate reads small letters only, so it leaves out what asks for capitals and lets through more
        opening = expanded.replace("(?={capital})", "").replace("{capital}", "(?!)")
        self._gate_sources.append(re.sub(r"\(\?P<\w+>", "(?:", opening))
        return Pattern(
            re.compile(_LEFT_EDGE + expanded.replace("{capital}", _CAPITAL), re.IGNORECASE), groups
        )

    def _expanded(self, source: str, groups: dict[str, str]) -> str:
        if re.sub(r"\\.", "", source) != re.sub(r"\\.", "", source).lower():
            raise ValueError("patterns are written in small letters")

        def expand(placeholder: re.Match[str]) -> str:
            name, role = placeholder[1], placeholder[2] or placeholder[1]
            if name == "capital":
                return placeholder[0]
            if name in self._fragments:
                return f"(?:{self._expanded(self._fragments[name], groups)})"
            if name not in self._sources:
                raise ValueError(f"there is no {{{name}}} in the vocabulary")
            while role in groups:
                role += "_"
            groups[role] = name
            return f"(?P<{role}>{self._sources[name]})"

        return _PLACEHOLDER.sub(expand, source)


_BEFORE = r"(?:(?<!\w)|(?=\W))(?:{})\Z"  # the words directly before, whole
_RULE_KEYS = {
    *("name", "type", "pattern", "resolve", "value", "with", "examples", "not"),
    *("preceded_by", "not_preceded_by", "followed_by", "not_followed_by"),
}


@cache
def load_grammar() -> Grammar:
    """Return the grammar that relgraph ships, compiled once."""
    rules = [rule for name in RULE_FILES for rule in read_lexicon(f"timex/{name}")["rules"]]
    return Grammar(read_lexicon("timex/vocabulary"), rules)


def _lower_words(entry: Mapping[str, Any]) -> dict[str, Value]:
    return {str(word).lower(): value for word, value in entry.get("words", {}).items()}


def _alternation(entry: Mapping[str, Any]) -> str:
    words = sorted(
        (re.escape(str(word).lower()).replace(r"\ ", " ") for word in entry.get("words", {})),
        key=len,
        reverse=True,
    )
    return "|".join([*words, *([entry["digits"]] if "digits" in entry else [])])


def _guard(source: str | None, frame: str) -> re.Pattern[str] | None:
    return re.compile(frame.replace("{}", source)) if source else None


def _allowed(rule: Rule, found: re.Match[str], before: str, end: int) -> bool:
    text = found.string
    return not (
        (rule.preceded_by and not rule.preceded_by.search(before))
        or (rule.not_preceded_by and rule.not_preceded_by.search(before))
        or (rule.followed_by and not rule.followed_by.match(text, found.end(), end))
        or (rule.not_followed_by and rule.not_followed_by.match(text, found.end(), end))
    )


def _number(digits: str) -> Value:
    """Read Vietnamese digits: a point or comma before three digits parts thousands, else decimals."""
    whole, mark, rest = digits.replace(",", ".").partition(".")
    if mark and len(rest) == 3:
        return int(whole + rest)
    return float(f"{whole}.{rest}") if mark else int(whole)
