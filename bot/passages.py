"""Passages: pieces of the company's own texts that a colleague may put into a letter."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of text to be offered: what it is about, the words themselves, and where they come from."""

    heading: str
    text: str
    source: str
