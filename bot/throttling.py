"""Throttling: what a mail server's refusal says about when to come again; obeyed, or the next refusal lasts longer."""

import re

LONGEST_SECONDS = 15 * 60.0
_SUGGESTED = re.compile(r"backoff time:?\s*(\d{1,9})\s*milliseconds", re.IGNORECASE)  # Exchange Online
_WISHES = (  # RFC 5530's codes, then what the big providers say without one
    (re.compile(r"authenticated but not connected", re.IGNORECASE), 300.0),  # Exchange: too many logins of late
    (re.compile(r"command or bandwidth limit", re.IGNORECASE), LONGEST_SECONDS),  # Gmail: lasts hours
    (re.compile(r"\[(?:THROTTLED|LIMIT)\]|throttled|too many (?:simultaneous )?(?:connections|logins)", re.IGNORECASE), 120.0),
    (re.compile(r"maximum number of connections|rate limit|server (?:is )?(?:too )?busy", re.IGNORECASE), 120.0),
    (re.compile(r"\[(?:UNAVAILABLE|INUSE)\]|temporarily unavailable", re.IGNORECASE), 60.0),
)


def wish(words: str) -> float:
    """How many seconds the server wants to be left alone, at most a quarter of an hour; 0 where it says nothing of the kind."""
    if found := _SUGGESTED.search(words):
        return min(LONGEST_SECONDS, max(1.0, int(found[1]) / 1000))
    return next((seconds for pattern, seconds in _WISHES if pattern.search(words)), 0.0)
