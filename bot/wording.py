"""Wording: every letter to a requester, in the requester's language, from one Jinja template per letter and language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from babel.dates import format_date
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined, select_autoescape

from bot.layout import Block, blocks_of, html_page, one_line, plain_text, staff_text, subject_and_body
from bot.letter_law import EU, Grounds, grounds
from intents.catalog import Family, Intent

FOLDER = Path(__file__).with_name("letters")
LETTERS = (
    "acknowledgement", "california", "follow_up", "extension", "identity_asked", "clarification_asked", "closing", "unsubscribed", "reply",
)  # fmt: skip
STARTS = ("blank", "more_time", "attached", "sealed", "done", "questions")
"""The beginnings a colleague can choose for a letter of their own; `sealed`: what was asked for, as an encrypted file."""
OUTCOMES = ("fulfilled", "partly", "refused", "no_data", "withdrawn", "duplicate", "not_a_request")
REFUSALS = frozenset(("partly", "refused"))
SEVERAL = "several"
FALLBACK = "en"
_SAME_LETTERS = {"nb": "no", "nn": "no"}  # Bokmål serves all Norwegian mail
_DATE_LOCALES = {"no": "nb", "en": "en_GB"}  # 22 November 2026, unless the organisation sits in the United States
_SHORT = frozenset((Family.AUTHORITY, Family.BREACH))  # passed on, not answered: these letters name no due date
_ANONYMOUS = frozenset((Intent.OPT_OUT_SALE, Intent.UNSUBSCRIBE, Intent.QUESTION))  # nobody is verified for these (11 CCR 7060(b))


@dataclass(frozen=True)
class Organisation:
    """The controller as its letters show it (Art 13(1)(a), (b) GDPR).

    `country` is ISO 3166-1, `language` ISO 639-1, `dpo` an e-mail address, `privacy_notice` a URL or empty. `signature` stands
    under the regards instead of the name, `extra` at the end of the small print; both may have several lines.
    """

    name: str
    postal_address: str
    country: str
    language: str
    dpo: str
    privacy_notice: str
    authority_name: str
    authority_url: str
    signature: str = ""
    extra: str = ""


@dataclass(frozen=True)
class Letter:
    """A letter ready to be sent: the subject is one line, `text` is text/plain, `html` a whole page saying the same."""

    subject: str
    text: str = field(repr=False)
    html: str = field(repr=False)
    language: str


@dataclass(frozen=True)
class _Draft:
    """A letter in one language, before it is laid out."""

    language: str
    subject: str
    blocks: Sequence[Block]


class Letters:
    """Writes the letters of one organisation. Templates in `folder` (`<language>/<letter>.j2`) go before ours and may add languages.

    Raises `jinja2.TemplateError` when a template of the organisation's own uses a name that does not exist.
    """

    def __init__(self, organisation: Organisation, folder: Path | None = None) -> None:
        self._organisation = organisation
        self._folders = [path for path in (folder, FOLDER) if path is not None]
        self._templates = templates_in(self._folders)
        self._languages = self._complete_languages()

    def languages(self) -> tuple[str, ...]:
        """The languages (ISO 639-1) in which every letter exists, in alphabetical order."""
        return self._languages

    def _complete_languages(self) -> tuple[str, ...]:
        found = {path.parent.name for folder in self._folders for path in folder.glob(f"*/{LETTERS[0]}.j2")}
        return tuple(sorted(language for language in found if all(self._exists(language, letter) for letter in LETTERS)))

    def acknowledgement(
        self, *, reference: str, received_on: date, intents: Sequence[Intent], due: date | None, language: str, regime: str = EU,
        extendable: bool = True, opt_out_due: date | None = None,
    ) -> Letter:  # fmt: skip
        """Confirms receipt and says what was understood. All dates are the controller's local days.

        Alike for everyone who writes, known or not: it neither confirms nor denies that data are held (Art 12(6) GDPR). Where a law of
        the United States applies, it also tells how the request is verified (11 CCR 7021(a)), with the English text below;
        `opt_out_due` is the last day for stopping sale and sharing. `extendable`: the law lets the period be extended.
        """
        asked = [intent for intent in Intent if intent in intents and intent is not Intent.OTHER]
        families = {intent.family for intent in asked}
        short = bool(families) and families <= _SHORT
        dates = {"received": received_on, "due": None if short else due, "opt_out_due": opt_out_due}
        facts = {"asked": asked, "families": sorted(families), "short": short, "extendable": extendable}
        if not regime.startswith("us_"):
            return self._write("acknowledgement", language, regime, reference, dates, facts)
        return self._write("california", language, regime, reference, dates, facts | {"identifiable": not _ANONYMOUS.issuperset(asked)})

    def follow_up(self, *, reference: str, received_on: date, due: date | None, language: str, regime: str = EU) -> Letter:
        """Confirms a further message on a matter that is open already. Both dates are the controller's local days."""
        return self._write("follow_up", language, regime, reference, {"received": received_on, "due": due}, {})

    def extension(
        self, *, reference: str, received_on: date, new_due: date, reasons: str, language: str, regime: str = EU
    ) -> Letter:
        """Tells the new last day, why it is needed (`reasons`: see `closing`), and where to complain. Both dates are local days.

        It must leave before the first period ends. Raises ValueError without reasons (Art 12(3) GDPR).
        """
        facts = {"reasons": _required(reasons, "reasons: an extension must give them (Art 12(3) GDPR)")}
        return self._write("extension", language, regime, reference, {"received": received_on, "due": new_due}, facts)

    def identity_asked(
        self, *, reference: str, received_on: date, question: str, language: str, known: bool = False, regime: str = EU
    ) -> Letter:
        """Asks for a sign that the message comes from the person it concerns; only on reasonable doubt (Art 12(6) GDPR).

        An answer from an address that may be known will do; so will one to `question`, a person's words, which may be blank.
        Alike for everyone, known or not, and no copy of identity papers is asked for. `known`: it goes to an address that the
        company knows, whose owner perhaps never wrote; then an answer from there is what it asks for.
        """
        facts = {"question": staff_text(question), "known": known}
        return self._write("identity_asked", language, regime, reference, {"received": received_on}, facts)

    def clarification_asked(self, *, reference: str, received_on: date, question: str, language: str, regime: str = EU) -> Letter:
        """Asks which information or use of data is meant; whoever does not answer is answered in full (Recital 63 GDPR).

        `question` is a person's words, in the requester's language. Raises ValueError where it is blank.
        """
        facts = {"question": _required(question, "question: a clarification must ask one (Recital 63 GDPR)")}
        return self._write("clarification_asked", language, regime, reference, {"received": received_on}, facts)

    def closing(
        self, *, reference: str, received_on: date, results: Sequence[tuple[Intent, str]], reasons: str, language: str, regime: str = EU
    ) -> Letter:
        """Ends the matter: what was asked, and each one's outcome. `received_on` is the controller's local day.

        `reasons` are a person's words, in the requester's language; paragraphs and `- ` lists are kept. Raises ValueError for an unknown
        outcome or none, and for a refusal without reasons (Art 12(4) GDPR).
        """
        if not results or not {outcome for _, outcome in results} <= set(OUTCOMES):
            raise ValueError(f"outcome: allowed are {', '.join(OUTCOMES)}")
        refusal = any(outcome in REFUSALS for _, outcome in results)
        said = _required(reasons, "reasons: a refusal must give them (Art 12(4) GDPR)") if refusal else staff_text(reasons)
        outcome, endings = _endings(results)
        facts = {"outcome": outcome, "endings": endings, "refusal": refusal, "reasons": said}
        return self._write("closing", language, regime, reference, {"received": received_on}, facts)

    def unsubscribed(self, reference: str, received_on: date, language: str, done: bool) -> Letter:
        """Confirms in one line that no more advertising comes (`done`), or that this is noted and takes effect soon.

        True for every address, on a list or not, so that it tells nothing (Art 21(3) GDPR). `received_on` is the controller's local day.
        """
        return self._write("unsubscribed", language, EU, reference, {"received": received_on}, {"done": done})

    def reply(self, *, reference: str, text: str, language: str, regime: str = EU) -> Letter:
        """A letter in a colleague's own words, salutation and regards included; only the small print is ours.

        Raises ValueError where `text` is blank.
        """
        facts = {"start": "", "text": _required(text, "text: there is nothing in it")}
        return self._write("reply", self.language_for(language), regime, reference, {}, facts)

    def reply_start(self, start: str, language: str) -> str:
        """The text of a letter as a colleague finds it before writing: salutation, a sentence (one of STARTS), regards."""
        language = self.language_for(language)
        template = self._templates.get_template(f"{language}/reply.j2")
        return str(template.render(language=language, start=start, **self._imprint())).strip()

    def language_for(self, language: str) -> str:
        """The language in which a person would write to somebody who writes in `language`: one of `languages`."""
        return self._choose(language, english_below=False)[0]

    def _write(
        self, letter: str, language: str, regime: str, reference: str, dates: Mapping[str, date | None], facts: Mapping[str, object]
    ) -> Letter:
        drafts = [
            self._draft(letter, one, self._grounds(regime, one), reference, dates, facts)
            for one in self._choose(language, english_below=letter == "california")
        ]
        subject = " / ".join(draft.subject for draft in drafts)
        parts = [(draft.language, draft.blocks) for draft in drafts]
        links = self._links(self._grounds(regime, drafts[0].language))
        return Letter(
            subject=one_line(f"{subject} [{reference}]"),
            text=plain_text(parts),
            html=html_page(self._templates.get_template("page.html"), subject, parts, links),
            language=drafts[0].language,
        )

    def _draft(
        self, letter: str, language: str, law: Grounds, reference: str, dates: Mapping[str, date | None], facts: Mapping[str, object]
    ) -> _Draft:
        american = law.american or self._organisation.country == "US"
        written = {name: written_date(day, language, american=american) if day else "" for name, day in dates.items()}
        template = self._templates.get_template(f"{language}/{letter}.j2")
        imprint = self._imprint() | _of_law(law)
        subject, body = subject_and_body(template.render(language=language, reference=one_line(reference), **written, **facts, **imprint))
        return _Draft(language, subject, blocks_of(body))

    def _grounds(self, regime: str, language: str) -> Grounds:
        organisation = self._organisation
        return grounds(regime, organisation.country, (organisation.authority_name, organisation.authority_url), language)

    def _choose(self, language: str, *, english_below: bool) -> list[str]:
        """The requester's language; where that is unknown, the organisation's and English below it."""
        theirs = self._supported(language)
        first = theirs or self._supported(self._organisation.language) or FALLBACK
        alone = first == FALLBACK or (theirs is not None and not english_below)
        return [first] if alone else [first, FALLBACK]

    def _supported(self, language: str) -> str | None:
        short = language.lower().replace("_", "-").partition("-")[0]
        short = _SAME_LETTERS.get(short, short)
        return short if short in self._languages else None

    def _exists(self, language: str, letter: str) -> bool:
        return any((folder / language / f"{letter}.j2").is_file() for folder in self._folders)

    def _imprint(self) -> dict[str, str]:
        """What the foot of every letter says of the organisation."""
        organisation = self._organisation
        return {
            "organisation": one_line(organisation.name),
            "imprint": ", ".join(one_line(line) for line in (organisation.name, *organisation.postal_address.splitlines()) if line.strip()),
            "dpo": one_line(organisation.dpo),
            "privacy_notice": one_line(organisation.privacy_notice),
            "signature": staff_text(organisation.signature),
            "extra": staff_text(organisation.extra),
        }

    def _links(self, law: Grounds) -> frozenset[str]:
        """The only places a letter may link to."""
        organisation = self._organisation
        return frozenset(one_line(place) for place in (organisation.privacy_notice, organisation.dpo, law.authority_url)) - {""}


def templates_in(folders: Sequence[Path]) -> Environment:
    """The templates of these folders, the first one before the others.

    They are plain text and escaped once, when page.html (the only template with autoescape) lays them out.
    """
    return Environment(
        loader=ChoiceLoader([FileSystemLoader(path) for path in folders]), autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip


def written_date(day: date, language: str, *, american: bool = False) -> str:
    """The day as `language` (ISO 639-1) writes it in full; English has two ways."""
    return format_date(day, "long", locale="en_US" if american and language == "en" else _DATE_LOCALES.get(language, language))


def _of_law(law: Grounds) -> dict[str, object]:
    """What the letter says of authorities, appeals and courts."""
    return {"law": law.law, "authority": one_line(law.authority), "authority_url": one_line(law.authority_url), "appeal": law.appeal}


def _endings(results: Sequence[tuple[Intent, str]]) -> tuple[str, list[tuple[str, list[Intent]]]]:
    """How it ended in a word (`several` where that differs), and what was asked by how it ended, each in the order of the tables.

    One thing asked needs no list, and what has no name of its own ("other") stands in none.
    """
    named = [result for result in results if result[0] is not Intent.OTHER] or list(results)
    of = {outcome: {intent for intent, its in named if its == outcome} for outcome in OUTCOMES}
    endings = [(outcome, [intent for intent in Intent if intent in intents]) for outcome, intents in of.items() if intents]
    whole = endings[0][0] if len(endings) == 1 else SEVERAL
    return whole, endings if len({intent for intent, _ in named}) > 1 or whole == SEVERAL else []


def _required(words: str, otherwise: str) -> str:
    """What a person wrote, made harmless. Raises ValueError(`otherwise`) where nothing of it would show."""
    if not (said := staff_text(words)).strip():
        raise ValueError(otherwise)
    return said
