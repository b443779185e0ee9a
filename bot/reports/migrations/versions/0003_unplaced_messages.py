"""The table of messages that the assistant could not place: bot/reports/unplaced.py."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "unplaced_messages",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("words", sa.String(500), nullable=False, unique=True),
        sa.Column("first_topic", sa.String(64), nullable=False),
        sa.Column("second_topic", sa.String(64), nullable=False),
        sa.Column("times", sa.Integer, nullable=False),
        sa.Column("last_day", sa.Date, nullable=False, index=True),
        sa.Column("topic", sa.String(64), nullable=True),
        sa.Column("labelled_by", sa.String(100), nullable=True),
    )


def downgrade() -> None:
    op.drop_table("unplaced_messages")
