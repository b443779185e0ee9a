"""What staff do with a report: followers, notes, interventions, referrals, merges; and a timeline
that the database itself lets nobody change. Whole reports can still be deleted."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

MOMENT = sa.DateTime(timezone=True)
REFUSED = "the timeline of a report is only ever added to"


def upgrade() -> None:
    op.create_table(
        "report_followers",
        sa.Column("report_id", sa.Integer, sa.ForeignKey("reports.id"), primary_key=True),
        sa.Column("username", sa.String(64), primary_key=True),
        sa.Column("at", MOMENT, nullable=False),
    )
    op.create_index("ix_report_followers_username", "report_followers", ["username"])
    _entries("report_notes")
    _entries(
        "report_interventions",
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
    )
    op.create_index("ix_report_interventions_kind", "report_interventions", ["kind"])
    _entries(
        "report_referrals",
        sa.Column("partner", sa.String(64), nullable=False),
        sa.Column("shared", sa.JSON, nullable=False),
        sa.Column("consent", sa.String(32), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
    )
    op.create_index("ix_report_referrals_partner", "report_referrals", ["partner"])
    op.create_table(
        "report_merges",
        sa.Column("report_id", sa.Integer, sa.ForeignKey("reports.id"), primary_key=True),
        sa.Column("status", sa.String(32), nullable=False),
    )
    _keep_the_timeline()


def _entries(name: str, *more: sa.Column) -> None:
    """A table of things that staff added to a report, each once by its key."""
    op.create_table(
        name,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("report_id", sa.Integer, sa.ForeignKey("reports.id"), nullable=False),
        sa.Column("key", sa.String(200), nullable=False, unique=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by", sa.String(100), nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        *more,
    )
    op.create_index(f"ix_{name}_report_id", name, ["report_id"])


def _keep_the_timeline() -> None:
    """Refuse every UPDATE of report_changes. DELETE stays: retention removes whole reports."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER report_changes_stay BEFORE UPDATE ON report_changes "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION report_changes_stay() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSED}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER report_changes_stay BEFORE UPDATE ON report_changes "
        "FOR EACH ROW EXECUTE FUNCTION report_changes_stay()"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER report_changes_stay")
    else:
        op.execute("DROP TRIGGER report_changes_stay ON report_changes")
        op.execute("DROP FUNCTION report_changes_stay()")
    for name in (
        "report_merges", "report_referrals", "report_interventions", "report_notes",
        "report_followers",
    ):  # fmt: skip
        op.drop_table(name)
