"""Authorities: which supervisory authority a controller's letters name (Art 77 GDPR)."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

TABLE = Path(__file__).with_name("authorities.yaml")


def authority_for(country: str, subdivision: str | None = None) -> tuple[str, str]:
    """Name and https address of the authority for a controller in `country` (ISO 3166-1, such as `DE`).

    `subdivision` (`BY` or `DE-BY`) picks a regional authority where the table has one. Raises LookupError for a country it lacks.
    """
    codes = (f"{country}-{(subdivision or '').rpartition('-')[2]}", country)
    found = next((authority for code in codes if (authority := _authorities("countries").get(code))), None)
    if found is None:
        raise LookupError(f"No supervisory authority is known for {country}; name it as organisation.authority.")
    return found


def authority_of_regime(regime: str) -> tuple[str, str]:
    """Name and https address of the authority that watches over a law, wherever the controller sits; both empty where none is known."""
    return _authorities("regimes").get(regime, ("", ""))


def name_in(language: str, name: str, url: str) -> str:
    """What the authority at `url` calls itself in `language` (ISO 639-1); the `name` given where it has no other."""
    return str(_table()["names"].get(url, {}).get(language, name))


def _authorities(section: str) -> dict[str, tuple[str, str]]:
    return {code: (name, url) for code, (name, url) in _table()[section].items()}


@cache
def _table() -> dict[str, dict[str, Any]]:
    table: dict[str, dict[str, Any]] = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    return table
