"""A ticket's life: each lawful step leaves its line in the journal, each unlawful one is refused with a sentence and changes nothing."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Direction, Event, IllegalTransition, Message, Outcome, Request, Status, Ticket, Vault, open_engine
from models.schema import upgrade
from tests.builders import KEY, MONDAY

ANN, BEN = "U0ANN", "U0BEN"
LATER = MONDAY + timedelta(hours=1)


def new(*days: int | None) -> Ticket:
    """An open ticket with one request for each given number of days until it is due; None for one without a date."""
    ticket = Ticket.open("PRV-2026-00042", source="mail", regime="eu_gdpr", language="de", received_at=MONDAY, now=MONDAY)
    for number, left in enumerate(days or (30,)):
        due_at = None if left is None else MONDAY + timedelta(days=left)
        ticket.requests.append(Request(intent=("access", "erasure", "question")[number], due_at=due_at, remind_at=due_at))
    ticket.refresh_due()
    return ticket


def closed() -> Ticket:
    ticket = new()
    ticket.close_request(ticket.requests[0], Outcome.FULFILLED, "slack:U0ANN", LATER)
    return ticket


def journal(ticket: Ticket) -> list[str]:
    return [event.kind for event in ticket.events]


def last(ticket: Ticket) -> tuple[str, str, object, dict[str, object]]:
    event = ticket.events[-1]
    return event.kind, event.actor, event.at, event.detail


class TestLawfulSteps:
    def test_it_opens(self) -> None:
        ticket = new()
        assert (ticket.status, ticket.handler, ticket.is_closed, ticket.card_version) == (Status.OPEN, None, False, 0)
        assert last(ticket) == ("opened", "bot", MONDAY, {"source": "mail"})

    def test_a_colleague_claims_it(self) -> None:
        ticket = new()
        ticket.claim(ANN, "slack:U0ANN", LATER)
        assert (ticket.status, ticket.handler) == (Status.IN_PROGRESS, ANN)
        assert last(ticket) == ("claimed", "slack:U0ANN", LATER, {"handler": ANN, "before": None})

    def test_it_is_handed_over(self) -> None:
        ticket = new()
        ticket.claim(ANN, "slack:U0ANN", MONDAY)
        ticket.claim(BEN, "slack:U0ANN", LATER)
        assert ticket.handler == BEN
        assert last(ticket) == ("claimed", "slack:U0ANN", LATER, {"handler": BEN, "before": ANN})

    def test_a_claim_does_not_end_the_wait_for_the_requester(self) -> None:
        ticket = new()
        ticket.wait("slack:U0ANN", MONDAY, "id_requested")
        ticket.claim(ANN, "slack:U0ANN", LATER)
        assert ticket.status == Status.WAITING

    def test_it_waits_for_the_requester(self) -> None:
        ticket = new()
        ticket.wait("slack:U0ANN", LATER, "id_requested")
        assert ticket.status == Status.WAITING
        assert last(ticket) == ("waiting", "slack:U0ANN", LATER, {"reason": "id_requested"})

    @pytest.mark.parametrize(("handler", "status"), [(None, Status.OPEN), (ANN, Status.IN_PROGRESS)])
    def test_it_is_resumed_where_it_stood(self, handler: str | None, status: Status) -> None:
        ticket = new()
        if handler:
            ticket.claim(handler, "slack:U0ANN", MONDAY)
        ticket.wait("slack:U0ANN", MONDAY, "id_requested")
        ticket.resume("requester", LATER)
        assert ticket.status == status
        assert last(ticket) == ("resumed", "requester", LATER, {})

    def test_it_closes_with_its_last_request(self) -> None:
        ticket = new(30, 10)
        access, erasure = ticket.requests
        ticket.close_request(erasure, Outcome.REFUSED, "slack:U0ANN", MONDAY)
        assert (ticket.status, ticket.closed_at, ticket.open_requests) == (Status.OPEN, None, [access])
        assert last(ticket) == ("request_closed", "slack:U0ANN", MONDAY, {"intent": "erasure", "outcome": Outcome.REFUSED})
        ticket.close_request(access, Outcome.FULFILLED, "slack:U0ANN", LATER)
        assert (ticket.is_closed, ticket.closed_at, ticket.open_requests) == (True, LATER, [])
        assert journal(ticket)[-2:] == ["request_closed", "closed"]

    @pytest.mark.parametrize("outcome", list(Outcome))
    def test_every_outcome_ends_a_request_and_its_reminders(self, outcome: Outcome) -> None:
        ticket = new()
        (request,) = ticket.requests
        ticket.close_request(request, outcome, "slack:U0ANN", LATER)
        assert (request.outcome, request.closed_at, request.remind_at, request.is_open) == (outcome, LATER, None, False)

    @pytest.mark.parametrize(("handler", "status"), [(None, Status.OPEN), (ANN, Status.IN_PROGRESS)])
    def test_it_is_taken_up_again(self, handler: str | None, status: Status) -> None:
        ticket = new(30, 10)
        if handler:
            ticket.claim(handler, "slack:U0ANN", MONDAY)
        for request in ticket.requests:
            ticket.close_request(request, Outcome.FULFILLED, "slack:U0ANN", MONDAY)
        ticket.reopen("slack:U0BEN", LATER, "by the desk")
        assert (ticket.status, ticket.closed_at, ticket.handler) == (status, None, handler)
        assert [(request.outcome, request.closed_at, request.remind_at) for request in ticket.requests] == [(None, None, LATER)] * 2
        assert ticket.due_at == MONDAY + timedelta(days=10)
        assert last(ticket) == ("reopened", "slack:U0BEN", LATER, {"reason": "by the desk"})


UNLAWFUL: list[tuple[Callable[[], Ticket], Callable[[Ticket], object], str]] = [
    (closed, lambda t: t.claim(ANN, "slack:U0ANN", LATER), "PRV-2026-00042 is closed and can't be claimed; reopen it first."),
    (closed, lambda t: t.wait("slack:U0ANN", LATER, "x"), "PRV-2026-00042 is closed and can't be set to waiting; reopen it first."),
    (closed, lambda t: t.resume("requester", LATER), "PRV-2026-00042 is closed and can't be resumed; reopen it first."),
    (closed, lambda t: t.close_request(t.requests[0], Outcome.REFUSED, "slack:U0ANN", LATER),
     "PRV-2026-00042: access is already closed as fulfilled."),
    (new, lambda t: t.close_request(Request(intent="erasure"), Outcome.REFUSED, "slack:U0ANN", LATER),
     "PRV-2026-00042 has no such request."),
    (new, lambda t: t.reopen("slack:U0ANN", LATER, "x"), "PRV-2026-00042 is not closed."),
    (lambda: claimed_by(ANN), lambda t: t.claim(ANN, "slack:U0ANN", LATER), "PRV-2026-00042 is already with this handler."),
]  # fmt: skip


def claimed_by(handler: str) -> Ticket:
    ticket = new()
    ticket.claim(handler, f"slack:{handler}", MONDAY)
    return ticket


@pytest.mark.parametrize(("make", "step", "sentence"), UNLAWFUL, ids=[sentence for _, _, sentence in UNLAWFUL])
def test_an_unlawful_step_is_refused_and_changes_nothing(
    make: Callable[[], Ticket], step: Callable[[Ticket], object], sentence: str
) -> None:
    ticket = make()
    before = (ticket.status, ticket.handler, ticket.closed_at, ticket.due_at, journal(ticket), [r.outcome for r in ticket.requests])
    with pytest.raises(IllegalTransition) as refusal:
        step(ticket)
    assert str(refusal.value) == sentence
    assert before == (ticket.status, ticket.handler, ticket.closed_at, ticket.due_at, journal(ticket), [r.outcome for r in ticket.requests])


def test_the_due_date_is_the_earliest_of_the_open_requests() -> None:
    ticket = new(30, 10, None)
    assert ticket.due_at == MONDAY + timedelta(days=10)
    ticket.close_request(ticket.requests[1], Outcome.FULFILLED, "slack:U0ANN", LATER)
    assert ticket.due_at == MONDAY + timedelta(days=30)
    ticket.close_request(ticket.requests[0], Outcome.FULFILLED, "slack:U0ANN", LATER)
    assert ticket.due_at is None
    assert not ticket.is_closed


def test_a_warning_is_put_on_the_card_once() -> None:
    ticket = new()
    for warning in ("too large", "too large", "unreadable attachment"):
        ticket.warn(warning)
    assert ticket.warnings == ["too large", "unreadable attachment"]


def test_the_newest_message_from_outside_is_the_one_to_answer() -> None:
    ticket = new()
    assert ticket.last_inbound is None
    for number, direction in enumerate((Direction.IN, Direction.IN, Direction.OUT)):
        ticket.messages.append(Message(external_id=str(number), direction=direction, source="mail", received_at=MONDAY))
    assert ticket.last_inbound is ticket.messages[1]


def test_its_whole_life_comes_back_from_the_database_in_order(database: str) -> None:
    engine = open_engine(database, Vault(KEY))
    upgrade(engine)
    ticket = new(30, 10)
    ticket.warn("too large")
    ticket.claim(ANN, "slack:U0ANN", MONDAY)
    ticket.wait("slack:U0ANN", MONDAY, "id_requested")
    ticket.resume("requester", LATER)
    for request in ticket.requests:
        ticket.close_request(request, Outcome.PARTLY, "slack:U0ANN", LATER)
    with Session(engine) as session:
        session.add(ticket)
        session.commit()
    with Session(engine) as session:
        found = session.scalars(select(Ticket)).one()
        assert journal(found) == ["opened", "claimed", "waiting", "resumed", "request_closed", "request_closed", "closed"]
        assert (found.is_closed, found.closed_at, found.warnings) == (True, LATER, ["too large"])
        assert [(request.intent, request.outcome) for request in found.requests] == [("access", "partly"), ("erasure", "partly")]
        session.delete(found)
        session.commit()
        assert session.scalars(select(Event)).all() == []  # a deleted ticket takes its journal along
    engine.dispose()


class TestHandOver:
    def test_gives_it_to_another_one_and_back_to_the_desk(self) -> None:
        ticket = new()
        ticket.hand_over(ANN, "slack:U0BEN", LATER)
        assert (ticket.handler, ticket.status) == (ANN, Status.IN_PROGRESS)
        assert last(ticket) == ("handed_over", "slack:U0BEN", LATER, {"handler": ANN, "before": None})
        ticket.hand_over(None, "slack:U0BEN", LATER)
        assert (ticket.handler, ticket.status, journal(ticket)[-1]) == (None, Status.OPEN, "given_back")

    @pytest.mark.parametrize(("ticket", "words"), [(closed(), "closed"), (new(), "nobody")])
    def test_of_a_closed_one_or_to_nobody_again_is_refused(self, ticket: Ticket, words: str) -> None:
        before = journal(ticket)
        with pytest.raises(IllegalTransition, match=words):
            ticket.hand_over(None, "slack:U0BEN", LATER)
        assert journal(ticket) == before


class TestMerge:
    def test_closes_the_duplicate_for_good_and_keeps_the_earlier_receipt(self) -> None:
        duplicate, survivor = new(), new()
        survivor.reference, survivor.received_at = "PRV-2026-00043", LATER
        duplicate.merge_into(survivor, "slack:U0BEN", LATER)
        assert (duplicate.is_closed, duplicate.requests[0].outcome, duplicate.current) == (True, Outcome.DUPLICATE, survivor)
        assert (survivor.received_at, survivor.is_closed, survivor.current) == (MONDAY, False, survivor)
        assert last(survivor)[3]["other"] == "PRV-2026-00042"
        with pytest.raises(IllegalTransition, match="merged into PRV-2026-00043"):
            duplicate.reopen("slack:U0BEN", LATER, "by the desk")

    @pytest.mark.parametrize("which", ["itself", "closed", "merged"])
    def test_into_what_does_not_stand_is_refused(self, which: str) -> None:
        ticket, gone = new(), new()
        gone.merge_into(new(), "slack:U0BEN", LATER)
        others = {"itself": ticket, "closed": closed(), "merged": gone}
        with pytest.raises(IllegalTransition, match=which):
            ticket.merge_into(others[which], "slack:U0BEN", LATER)
        assert not ticket.is_closed
