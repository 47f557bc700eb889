"""A journal that can be proved"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from models.base import UtcDateTime, vault_of

# the hash is what `journal verify` computes for ever, and so is not frozen here as tables are
from models.journal import chained, sealed_counter, sealed_head, sealed_line

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_BATCH = 500
_TICKETS = sa.table("tickets", sa.column("id", sa.Integer), sa.column("reference", sa.String))
_EVENTS = sa.table(
    "events", sa.column("id", sa.Integer), sa.column("ticket_id", sa.Integer), sa.column("at", UtcDateTime()), sa.column("kind", sa.String),
    sa.column("actor", sa.String), sa.column("detail", sa.JSON), sa.column("number", sa.Integer), sa.column("hash", sa.String), sa.column("seal", sa.String),
)  # fmt: skip
_JOURNALS = sa.table(
    "journals", sa.column("reference", sa.String), sa.column("length", sa.Integer), sa.column("hash", sa.String), sa.column("seal", sa.String),
    sa.column("purged_at", UtcDateTime()),
)  # fmt: skip
_COUNTERS = sa.table("counters", sa.column("name", sa.String), sa.column("value", sa.Integer), sa.column("seal", sa.String))


def upgrade() -> None:
    op.create_table(
        "journals",
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("seal", sa.String(length=64), nullable=False),
        sa.Column("purged_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("reference", name=op.f("pk_journals")),
    )
    with op.batch_alter_table("counters", schema=None) as batch_op:
        batch_op.add_column(sa.Column("seal", sa.String(length=64), nullable=True))
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.add_column(sa.Column("number", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("hash", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("seal", sa.String(length=64), nullable=True))
    _chain_what_is_there(op.get_bind(), datetime.now(UTC))
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.alter_column("number", existing_type=sa.Integer(), nullable=False)
        batch_op.alter_column("hash", existing_type=sa.String(length=64), nullable=False)
        batch_op.alter_column("seal", existing_type=sa.String(length=64), nullable=False)


def _chain_what_is_there(connection: sa.Connection, now: datetime) -> None:
    """Every line is chained as it stands today, and a further line says so: what was done to it before can't be known."""
    for tickets in _batches(connection):
        _chain(connection, tickets, now)
    _seal_counters(connection, now)


def _batches(connection: sa.Connection) -> Iterator[dict[int, str]]:
    last = 0
    while True:
        found = connection.execute(sa.select(_TICKETS).where(_TICKETS.c.id > last).order_by(_TICKETS.c.id).limit(_BATCH)).all()
        if not found:
            return
        yield {row.id: row.reference for row in found}
        last = found[-1].id


def _chain(connection: sa.Connection, tickets: dict[int, str], now: datetime) -> None:
    seal = vault_of(connection.dialect).seal
    lengths, hashes, changed, added, heads = dict.fromkeys(tickets, 0), dict.fromkeys(tickets, ""), [], [], []
    for event in connection.execute(sa.select(_EVENTS).where(_EVENTS.c.ticket_id.in_(tickets)).order_by(_EVENTS.c.id)).all():
        number, before = lengths[event.ticket_id] + 1, hashes[event.ticket_id]
        line = chained(before, tickets[event.ticket_id], number, event.at, event.kind, event.actor, event.detail)
        changed.append({"event": event.id, "number": number, "hash": line, "seal": seal(sealed_line(line))})
        lengths[event.ticket_id], hashes[event.ticket_id] = number, line
    for ticket, reference in tickets.items():
        number, detail = lengths[ticket] + 1, {"lines": lengths[ticket]}
        line = chained(hashes[ticket], reference, number, now, "journal_chained", "bot", detail)
        added.append({"ticket_id": ticket, "at": now, "kind": "journal_chained", "actor": "bot", "detail": detail,
                      "number": number, "hash": line, "seal": seal(sealed_line(line))})  # fmt: skip
        heads.append(_head(seal, reference, number, line, None))
    if changed:
        statement = sa.update(_EVENTS).where(_EVENTS.c.id == sa.bindparam("event"))
        connection.execute(statement.values({name: sa.bindparam(name) for name in ("number", "hash", "seal")}), changed)
    connection.execute(sa.insert(_EVENTS), added)
    connection.execute(sa.insert(_JOURNALS), heads)


def _seal_counters(connection: sa.Connection, now: datetime) -> None:
    """A number without a ticket was deleted before there were proofs; from now on a ticket can't disappear without one."""
    seal = vault_of(connection.dialect).seal
    for name, value in connection.execute(sa.select(_COUNTERS.c.name, _COUNTERS.c.value)).all():
        statement = sa.update(_COUNTERS).where(_COUNTERS.c.name == name)
        connection.execute(statement.values(seal=seal(sealed_counter(name, value))))
        there = set(connection.scalars(sa.select(_JOURNALS.c.reference).where(_JOURNALS.c.reference.startswith(f"{name}-"))))
        gone = [reference for number in range(1, value + 1) if (reference := f"{name}-{number:05d}") not in there]
        if gone and name.startswith("PRV-"):
            connection.execute(sa.insert(_JOURNALS), [_head(seal, reference, 0, "", now) for reference in gone])


def _head(seal: Any, reference: str, length: int, line: str, purged_at: datetime | None) -> dict[str, Any]:
    text = sealed_head(reference, length, line, purged_at)
    return {"reference": reference, "length": length, "hash": line, "seal": seal(text), "purged_at": purged_at}


def downgrade() -> None:
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.drop_column("seal")
        batch_op.drop_column("hash")
        batch_op.drop_column("number")
    with op.batch_alter_table("counters", schema=None) as batch_op:
        batch_op.drop_column("seal")
    op.drop_table("journals")
