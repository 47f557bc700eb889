"""The spaCy components a message walks through: segments, language, sentences, cues, encoder, learned, decision."""

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Self

import spacy
from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc, Span

from intents.catalog import Intent
from intents.cues import ANY_LANGUAGE, Lexicon, RawCues, lexicon_of, read_cues, terms_of
from intents.decision import Thresholds, backed, decide, heed
from intents.folding import fold
from intents.judge import Judge, Opinion, facts_of
from intents.language import UNKNOWN, Guess, LanguageGuesser
from intents.opinions import EncoderComponent, LearnedComponent
from intents.segments import SegmentsComponent
from intents.sentences import SentencesComponent, own_words, sentences_of
from intents.signals import Hit, gather
from intents.statutes import cites_law

CODE_VERSION = "3"  # raise it when a trained pipeline of older code must not be used any more

NAMES = tuple(f"privacybot_{name}" for name in ("segments", "language", "sentences", "cues", "encoder", "learned", "decision"))

ENCODER = "privacybot_encoder"  # its name, and that of its folder in a pipeline

_EXTENSIONS = {"guess": Guess(UNKNOWN, 0.0, ()), "signals": None, "can_read": False, "own": ""}
_EXTENSIONS |= dict.fromkeys(("reading", "opinion", "scores", "evidence", "decision"))
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
        doc._.guess = self._guesser.guess(doc._.own)
        return doc


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
            [own_words(sentence) for sentence in sentences],
            self._terms_by_sentence(doc, sentences),
            [self._lexicon(language) for language in readings],
            law_is_named=cites_law(fold(doc._.own)) or "1798." in doc._.own,
        )
        doc._.can_read = doc._.guess.language in self._cues or bool(doc._.signals.hits)
        return doc

    def _readings(self, doc: Doc) -> list[str]:
        guess: Guess = doc._.guess
        if guess.language == UNKNOWN and len(" ".join(doc._.own.split())) <= _SHORT_TEXT:
            return [language for language in self._cues if language != ANY_LANGUAGE]
        return [language for language in dict.fromkeys([*guess.readings, "en"]) if language in self._cues]

    def _terms_by_sentence(self, doc: Doc, sentences: list[Span]) -> Mapping[int, set[Intent]]:
        number_at = {token: number for number, sentence in enumerate(sentences) for token in range(sentence.start, sentence.end)}
        found: dict[int, set[Intent]] = {}
        own: str = doc._.own
        for key, start, _ in self._terms(self._folded(doc)):
            if own[doc[start].idx].isspace():
                continue  # quoted
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


class DecisionComponent:
    """Sets `doc._.scores` and `doc._.decision`."""

    def __init__(self) -> None:
        self.judge = Judge()
        self.thresholds = Thresholds()

    def __call__(self, doc: Doc) -> Doc:
        doc._.scores = judged(self.judge, doc._.opinion, doc._.signals.hits)
        return self.decided(doc)

    def decided(self, doc: Doc) -> Doc:
        """Draw the lines on a doc whose scores are known."""
        hits, by_rules, words = doc._.signals.hits, doc._.opinion.encoder is None, len(doc._.own.split())
        doc._.decision = decide(doc._.scores, hits, self.thresholds, can_read=doc._.can_read, words=words, by_rules=by_rules)
        doc._.scores = backed(doc._.scores, doc._.decision, hits) if by_rules else doc._.scores
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
    """The judge's scores; negations are heeded where no encoder was heard, which understands them."""
    scores = judge.scores(facts_of(opinion, hits), opinion)
    return heed(scores, hits) if opinion.encoder is None else scores


@Language.factory("privacybot_segments")
def make_segments(nlp: Language, name: str) -> SegmentsComponent:  # noqa: ARG001 - spaCy's signature
    """The segments component."""
    return SegmentsComponent()


@Language.factory("privacybot_language")
def make_language(nlp: Language, name: str) -> LanguageComponent:  # noqa: ARG001
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


@Language.factory("privacybot_encoder")
def make_encoder(nlp: Language, name: str) -> EncoderComponent:  # noqa: ARG001
    """The encoder component, without an encoder until a pipeline brings one."""
    return EncoderComponent()


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
