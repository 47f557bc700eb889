"""Outbox: claim, send, settle; retry what failed, and ask the other side about what a crash left claimed."""

import logging
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Protocol, cast

from sqlalchemy import CursorResult, exists, select, update
from sqlalchemy.orm import Session, aliased, sessionmaker

from bot.inquiry import Attachment
from models import Carrier, Message, MessageFile, Notice, NoticeState

log = logging.getLogger("privacybot.outbox")

_BATCH = 50
_FIRST_PAUSE = timedelta(seconds=5)
_LONGEST_PAUSE = timedelta(minutes=15)
_UNSETTLED = (NoticeState.QUEUED, NoticeState.CLAIMED)


@dataclass(frozen=True, slots=True)
class Parcel:
    """A claimed notice on its way: no longer a row, not yet a message."""

    id: int
    key: str
    kind: str
    payload: Mapping[str, Any] = field(repr=False)
    created_at: datetime
    anchor: str | None
    """The receipt of the notice this one edits or stands below, if it was sent."""
    attempts: int
    files: tuple[Attachment, ...] = field(default=(), repr=False)
    """What is enclosed, read from the database at each try."""


class TryAgain(Exception):
    """The other side could not take it now. `after`: its own wish; `down`: the whole carrier is out, not this one notice."""

    def __init__(self, code: str, after: timedelta | None = None, *, down: bool = False) -> None:
        super().__init__(code)
        self.code, self.after, self.down = code, after, down


class Undeliverable(Exception):
    """The other side refused it for good; the code tells why and holds no text from outside."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Courier(Protocol):
    """Takes parcels to one kind of reader."""

    def send(self, parcel: Parcel) -> str:
        """Deliver; the receipt is what the other side calls it. Raises TryAgain or Undeliverable."""

    def find(self, parcel: Parcel) -> str | None:
        """The receipt of a parcel that may have been delivered before a crash; None where that can't be known or it was not."""

    def rest(self) -> None:
        """Nothing more to send for now: connections may be closed."""


class Outbox:
    """Delivers notices in order within their lanes. Several processes may do so at once."""

    def __init__(
        self, sessions: sessionmaker[Session], couriers: Mapping[Carrier, Courier], worker: str,
        on_failed: Callable[[Session, Notice, datetime], None], lease: timedelta = timedelta(minutes=5),
        on_sent: Callable[[Session, Notice], None] = lambda *_: None, kind: str | None = None,
    ) -> None:  # fmt: skip
        """With `kind` only notices of that kind are looked at: a slow reader has an outbox, and a thread, of its own."""
        self._sessions, self._couriers, self._worker, self._on_failed, self._lease = sessions, couriers, worker, on_failed, lease
        self._on_sent, self._kind = on_sent, kind
        self._mine = (Notice.kind == kind,) if kind else ()
        self._down: dict[Carrier, datetime] = {}

    def deliver(self, clock: Callable[[], datetime]) -> int:
        """Send what is due. Returns how many were sent; `clock` tells the time, aware."""
        self._recover(clock)
        awake = [(carrier, courier) for carrier, courier in self._couriers.items() if self._is_awake(carrier, clock())]
        return sum(self._deliver_by(carrier, courier, clock) for carrier, courier in awake)

    def _is_awake(self, carrier: Carrier, now: datetime) -> bool:
        return self._down.get(carrier, now) <= now

    def _deliver_by(self, carrier: Carrier, courier: Courier, clock: Callable[[], datetime]) -> int:
        sent = 0
        try:
            while (numbers := self._due(carrier, clock())) and (done := self._run(carrier, courier, numbers, clock)):
                sent += done
                if not self._is_awake(carrier, clock()):
                    break
        finally:
            courier.rest()
        return sent

    def _run(self, carrier: Carrier, courier: Courier, numbers: list[int], clock: Callable[[], datetime]) -> int:
        """One batch, left off when the carrier turns out to be down. Returns how many were sent."""
        sent = 0
        for number in numbers:
            parcel = self._claim(number, clock())
            if parcel is None:
                continue
            try:
                receipt = _ask_and_send(courier, parcel)
            except TryAgain as trouble:
                again_at = self._retry(parcel, trouble, clock())
                if trouble.down:
                    self._say_down(carrier, trouble.code, again_at)
                    break
            except Undeliverable as refusal:
                self._fail(parcel, refusal.code, clock())
            else:
                self._settle(parcel, receipt, clock())
                self._say_up(carrier)
                sent += 1
        return sent

    def _due(self, carrier: Carrier, now: datetime) -> list[int]:
        earlier = aliased(Notice)
        waits = exists().where(earlier.lane == Notice.lane, earlier.id < Notice.id, earlier.state.in_(_UNSETTLED))
        due = select(Notice.id).where(
            Notice.state == NoticeState.QUEUED, Notice.due_at <= now, Notice.carrier == carrier, ~waits, *self._mine
        )  # fmt: skip
        with self._sessions.begin() as session:
            return list(session.scalars(due.order_by(Notice.id).limit(_BATCH)))

    def _claim(self, number: int, now: datetime) -> Parcel | None:
        """One guarded UPDATE: of several workers exactly one gets the notice."""
        guarded = (
            update(Notice)
            .where(Notice.id == number, Notice.state == NoticeState.QUEUED, Notice.due_at <= now)
            .values(state=NoticeState.CLAIMED, claimed_at=now, claimed_by=self._worker, attempts=Notice.attempts + 1)
        )
        with self._sessions.begin() as session:
            if cast(CursorResult[Any], session.execute(guarded)).rowcount != 1:
                return None
            notice = session.get_one(Notice, number)
            return replace(_parcel(session, notice), files=_enclosed(session, notice))

    def _settle(self, parcel: Parcel, receipt: str, now: datetime) -> None:
        """It was delivered: that stands, also where another worker took the notice for lost meanwhile."""
        with self._sessions.begin() as session:
            notice = session.get_one(Notice, parcel.id, with_for_update=True)
            notice.settle(receipt, now)
            self._on_sent(session, notice)

    def _retry(self, parcel: Parcel, trouble: TryAgain, now: datetime) -> datetime:
        after = pause(parcel.attempts) if trouble.after is None else trouble.after
        with self._sessions.begin() as session:
            if (notice := _still_ours(session, parcel)) is not None:
                notice.retry(trouble.code, now, after)
        return now + after

    def _fail(self, parcel: Parcel, code: str, now: datetime) -> None:
        log.error("%s was refused for good: %s", parcel.key, code)
        with self._sessions.begin() as session:
            if (notice := _still_ours(session, parcel)) is not None:
                notice.fail(code, now)
                self._on_failed(session, notice, now)

    def _recover(self, clock: Callable[[], datetime]) -> None:
        """A claim older than the lease is a crash between sending and settling: ask before sending again."""
        now = clock()
        awake = [carrier for carrier in self._couriers if self._is_awake(carrier, now)]
        stale = select(Notice).where(
            Notice.state == NoticeState.CLAIMED, Notice.claimed_at < now - self._lease, Notice.carrier.in_(awake), *self._mine
        ).order_by(Notice.id).limit(_BATCH)  # fmt: skip
        with self._sessions.begin() as session:
            parcels = [(Carrier(notice.carrier), _parcel(session, notice)) for notice in session.scalars(stale)]
        for carrier, parcel in parcels:
            if self._is_awake(carrier, clock()):
                self._ask(carrier, parcel, clock())

    def _ask(self, carrier: Carrier, parcel: Parcel, now: datetime) -> None:
        try:
            receipt = self._couriers[carrier].find(parcel)
        except TryAgain as trouble:  # still claimed: asked again when the carrier is there again
            if trouble.down:
                self._say_down(carrier, trouble.code, now + (trouble.after or pause(parcel.attempts)))
            return
        if receipt is not None:
            self._settle(parcel, receipt, now)
        else:
            self._retry(parcel, TryAgain("found claimed", timedelta()), now)

    def _say_down(self, carrier: Carrier, code: str, again_at: datetime) -> None:
        """Say it once, and leave the carrier alone for a while."""
        if carrier not in self._down:
            log.warning("%s does not take notices (%s); retrying until it does, nothing is lost", self._name(carrier), code)
        self._down[carrier] = again_at

    def _say_up(self, carrier: Carrier) -> None:
        if self._down.pop(carrier, None) is not None:
            log.info("%s takes notices again", self._name(carrier))

    def _name(self, carrier: Carrier) -> str:
        return f"{carrier.value} {self._kind}" if self._kind else carrier.value


def _ask_and_send(courier: Courier, parcel: Parcel) -> str:
    """A notice that failed before may have arrived all the same: the answer can be what was lost. So it is asked for first."""
    receipt = courier.find(parcel) if parcel.attempts > 1 else None
    return courier.send(parcel) if receipt is None else receipt


def pause(attempts: int) -> timedelta:
    """Exponential back-off with jitter, so that many notices don't come back in step."""
    longest: timedelta = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** min(attempts, 12))
    return longest * random.uniform(0.5, 1.0)  # noqa: S311 (no secret)


def _still_ours(session: Session, parcel: Parcel) -> Notice | None:
    """The notice, unless another worker took our claim for a crash: each claim is known by its number of attempts."""
    notice = session.get_one(Notice, parcel.id, with_for_update=True)
    return notice if notice.state == NoticeState.CLAIMED and notice.attempts == parcel.attempts else None


def _parcel(session: Session, notice: Notice) -> Parcel:
    payload = notice.payload or {}
    return Parcel(notice.id, notice.key, notice.kind, payload, notice.created_at, _anchor(session, payload), notice.attempts)


def _enclosed(session: Session, notice: Notice) -> tuple[Attachment, ...]:
    """The files that lie with the message which this letter is."""
    if not (notice.payload or {}).get("enclosed"):
        return ()
    of_letter = select(MessageFile).join(Message).where(Message.external_id == f"o:{notice.key}")
    return tuple(Attachment(file.name, file.media_type, file.content) for file in session.scalars(of_letter.order_by(MessageFile.id)))


def _anchor(session: Session, payload: Mapping[str, Any]) -> str | None:
    """Where the card stands now: the newest of the lane that was sent (a card deleted by hand is posted anew elsewhere)."""
    if (lane := payload.get("anchor")) is None:
        return None
    kind = payload.get("anchor_kind", "card")
    sent = select(Notice.receipt).where(Notice.lane == lane, Notice.kind == kind, Notice.state == NoticeState.SENT)
    return session.scalar(sent.order_by(Notice.id.desc()).limit(1))
