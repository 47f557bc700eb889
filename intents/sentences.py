"""Sentences: where one ends and the next begins, by rules, for mails as people type them."""

import re

import numpy as np
from spacy.tokens import Doc, Span, Token

_STOP = frozenset(".!?…;")
_SHORT_LINE = 45  # characters; a line that ends earlier was ended by its writer, not by a mail program
_ABBREVIATIONS = re.compile(
    "art|abs|nr|no|dr|mr|mrs|ms|st|str|par|ust|lit|c|cl|čl|чл|αρ|pkt|sec|ca|bzw|usw|z|b|e|g|i|sig|sr|sra|dña|pt|ref|tel"
)


class SentencesComponent:
    """Sets sentence starts by rules: after a full stop, a blank line, a short line or before a bullet."""

    def __call__(self, doc: Doc) -> Doc:
        text = doc.text  # spaCy builds it anew each time
        starts = [1 if token.i == 0 or self._starts(doc, token, text) else -1 for token in doc]
        # all at once: the setter of a single token looks through the whole doc, which takes seconds in a long one
        column = np.array(starts, np.int64).astype(np.uint64).reshape(-1, 1)
        return doc.from_array(["SENT_START"], column)  # type: ignore[arg-type]  # spaCy's stub knows thinc's arrays only

    def _starts(self, doc: Doc, token: Token, text: str) -> bool:
        before = doc[token.i - 1]
        if token.is_space:
            return False
        if "\n" in before.text:
            is_short = before.idx - (text.rfind("\n", 0, before.idx) + 1) < _SHORT_LINE
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
    """The sentences in which the writer says anything: not white space, not quoted."""
    return [sentence for sentence in doc.sents if own_words(sentence)]


def own_words(sentence: Span) -> str:
    """A sentence without what is quoted in it."""
    own: str = sentence.doc._.own
    return own[sentence.start_char : sentence.end_char].strip()
