"""The ids that servers give our letters"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reported_id_hash", sa.String(length=64), nullable=True))
        batch_op.create_index(batch_op.f("ix_messages_reported_id_hash"), ["reported_id_hash"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_messages_reported_id_hash"))
        batch_op.drop_column("reported_id_hash")
