"""The spaCy components a message walks through: language, sentences, cues, learned, decision."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Self

import spacy
from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc, Span, Token

from intents.catalog import Intent
from intents.cues import ANY_LANGUAGE, Lexicon, RawCues, lexicon_of, read_cues, terms_of
from intents.decision import Thresholds, backed, decide, heed
from intents.folding import fold
from intents.judge import Judge, Opinion, facts_of
from intents.language import UNKNOWN, Guess, LanguageGuesser
from intents.learned import INTENTS, Learned, Matrix
from intents.signals import Hit, Kind, Signals, gather
from intents.statutes import cites_law

CODE_VERSION = "2"  # raise it when a trained pipeline of older code must not be used any more

NAMES = ("privacybot_language", "privacybot_sentences", "privacybot_cues", "privacybot_learned", "privacybot_decision")

_EXTENSIONS = {"guess": Guess(UNKNOWN, 0.0, ()), "signals": None, "can_read": False}
_EXTENSIONS |= dict.fromkeys(("opinion", "scores", "evidence", "decision"))
_STOP = frozenset(".!?…;")
_SHORT_LINE = 45  # characters; a line that ends earlier was ended by its writer, not by a mail program
_ABBREVIATIONS = re.compile(
    "art|abs|nr|no|dr|mr|mrs|ms|st|str|par|ust|lit|c|cl|čl|чл|αρ|pkt|sec|ca|bzw|usw|z|b|e|g|i|sig|sr|sra|dña|pt|ref|tel"
)
_SHORT_TEXT = 160  # characters; too few to be sure of a language, few enough to read with every table


def register_extensions() -> None:
    """Give spaCy's Doc our attributes, once in a process."""
    for name, default in _EXTENSIONS.items():
        if not Doc.has_extension(name):
            Doc.set_extension(name, default=default, force=True)


register_extensions()


class LanguageComponent:
    """Sets `doc._.guess`."""

    def __init__(self) -> None:
        self._guesser = LanguageGuesser()

    def __call__(self, doc: Doc) -> Doc:
        doc._.guess = self._guesser.guess(doc.text)
        return doc


class SentencesComponent:
    """Sets sentence starts by rules: after a full stop, a blank line, a short line or before a bullet."""

    def __call__(self, doc: Doc) -> Doc:
        line_start = 0
        for token in doc:
            token.is_sent_start = token.i == 0 or self._starts(doc, token, line_start)
            if "\n" in token.text:
                line_start = token.idx + len(token.text)
        return doc

    def _starts(self, doc: Doc, token: Token, line_start: int) -> bool:
        before = doc[token.i - 1]
        if token.is_space:
            return False
        if "\n" in before.text:
            is_short = before.idx - (doc.text.rfind("\n", 0, before.idx) + 1) < _SHORT_LINE
            return before.text.count("\n") > 1 or is_short or not token.text[0].isalnum()
        stop = doc[token.i - 2] if before.is_space and token.i > 1 else before
        spaced = before.is_space or bool(before.whitespace_)
        return stop.text[-1] in _STOP and spaced and not (stop.text == "." and self._is_abbreviation(doc, stop, token))

    @staticmethod
    def _is_abbreviation(doc: Doc, stop: Token, after: Token) -> bool:
        if after.text[0].islower() or stop.i == 0:
            return True
        word = doc[stop.i - 1].text.lower()
        return bool(_ABBREVIATIONS.fullmatch(word)) or (after.text[0].isdigit() and len(word) <= 4) or word.isdigit()


def sentences_of(doc: Doc) -> list[Span]:
    """The sentences that hold anything but white space."""
    return [sentence for sentence in doc.sents if sentence.text.strip()]


class CuesComponent:
    """Sets `doc._.signals` and `doc._.can_read` from the cue tables, the official terms and the statutes cited."""

    def __init__(self, nlp: Language, cues: RawCues) -> None:
        self._nlp = nlp
        self._use(cues)

    def _use(self, cues: RawCues) -> None:
        self._cues = cues
        self._lexicon = lru_cache(maxsize=None)(self._make_lexicon)
        self._terms = PhraseMatcher(self._nlp.vocab, attr="NORM")
        for language, table in cues.items():
            for intent, term in terms_of(language, table):
                self._terms.add(intent.value, [self._folded(self._nlp.make_doc(term))])

    def _make_lexicon(self, language: str) -> Lexicon:
        return lexicon_of(language, self._cues[language])

    @staticmethod
    def _folded(doc: Doc) -> Doc:
        for token in doc:
            token.norm_ = fold(token.text)
        return doc

    def __call__(self, doc: Doc) -> Doc:
        sentences = sentences_of(doc)
        readings = self._readings(doc)
        doc._.signals = gather(
            [sentence.text for sentence in sentences],
            self._terms_by_sentence(doc, sentences),
            [self._lexicon(language) for language in readings],
            law_is_named=cites_law(fold(doc.text)) or "1798." in doc.text,
        )
        doc._.can_read = doc._.guess.language in self._cues or bool(doc._.signals.hits)
        return doc

    def _readings(self, doc: Doc) -> list[str]:
        guess: Guess = doc._.guess
        if guess.language == UNKNOWN and len(doc.text) <= _SHORT_TEXT:
            return [language for language in self._cues if language != ANY_LANGUAGE]
        return [language for language in dict.fromkeys([*guess.readings, "en"]) if language in self._cues]

    def _terms_by_sentence(self, doc: Doc, sentences: list[Span]) -> Mapping[int, set[Intent]]:
        number_at = {token: number for number, sentence in enumerate(sentences) for token in range(sentence.start, sentence.end)}
        found: dict[int, set[Intent]] = {}
        for key, start, _ in self._terms(self._folded(doc)):
            found.setdefault(number_at.get(start, -1), set()).add(Intent(self._nlp.vocab.strings[key]))
        return found

    def to_disk(self, path: Path, exclude: Iterable[str] = ()) -> None:
        """Keep the tables with the pipeline, so that a model goes on reading as it was trained to."""
        path.mkdir(parents=True, exist_ok=True)
        (path / "cues.json").write_text(json.dumps(self._cues, ensure_ascii=False), encoding="utf-8")

    def from_disk(self, path: Path, exclude: Iterable[str] = ()) -> Self:
        """Take the tables back."""
        self._use(json.loads((path / "cues.json").read_text(encoding="utf-8")))
        return self


def spoken(doc: Doc) -> str:
    """The text without its boilerplate."""
    silent = doc._.signals.boilerplate
    return doc.text if not silent else " ".join(one.text.strip() for number, one in enumerate(sentences_of(doc)) if number not in silent)


class LearnedComponent:
    """Sets `doc._.opinion` and `doc._.evidence`: the learned models' scores and, per intent, the sentence that speaks most for it."""

    def __init__(self) -> None:
        self.learned = Learned()
        self.languages: frozenset[str] = frozenset()

    def __call__(self, doc: Doc) -> Doc:
        sentences = [sentence.text.strip() for sentence in sentences_of(doc)]
        signals: Signals = doc._.signals
        knows = doc._.guess.language in self.languages
        ngrams = self.learned.by_ngrams([spoken(doc)])[0] if knows else None
        whole = self.learned.by_signals([signals.whole])[0]
        by_sentence = self._scores(sentences, signals.by_sentence, knows=knows) if sentences else whole[None, :]
        by_sentence[sorted(signals.boilerplate)] = 0.0
        doc._.opinion = Opinion(whole, ngrams, by_sentence)
        doc._.evidence = _evidence(sentences, by_sentence, signals)
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


def _evidence(sentences: list[str], scores: Matrix, signals: Signals) -> dict[Intent, str]:
    asked = {(hit.intent, hit.sentence): 1.0 for hit in signals.hits if hit.kind in (Kind.ASK, Kind.PLEA) and not hit.negated}
    return {
        intent: max(enumerate(sentences), key=lambda one: asked.get((intent, one[0]), 0.0) + scores[one[0], column])[1]
        for column, intent in enumerate(INTENTS)
        if sentences
    }


class DecisionComponent:
    """Sets `doc._.scores` and `doc._.decision`."""

    def __init__(self) -> None:
        self.judge = Judge()
        self.thresholds = Thresholds()

    def __call__(self, doc: Doc) -> Doc:
        hits = doc._.signals.hits
        doc._.scores = judged(self.judge, doc._.opinion, hits)
        doc._.decision = decide(doc._.scores, hits, self.thresholds, can_read=doc._.can_read)
        doc._.scores = backed(doc._.scores, doc._.decision, hits)
        return doc

    def to_disk(self, path: Path, exclude: Iterable[str] = ()) -> None:
        """Write the judge and the thresholds."""
        path.mkdir(parents=True, exist_ok=True)
        (path / "judge.json").write_text(json.dumps(self.judge.to_json()), encoding="utf-8")
        (path / "thresholds.json").write_text(json.dumps(self.thresholds.to_json()), encoding="utf-8")

    def from_disk(self, path: Path, exclude: Iterable[str] = ()) -> Self:
        """Read the judge and the thresholds."""
        self.judge = Judge.from_json(json.loads((path / "judge.json").read_text(encoding="utf-8")))
        self.thresholds = Thresholds.from_json(json.loads((path / "thresholds.json").read_text(encoding="utf-8")))
        return self


def judged(judge: Judge, opinion: Opinion, hits: Sequence[Hit]) -> dict[Intent, float]:
    """The judge's scores, negations heeded."""
    return heed(judge.scores(facts_of(opinion, hits), opinion), hits)


@Language.factory("privacybot_language")
def make_language(nlp: Language, name: str) -> LanguageComponent:  # noqa: ARG001 - spaCy's signature
    """The language component."""
    return LanguageComponent()


@Language.factory("privacybot_sentences")
def make_sentences(nlp: Language, name: str) -> SentencesComponent:  # noqa: ARG001
    """The sentences component."""
    return SentencesComponent()


@Language.factory("privacybot_cues")
def make_cues(nlp: Language, name: str) -> CuesComponent:  # noqa: ARG001
    """The cues component, with the tables of cues.yaml until a pipeline brings its own."""
    return CuesComponent(nlp, read_cues())


@Language.factory("privacybot_learned")
def make_learned(nlp: Language, name: str) -> LearnedComponent:  # noqa: ARG001
    """The learned component, untrained."""
    return LearnedComponent()


@Language.factory("privacybot_decision")
def make_decision(nlp: Language, name: str) -> DecisionComponent:  # noqa: ARG001
    """The decision component."""
    return DecisionComponent()


def build_pipeline() -> Language:
    """An untrained pipeline."""
    nlp = spacy.blank("xx")
    for name in NAMES:
        nlp.add_pipe(name)
    return nlp
