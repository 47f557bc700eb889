"""Policy files: read at the start, so that what is wrong with one is said at once."""

from collections.abc import Callable, Sequence
from pathlib import Path

from bot.config_file import ConfigError
from bot.policy.index import Gist, PolicyIndex
from bot.policy.sections import Passage, passages_of
from bot.reading.charsets import decode
from intents.language import LanguageGuesser

LARGEST = 2_000_000  # bytes: a policy of a thousand pages; what is larger is something else


def read_policy(files: Sequence[Path], gist: Gist = lambda _: None) -> PolicyIndex:
    """The index of these files; `gist`: the model's. Raises ConfigError naming the file and what is allowed."""
    guess = LanguageGuesser().guess
    read = (_passages(path, f"policy.files[{number}]", lambda text: guess(text).language) for number, path in enumerate(files))
    return PolicyIndex([one for passages in read for one in passages], gist)


def _passages(path: Path, key: str, language_of: Callable[[str], str]) -> list[tuple[Passage, str]]:
    """Each passage with its language; a file may hold several."""
    passages = passages_of(path.name, _text(path, key))
    if not passages:
        raise ConfigError(f"{key}: {path}: holds no text; allowed are Markdown (.md), HTML (.html) and plain text")
    whole = language_of(" ".join(passage.text for passage in passages))
    return [(passage, _or(language_of(f"{passage.heading}. {passage.text}"), whole)) for passage in passages]


def _or(language: str, whole: str) -> str:
    """A short passage's own language is too unsure to go by."""
    return whole if language == "und" else language


def _text(path: Path, key: str) -> str:
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise ConfigError(f"{key}: {path}: is a folder; name the files")
        if size > LARGEST:
            raise ConfigError(f"{key}: {path}: has {size:,} bytes; at most {LARGEST:,} are read. Cut it up, or leave out what is no policy")
        content = path.read_bytes()
    except OSError as error:
        raise ConfigError(f"{key}: {path}: can't be read ({error.strerror})") from None
    if content.startswith((b"%PDF", b"PK\x03\x04")):
        raise ConfigError(f"{key}: {path}: is a PDF or Office file; save it as text, Markdown or HTML")
    return decode(content).text
