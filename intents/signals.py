"""Signals: all that the cue tables, the official terms and the statutes say about one message, sentence by sentence."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from intents.catalog import Intent
from intents.cues import Lexicon, words_of
from intents.statutes import cited

_DIGITS = re.compile(r"\d")


class Kind(StrEnum):
    """How a cue speaks for its intent."""

    ASK = "ask"  # somebody asks in so many words
    TERM = "term"  # the right's official name stands there
    LAW = "law"  # its article is cited


@dataclass(frozen=True)
class Hit:
    """A cue that stands in a sentence (by its place in the message) and the intent it speaks for, or against when negated."""

    intent: Intent
    kind: Kind
    sentence: int
    negated: bool = False


@dataclass
class Signals:
    """The hits of a message and, per sentence, the named features the learned part weighs in any language."""

    hits: list[Hit] = field(default_factory=list)
    by_sentence: list[dict[str, float]] = field(default_factory=list)

    @property
    def whole(self) -> dict[str, float]:
        """The features of the whole message: the strongest of any sentence, asks counted up to two, and its shape."""
        merged: dict[str, float] = {}
        for features in self.by_sentence:
            for name, value in features.items():
                merged[name] = max(value, merged.get(name, 0.0))
        return merged | self._repeated() | {"length": min(len(self.by_sentence), 20) / 20}

    def _repeated(self) -> dict[str, float]:
        counts: dict[str, float] = {}
        for hit in self.hits:
            if hit.kind is Kind.ASK and not hit.negated:
                counts[f"{hit.intent}:ask"] = min(counts.get(f"{hit.intent}:ask", 0.0) + 1, 2.0)
        return counts


def gather(sentences: Sequence[str], terms: Mapping[int, Iterable[Intent]], lexicons: Sequence[Lexicon], *, law_is_named: bool) -> Signals:
    """Read every sentence with every lexicon; `terms` are the official terms already found, by sentence."""
    signals = Signals()
    for number, sentence in enumerate(sentences):
        words = words_of(sentence)
        readings = [lexicon.read(words) for lexicon in lexicons]
        asked = {Hit(found.intent, Kind.ASK, number, found.negated) for reading in readings for found in reading.found}
        named = {Hit(intent, Kind.TERM, number) for intent in terms.get(number, ())}
        law = {Hit(intent, Kind.LAW, number) for intent in cited(sentence)} if law_is_named else set()
        hits = sorted(asked | named | law, key=lambda hit: (hit.intent, hit.kind, hit.negated))
        signals.hits += hits
        signals.by_sentence.append(_features(sentence, hits, frozenset().union(*(reading.seen for reading in readings))))
    return signals


def _features(sentence: str, hits: Iterable[Hit], seen: Iterable[str]) -> dict[str, float]:
    features = dict.fromkeys(sorted(seen), 1.0)
    for hit in hits:
        features[f"{hit.intent}:{'negated' if hit.negated else hit.kind.value}"] = 1.0
    features["question mark"] = float("?" in sentence or ";" in sentence[-2:])  # the Greek question mark is a semicolon
    features["exclamation mark"] = float("!" in sentence)
    features["link"] = float("http" in sentence or "www." in sentence)
    features["digits"] = min(len(_DIGITS.findall(sentence)), 10) / 10
    return features
