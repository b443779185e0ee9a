"""The table of votes on answers: bot/reports/feedback.py."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "feedback",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("key", sa.String(64), nullable=False, unique=True),
        sa.Column("topic", sa.String(64), nullable=False, index=True),
        sa.Column("useful", sa.Boolean, nullable=False),
        sa.Column("words", sa.String(500), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("feedback")
