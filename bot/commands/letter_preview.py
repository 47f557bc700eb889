"""Letter preview: writes all letters to a folder, with an index page, as text, page and mail."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time
from pathlib import Path

from babel import Locale
from jinja2 import Environment, FileSystemLoader

from bot.commands.letters import LetterDesk
from bot.config import Config
from bot.config_file import ConfigError
from bot.letter_samples import RECEIVED, Sample, samples
from bot.letter_templates import OwnTemplates, letters_of
from bot.office import organisation_of
from bot.outbox import Parcel
from bot.smtp import build
from bot.wording import FOLDER, Letter
from intents.catalog import Intent

_WHEN = datetime.combine(RECEIVED, time(9), UTC)
_READER = "somebody@example.net"


class AtTheDesk(LetterDesk):
    """The letters of the organisation that a config names. Raises LetterError where its own templates break a rule."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._letters = letters_of(organisation_of(config), config.letters.folder)

    def check(self) -> None:
        """Say that all is well; what is not was told when the letters were read."""
        print(templates_told(self._config))

    def preview(self, out: Path, intents: Sequence[str], languages: Sequence[str]) -> None:
        """Write the letters and index.html to `out`.

        Raises ConfigError for an unknown intent or language, and for a folder that can't be written.
        """
        wanted = [sample for sample in samples() if not intents or set(_intents(intents)) & set(sample.intents)]
        tongues = self._languages(languages)
        try:
            for language in tongues:
                (out / language).mkdir(parents=True, exist_ok=True)
                for sample in wanted:
                    self._write(out / language, sample, language)
            (out / "index.html").write_text(self._index(wanted, tongues), "utf-8")
        except OSError as error:
            raise ConfigError(f"--out {out}: can't be written ({error.strerror})") from None
        print(f"{len(wanted) * len(tongues)} letters in {len(tongues)} languages: open {out / 'index.html'}")

    def _languages(self, wanted: Sequence[str]) -> Sequence[str]:
        known = self._letters.languages()
        if unknown := [language for language in wanted if language not in known]:
            raise ConfigError(f"--language {unknown[0]}: there are no letters in it; allowed are {', '.join(known)}")
        return list(dict.fromkeys(wanted)) or known

    def _write(self, folder: Path, sample: Sample, language: str) -> None:
        letter = sample.write(self._letters, language)
        (folder / f"{sample.name}.txt").write_text(f"{letter.subject}\n\n{letter.text}", "utf-8")
        (folder / f"{sample.name}.html").write_text(letter.html, "utf-8")
        (folder / f"{sample.name}.eml").write_bytes(self._mail(letter, f"{sample.name}.{language}"))

    def _mail(self, letter: Letter, name: str) -> bytes:
        """The mail as it would leave, but for its ids."""
        payload = {
            "to": _READER, "subject": letter.subject, "text": letter.text, "html": letter.html, "language": letter.language,
            "message_id": f"<{name}@preview.invalid>", "in_reply_to": "", "loop": "preview",
        }  # fmt: skip
        return build(Parcel(0, name, "preview", payload, _WHEN, None, 0), self._config.mailbox, self._config.organisation).as_bytes()

    def _index(self, wanted: Iterable[Sample], languages: Sequence[str]) -> str:
        pages = Environment(loader=FileSystemLoader(FOLDER / "staff"), autoescape=True, trim_blocks=True, lstrip_blocks=True)
        kinds: dict[str, list[Sample]] = {}
        for sample in wanted:
            kinds.setdefault(sample.letter, []).append(sample)
        names = {language: str(Locale.parse(language).get_display_name("en")) for language in languages}
        return pages.get_template("preview.html.j2").render(kinds=kinds, languages=names, organisation=self._config.organisation.name)


def templates_told(config: Config) -> str:
    """In words, which letters are the organisation's own. Raises LetterError where one breaks a rule."""
    organisation, folder = organisation_of(config), config.letters.folder
    languages = letters_of(organisation, folder).languages()
    own = len(OwnTemplates(folder, organisation).files) if folder else 0
    return f"{len(languages)} languages, own templates: {f'{own} in {folder}' if folder else 'none'}"


def _intents(values: Sequence[str]) -> list[Intent]:
    try:
        return [Intent(value) for value in values]
    except ValueError:
        unknown = next(value for value in values if value not in tuple(Intent))
        raise ConfigError(f"--intent {unknown}: is not an intent; allowed are {', '.join(Intent)}") from None
