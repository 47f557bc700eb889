"""Signals: all that the cue tables, the official terms and the statutes say about one message, sentence by sentence."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from intents.catalog import Intent
from intents.cues import Lexicon, Reading, words_of
from intents.statutes import cited

_DIGITS = re.compile(r"\d")


class Kind(StrEnum):
    """How a cue speaks for its intent."""

    ASK = "ask"  # the words of a request stand together
    PLEA = "plea"  # somebody asks outright: verb of request, right and own data in one sentence
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
    """The hits of a message and, per sentence, the named features the learned part weighs in any language.

    `boilerplate` has the numbers of the sentences that no writer meant: footers of newsletters, legal notices.
    """

    hits: list[Hit] = field(default_factory=list)
    by_sentence: list[dict[str, float]] = field(default_factory=list)
    boilerplate: set[int] = field(default_factory=set)

    @property
    def whole(self) -> dict[str, float]:
        """The features of the whole message: the strongest of any sentence, how often each was seen, those of the first sentence
        (the subject, if there is one), and the length."""
        strongest: dict[str, float] = {}
        sums: Counter[str] = Counter()
        for features in self.by_sentence:
            sums.update(features)
            for name, value in features.items():
                strongest[name] = max(value, strongest.get(name, 0.0))
        often = {f"often {name}": math.log1p(value) for name, value in sums.items()}
        first = {f"first {name}": value for name, value in (self.by_sentence or [{}])[0].items()}
        return strongest | often | first | {"length": min(len(self.by_sentence), 20) / 20}


def gather(sentences: Sequence[str], terms: Mapping[int, Iterable[Intent]], lexicons: Sequence[Lexicon], *, law_is_named: bool) -> Signals:
    """Read every sentence with every lexicon; `terms` are the official terms already found, by sentence."""
    signals = Signals()
    for number, sentence in enumerate(sentences):
        words = words_of(sentence)
        if any(lexicon.is_boilerplate(words) for lexicon in lexicons):
            signals.boilerplate.add(number)
            signals.by_sentence.append({"boilerplate": 1.0})
            continue
        readings = [lexicon.read(words) for lexicon in lexicons]
        asked = set(_asked(readings, number))
        named = {Hit(intent, Kind.TERM, number) for intent in terms.get(number, ())}
        law = {Hit(intent, Kind.LAW, number) for intent in cited(sentence)} if law_is_named else set()
        hits = sorted(asked | named | law, key=lambda hit: (hit.intent, hit.kind, hit.negated))
        signals.hits += hits
        signals.by_sentence.append(_features(sentence, hits, frozenset().union(*(reading.seen for reading in readings))))
    return signals


def _asked(readings: Iterable[Reading], number: int) -> Iterator[Hit]:
    for reading in readings:
        yield from (Hit(found.intent, Kind.ASK, number, found.negated) for found in reading.found)
        yield from (Hit(found.intent, Kind.PLEA, number) for found in reading.pleas if not found.negated)


def _features(sentence: str, hits: Iterable[Hit], seen: Iterable[str]) -> dict[str, float]:
    features = dict.fromkeys(sorted(seen), 1.0)
    for hit in hits:
        features[f"{hit.intent}:{'negated' if hit.negated else hit.kind.value}"] = 1.0
    features["question mark"] = float("?" in sentence or ";" in sentence[-2:])  # the Greek question mark is a semicolon
    features["exclamation mark"] = float("!" in sentence)
    features["link"] = float("http" in sentence or "www." in sentence)
    features["digits"] = min(len(_DIGITS.findall(sentence)), 10) / 10
    return features
