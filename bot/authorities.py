"""Authorities: which supervisory authority a controller's letters name (Art 77 GDPR)."""

from functools import cache
from pathlib import Path

import yaml

TABLE = Path(__file__).with_name("authorities.yaml")


def authority_for(country: str, subdivision: str | None = None) -> tuple[str, str]:
    """Name and https address of the authority for a controller in `country` (ISO 3166-1, such as `DE`).

    `subdivision` (`BY` or `DE-BY`) picks a regional authority where the table has one. Raises LookupError for a country it lacks.
    """
    codes = (f"{country}-{(subdivision or '').rpartition('-')[2]}", country)
    found = next((authority for code in codes if (authority := _table().get(code))), None)
    if found is None:
        raise LookupError(f"No supervisory authority is known for {country}; name it as organisation.authority.")
    return found


@cache
def _table() -> dict[str, tuple[str, str]]:
    rows: dict[str, list[str]] = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    return {code: (name, url) for code, (name, url) in rows.items()}
