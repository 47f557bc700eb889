"""Webhook watch: tells the desk once when a receiver has been out for an hour, and once more when it takes events again."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.office import Office
from bot.unsubscribing import PATIENCE, confirm_to_waiting, event_refused
from bot.watchdog import Look
from models import Carrier, Notice, NoticeState

_UNSETTLED = (NoticeState.QUEUED, NoticeState.CLAIMED)
_BATCH = 500


def watch_webhooks(session: Session, office: Office, now: datetime) -> int:
    """One look at all receivers, and at events of those that config.yaml names no more. Returns how many notices were queued."""
    look = Look.at(session, office, now)
    _give_up_orphans(session, office, event_refused(office), now)
    return sum(_watch(look, name) for name in office.config.receivers) + confirm_to_waiting(session, office, now)


def _watch(look: Look, name: str) -> int:
    incident, beginning = f"webhook-{name}", f"webhook-{name}-since"
    troubled = Notice.carrier == Carrier.WEBHOOK, Notice.kind == name, Notice.state.in_(_UNSETTLED), Notice.error.is_not(None)
    error = look.session.scalar(select(Notice.error).where(*troubled).order_by(Notice.id).limit(1))
    if error is None:
        look.marks.put(beginning, None)
        return look.all_clear(incident, f"Webhook {name} takes events again; what waited was sent.")
    if (since := look.marks.at(beginning)) is None:
        look.marks.put(beginning, since := look.now)
    if look.now - since < PATIENCE:
        return 0
    words = f"Webhook {name} has taken no events since {look.clock(since)} ({error}). They wait and are tried again."
    return look.alarm(incident, since, words)


def _give_up_orphans(session: Session, office: Office, tell: Callable[[Session, Notice, datetime], None], now: datetime) -> None:
    """A webhook that was taken out of config.yaml, or renamed: nobody will ever come for its events."""
    waiting = select(Notice).where(Notice.carrier == Carrier.WEBHOOK, Notice.state == NoticeState.QUEUED)
    orphans = waiting.where(Notice.kind.not_in(list(office.config.receivers))).order_by(Notice.id).limit(_BATCH)
    for notice in session.scalars(orphans.with_for_update(skip_locked=True)).all():
        notice.fail("not in config.yaml", now)
        tell(session, notice, now)
