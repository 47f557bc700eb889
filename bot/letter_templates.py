"""Letter templates: an organisation's own are read and tried before any letter goes out; every mistake names its file and line."""

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from types import TracebackType

from babel import Locale, UnknownLocaleError
from jinja2 import TemplateError, TemplateNotFound, TemplateSyntaxError, meta, nodes

from bot.letter_rules import Fault, faults
from bot.letter_samples import Sample, samples
from bot.wording import FOLDER, LETTERS, Letters, Organisation, templates_in

_COMMON = frozenset((
    "language", "reference", "received", "organisation", "imprint", "dpo", "privacy_notice", "authority", "authority_url", "signature",
    "extra", "law", "appeal",
))  # fmt: skip
_ACKNOWLEDGEMENT = frozenset(("due", "asked", "families", "short", "extendable", "opt_out_due"))
VARIABLES: Mapping[str, frozenset[str]] = {
    "acknowledgement": _COMMON | _ACKNOWLEDGEMENT,
    "california": _COMMON | _ACKNOWLEDGEMENT | {"identifiable"},
    "follow_up": _COMMON | {"due"},
    "extension": _COMMON | {"due", "reasons"},
    "identity_asked": _COMMON | {"question", "known"},
    "clarification_asked": _COMMON | {"question"},
    "closing": _COMMON | {"outcome", "endings", "refusal", "reasons"},
    "unsubscribed": _COMMON | {"done"},
    "reply": (_COMMON - {"received"}) | {"start", "text"},
}
"""What a letter's template may use (docs/letters.md says what each holds)."""

_SHARED = "shared"
_LARGEST = 100_000  # bytes
_REPLIES = "reply_"  # answers that staff choose are read elsewhere
_TROUBLE = (TemplateError, ValueError, TypeError, ArithmeticError, LookupError, AttributeError, RecursionError)
"""What a template's own expressions can end in."""


class LetterError(ValueError):
    """An organisation's own letters can't be used; one line per fault. Commands answer it with exit code 2."""


def letters_of(organisation: Organisation, folder: Path | None) -> Letters:
    """The organisation's letters. Raises LetterError when those of its own in `folder` break a rule."""
    if folder is not None and (found := list(OwnTemplates(folder, organisation).faults())):
        raise LetterError("\n".join(found))
    return Letters(organisation, folder)


class OwnTemplates:
    """The templates in an organisation's folder: `<language>/<letter>.j2`, `<language>/shared.j2`, and ours of the same name."""

    def __init__(self, folder: Path, organisation: Organisation) -> None:
        self._folder, self._organisation = folder, organisation
        self._templates = templates_in([folder, FOLDER])

    def faults(self) -> Iterator[str]:
        """Each fault, as `FILE, line N: what is wrong; what is allowed`. Letters are tried only where every file can be read."""
        if not self._folder.is_dir():
            yield f"letters.folder: {self._folder}: there is no such folder; leave letters: out for ours"
            return
        found = [fault for path in self._files for fault in self._of_file(path)]
        found += self._incomplete()
        yield from dict.fromkeys(found or self._tried())

    @property
    def files(self) -> tuple[Path, ...]:
        """Its own templates, in alphabetical order."""
        return tuple(self._files)

    @cached_property
    def _files(self) -> list[Path]:
        every = (path for path in sorted(self._folder.rglob("*")) if path.is_file() and not path.name.startswith((".", _REPLIES)))
        return [path for path in every if path.suffix != ".md"]

    @cached_property
    def _languages(self) -> set[str]:
        return {path.parent.name for path in self._files if path.parent != self._folder}

    def _of_file(self, path: Path) -> Iterator[str]:
        """What can be seen without trying it: its name, its encoding, its syntax, its variables."""
        if (words := self._misplaced(path)) is not None:
            yield self._at(path, 1, words)
            return
        try:
            source = path.read_text("utf-8") if path.stat().st_size <= _LARGEST else None
        except UnicodeDecodeError as error:
            yield self._at(path, error.object.count(b"\n", 0, error.start) + 1, "is not UTF-8 text; save it as UTF-8")
            return
        except OSError as error:
            yield self._at(path, 1, f"can't be read ({error.strerror})")
            return
        if source is None:
            yield self._at(path, 1, f"is larger than {_LARGEST // 1000} kB; a letter is a page or two")
            return
        try:
            tree = self._templates.parse(source)
        except TemplateSyntaxError as error:
            yield self._at(path, error.lineno, f"is no valid template ({error.message}); docs/letters.md shows how one is written")
            return
        yield from self._unknown(path, tree)

    def _misplaced(self, path: Path) -> str | None:
        inside = path.relative_to(self._folder)
        if len(inside.parts) == 1:
            layouts = sorted(path.name for path in FOLDER.iterdir() if path.suffix in (".j2", ".html"))
            return None if inside.name in layouts else f"is no layout of ours; allowed are {', '.join(layouts)}, and folders such as en"
        if len(inside.parts) > 2 or not _is_language(inside.parts[0]):
            ours = Letters(self._organisation).languages()
            return f"lies in {inside.parent}, which is no language; allowed are codes such as {', '.join(ours)}"
        if inside.suffix != ".j2" or inside.stem not in (*LETTERS, _SHARED):
            return f"is not the name of a letter; allowed are {', '.join(f'{name}.j2' for name in (*LETTERS, _SHARED))}"
        return None

    def _unknown(self, path: Path, tree: nodes.Template) -> Iterator[str]:
        allowed = self._allowed(path)
        if allowed is None:
            return
        for name in sorted(meta.find_undeclared_variables(tree) - allowed - self._templates.globals.keys()):
            line = next((node.lineno for node in tree.find_all(nodes.Name) if node.name == name and node.ctx == "load"), 1)
            yield self._at(path, line, f"{{{{ {name} }}}} is unknown; allowed are {', '.join(sorted(allowed))}")

    def _allowed(self, path: Path) -> frozenset[str] | None:
        """The variables of a letter; of a layout those that ours uses as well. None: page.html has its own, tried below."""
        if path.suffix == ".html":
            return None
        own = VARIABLES.get(path.stem, _COMMON)
        if path.parent != self._folder:
            return own if path.stem != _SHARED else frozenset()
        ours = self._templates.parse((FOLDER / path.name).read_text("utf-8"))
        return own | meta.find_undeclared_variables(ours)

    def _incomplete(self) -> Iterator[str]:
        """A language of the organisation's own needs every letter."""
        for language in sorted(self._languages - set(Letters(self._organisation).languages())):
            have = {path.stem for path in self._files if path.parent.name == language}
            if lacking := [name for name in LETTERS if name not in have]:
                yield f"{self._folder / language}: a language that we have not needs every letter; missing: {', '.join(lacking)}"

    def _tried(self) -> Iterator[str]:
        letters = Letters(self._organisation, self._folder)
        for language in letters.languages():
            for sample in samples():
                if (blamed := self._behind(language, sample)) is not None:
                    yield from self._try(letters, language, sample, blamed)

    def _behind(self, language: str, sample: Sample) -> Path | None:
        """The own template to which a letter owes its words; None where it is all ours."""
        letters = (sample.letter, "acknowledgement") if sample.letter == "california" else (sample.letter,)
        names = [*(f"{language}/{name}.j2" for name in (*letters, _SHARED)), *(f"{name}.j2" for name in letters)]
        names += ["foot.j2", "remedies.j2", "page.html"]
        return next((path for name in names if (path := self._folder / name) in self._files), None)

    def _try(self, letters: Letters, language: str, sample: Sample, blamed: Path) -> Iterator[str]:
        try:
            letter = sample.write(letters, language)
        except _TROUBLE as error:
            path, line = self._place_of(error.__traceback__) or (blamed, 1)
            yield self._at(path, line, f"fails with the sample {sample.name} ({_words(error)})" + self._may_use(path))
            return
        for fault in faults(letter, sample, self._organisation):
            yield self._at(blamed, _line_of(blamed, fault), fault.words)

    def _place_of(self, trace: TracebackType | None) -> tuple[Path, int] | None:
        """The innermost line of an own template on the way to an error."""
        place = None
        while trace is not None:
            path = Path(trace.tb_frame.f_code.co_filename)
            place = (path, trace.tb_lineno) if path in self._files else place
            trace = trace.tb_next
        return place

    def _may_use(self, path: Path) -> str:
        allowed = self._allowed(path)
        return f"; allowed are {', '.join(sorted(allowed))}" if allowed else ""

    def _at(self, path: Path, line: int, words: str) -> str:
        return f"{path}, line {line}: {words}"


def _is_language(code: str) -> bool:
    try:
        return re.fullmatch("[a-z]{2,3}", code) is not None and bool(Locale.parse(code))
    except (UnknownLocaleError, ValueError):
        return False


def _words(error: Exception) -> str:
    return f"there is no template {error}" if isinstance(error, TemplateNotFound) else f"{error}" or type(error).__name__


def _line_of(path: Path, fault: Fault) -> int:
    if not fault.needle:
        return 1
    lines = path.read_text("utf-8").splitlines()
    return next((number for number, line in enumerate(lines, 1) if fault.needle.lower() in line.lower()), 1)
