"""Throttling: the wishes of real servers are understood, bounded, and nothing else is taken for one."""

import pytest

from bot.throttling import LONGEST_SECONDS, wish


@pytest.mark.parametrize(
    ("words", "seconds"),
    [
        ("select failed: Request is throttled. Suggested Backoff Time: 299910 milliseconds", 299.91),
        ("Suggested Backoff Time: 86400000 milliseconds", LONGEST_SECONDS),
        ("Suggested Backoff Time: 0 milliseconds", 1.0),
        ("b'[THROTTLED] SEARCH Server error - Please try again later'", 120.0),
        ("[UNAVAILABLE] Temporary authentication failure", 60.0),
        ("[LIMIT] Too many messages", 120.0),
        ("[ALERT] Too many simultaneous connections. (Failure)", 120.0),
        ("Maximum number of connections from user+IP exceeded (mail_max_userip_connections=10)", 120.0),
        ("User is authenticated but not connected.", 300.0),
        ("[OVERQUOTA] Account exceeded command or bandwidth limits. (Failure)", LONGEST_SECONDS),
        ("[AUTHENTICATIONFAILED] Authentication failed.", 0.0),
        ("[OVERQUOTA] Quota exceeded (mailbox for user is full)", 0.0),
        ("[TRYCREATE] Mailbox doesn't exist: Privacy/Filed", 0.0),
        ("", 0.0),
    ],
)
def test_what_a_server_wants(words: str, seconds: float) -> None:
    assert wish(words) == seconds
