"""The vocabulary: the foundation's tokens that Europe's languages are written with, and the tokenizer that cuts texts into them."""

import unicodedata
from pathlib import Path

import numpy as np
from tokenizers import Regex, Tokenizer
from tokenizers.models import Unigram
from tokenizers.normalizers import NFKC, Replace, Sequence
from tokenizers.pre_tokenizers import Metaspace

from intents.encoder import UNKNOWN
from intents.training.foundation import Foundation, Table

_SPACE = "▁"
_SCRIPTS = frozenset({"LATIN", "GREEK", "CYRILLIC", "MICRO", "FEMININE", "MASCULINE", "MODIFIER"})


def kept(foundation: Foundation) -> list[int]:
    """The numbers of the tokens worth keeping: the marks, and all without a letter of a foreign script."""
    pieces = foundation.pieces
    return [number for number, piece in enumerate(pieces) if number <= UNKNOWN or _is_european(piece)]


def _is_european(piece: str) -> bool:
    return all(unicodedata.name(letter, "?").split()[0] in _SCRIPTS for letter in piece if letter != _SPACE and letter.isalpha())


def tokenizer_of(foundation: Foundation, numbers: list[int]) -> Tokenizer:
    """A tokenizer of just these tokens; a word whose token was left out is cut into smaller ones."""
    vocabulary = [(foundation.pieces[number], float(foundation.log_odds[number])) for number in numbers]
    tokenizer = Tokenizer(Unigram(vocabulary, unk_id=UNKNOWN))
    tokenizer.normalizer = Sequence([NFKC(), Replace(Regex(r"\s+"), " ")])
    tokenizer.pre_tokenizer = Metaspace()
    return tokenizer


def table_of(foundation: Foundation, numbers: list[int]) -> Table:
    """The embeddings of just these tokens."""
    return Table(foundation.table.codes[numbers], foundation.table.scales[numbers])


def write(foundation: Foundation, pieces: Path, table: Path) -> None:
    """Write the tokenizer (JSON) and the table (npz)."""
    numbers = kept(foundation)
    tokenizer_of(foundation, numbers).save(str(pieces), pretty=False)
    chosen = table_of(foundation, numbers)
    np.savez(table, codes=chosen.codes, scales=chosen.scales)
