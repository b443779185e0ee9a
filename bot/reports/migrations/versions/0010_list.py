"""The list of reports: full-text search, saved views, searches, exports, and its indexes."""

import sqlalchemy as sa
from alembic import op

from bot.reports.migrations import plain_search_index as search_index

revision = "0010"
down_revision = "0009"

FILTERED = (
    "status", "assignee", "answered_at", "due_at", "created_at", "level", "kind", "ward", "channel",
    "hate", "vulnerable", "repeat",
)


def upgrade() -> None:
    op.create_index("ix_reports_filtered", "reports", FILTERED)
    op.create_index("ix_reports_place_sorted", "reports", [sa.text("lower(place)"), "id"])
    op.create_table(
        "staff_saved_views",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("owner", sa.String(64), nullable=False, index=True),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("query", sa.Text, nullable=False),
        sa.Column("is_default", sa.Boolean, nullable=False),
        sa.UniqueConstraint("owner", "name"),
    )
    op.create_table(
        "staff_searches",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("owner", sa.String(64), nullable=False, index=True),
        sa.Column("words", sa.String(200), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False, index=True),
    )
    op.create_table(
        "exports",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("layout", sa.String(16), nullable=False),
        sa.Column("reports", sa.Integer, nullable=False),
        sa.Column("personal", sa.Boolean, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
    )
    search_index.make(op.get_bind())


def downgrade() -> None:
    search_index.remove(op.get_bind())
    for name in ("exports", "staff_searches", "staff_saved_views"):
        op.drop_table(name)
    op.drop_index("ix_reports_place_sorted", "reports")
    op.drop_index("ix_reports_filtered", "reports")
