"""Weekly: when which week's digest is due, and its notices, once per week and reader whatever happens."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.desk import Refused
from bot.digest import Digest
from bot.digest_figures import HANDLER_NAME, gather, midnight
from bot.digest_slack import blocks
from bot.digest_words import words_of
from bot.edition import Edition
from bot.notation import DAYS
from bot.notices import queue_staff_letter
from bot.office import Office
from bot.queueing import queue
from bot.weeks import Week
from models import Carrier, Message, Notice

__all__ = ["HANDLER_NAME", "due_digest", "last_due_week", "queue_edition", "told_of"]

_MOST_MISSED = 53


def due_digest(session: Session, office: Office, now: datetime) -> Digest | None:
    """The figures of the last whole week when its day and hour have come and it was not told of; after a downtime only the latest."""
    week = last_due_week(office, now)
    if not list(_keys(office, str(week))) or told_of(session, office, str(week)):
        return None  # asked every quarter of an hour, gathered once a week
    first = session.scalar(select(Message.received_at).order_by(Message.received_at).limit(1))
    zone = office.config.organisation.time_zone
    if first is None or first >= midnight(week.next(), zone):
        return None  # the weeks before the bot's first message are nobody's business
    digest = gather(session, office, week, now)
    return replace(digest, missed=_missed(session, week))


def last_due_week(office: Office, now: datetime) -> Week:
    """The week whose digest is due: the one before the week in which day and hour last came round."""
    zone, rules = office.config.organisation.time_zone, office.config.digest
    local = now.astimezone(zone)
    this_week = Week.of(local.date())
    day = this_week.first + timedelta(days=DAYS.index(rules.day))
    moment = datetime.combine(day, rules.at, zone)
    return this_week.previous() if local >= moment else this_week.previous().previous()


def told_of(session: Session, office: Office, name: str) -> list[Notice]:
    """The notices of this digest where everybody in the config has one; empty where somebody has none."""
    keys = list(_keys(office, name))
    found = list(session.scalars(select(Notice).where(Notice.key.in_(keys)).order_by(Notice.id)))
    return found if len(found) == len(keys) else []


def name_of(digest: Digest) -> str:
    """By what its notices are known: the week; while that runs, the day as well, so that the whole week's digest still comes."""
    return f"{digest.week}:{digest.today}" if digest.is_so_far else str(digest.week)


def queue_edition(session: Session, office: Office, edition: Edition, now: datetime) -> int:
    """Queue one digest to everyone in the config; notices with these keys exist once. Returns how many were new."""
    name, rules, queued = name_of(edition.digest), office.config.digest, 0
    for number, recipient in enumerate(rules.recipients):
        letter, inline = edition.letter(rules.languages_of(recipient))
        key = f"digest:{name}:{number}"
        queued += queue_staff_letter(session, office, key, "digest", letter, recipient.address, now, inline=inline)
    if office.config.slack is not None and rules.slack:
        queued += _queue_in_slack(session, f"digest:{name}:slack", office.config.slack.desk_channel, edition, now)
    return queued


def as_blocks(session: Session, office: Office, name: str, now: datetime) -> tuple[str, list[dict[str, Any]]]:
    """A week's digest for Slack; of the last full week without a `name`. Raises Refused for a week that is none or has not begun."""
    this_week = Week.of(now.astimezone(office.config.organisation.time_zone).date())
    try:
        digest = gather(session, office, Week.parse(name.upper()) if name else this_week.previous(), now)
    except ValueError as error:
        words = str(error)
        raise Refused(f"{words[:1].upper()}{words[1:]}.") from None
    return blocks(digest, words_of(office.config.digest.languages[0]))


def _queue_in_slack(session: Session, key: str, channel: str, edition: Edition, now: datetime) -> int:
    """The message, and after it in its lane the picture for its thread."""
    text, drawn = edition.message()
    queued = int(queue(session, Notice.queue(key, Carrier.SLACK, "blocks", {"channel": channel, "text": text, "blocks": drawn}, now)))
    if (file := edition.file()) is not None:
        payload = {"channel": channel, "anchor": key, "anchor_kind": "blocks", "file": dict(file)}
        queued += queue(session, Notice.queue(f"{key}:chart", Carrier.SLACK, "chart", payload, now, lane=key))
    return queued


def _keys(office: Office, name: str) -> Iterator[str]:
    rules = office.config.digest
    yield from (f"digest:{name}:{number}" for number in range(len(rules.recipients)))
    if office.has_slack and rules.slack:
        yield f"digest:{name}:slack"


def _missed(session: Session, week: Week) -> tuple[Week, ...]:
    """The weeks between the last that was told of and this one; a year of them at the most."""
    keys = session.scalars(select(Notice.key).where(Notice.key.startswith("digest:")))
    parts = [key.split(":") for key in keys]
    told = {Week.parse(name) for _, name, *rest in parts if rest and rest[0].isalnum()}  # a day: of a week that still ran
    earlier = [other for other in told if other < week]
    if not earlier:
        return ()
    between, other = list[Week](), max(earlier).next()
    while other < week:
        between.append(other)
        other = other.next()
    return tuple(between[-_MOST_MISSED:])
