"""What the mail server's filter thought of a mail. It costs the automatic answer and nothing else.

The fields are believed as they stand: whoever forges one only keeps the acknowledgement from their own letter, which is taken in all the
same, for requests from free mail providers score high. A good score, forged, wins nothing either: without one a letter is a person's.
"""

import re

from bot.inquiry import Inquiry
from bot.robots import signs

CERTAIN_LEVEL = 8  # stars in X-Spam-Level, where no threshold is named; SpamAssassin's own is 5
JUNK_LEVEL = 5  # Exchange's spam confidence level, -1 to 9: from 5 on it files the mail as junk

_NUMBER = r"(-?\d{1,4}(?:\.\d{1,4})?)"
_SCORE = re.compile(rf"(?:score|hits|tests)={_NUMBER}[\s,;]{{1,3}}(?:required|req|tagged_above|threshold)[=\s]{{1,3}}{_NUMBER}")
_RSPAMD = re.compile(rf"\[{_NUMBER} / {_NUMBER}\]")
_LEVEL = re.compile(r"(?:^|;|\s)scl:\s?(-?\d)\b")
_FLAGS = ("x-spam-flag", "x-spam", "x-spam-status", "x-barracuda-spam-flag", "x-barracuda-spam-status", "x-spam-verdict", "x-spam-tag")


def has_spam_score(inquiry: Inquiry) -> bool:
    """A filter of the receiving side calls it spam, by flag, by a score above its own threshold, or by its verdict."""
    said = signs.values(inquiry, *_FLAGS)
    flagged = any(re.match(r"(?:yes|true|spam|1)\b", value) for value in said)
    return flagged or _is_above_threshold(inquiry) or _is_verdict(inquiry) or _exchange_level(inquiry) >= JUNK_LEVEL


def _is_above_threshold(inquiry: Inquiry) -> bool:
    scored = [_SCORE.search(value[:300]) for value in signs.values(inquiry, "x-spam-status", "x-spam-score", "x-barracuda-spam-status")]
    scored += [_RSPAMD.search(value[:300]) for value in signs.values(inquiry, "x-spamd-result")]
    if any(match and float(match[1]) >= float(match[2]) > 0 for match in scored):
        return True
    stars = max((len(value) - len(value.lstrip("*+")) for value in signs.values(inquiry, "x-spam-level", "x-spamd-bar")), default=0)
    return stars >= CERTAIN_LEVEL and not signs.has(inquiry, "x-spam-status", "x-spamd-result")


def _is_verdict(inquiry: Inquiry) -> bool:
    """Amazon SES, rspamd, Proofpoint, Exchange Online."""
    return (
        "fail" in signs.values(inquiry, "x-ses-spam-verdict")
        or bool({"reject", "add header", "rewrite subject"} & set(signs.values(inquiry, "x-rspamd-action")))
        or any("rule=spam" in value for value in signs.values(inquiry, "x-proofpoint-spam-details"))
        or any("sfv:spm" in value or "sfv:skb" in value for value in signs.values(inquiry, "x-forefront-antispam-report"))
    )


def _exchange_level(inquiry: Inquiry) -> int:
    own = [re.match(r"-?\d\b", value) for value in signs.values(inquiry, "x-ms-exchange-organization-scl")]
    report = [_LEVEL.search(value[:2_000]) for value in signs.values(inquiry, "x-forefront-antispam-report", "x-microsoft-antispam")]
    return max([int(match[0]) for match in own if match] + [int(match[1]) for match in report if match], default=-1)
