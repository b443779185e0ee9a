"""More fields of a report, its suggested priority, incidents, and messages with the reporter."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

NEW = (
    ("first", sa.Date, None),
    ("last", sa.Date, None),
    ("clock", sa.String(16), ""),
    ("sharing", sa.String(16), "ask_first"),
    ("details", sa.JSON, "{}"),
    ("person", sa.String(64), ""),
    ("priority", sa.String(16), "medium"),
    ("priority_reasons", sa.JSON, "[]"),
)


def upgrade() -> None:
    with op.batch_alter_table("reports") as reports:
        for name, kind, default in NEW:
            needed = default is not None
            reports.add_column(
                sa.Column(name, kind, nullable=not needed, server_default=default)
            )
        reports.create_index("ix_reports_person", ["person"])
        reports.create_index("ix_reports_priority", ["priority"])
    for name, columns in (
        ("report_incidents", _incident_columns()),
        ("report_messages", [sa.Column("by", sa.String(100), nullable=False)]),
    ):
        op.create_table(
            name,
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column(
                "report_id", sa.Integer, sa.ForeignKey("reports.id"), nullable=False, index=True
            ),
            sa.Column("key", sa.String(200), nullable=False, unique=True),
            sa.Column("at", sa.DateTime(timezone=True), nullable=False),
            sa.Column("words", sa.Text, nullable=False),
            *columns,
        )


def _incident_columns() -> list[sa.Column]:
    return [
        sa.Column("first", sa.Date),
        sa.Column("last", sa.Date),
        sa.Column("clock", sa.String(16), nullable=False),
    ]


def downgrade() -> None:
    op.drop_table("report_messages")
    op.drop_table("report_incidents")
    with op.batch_alter_table("reports") as reports:
        reports.drop_index("ix_reports_priority")
        reports.drop_index("ix_reports_person")
        for name, _, _ in reversed(NEW):
            reports.drop_column(name)
