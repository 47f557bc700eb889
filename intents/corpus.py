"""The corpus: labelled mails, one JSON object a line, read and checked; nothing learns from `dev/` and `test/`, `dev/` tunes."""

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
DEV_FOLDER, TEST_FOLDER = "dev", "test"

_TEXT_FIELDS = ("id", "author", "subject", "body", "register", "note")
_AT_A_TIME = 500  # mails compared with all others, so that memory stays small
_NEEDED = frozenset({"id", "subject", "body"})  # of mails that are only scored
_MAY_BE_EMPTY = frozenset({"subject", "body", "note"})
_INTENTS = ", ".join(Intent)


class CorpusError(ValueError):
    """A line of the corpus that breaks the rules; the message names file, line, field and what is allowed, never the mail's text."""


@dataclass(frozen=True)
class Example:
    """One labelled mail; `author` tells whose hand wrote it.

    `language` is ISO 639-1, from the field of that name, else from the file's name (`de.jsonl`, `a-de.jsonl`).
    """

    id: str
    author: str
    language: str
    subject: str
    body: str
    labels: tuple[Intent, ...]
    register: str
    note: str


def read(folder: Path = CORPUS) -> list[Example]:
    """The training mails: every *.jsonl below the folder but those of `dev/` and `test/`, in the order of their ids.

    Raises:
        CorpusError: a line breaks the rules, an id occurs twice, or there is no mail at all.
    """
    files = (path for path in folder.rglob("*.jsonl") if not {DEV_FOLDER, TEST_FOLDER} & set(path.relative_to(folder).parts))
    examples = _read_files(files)
    if not examples:
        raise CorpusError(f"{folder}: no mails; expected *.jsonl files, one mail a line")
    return examples


def read_dev(folder: Path = CORPUS) -> list[Example]:
    """The development mails below `dev/`, perhaps none: by authors of their own, for finding thresholds.

    Raises:
        CorpusError: as `read` does for a broken line or a repeated id.
    """
    return _read_files((folder / DEV_FOLDER).rglob("*.jsonl"))


def read_test(folder: Path = CORPUS) -> list[Example]:
    """The test mails below `test/`, perhaps none.

    Raises:
        CorpusError: as `read` does for a broken line or a repeated id.
    """
    return _read_files((folder / TEST_FOLDER).rglob("*.jsonl"))


def read_labelled(path: Path) -> list[Example]:
    """The labelled mails of one JSON lines file, or of all below a folder, of whatever source: `id`, `subject`, `body` and `labels` are
    needed; `language` (else the file's name says it), `author`, `register` and `note` may be left out.

    Raises:
        CorpusError: nothing can be read there, a line breaks the rules, an id occurs twice, or there is no mail at all.
    """
    examples = _read_files([path] if path.is_file() else path.rglob("*.jsonl"), needed=_NEEDED)
    if not examples:
        raise CorpusError(f"{path}: no mails; a file of JSON lines or a folder of *.jsonl files is allowed")
    return examples


def corpus_hash(folder: Path = CORPUS) -> str:
    """`hash_of` the training and the development mails, the same however they are spread over files.

    Raises:
        CorpusError: as `read` does.
    """
    return hash_of([*read(folder), *read_dev(folder)])


def hash_of(examples: Iterable[Example]) -> str:
    """SHA-256 (hex) of mails in their order."""
    digest = hashlib.sha256()
    for one in examples:
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
    found = []
    for start in range(0, len(examples), _AT_A_TIME):
        shared = (shingles[start : start + _AT_A_TIME] @ shingles.T).tocoo()
        rows = shared.row + start
        alike = shared.data / (sizes[rows] + sizes[shared.col] - shared.data)
        for place in np.flatnonzero((alike >= at_least) & (rows < shared.col)):
            found.append((examples[rows[place]].id, examples[shared.col[place]].id, round(float(alike[place]), 3)))
    return sorted(found, key=lambda pair: -pair[2])


def _read_files(files: Iterable[Path], needed: frozenset[str] = frozenset(_TEXT_FIELDS)) -> list[Example]:
    seen: dict[str, str] = {}
    examples = []
    for path in sorted(files):
        for where, example in _read_file(path, needed):
            if example.id in seen:
                raise CorpusError(f"{where}, field id: {example.id!r} stands already in {seen[example.id]}; every id is allowed once")
            seen[example.id] = where
            examples.append(example)
    return sorted(examples, key=lambda example: example.id)


def _read_file(path: Path, needed: frozenset[str]) -> Iterator[tuple[str, Example]]:
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(f"{path}: can't be read ({type(error).__name__}); UTF-8 text is allowed") from None
    for number, line in enumerate(lines, start=1):
        if line.strip():
            where = f"{path.name}, line {number}"
            yield where, _example(_record(line, where), path.stem.split("-")[-1], where, needed)


def _record(line: str, where: str) -> Mapping[str, Any]:
    try:
        record = json.loads(line)
    except json.JSONDecodeError as error:
        raise CorpusError(f"{where}: not JSON ({error.msg}); one object a line is allowed") from None
    if not isinstance(record, dict):
        raise CorpusError(f"{where}: not an object; one object a line is allowed")
    return record


def _example(record: Mapping[str, Any], language: str, where: str, needed: frozenset[str]) -> Example:
    texts = {name: _text(record, name, where) for name in _TEXT_FIELDS if name in needed or name in record}
    spoken = record.get("language")
    known = spoken if isinstance(spoken, str) else language
    return Example(language=known, labels=_labels(record, where), **dict.fromkeys(_TEXT_FIELDS, "") | texts)


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
