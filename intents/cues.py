"""Cues: the tables of cues.yaml, read and matched against the words of a sentence."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeAlias

import yaml

from intents.catalog import Intent
from intents.folding import fold

CUES_FILE = Path(__file__).with_name("cues.yaml")
ANY_LANGUAGE = "any"

_WINDOW = 14  # words from the first part of a cue to its last
_NEGATION_REACH = 7  # words of the same clause before a verb within which a negation belongs to it
_WORD = re.compile(r"\w+|[^\w\s'\-_]")
_CLAUSE_END = re.compile(r"[^\w\s]")
# a comma before one of these goes on with the clause: "ich will nicht, dass ...", "nie chcę, żeby ..."
_THAT = re.compile("dass|dat|que|che|ze|aby|by|zeby|abyscie|hogy|οτι|να|ca|att|at|et|ka|kad|da|що|щоб|че")
_AND = re.compile("and|so|but|und|sondern|aber|et|mais|y|e|ma|en|maar|i|ale|og|och|ja|mutta|a|es|dar|si|и|но|та|але|και|αλλα|ir|bet|un|in")

RawCues: TypeAlias = Mapping[str, Mapping[str, object]]


class CueError(ValueError):
    """A cue table that cannot be read; the message names the language and the cue."""


@dataclass(frozen=True)
class Ask:
    """One way of asking: every part (a set of alternatives) must stand in the sentence; the first is the verb."""

    intent: Intent
    parts: tuple[frozenset[str], ...]


@dataclass(frozen=True)
class Found:
    """An ask found in a sentence; `negated` when the clause turns it into its opposite."""

    intent: Intent
    negated: bool


@dataclass(frozen=True)
class Reading:
    """What a lexicon sees in a sentence: whole asks, whole pleas, and the names of the parts and topics it saw beside them."""

    found: tuple[Found, ...] = ()
    pleas: tuple[Found, ...] = ()
    seen: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Place:
    """Where one alternative of a cue stands in a sentence: words `start` up to, not including, `end`."""

    start: int
    end: int


def words_of(sentence: str) -> list[str]:
    """The folded words and punctuation marks of a sentence, apostrophes and hyphens being gaps."""
    return _WORD.findall(fold(sentence))


def read_cues(path: Path = CUES_FILE) -> RawCues:
    """The tables as plain data. Everything is text: `no` is Norwegian and a Spanish word, not a truth value."""
    with path.open(encoding="utf-8") as file:
        tables: RawCues = yaml.load(file, yaml.CBaseLoader)  # noqa: S506 - builds nothing but text, lists and tables
    return tables


@dataclass(frozen=True)
class Lexicon:
    """The asks of one language, ready to match; `pleas` are asks that need no second opinion."""

    asks: tuple[Ask, ...]
    pleas: tuple[Ask, ...] = ()
    topics: tuple[tuple[str, frozenset[str]], ...] = ()
    negations: tuple[tuple[str, ...], ...] = ()
    reports: frozenset[str] = frozenset()
    boilerplate: tuple[tuple[str, ...], ...] = ()

    @cached_property
    def _stem_lengths(self) -> Sequence[int]:
        return sorted({len(first) - 1 for first in self._index if first.endswith("*")})

    @cached_property
    def _index(self) -> Mapping[str, list[tuple[str, ...]]]:
        parts = [part for ask in (*self.asks, *self.pleas) for part in ask.parts] + [words for _, words in self.topics]
        alternatives = {alternative for part in parts for alternative in part}
        index: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        for alternative in sorted(alternatives):
            first = alternative.split("_")[0]
            index[first].append(tuple(alternative.split("_")))
        return index

    def read(self, words: Sequence[str]) -> Reading:
        """What stands in a sentence, given as `words_of` splits it."""
        places = self._places(words)
        if not places:
            return Reading()
        found, pleas = (tuple(self._found(asks, words, places)) for asks in (self.asks, self.pleas))
        return Reading(found + pleas, pleas, frozenset(self._seen(places)))

    def is_boilerplate(self, words: Sequence[str]) -> bool:
        """Whether the sentence is one that a mail program or a legal department puts under every mail."""
        return any(_contains(words, phrase) for phrase in self.boilerplate)

    def _found(self, asks: Iterable[Ask], words: Sequence[str], places: Mapping[str, list[Place]]) -> Iterator[Found]:
        spans = ((ask, _closest(ask, places)) for ask in asks)
        yield from (Found(ask.intent, self._is_negated(words, *span)) for ask, span in spans if span)

    def _seen(self, places: Mapping[str, list[Place]]) -> Iterator[str]:
        for ask in self.asks:
            present = [any(alternative in places for alternative in part) for part in ask.parts]
            if present[0]:
                yield f"{ask.intent}:verb"
            if any(present[1:]):
                yield f"{ask.intent}:object"
            if present.count(False) == 1 and len(present) > 1:
                yield f"{ask.intent}:near"
        yield from (f"topic:{name}" for name, words in self.topics if any(word in places for word in words))

    def _places(self, words: Sequence[str]) -> Mapping[str, list[Place]]:
        places: dict[str, list[Place]] = defaultdict(list)
        for start, word in enumerate(words):
            for first in self._keys(word):
                for alternative in self._index[first]:
                    if _stands_at(words, start, alternative):
                        places["_".join(alternative)].append(Place(start, start + len(alternative)))
        return places

    def _keys(self, word: str) -> Iterator[str]:
        if word in self._index:
            yield word
        yield from (key for length in self._stem_lengths if (key := word[:length] + "*") in self._index and length <= len(word))

    def _is_negated(self, words: Sequence[str], verb: int, start: int, end: int) -> bool:
        clause = _clause(words, verb, start, end)
        if self.reports.intersection(clause):
            return False
        own = words[verb]
        return any(_contains(clause, negation) for negation in self.negations if own not in negation)


def _stands_at(words: Sequence[str], start: int, alternative: tuple[str, ...]) -> bool:
    if start + len(alternative) > len(words):
        return False
    return all(_reads(words[start + offset], form) for offset, form in enumerate(alternative))


def _reads(word: str, form: str) -> bool:
    return word.startswith(form[:-1]) if form.endswith("*") else word == form


def _contains(words: Sequence[str], phrase: tuple[str, ...]) -> bool:
    return any(_stands_at(words, start, phrase) for start in range(len(words) - len(phrase) + 1))


def _closest(ask: Ask, places: Mapping[str, list[Place]]) -> tuple[int, int, int] | None:
    """(verb, start, end) in words of the narrowest stand of the ask, or None if a part is missing or too far away."""
    found = [[place for alternative in part if alternative in places for place in places[alternative]] for part in ask.parts]
    if not all(found):
        return None
    return min(filter(None, (_around(verb, found[1:]) for verb in found[0])), key=lambda span: span[2] - span[1], default=None)


def _around(verb: Place, others: Iterable[Sequence[Place]]) -> tuple[int, int, int] | None:
    start, end = verb.start, verb.end
    for part in others:
        nearest = min(part, key=lambda place: abs(place.start - verb.start))
        start, end = min(start, nearest.start), max(end, nearest.end)
    return (verb.start, start, end) if end - start <= _WINDOW else None


def _clause(words: Sequence[str], verb: int, start: int, end: int) -> list[str]:
    """The words around the verb that a negation of it can stand among: back to the clause's start, on to two words behind the ask."""
    first = verb
    while first > 0 and verb - first < _NEGATION_REACH and not _breaks(words, first - 1):
        first -= 1
    last = max(end, verb + 1)
    limit = min(last + 2, len(words))
    while last < limit and not _breaks(words, last):
        last += 1
    return [word for word in words[min(first, start) if start > first else first : last] if not _CLAUSE_END.fullmatch(word)]


def _breaks(words: Sequence[str], at: int) -> bool:
    if _AND.fullmatch(words[at]):
        return True
    if not _CLAUSE_END.fullmatch(words[at]):
        return False
    return at + 1 >= len(words) or not _THAT.fullmatch(words[at + 1])


def lexicon_of(language: str, table: Mapping[str, object]) -> Lexicon:
    """The lexicon of one language's table.

    Raises:
        CueError: an unknown intent, or a group that the table does not define.
    """
    groups = {name: _alternatives(text, {}, language) for name, text in _mapping(table, "groups").items()}
    asks, pleas = (
        tuple(_ask(name, line, groups, language) for name, lines in _mapping(table, key).items() for line in lines)
        for key in ("asks", "pleas")
    )
    return Lexicon(
        asks,
        pleas,
        tuple((name, _alternatives(text, groups, language)) for name, text in _mapping(table, "topics").items()),
        tuple(tuple(words_of(phrase)) for phrase in _list(table, "not")),
        frozenset(word for phrase in _list(table, "not_but") for word in words_of(phrase)),
        tuple(tuple(words_of(phrase)) for phrase in _list(table, "boilerplate")),
    )


def terms_of(language: str, table: Mapping[str, object]) -> Iterator[tuple[Intent, str]]:
    """The official terms of one language's table, each with its intent."""
    for name, terms in _mapping(table, "terms").items():
        yield from ((_intent(name, language), term) for term in terms)


def _ask(name: str, line: str, groups: Mapping[str, frozenset[str]], language: str) -> Ask:
    return Ask(_intent(name, language), tuple(_alternatives(part, groups, language) for part in line.split(" + ")))


def _alternatives(text: str, groups: Mapping[str, frozenset[str]], language: str) -> frozenset[str]:
    found: set[str] = set()
    for alternative in text.split("|"):
        if group := re.fullmatch(r"<(\w+)>", alternative.strip()):
            if group[1] not in groups:
                raise CueError(f"cues.yaml, {language}: no group {group[1]!r}")
            found |= groups[group[1]]
        else:
            found.add(fold(alternative.strip()))
    return frozenset(found)


def _intent(name: str, language: str) -> Intent:
    try:
        return Intent(name)
    except ValueError as error:
        raise CueError(f"cues.yaml, {language}: {name!r} is no intent") from error


def _mapping(table: Mapping[str, object], key: str) -> Mapping[str, str]:
    value = table.get(key, {})
    return value if isinstance(value, Mapping) else {}


def _list(table: Mapping[str, object], key: str) -> Sequence[str]:
    value = table.get(key, [])
    return value if isinstance(value, Sequence) else []
