"""Suppressions that are passed on, and what webhooks were told of a ticket"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("suppressions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reference", sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("lifted_why", sa.LargeBinary(), nullable=True))

    with op.batch_alter_table("tickets", schema=None) as batch_op:
        batch_op.add_column(sa.Column("webhook_number", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("webhook_hash", sa.String(length=64), nullable=True))

    op.execute("UPDATE suppressions SET reference = (SELECT reference FROM tickets WHERE tickets.id = suppressions.ticket_id)")


def downgrade() -> None:
    with op.batch_alter_table("tickets", schema=None) as batch_op:
        batch_op.drop_column("webhook_hash")
        batch_op.drop_column("webhook_number")

    op.execute("DELETE FROM suppressions WHERE lifted_at IS NOT NULL")
    with op.batch_alter_table("suppressions", schema=None) as batch_op:
        batch_op.drop_column("lifted_why")
        batch_op.drop_column("lifted_at")
        batch_op.drop_column("reference")
