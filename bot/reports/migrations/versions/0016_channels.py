"""Messaging: conversations, inbox, outbox, and who wants notices (bot/channels/tables.py)."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def _time(name: str, **more: bool) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), **more)


def upgrade() -> None:
    op.create_table(
        "channel_conversations",
        sa.Column("id", sa.String(80), primary_key=True),
        sa.Column("provider", sa.String(32), nullable=False),
        sa.Column("sender", sa.Text, nullable=False),
        sa.Column("ours", sa.Text, nullable=False),
        _time("began_at", nullable=False),
        _time("heard_at", nullable=False),
        sa.Column("told_privacy", sa.Boolean, nullable=False),
        sa.Column("stopped", sa.Boolean, nullable=False),
        sa.Column("choices", sa.JSON, nullable=False),
        sa.Column("held_by", sa.String(32), nullable=False),
        _time("held_until"),
    )
    op.create_table(
        "channel_inbox",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("provider", sa.String(32), nullable=False),
        sa.Column("platform_id", sa.String(255), nullable=False),
        sa.Column("conversation_id", sa.String(80), nullable=False, index=True),
        sa.Column("sort_order", sa.Float, nullable=False),
        sa.Column("key", sa.String(36), nullable=False),
        sa.Column("content", sa.JSON),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False, index=True),
        _time("due_at", nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        _time("done_at"),
        sa.UniqueConstraint("provider", "platform_id"),
    )
    op.create_index(
        "ix_channel_inbox_waiting", "channel_inbox", ["done_at", "conversation_id"]
    )
    op.create_table(
        "channel_outbox",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("conversation_id", sa.String(80), nullable=False, index=True),
        sa.Column("provider", sa.String(32), nullable=False),
        sa.Column("payload", sa.JSON),
        sa.Column("is_notice", sa.Boolean, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("problem", sa.String(120), nullable=False),
        _time("made_at", nullable=False),
        _time("due_at", nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        _time("sent_at"),
        sa.Column("platform_id", sa.String(255), nullable=False),
    )
    op.create_index("ix_channel_outbox_state", "channel_outbox", ["state", "conversation_id"])
    op.create_table(
        "channel_notice_wishes",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("conversation_id", sa.String(80), nullable=False, index=True),
        sa.Column("reference", sa.String(16), nullable=False, index=True),
        _time("agreed_at", nullable=False),
        sa.Column("told_change", sa.Integer, nullable=False),
        sa.UniqueConstraint("conversation_id", "reference"),
    )


def downgrade() -> None:
    for name in (
        "channel_notice_wishes", "channel_outbox", "channel_inbox", "channel_conversations",
    ):  # fmt: skip
        op.drop_table(name)
