"""The intents: what a message to the privacy mailbox can ask for, and the family each belongs to."""

from enum import StrEnum


class Family(StrEnum):
    """How people group the intents: a family shares its urgency and its kind of letter."""

    RIGHTS = "rights"
    UNSUBSCRIBE = "unsubscribe"
    COMPLAINT = "complaint"
    QUESTION = "question"
    AUTHORITY = "authority"
    BREACH = "breach"
    OTHER = "other"


class Intent(StrEnum):
    """One thing a message asks for. Articles are of the GDPR (Regulation (EU) 2016/679)."""

    ACCESS = "access"  # Art 15; CCPA right to know
    RECTIFICATION = "rectification"  # Art 16; CCPA right to correct
    ERASURE = "erasure"  # Art 17; CCPA right to delete
    RESTRICTION = "restriction"  # Art 18
    PORTABILITY = "portability"  # Art 20
    OBJECTION = "objection"  # Art 21(1)
    AUTOMATED_DECISION = "automated_decision"  # Art 22
    WITHDRAW_CONSENT = "withdraw_consent"  # Art 7(3)
    OPT_OUT_SALE = "opt_out_sale"  # Cal. Civ. Code 1798.120, .121
    UNSUBSCRIBE = "unsubscribe"  # Art 21(2)
    COMPLAINT = "complaint"
    QUESTION = "question"
    AUTHORITY = "authority"
    BREACH_REPORT = "breach_report"
    OTHER = "other"

    @property
    def family(self) -> Family:
        """The family this intent belongs to."""
        return _FAMILIES.get(self, Family.RIGHTS)

    @property
    def is_right(self) -> bool:
        """True for the nine rights of a data subject (access .. opt-out of sale)."""
        return self.family is Family.RIGHTS


_FAMILIES = {
    Intent.UNSUBSCRIBE: Family.UNSUBSCRIBE,
    Intent.COMPLAINT: Family.COMPLAINT,
    Intent.QUESTION: Family.QUESTION,
    Intent.AUTHORITY: Family.AUTHORITY,
    Intent.BREACH_REPORT: Family.BREACH,
    Intent.OTHER: Family.OTHER,
}

INTENTS = tuple(Intent)  # in the order of every row of scores
