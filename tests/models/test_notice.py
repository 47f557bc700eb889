"""A notice is a row before it is a message: it is there once, whatever happens to it, and its content is sealed."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import Carrier, Notice, NoticeState, Vault, open_engine
from models.schema import upgrade
from tests.builders import KEY, MONDAY

LATER = MONDAY + timedelta(minutes=5)


def queued(key: str = "acknowledgement:PRV-2026-00042", **more: str) -> Notice:
    return Notice.queue(key, Carrier.MAIL, "acknowledgement", {"to": "jo@home.example"}, MONDAY, **more)  # type: ignore[arg-type]


def test_it_is_queued_to_be_told_at_once_in_its_own_lane() -> None:
    notice = queued()
    assert (notice.state, notice.due_at, notice.created_at, notice.attempts) == (NoticeState.QUEUED, MONDAY, MONDAY, 0)
    assert notice.lane == notice.key
    assert queued(lane="card:PRV-2026-00042").lane == "card:PRV-2026-00042"


def test_it_is_settled_with_what_the_other_side_calls_it() -> None:
    notice = queued()
    notice.retry("smtp 451", MONDAY, timedelta(seconds=5))
    notice.settle("C0DESK:1.5", LATER)
    assert (notice.state, notice.receipt, notice.settled_at, notice.error) == (NoticeState.SENT, "C0DESK:1.5", LATER, None)


def test_it_goes_back_into_the_queue_until_later() -> None:
    notice = queued()
    notice.state, notice.claimed_at = NoticeState.CLAIMED, MONDAY
    notice.retry("smtp 451", MONDAY, timedelta(minutes=5))
    assert (notice.state, notice.due_at, notice.error) == (NoticeState.QUEUED, LATER, "smtp 451")
    assert notice.claimed_at is None and notice.settled_at is None


def test_what_was_refused_for_good_says_why() -> None:
    notice = queued()
    notice.fail("smtp 550", LATER)
    assert (notice.state, notice.error, notice.settled_at) == (NoticeState.FAILED, "smtp 550", LATER)


def test_what_a_newer_one_says_better_is_settled_unsent() -> None:
    notice = queued()
    notice.supersede(LATER)
    assert (notice.state, notice.settled_at, notice.receipt) == (NoticeState.SUPERSEDED, LATER, None)


def test_a_key_exists_once(database: str) -> None:
    engine = open_engine(database, Vault(KEY))
    upgrade(engine)
    with Session(engine) as session:
        session.add_all((queued(), queued("other")))
        session.commit()
        session.add(queued())
        with pytest.raises(IntegrityError):
            session.flush()
    engine.dispose()


def test_its_content_is_sealed_and_can_be_forgotten(database: str) -> None:
    engine = open_engine(database, Vault(KEY))
    upgrade(engine)
    with Session(engine) as session:
        session.add(queued())
        session.commit()
        stored = bytes(session.execute(text("SELECT payload FROM notices")).scalar_one())
        assert b"jo@home" not in stored
        session.scalars(select(Notice)).one().payload = None
        session.commit()
        assert session.execute(text("SELECT payload FROM notices")).scalar_one() is None
    engine.dispose()
