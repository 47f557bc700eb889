"""What the server's filter says costs the automatic answer; the mail is taken in like any other."""

from datetime import UTC, datetime

import pytest

from bot.parsing import parse_email
from bot.screening import Decision, Policy, Verdict, screen

POLICY = Policy(frozenset({"privacy@acme.example"}), "acme.example")


def verdict(headers: str) -> Verdict:
    raw = f"From: Jana <jana@example.org>\nTo: privacy@acme.example\nSubject: My data\n{headers}\n\nErase my data.\n"
    return screen(parse_email(raw.encode(), datetime(2026, 11, 3, 12, tzinfo=UTC)), POLICY)


@pytest.mark.parametrize(
    "headers",
    [
        "X-Spam-Flag: YES",
        "X-Spam-Status: Yes, score=8.1 required=5.0 tests=BAYES_99",
        "X-Spam-Status: No, score=8.1 required=5.0",
        "X-Spam-Level: *********",
        "X-MS-Exchange-Organization-SCL: 6",
        "X-Forefront-Antispam-Report: CIP:192.0.2.1;CTRY:DE;LANG:en;SCL:5;SRV:;SFV:SPM;",
        "X-SES-Spam-Verdict: FAIL",
        "X-Rspamd-Action: add header",
        "X-Spamd-Result: default: False [16.20 / 15.00];",
    ],
)
def test_a_letter_called_spam_is_accepted_and_not_answered(headers: str) -> None:
    found = verdict(headers)
    assert (found.decision, found.acknowledge, found.rule, found.kind) == (Decision.ACCEPT, False, "spam_score", "person")


@pytest.mark.parametrize(
    "headers",
    [
        "X-Spam-Flag: NO",
        "X-Spam-Status: No, score=-0.1 required=5.0",
        "X-Spam-Status: No, score=4.9 required=5.0\nX-Spam-Level: ****",
        "X-MS-Exchange-Organization-SCL: -1",
        "X-Forefront-Antispam-Report: CIP:192.0.2.1;SCL:1;SFV:NSPM;",
        "X-SES-Spam-Verdict: PASS",
        "X-Rspamd-Action: no action",
        "X-Spamd-Result: default: False [-1.20 / 15.00];",
    ],
)
def test_a_letter_below_the_threshold_is_answered(headers: str) -> None:
    assert verdict(headers).rule == "person"
