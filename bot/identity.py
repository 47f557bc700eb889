"""Identity: what an answer to the question who wrote proves, by rules of mail alone; what follows from it a person decides."""

from dataclasses import dataclass, field
from enum import StrEnum

from bot.trust import is_fail, is_pass, method_of

METHOD = "dmarc"


class Proof(StrEnum):
    """What an answer shows. Only `control` proves anything: that its writer can send and read mail at the address that was asked."""

    CONTROL = "control"
    FORGED = "forged"
    NO_DMARC = "no_dmarc"
    OTHER_ADDRESS = "other_address"
    OTHER_LETTER = "other_letter"


@dataclass(frozen=True, slots=True)
class Question:
    """The open question. Addresses and Message-IDs are keyed hashes; `letters`: every id by which its letter goes."""

    address: str | None = field(repr=False)
    letters: frozenset[str] = field(default=frozenset(), repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """A message that came while the question was open; `names`: the ids it answers, `authentication` as stored (`pass:dmarc`)."""

    address: str | None = field(repr=False)
    names: frozenset[str] = field(repr=False)
    authentication: str | None


def proof(question: Question | None, answer: Answer) -> Proof | None:
    """What the answer proves of the question; None where no question is open, or the message has nothing to do with it.

    A pass by SPF or DKIM alone is no DMARC pass: the domain's owner has not said that From can be relied on (RFC 7489 section 3).
    It must name our letter, which only its reader has: an old mail with a good signature can be sent a second time (RFC 6376 8.6).
    """
    if question is None:
        return None
    named = bool(question.letters & answer.names)
    if answer.address is None or answer.address != question.address:
        return Proof.OTHER_ADDRESS if named else None
    if is_fail(answer.authentication):
        return Proof.FORGED
    if not named:
        return Proof.OTHER_LETTER
    passed = is_pass(answer.authentication) and method_of(answer.authentication) == METHOD
    return Proof.CONTROL if passed else Proof.NO_DMARC
