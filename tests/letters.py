"""What the tests of letters share: an invented organisation, short ways to have it write, and a reader of pages."""

from collections.abc import Sequence
from datetime import date
from html.parser import HTMLParser

from bot.letter_law import EU
from bot.wording import Letter, Letters, Organisation
from intents.catalog import Intent

REFERENCE = "PRV-2026-00042"
RECEIVED, DUE = date(2026, 11, 1), date(2026, 12, 22)
LIST_AND_RIGHTS = [Intent.ACCESS, Intent.ERASURE, Intent.UNSUBSCRIBE]
ORGANISATION = Organisation(
    name="Limetree & Sons <Ltd>",
    postal_address='1 "Linden" Lane\nExampleton',
    country="DE",
    language="de",
    dpo="dpo@limetree.example",
    privacy_notice="https://limetree.example/privacy?a=1&b=2",
    authority_name="O'Authority & Co",
    authority_url="https://authority.example/",
)
LETTERS = Letters(ORGANISATION)


def acknowledge(intents: Sequence[Intent], language: str, letters: Letters = LETTERS, due: date | None = DUE) -> Letter:
    return letters.acknowledgement(reference=REFERENCE, received_on=RECEIVED, intents=intents, due=due, language=language)


def close(outcome: str, language: str, reasons: str = "Because of § 1.", letters: Letters = LETTERS) -> Letter:
    return close_all([(Intent.ACCESS, outcome)], language, reasons, letters)


def close_all(
    results: Sequence[tuple[Intent, str]], language: str, reasons: str = "Because of § 1.", letters: Letters = LETTERS, regime: str = EU
) -> Letter:
    return letters.closing(
        reference=REFERENCE, received_on=RECEIVED, results=results, reasons=reasons, language=language, regime=regime
    )


def follow_up(language: str, due: date | None = DUE) -> Letter:
    return LETTERS.follow_up(reference=REFERENCE, received_on=RECEIVED, due=due, language=language)


def extend(language: str, reasons: str = "Because of § 1.") -> Letter:
    return LETTERS.extension(reference=REFERENCE, received_on=RECEIVED, new_due=DUE, reasons=reasons, language=language)


def ask_identity(language: str, question: str = "Of § 1?", *, known: bool = False) -> Letter:
    return LETTERS.identity_asked(reference=REFERENCE, received_on=RECEIVED, question=question, language=language, known=known)


def reply(language: str, start: str = "blank") -> Letter:
    return LETTERS.reply(reference=REFERENCE, text=LETTERS.reply_start(start, language), language=language)


def ask_clarification(language: str, question: str = "Of § 1?") -> Letter:
    return LETTERS.clarification_asked(reference=REFERENCE, received_on=RECEIVED, question=question, language=language)


def links() -> set[str]:
    return {ORGANISATION.privacy_notice, ORGANISATION.authority_url, f"mailto:{ORGANISATION.dpo}"}


class Page(HTMLParser):
    """What a reader's program sees of a page: its tags, its links and attributes, its text."""

    VOID = frozenset(("meta", "br", "hr"))

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: set[str] = set()
        self.languages: list[str] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)
        self.links.update(value or "" for name, value in attrs if name in ("href", "src", "action", "background"))
        self.languages += [value or "" for name, value in attrs if name == "lang"]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "title" not in self.open:
            self.words += data.split()
