"""Index: which passages of the company's policy answer a question: by topic, whatever the languages, and by words and pieces of words."""

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
import spacy
from spacy.language import Language

from bot.policy.sections import Passage
from bot.policy.topics import folded, topics_in

_STEM = 5  # letters: what most endings of Europe's languages leave of a word
_PIECE = 4
_BY_TOPIC, _BY_STEM, _BY_PIECE, _BY_GIST = 1.5, 0.7, 0.7, 0.7  # measured: python -m benchmarks.policy_passages
_OTHER_LANGUAGE = 0.4  # of the words only names and loans are the same
_IN_HEADING, _IN_TEXT, _MOST = 1.5, 0.4, 3
_CROWD = 0.25  # a passage that touches on everything answers nothing in particular
_SATURATION, _LENGTH = 1.2, 0.5  # BM25's k1 and b; passages are short and much alike in length
_QUESTION = 4_000  # characters of a question that are looked at


Gist = Callable[[str], npt.NDArray[np.float32] | None]
"""A text's vector, alike for texts that are about the same in whatever languages; None where no model can tell."""


@dataclass(frozen=True, slots=True)
class Found:
    """A passage and how well it fits: 0 to 1, where 1 is the best fit by every measure."""

    passage: Passage
    score: float


@dataclass(frozen=True, slots=True)
class _Entry:
    passage: Passage
    language: str
    topics: dict[str, float]


class PolicyIndex:
    """Built once from passages in whatever languages; asked without database, network or clock."""

    def __init__(self, passages: Sequence[tuple[Passage, str]], gist: Gist = lambda _: None) -> None:
        """Each passage with its language (ISO 639-1, or "und")."""
        self._entries = [_Entry(passage, language, _weighed(passage, language)) for passage, language in passages]
        texts = [(" ".join((*passage.headings[-2:], passage.text)), language) for passage, language in passages]
        self._by_stem = _Bm25([_stems(text, language) for text, language in texts])
        self._by_piece = _Bm25([_word_pieces(text, language) for text, language in texts])
        self._by_gist = _Gists([text for text, _ in texts], gist)
        touched = Counter(topic for entry in self._entries for topic in entry.topics)
        self._rarity = {topic: math.log(1 + len(self._entries) / count) for topic, count in touched.items()}

    def __len__(self) -> int:
        return len(self._entries)

    def find(self, question: str, language: str, most: int = 3) -> list[Found]:
        """The passages that fit best, the best first, at most one below each heading; none where nothing fits at all."""
        asked = question[:_QUESTION]
        by_topic = _shares(self._topical(asked, language))
        by_stem = _shares(self._by_stem.scores(_stems(asked, language)))
        by_piece = _shares(self._by_piece.scores(_word_pieces(asked, language)))
        by_gist = _shares(self._by_gist.scores(asked))
        scores = []
        for entry, topic, stem, piece, gist in zip(self._entries, by_topic, by_stem, by_piece, by_gist, strict=True):
            words = (_BY_STEM * stem + _BY_PIECE * piece) * (1.0 if entry.language == language else _OTHER_LANGUAGE)
            scores.append((_BY_TOPIC * topic + words + _BY_GIST * gist) / (_BY_TOPIC + _BY_STEM + _BY_PIECE + _BY_GIST))
        return _best(self._entries, scores, most)

    def _topical(self, question: str, language: str) -> list[float]:
        asked = topics_in(question, language)
        return [
            sum(self._rarity[topic] * entry.topics[topic] for topic in asked if topic in entry.topics)
            / (1 + _CROWD * math.hypot(*entry.topics.values()))
            for entry in self._entries
        ]


class _Bm25:
    """Okapi's BM25 over whatever the texts were cut into."""

    def __init__(self, texts: Sequence[Sequence[str]]) -> None:
        self._counts = [Counter(text) for text in texts]
        seen = Counter(term for counts in self._counts for term in counts)
        self._rarity = {term: math.log(1 + (len(texts) - times + 0.5) / (times + 0.5)) for term, times in seen.items()}
        mean = sum(map(len, texts)) / len(texts) if texts else 1.0
        self._damping = [_SATURATION * (1 - _LENGTH + _LENGTH * len(text) / (mean or 1.0)) for text in texts]

    def scores(self, question: Sequence[str]) -> list[float]:
        """One score a text; 0 where no term is in both."""
        terms = [term for term in dict.fromkeys(question) if term in self._rarity]
        return [
            sum(self._rarity[term] * counts[term] * (_SATURATION + 1) / (counts[term] + damping) for term in terms)
            for counts, damping in zip(self._counts, self._damping, strict=True)
        ]


class _Gists:
    """How near texts lie by their vectors, what they have in common taken away."""

    def __init__(self, texts: Sequence[str], gist: Gist) -> None:
        self._gist = gist
        self._count = len(texts)
        vectors = [vector for text in texts if (vector := gist(text)) is not None]
        self._mean = np.mean(vectors, axis=0, dtype=np.float32) if vectors else np.zeros(0, np.float32)
        self._rows = [_unit(vector - self._mean) for vector in vectors]

    def scores(self, question: str) -> list[float]:
        """The cosine with each text, 0 where they point apart, and for all of them where there are no vectors."""
        asked = self._gist(question) if self._rows else None
        if asked is None or not asked.any():
            return [0.0] * self._count
        way = _unit(asked - self._mean)
        return [max(0.0, float(row @ way)) for row in self._rows]


def _unit(vector: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    length = float(np.linalg.norm(vector))
    return vector / length if length else vector


def _best(entries: Sequence[_Entry], scores: Sequence[float], most: int) -> list[Found]:
    """Long sections are cut into several passages: of each only the one that fits best."""
    found: dict[tuple[str, tuple[str, ...]], Found] = {}
    for entry, score in sorted(zip(entries, scores, strict=True), key=lambda pair: -pair[1]):
        place = entry.passage.source, entry.passage.headings
        if score > 0 and place not in found:
            found[place] = Found(entry.passage, round(score, 3))
        if len(found) == most:
            break
    return list(found.values())


def _weighed(passage: Passage, language: str) -> dict[str, float]:
    """A topic counts most when the heading names it; the outermost of several headings is the document's title and says nothing."""
    headings = passage.headings[1:] if len(passage.headings) > 1 else passage.headings
    above, below = topics_in(" ".join(headings), language), topics_in(passage.text, language)
    return {topic: _IN_HEADING * (above[topic] > 0) + _IN_TEXT * min(below[topic], _MOST) for topic in {**above, **below}}


def _stems(text: str, language: str) -> list[str]:
    return [word[:_STEM] for word in _words(text, language)]


def _word_pieces(text: str, language: str) -> list[str]:
    """For compounds: `Kamera` in `Überwachungskamera`."""
    return [f" {word} "[at : at + _PIECE] for word in _words(text, language) for at in range(max(1, len(word) + 3 - _PIECE))]


def _words(text: str, language: str) -> list[str]:
    """Folded words without those that every sentence has."""
    tokens = (token for token in _tokenizer(language)(text) if not (token.is_punct or token.is_space))
    return [folded(token.text) for token in tokens if not token.vocab[token.lower_].is_stop]


def _shares(scores: Sequence[float]) -> list[float]:
    """As a part of the best."""
    best = max(scores, default=0.0)
    return [score / best if best > 0 else 0.0 for score in scores]


@cache
def _tokenizer(language: str) -> Language:
    """spaCy's rules for the language; for one that it does not know, those that serve all."""
    try:
        return spacy.blank("nb" if language == "no" else language)
    except ImportError:
        return spacy.blank("xx")
