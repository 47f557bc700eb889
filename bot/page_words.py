"""Page words: dates and names as the English pages for managers and authorities write them, whatever the locale of the process."""

from datetime import date

from bot.digest_words import words_of


def day(value: date) -> str:
    """`23 November 2026`."""
    return words_of("en").day(value)


def short_day(value: date) -> str:
    """`23 Nov 2026`."""
    return words_of("en").short_day(value)


def intent_name(intent: str) -> str:
    """`automated_decision` -> `Automated decision`."""
    return words_of("en").intent(intent)


def regime_name(regime: str) -> str:
    """`eu_gdpr` -> `EU GDPR`."""
    return words_of("en").regime(regime)


def language_name(code: str) -> str:
    """`de` -> `German`; a code nobody knows stays as it is."""
    return words_of("en").tongue(code)
