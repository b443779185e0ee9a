"""Switches, notices to staff by e-mail, the worker's row, and an index for the figures."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

FIGURES = (
    "created_at", "kind", "ward", "channel", "level", "status", "close_reason", "repeat",
    "answered_at", "due_at", "first", "last", "clock",
)  # fmt: skip
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "switches",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("what", sa.String(32), nullable=False),
        sa.Column("is_on", sa.Boolean, nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("by", sa.String(100), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
    )
    op.create_index("ix_switches_what", "switches", ["what"])
    op.create_table(
        "notice_choices",
        sa.Column("user_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("email", sa.String(320), nullable=False),
        sa.Column("new_since", MOMENT),
        sa.Column("overdue_since", MOMENT),
    )  # fmt: skip
    op.create_table(
        "notices_sent",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "report_id", sa.Integer, sa.ForeignKey("reports.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("user_id", sa.Integer, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("next_at", MOMENT, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
        sa.Column("problem", sa.String(64), nullable=False, server_default=""),
        sa.Column("ended_at", MOMENT),
        sa.UniqueConstraint("report_id", "kind", "user_id"),
    )  # fmt: skip
    op.create_index("ix_notices_sent_user_id", "notices_sent", ["user_id"])
    op.create_index("ix_notices_sent_state", "notices_sent", ["state"])
    op.create_table(
        "workers",
        sa.Column("name", sa.String(32), primary_key=True),
        sa.Column("holder", sa.String(64), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("beat_at", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
    )
    op.create_index("ix_reports_figures", "reports", list(FIGURES))


def downgrade() -> None:
    op.drop_index("ix_reports_figures", "reports")
    op.drop_table("workers")
    op.drop_table("notices_sent")
    op.drop_table("notice_choices")
    op.drop_table("switches")
