"""Figures: the numbers of /metrics and /healthz; no personal data in any of them."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.config import Config
from bot.register import figures as counts
from bot.watchdog import ages, fresh_for


def figures(
    session: Session, config: Config, last_poll: datetime | None, looks: Mapping[str, datetime], now: datetime
) -> Mapping[str, float]:
    """Counts, and ages in seconds. `last_poll`: of the mailbox that has waited longest, None before the first; `looks`: of each mailbox."""
    age = now - last_poll if last_poll else timedelta.max
    numbers = {**counts(session, now), **ages(session, now), "healthy": float(age < fresh_for(config))}
    if last_poll:  # what is remembered may be half a minute older
        numbers["seconds_since_poll"] = age.total_seconds()
    several = looks.items() if config.mailboxes else ()
    return {**numbers, **{f"seconds_since_poll_{name.replace('-', '_')}": (now - at).total_seconds() for name, at in several}}
