"""Several mailboxes, mails that can't be moved, refresh tokens"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "left_mails",
        sa.Column("mailbox", sa.String(length=40), nullable=False),
        sa.Column("validity", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("uid", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("folder", sa.String(length=500), nullable=False),
        sa.PrimaryKeyConstraint("mailbox", "validity", "uid", name=op.f("pk_left_mails")),
    )
    op.create_table(
        "refresh_tokens",
        sa.Column("mailbox", sa.String(length=40), nullable=False),
        sa.Column("origin_hash", sa.String(length=64), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("mailbox", name=op.f("pk_refresh_tokens")),
    )
    with op.batch_alter_table("tickets", schema=None) as batch_op:
        batch_op.add_column(sa.Column("mailbox", sa.String(length=40), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("tickets", schema=None) as batch_op:
        batch_op.drop_column("mailbox")

    op.drop_table("refresh_tokens")
    op.drop_table("left_mails")
