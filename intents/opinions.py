"""The components that form an opinion: linear models over n-grams and signals, and the encoder."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Self

import numpy as np
from spacy.tokens import Doc

from intents.catalog import INTENTS, Intent
from intents.encoder import Encoder, Reading
from intents.judge import Opinion
from intents.learned import Learned, Matrix
from intents.sentences import own_words, sentences_of
from intents.signals import Kind, Signals

_SILENCE = -20.0  # a logit
_ASKED = 3.0  # what a cue counts beside the models when the sentence is chosen that a label is shown with


def spoken(doc: Doc) -> str:
    """The writer's own text without its boilerplate."""
    silent, own = doc._.signals.boilerplate, doc._.own
    return own if not silent else " ".join(own_words(one) for number, one in enumerate(sentences_of(doc)) if number not in silent)


class EncoderComponent:
    """Sets `doc._.reading`: what the encoder makes of the message, or None in a pipeline trained without one."""

    def __init__(self) -> None:
        self.encoder: Encoder | None = None

    def __call__(self, doc: Doc) -> Doc:
        doc._.reading = None if self.encoder is None else self.encoder.read(doc._.own)
        return doc

    def to_disk(self, path: Path, exclude: Iterable[str] = ()) -> None:
        """Write the encoder's files, or that there is none."""
        path.mkdir(parents=True, exist_ok=True)
        (path / "is_there.json").write_text(json.dumps(self.encoder is not None), encoding="utf-8")
        if self.encoder is not None:
            self.encoder.to_disk(path)

    def from_disk(self, path: Path, exclude: Iterable[str] = ()) -> Self:
        """Read the encoder, if the pipeline has one."""
        self.encoder = Encoder(path) if json.loads((path / "is_there.json").read_text(encoding="utf-8")) else None
        return self


class LearnedComponent:
    """Sets `doc._.opinion` and `doc._.evidence`: the learned models' scores and, per intent, the sentence that speaks most for it."""

    def __init__(self) -> None:
        self.learned = Learned()
        self.languages: frozenset[str] = frozenset()

    def __call__(self, doc: Doc) -> Doc:
        sentences = [own_words(sentence) for sentence in sentences_of(doc)]
        signals: Signals = doc._.signals
        knows = doc._.guess.language in self.languages
        ngrams = self.learned.by_ngrams([spoken(doc)])[0] if knows else None
        whole = self.learned.by_signals([signals.whole])[0]
        by_sentence = self._scores(sentences, signals.by_sentence, knows=knows) if sentences else whole[None, :]
        by_sentence[sorted(signals.boilerplate)] = 0.0
        heard = None if doc._.reading is None else _heard(doc, doc._.reading)
        if heard is not None:
            heard[sorted(signals.boilerplate)] = _SILENCE
        doc._.opinion = Opinion(whole, ngrams, by_sentence, None if heard is None else doc._.reading.logits, heard)
        doc._.evidence = _evidence(sentences, by_sentence if heard is None else heard, signals)
        return doc

    def _scores(self, texts: list[str], signals: list[dict[str, float]], *, knows: bool) -> Matrix:
        by_signals = self.learned.by_signals(signals)
        return (by_signals + self.learned.by_ngrams(texts)) / 2 if knows else by_signals

    def to_disk(self, path: Path, exclude: Iterable[str] = ()) -> None:
        """Write the weights (npz, JSON)."""
        self.learned.to_disk(path)
        (path / "languages.json").write_text(json.dumps(sorted(self.languages)), encoding="utf-8")

    def from_disk(self, path: Path, exclude: Iterable[str] = ()) -> Self:
        """Read the weights."""
        self.learned.from_disk(path)
        self.languages = frozenset(json.loads((path / "languages.json").read_text(encoding="utf-8")))
        return self


def _heard(doc: Doc, reading: Reading) -> Matrix:
    """How loudly each sentence speaks for each intent: its loudest token; silence where the encoder reads no more."""
    ends = reading.spans[:, 1]  # a token's span begins with the space before it, and so perhaps in the sentence before
    sentences = sentences_of(doc)
    heard = np.full((max(len(sentences), 1), len(INTENTS)), _SILENCE)
    for row, sentence in enumerate(sentences):
        a, b = np.searchsorted(ends, [sentence.start_char, sentence.end_char], side="right")
        if a < b:
            heard[row] = reading.tokens[a:b].max(axis=0)
    return heard


def _evidence(sentences: list[str], scores: Matrix, signals: Signals) -> dict[Intent, str]:
    asked = {(hit.intent, hit.sentence): _ASKED for hit in signals.hits if hit.kind in (Kind.ASK, Kind.PLEA) and not hit.negated}
    return {
        intent: max(enumerate(sentences), key=lambda one: asked.get((intent, one[0]), 0.0) + scores[one[0], column])[1]
        for column, intent in enumerate(INTENTS)
        if sentences
    }
