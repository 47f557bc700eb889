"""Letter rules: what each letter must show and must never say, the same for ours and for an organisation's own."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import yaml

from bot.letter_law import grounds
from bot.letter_samples import DUE, RECEIVED, REFERENCE, STOP, WORDS, Sample
from bot.wording import FALLBACK, Letter, Organisation, written_date

NEVER = Path(__file__).with_name("letters") / "never.yaml"
_TAGS = frozenset((
    "html", "head", "meta", "title", "body", "table", "tr", "td", "div", "section", "p", "br", "hr", "dl", "dt", "dd", "ul", "li", "a",
))  # fmt: skip
_ATTRIBUTES = frozenset((
    "lang", "dir", "style", "charset", "name", "content", "href", "role", "width", "cellpadding", "cellspacing", "border", "align",
))  # fmt: skip
_LOADS = re.compile(r"url\(|@import|expression\(", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, in words fit to follow `FILE, line N: `; `needle` is the piece of the letter it is about, where there is one."""

    words: str
    needle: str = ""


def faults(letter: Letter, sample: Sample, organisation: Organisation) -> Iterator[Fault]:
    """What breaks a rule in this letter."""
    yield from _missing(letter, sample, organisation)
    if sample.letter != "closing":  # there it is known who wrote, and a person has decided
        yield from _said(letter)
    yield from page_faults(letter.html, _links(sample, organisation, letter.language))


def _missing(letter: Letter, sample: Sample, organisation: Organisation) -> Iterator[Fault]:
    law = grounds(sample.regime, organisation.country, (organisation.authority_name, organisation.authority_url), letter.language)
    american = law.american or organisation.country == "US"
    days = {"received": RECEIVED, "due": DUE, "opt_out_due": STOP}
    if REFERENCE not in letter.text:
        yield Fault("shows no reference; write {{ reference }}")
    for name, day in days.items():
        if name in sample.needs and written_date(day, letter.language, american=american) not in letter.text:
            yield Fault(f"does not show the date {name}; write {{{{ {name} }}}}")
    if "words" in sample.needs and WORDS not in letter.text:
        name = "text" if sample.letter == "reply" else "question" if sample.letter.endswith("_asked") else "reasons"
        yield Fault(f"does not show what a colleague wrote; write {{{{ {name} }}}}")
    if "authority" in sample.needs and not (law.authority in letter.text and law.authority_url in letter.text):
        yield Fault("names no supervisory authority; write {{ authority }} <{{ authority_url }}>")


def _said(letter: Letter) -> Iterator[Fault]:
    for language in dict.fromkeys((letter.language, FALLBACK)):  # English may stand below
        never = _never().get(language, {})
        for pattern, why in ((never.get("held"), "would confirm that data are held"), (never.get("promises"), "would promise an outcome")):
            if pattern and (found := re.search(pattern, letter.text, re.IGNORECASE)):
                yield Fault(f"says “{found[0]}”, which {why}; whoever writes, known or not, must get the same letter", found[0])


class _Page(HTMLParser):
    """What a mail program would make of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: dict[str, dict[str, str]] = {}
        self.links: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.tags.setdefault(tag, values)
        self.attributes |= values.keys()
        self.links |= {values[name] for name in ("href", "src", "action", "background") if name in values}


def page_faults(html: str, links: frozenset[str]) -> Iterator[Fault]:
    """What a mail program would break, load or track: anything but plain mark-up with inline styles, and links to `links` only."""
    page = _Page(html)
    if strange := sorted(page.tags.keys() - _TAGS):
        yield Fault(f"the page holds <{strange[0]}>, which mail programs drop or load; allowed are {', '.join(sorted(_TAGS))}")
    if strange := sorted(page.attributes - _ATTRIBUTES):
        yield Fault(f"the page holds the attribute {strange[0]}; allowed are {', '.join(sorted(_ATTRIBUTES))}")
    if _LOADS.search(html):
        yield Fault("the page loads something from elsewhere; a letter may not")
    if strange := sorted(page.links - links):
        yield Fault(f"the page leads to {strange[0]}; a letter links to the addresses of config.yaml and to the authority only")
    if not {"lang", "dir"} <= page.tags.get("html", {}).keys() or "title" not in page.tags:
        yield Fault("the page lacks a title, or lang and dir at <html>, without which screen readers read it in the wrong language")


def _links(sample: Sample, organisation: Organisation, language: str) -> frozenset[str]:
    law = grounds(sample.regime, organisation.country, (organisation.authority_name, organisation.authority_url), language)
    return frozenset((organisation.privacy_notice, law.authority_url, f"mailto:{organisation.dpo}")) - {""}


@cache
def _never() -> dict[str, dict[str, str]]:
    table: dict[str, dict[str, str]] = yaml.safe_load(NEVER.read_text("utf-8"))
    return table
