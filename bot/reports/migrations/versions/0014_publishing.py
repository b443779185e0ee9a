"""Versions of answers and contacts, how often each topic was answered, and what links gave."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_table(
        "answer_versions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("subject", sa.String(120), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("fields", sa.JSON, nullable=False),
        sa.Column("based_on", sa.Integer, nullable=False),
        sa.Column("written_by", sa.String(64), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.String(64)),
        sa.Column("published_at", sa.DateTime(timezone=True)),
        sa.Column("publication", sa.Integer, unique=True),
        sa.Column("ended_by", sa.String(64)),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.UniqueConstraint("subject", "number"),
    )
    op.create_index("ix_answer_versions_state", "answer_versions", ["state"])
    op.create_table(
        "topic_counts",
        sa.Column("topic", sa.String(64), primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("times", sa.Integer, nullable=False),
    )
    op.create_index("ix_topic_counts_day", "topic_counts", ["day"])
    op.create_table(
        "link_checks",
        sa.Column("contact", sa.String(100), primary_key=True),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("status", sa.Integer),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("link_checks")
    op.drop_table("topic_counts")
    op.drop_table("answer_versions")
