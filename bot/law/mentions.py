"""Mentions: which law a letter names, by the table of words in clocks.yaml; a proposal for a person to decide on."""

import re
from functools import cache

from bot.law.clock_table import table


def named_regime(text: str, default: str) -> str | None:
    """The first regime that the text names, other than `default`; None where it names none, or the default's own law besides."""
    return next((regime for regime, words in _patterns() if regime != default and words.search(text)), None)


def act_of(regime: str) -> str:
    """What people call this law."""
    known = table().regimes.get(regime)
    return known.act if known else regime


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    laws = table()
    words = {name: list(laws.mentions.get(name, ())) for name in laws.regimes}
    for name, regime in laws.regimes.items():
        if name.startswith("us_") and not regime.act.startswith("the "):
            words[name].append(regime.act)
    return tuple((name, _any_of(phrases)) for name, phrases in words.items() if phrases)


def _any_of(phrases: list[str]) -> re.Pattern[str]:
    """Abbreviations must stand as they are written: `ico` and `lpd` are words elsewhere. Names may be in any case."""
    exact = "|".join(re.escape(phrase) for phrase in phrases if phrase.isupper())
    loose = "|".join(re.escape(phrase) for phrase in phrases if not phrase.isupper())
    parts = [exact] if exact else []
    if loose:
        parts.append(f"(?i:{loose})")
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)")
