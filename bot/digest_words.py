"""Digest words: what the weekly digest says, in each of its languages; numbers, dates and names of languages as they are written there."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from babel import Locale
from babel.core import UnknownLocaleError
from babel.dates import format_date, format_interval
from babel.numbers import format_decimal, format_percent

from bot.weeks import Week

FOLDER = Path(__file__).with_name("letters") / "staff" / "words"
_LOCALES = {"en": "en_GB"}  # 22 November 2026


class Words:
    """One language's words; call it with a key such as `tiles.open` and what stands in the braces."""

    def __init__(self, language: str, table: Mapping[str, Any]) -> None:
        self.language = language
        self._table = table
        self._locale = Locale.parse(_LOCALES.get(language, language))

    def __call__(self, key: str, *, n: int = 0, **facts: int | str) -> str:
        """The sentence; where it has forms of number, the one that `n` asks for (CLDR). Raises KeyError for a key that is none."""
        found = self._found(key)
        if isinstance(found, Mapping):
            found = found.get(self._locale.plural_form(n), found["other"])
        shown = {name: fact if isinstance(fact, str) else self.number(fact) for name, fact in facts.items()}
        return str(found).format(n=self.number(n), **shown)

    def line(self, key: str) -> list[str]:
        """A label and the notes that may stand beside it."""
        return [str(part) for part in self._found(key)]

    def number(self, value: float) -> str:
        """`1,234` or `1.234`."""
        return format_decimal(value, locale=self._locale)

    def percent(self, value: int | None) -> str:
        """0 to 100 with its sign; a dash for None."""
        return "–" if value is None else format_percent(value / 100, locale=self._locale)

    def day(self, value: date) -> str:
        """`23 November 2026`."""
        return format_date(value, "long", locale=self._locale)

    def short_day(self, value: date) -> str:
        """`23 Nov 2026`."""
        return format_date(value, "medium", locale=self._locale)

    def period(self, week: Week) -> str:
        """`16–22 Nov 2026`, naming month and year twice only where they differ."""
        return format_interval(week.first, week.last, "yMMMd", locale=self._locale).replace("\u2009", " ")

    def intent(self, name: str) -> str:
        """What an intent is called; one that the catalog no longer has stays as it is."""
        named = self._table["intents"].get(name)
        return str(named or name.replace("_", " ").capitalize())

    def regime(self, name: str) -> str:
        """`eu_gdpr` -> `EU GDPR`, `EU DSGVO`, `EU RGPD`."""
        return " ".join(self("gdpr") if part == "gdpr" else part.upper() for part in name.split("_"))

    def tongue(self, code: str) -> str:
        """`de` -> `German`; a code nobody knows stays as it is."""
        try:
            name = Locale.parse(code.replace("-", "_")).get_display_name(self._locale)
        except (ValueError, UnknownLocaleError):
            return code or self("unknown")
        return name[:1].upper() + name[1:] if name else code

    def _found(self, key: str) -> Any:
        found: Any = self._table
        for part in key.split("."):
            found = found[part]
        return found


@cache
def words_of(language: str) -> Words:
    """The words of one of `digest_config.LANGUAGES`."""
    return Words(language, yaml.safe_load((FOLDER / f"{language}.yaml").read_text("utf-8")))
