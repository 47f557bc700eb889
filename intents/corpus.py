"""The corpus: labelled mails, one JSON object a line, read and checked; `test/` holds the mails no model may learn from."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer

from intents.catalog import Intent
from intents.folding import fold

CORPUS = Path(__file__).with_name("corpus")
TEST_FOLDER = "test"

_TEXT_FIELDS = ("id", "author", "subject", "body", "register", "note")
_MAY_BE_EMPTY = frozenset({"subject", "body", "note"})
_INTENTS = ", ".join(Intent)


class CorpusError(ValueError):
    """A line of the corpus that breaks the rules; the message names file, line, field and what is allowed, never the mail's text."""


@dataclass(frozen=True)
class Example:
    """One labelled mail. `language` is ISO 639-1, from the file's name (`de.jsonl`, `a-de.jsonl`); `author` tells whose hand wrote it."""

    id: str
    author: str
    language: str
    subject: str
    body: str
    labels: tuple[Intent, ...]
    register: str
    note: str


def read(folder: Path = CORPUS) -> list[Example]:
    """The training mails: every *.jsonl below the folder but those of `test/`, in the order of their ids.

    Raises:
        CorpusError: a line breaks the rules, an id occurs twice, or there is no mail at all.
    """
    files = (path for path in folder.rglob("*.jsonl") if TEST_FOLDER not in path.relative_to(folder).parts)
    examples = _read_files(files)
    if not examples:
        raise CorpusError(f"{folder}: no mails; expected *.jsonl files, one mail a line")
    return examples


def read_test(folder: Path = CORPUS) -> list[Example]:
    """The test mails below `test/`, perhaps none.

    Raises:
        CorpusError: as `read` does for a broken line or a repeated id.
    """
    return _read_files((folder / TEST_FOLDER).rglob("*.jsonl"))


def corpus_hash(folder: Path = CORPUS) -> str:
    """SHA-256 (hex) of the training mails, the same however they are spread over files.

    Raises:
        CorpusError: as `read` does.
    """
    digest = hashlib.sha256()
    for one in read(folder):
        fields = [one.id, one.author, one.language, one.subject, one.body, *one.labels]
        digest.update(json.dumps(fields, ensure_ascii=False).encode())
    return digest.hexdigest()


def near_duplicates(examples: Sequence[Example], *, at_least: float = 0.6) -> list[tuple[str, str, float]]:
    """Pairs of ids whose texts share much: the Jaccard similarity (0 to 1) of their runs of five letters, highest first."""
    if len(examples) < 2:
        return []
    counter = CountVectorizer(analyzer="char_wb", ngram_range=(5, 5), preprocessor=fold, binary=True)
    shingles = counter.fit_transform(f"{one.subject}\n{one.body}" for one in examples)
    sizes = np.asarray(shingles.sum(axis=1)).ravel()
    shared = (shingles @ shingles.T).tocoo()
    pairs = ((i, j, both / (sizes[i] + sizes[j] - both)) for i, j, both in zip(shared.row, shared.col, shared.data, strict=True) if i < j)
    found = [(examples[i].id, examples[j].id, round(float(alike), 3)) for i, j, alike in pairs if alike >= at_least]
    return sorted(found, key=lambda pair: -pair[2])


def _read_files(files: Iterable[Path]) -> list[Example]:
    seen: dict[str, str] = {}
    examples = []
    for path in sorted(files):
        for where, example in _read_file(path):
            if example.id in seen:
                raise CorpusError(f"{where}, field id: {example.id!r} stands already in {seen[example.id]}; every id is allowed once")
            seen[example.id] = where
            examples.append(example)
    return sorted(examples, key=lambda example: example.id)


def _read_file(path: Path) -> Iterator[tuple[str, Example]]:
    language = path.stem.split("-")[-1]
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.strip():
            where = f"{path.name}, line {number}"
            yield where, _example(_record(line, where), language, where)


def _record(line: str, where: str) -> Mapping[str, Any]:
    try:
        record = json.loads(line)
    except json.JSONDecodeError as error:
        raise CorpusError(f"{where}: not JSON ({error.msg}); one object a line is allowed") from None
    if not isinstance(record, dict):
        raise CorpusError(f"{where}: not an object; one object a line is allowed")
    return record


def _example(record: Mapping[str, Any], language: str, where: str) -> Example:
    texts = {name: _text(record, name, where) for name in _TEXT_FIELDS}
    return Example(language=language, labels=_labels(record, where), **texts)


def _text(record: Mapping[str, Any], name: str, where: str) -> str:
    value = record.get(name)
    if not isinstance(value, str):
        raise CorpusError(f"{where}, field {name}: missing or no text; a text is allowed")
    if not value.strip() and name not in _MAY_BE_EMPTY:
        raise CorpusError(f"{where}, field {name}: empty; a text of one character or more is allowed")
    return value


def _labels(record: Mapping[str, Any], where: str) -> tuple[Intent, ...]:
    names = record.get("labels")
    if not isinstance(names, list) or not names:
        raise CorpusError(f"{where}, field labels: missing or empty; a list of one or more of {_INTENTS} is allowed")
    for name in names:
        if name not in list(Intent):
            raise CorpusError(f"{where}, field labels: {name!r} is no label; allowed are {_INTENTS}")
    if Intent.OTHER in names and len(names) > 1:
        raise CorpusError(f"{where}, field labels: {Intent.OTHER.value!r} stands beside another label; it is allowed alone only")
    if len(set(names)) < len(names):
        raise CorpusError(f"{where}, field labels: a label stands twice; each is allowed once")
    return tuple(Intent(name) for name in names)
