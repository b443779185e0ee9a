"""What staff do with a report: who has it, by when, how it ended; and what a staff user may do."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from bot.reports.clock import due_at
from bot.reports.model import Level

revision = "0008"
down_revision = "0007"

NEW = (
    ("level", sa.String(16), "medium"),
    ("version", sa.Integer, "1"),
    ("assignee", sa.String(64), ""),
    ("taken_by", sa.String(64), ""),
    ("ward", sa.String(100), ""),
    ("hate", sa.Boolean, sa.false()),
    ("vulnerable", sa.Boolean, sa.false()),
    ("repeat", sa.Boolean, sa.false()),
    ("due_at", sa.DateTime(timezone=True), "1970-01-01 00:00:00"),
    ("answered_at", sa.DateTime(timezone=True), None),
    ("closed_at", sa.DateTime(timezone=True), None),
    ("close_reason", sa.String(64), ""),
    ("merged_into", sa.String(16), ""),
)
INDEXED = ("level", "assignee", "ward", "due_at", "merged_into")


def upgrade() -> None:
    with op.batch_alter_table("reports") as reports:
        for name, kind, default in NEW:
            needed = default is not None
            reports.add_column(
                sa.Column(name, kind, nullable=not needed, server_default=default)
            )
        for name in INDEXED:
            reports.create_index(f"ix_reports_{name}", [name])
    with op.batch_alter_table("report_changes") as changes:
        changes.add_column(sa.Column("version", sa.Integer, nullable=False, server_default="0"))
    with op.batch_alter_table("staff_users") as users:
        # Who could sign in before could do all that there was.
        users.add_column(
            sa.Column("role", sa.String(32), nullable=False, server_default="administrator")
        )
        users.add_column(
            sa.Column("active", sa.Boolean, nullable=False, server_default=sa.true())
        )
    _fill_in()


def _fill_in() -> None:
    """The columns of reports that were made before, as saving makes them now."""
    reports = sa.table(
        "reports", sa.column("id"), sa.column("created_at", sa.DateTime(timezone=True)),
        sa.column("priority"), sa.column("priority_reasons", sa.JSON), sa.column("level"),
        sa.column("due_at", sa.DateTime(timezone=True)), sa.column("hate"),
        sa.column("vulnerable"), sa.column("repeat"),
    )  # fmt: skip
    connection = op.get_bind()
    query = sa.select(
        reports.c.id, reports.c.created_at, reports.c.priority, reports.c.priority_reasons
    )
    for id, received, level, reasons in connection.execute(query).all():
        if received.tzinfo is None:
            received = received.replace(tzinfo=UTC)
        connection.execute(
            reports.update().where(reports.c.id == id).values(
                level=level, due_at=_utc(due_at(received, Level(level))),
                **{name: name in reasons for name in ("hate", "vulnerable", "repeat")},
            )
        )  # fmt: skip


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


def downgrade() -> None:
    with op.batch_alter_table("staff_users") as users:
        users.drop_column("active")
        users.drop_column("role")
    with op.batch_alter_table("report_changes") as changes:
        changes.drop_column("version")
    with op.batch_alter_table("reports") as reports:
        for name in reversed(INDEXED):
            reports.drop_index(f"ix_reports_{name}")
        for name, _, _ in reversed(NEW):
            reports.drop_column(name)
