"""Letter samples: one of each letter and variant, for the preview, for the check of own templates and for the tests."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from bot.letter_law import EU
from bot.wording import OUTCOMES, Letter, Letters
from intents.catalog import Family, Intent

REFERENCE = "PRV-2026-00042"
RECEIVED, DUE, STOP = date(2026, 11, 23), date(2026, 12, 23), date(2026, 12, 15)
WORDS = "(Here stands what a colleague wrote.)"
_BASIC = ("eu_gdpr", "uk_gdpr", "ch_fadp", "us_tx_tdpsa", "br_lgpd")
_MIXED = [Intent.ACCESS, Intent.ERASURE, Intent.OBJECTION, Intent.PORTABILITY]
_COMBINATIONS: tuple[tuple[Intent, ...], ...] = (
    (Intent.ACCESS, Intent.ERASURE, Intent.UNSUBSCRIBE),
    (Intent.RECTIFICATION, Intent.RESTRICTION),
    (Intent.ACCESS, Intent.COMPLAINT, Intent.QUESTION),
    (Intent.OBJECTION, Intent.WITHDRAW_CONSENT, Intent.AUTOMATED_DECISION),
    (Intent.AUTHORITY, Intent.BREACH_REPORT),
    (Intent.BREACH_REPORT, Intent.ERASURE),
)


@dataclass(frozen=True)
class Sample:
    """A letter as it could go out. `variant` tells it from others of its kind; `needs` names the values that it must show."""

    letter: str
    variant: str
    intents: tuple[Intent, ...]
    needs: frozenset[str]
    write: Callable[[Letters, str], Letter]
    regime: str = EU

    @property
    def name(self) -> str:
        """A file name for it, without an ending."""
        return f"{self.letter}-{self.variant}" if self.variant else self.letter


def samples() -> Iterator[Sample]:
    """Every letter: over every intent and the usual combinations, every outcome, every kin of laws."""
    yield from (_acknowledged((intent,)) for intent in Intent)
    yield from (_acknowledged(intents) for intents in _COMBINATIONS)
    yield from (_acknowledged((intent,), due=None) for intent in (Intent.ACCESS, Intent.COMPLAINT))
    yield from (_acknowledged((Intent.ACCESS, Intent.COMPLAINT), regime) for regime in _BASIC[1:3])
    for regime in ("us_ca_ccpa", "us_tx_tdpsa"):
        for intents in ((Intent.ACCESS,), (Intent.OPT_OUT_SALE,), (Intent.ERASURE, Intent.OPT_OUT_SALE)):
            yield _acknowledged(intents, regime)
    yield from (_follow_up(due) for due in (DUE, None))
    for regime in _BASIC:
        yield _extension(regime)
    yield from (_asked("identity_asked", question) for question in (WORDS, ""))
    yield _asked("identity_asked", "", known=True)
    yield _asked("clarification_asked", WORDS)
    yield from (_closed([(Intent.ACCESS, outcome)]) for outcome in OUTCOMES)
    yield from (_closed(list(zip(_MIXED, ("fulfilled", "partly", "refused", "no_data"), strict=True)), regime) for regime in _BASIC)
    yield _closed([(Intent.ACCESS, "refused")], "us_ca_ccpa")
    yield from (_unsubscribed(done) for done in (True, False))
    yield Sample(
        "reply", "", (), frozenset(("words", "authority")),
        lambda letters, language: letters.reply(reference=REFERENCE, text=WORDS, language=language),
    )  # fmt: skip


def _acknowledged(intents: tuple[Intent, ...], regime: str = EU, due: date | None = DUE) -> Sample:
    american = regime.startswith("us_")
    stop = STOP if american and Intent.OPT_OUT_SALE in intents else None
    answer = None if stop and len(intents) == 1 else due
    passed_on = {intent.family for intent in intents} <= {Family.AUTHORITY, Family.BREACH}
    needs = {"received", *(["due"] if answer and not passed_on else []), *(["opt_out_due"] if stop else [])}
    if set(intents) != {Intent.AUTHORITY} and regime != "us_tx_tdpsa":
        needs.add("authority")
    variant = "-".join([*intents, *([regime] if regime != EU else []), *([] if due else ["undated"])])
    write = partial(_write_acknowledgement, intents=intents, due=answer, regime=regime, opt_out_due=stop)
    return Sample("california" if american else "acknowledgement", variant, intents, frozenset(needs), write, regime)


def _write_acknowledgement(
    letters: Letters, language: str, *, intents: Sequence[Intent], due: date | None, regime: str, opt_out_due: date | None
) -> Letter:
    return letters.acknowledgement(
        reference=REFERENCE, received_on=RECEIVED, intents=intents, due=due, language=language, regime=regime, opt_out_due=opt_out_due
    )


def _follow_up(due: date | None) -> Sample:
    needs = frozenset(("received", "authority", *(["due"] if due else [])))
    return Sample(
        "follow_up", "" if due else "undated", (), needs,
        lambda letters, language: letters.follow_up(reference=REFERENCE, received_on=RECEIVED, due=due, language=language),
    )  # fmt: skip


def _extension(regime: str) -> Sample:
    needs = frozenset(("received", "due", "words", *([] if regime == "us_tx_tdpsa" else ["authority"])))
    return Sample(
        "extension", "" if regime == EU else regime, (), needs,
        lambda letters, language: letters.extension(
            reference=REFERENCE, received_on=RECEIVED, new_due=DUE, reasons=WORDS, language=language, regime=regime
        ),
        regime,
    )  # fmt: skip


def _asked(letter: str, question: str, *, known: bool = False) -> Sample:
    needs = frozenset(("received", "authority", *(["words"] if question else [])))

    def write(letters: Letters, language: str) -> Letter:
        if letter == "clarification_asked":
            return letters.clarification_asked(reference=REFERENCE, received_on=RECEIVED, question=question, language=language)
        return letters.identity_asked(reference=REFERENCE, received_on=RECEIVED, question=question, language=language, known=known)

    return Sample(letter, "known" if known else "" if question else "unasked", (), needs, write)


def _closed(results: Sequence[tuple[Intent, str]], regime: str = EU) -> Sample:
    outcomes = {outcome for _, outcome in results}
    needs = frozenset(("received", "words", *([] if regime == "us_tx_tdpsa" else ["authority"])))
    variant = "-".join([outcomes.pop() if len(outcomes) == 1 else "several", *([regime] if regime != EU else [])])
    return Sample(
        "closing", variant, tuple(intent for intent, _ in results), needs,
        lambda letters, language: letters.closing(
            reference=REFERENCE, received_on=RECEIVED, results=results, reasons=WORDS, language=language, regime=regime
        ),
        regime,
    )  # fmt: skip


def _unsubscribed(done: bool) -> Sample:
    return Sample(
        "unsubscribed", "done" if done else "noted", (Intent.UNSUBSCRIBE,), frozenset(("received",)),
        lambda letters, language: letters.unsubscribed(REFERENCE, RECEIVED, language, done),
    )  # fmt: skip
