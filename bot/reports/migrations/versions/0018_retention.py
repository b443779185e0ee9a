"""Holds, the register of what was purged, its runs, and what stays for the figures. Openings and
warnings may outlive their report."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

UTC = sa.DateTime(timezone=True)
REFUSED = "the register of what was purged is only ever added to"
FIGURES = (
    "created_at", "is_incident", "kind", "ward", "channel", "level", "status", "close_reason",
    "repeat", "answered_at", "first", "last", "clock",
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "report_holds",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "report_id", sa.Integer, sa.ForeignKey("reports.id"), nullable=False, index=True
        ),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", UTC, nullable=False),
        sa.Column("lifted_by", sa.String(64), nullable=False),
        sa.Column("lifted_at", UTC),
        sa.Column("lifted_why", sa.Text, nullable=False),
    )
    op.create_table(
        "purge_register",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", UTC, nullable=False, index=True),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("rule", sa.String(32), nullable=False),
        sa.Column("reference", sa.String(16), nullable=False),
        sa.Column("counted_from", sa.Date),
        sa.Column("counts", sa.JSON, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
    )
    op.create_table(
        "purge_runs",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("by", sa.String(64), nullable=False, index=True),
        sa.Column("began_at", UTC, nullable=False),
        sa.Column("ended_at", UTC),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("counts", sa.JSON, nullable=False),
        sa.Column("problem", sa.String(64), nullable=False),
    )
    op.create_table(
        "purge_leftovers",
        sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column("name", sa.String(200), primary_key=True),
        sa.Column("at", UTC, nullable=False),
    )
    op.create_table(
        "past_reports",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True,
            autoincrement=False,
        ),
        sa.Column("is_incident", sa.Boolean, nullable=False),
        sa.Column("created_at", UTC, nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("ward", sa.String(100), nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("level", sa.String(16), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("close_reason", sa.String(64), nullable=False),
        sa.Column("repeat", sa.Boolean, nullable=False),
        sa.Column("answered_at", UTC),
        sa.Column("first", sa.Date),
        sa.Column("last", sa.Date),
        sa.Column("clock", sa.String(16), nullable=False),
    )  # fmt: skip
    op.create_index("ix_past_reports_figures", "past_reports", FIGURES)
    with op.batch_alter_table("personal_openings") as table:
        table.alter_column("report_id", existing_type=sa.Integer, nullable=True)
        table.add_column(sa.Column("reference", sa.String(16), nullable=False, server_default=""))
    with op.batch_alter_table("safety_warnings") as table:
        table.alter_column("report_id", existing_type=sa.Integer, nullable=True)
    _keep_the_register()


def _keep_the_register() -> None:
    """Refuse every UPDATE and DELETE of the register."""
    if op.get_bind().dialect.name == "sqlite":
        for what in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER purge_register_{what.lower()} BEFORE {what} ON purge_register "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION purge_register_stays() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSED}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER purge_register_stays BEFORE UPDATE OR DELETE ON purge_register "
        "FOR EACH ROW EXECUTE FUNCTION purge_register_stays()"
    )


def downgrade() -> None:
    """What outlived its report has no place in the older tables, and goes."""
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP TRIGGER purge_register_stays ON purge_register")
        op.execute("DROP FUNCTION purge_register_stays()")
    for name in ("personal_openings", "safety_warnings"):
        op.execute(sa.text(f"DELETE FROM {name} WHERE report_id IS NULL"))  # noqa: S608
    with op.batch_alter_table("safety_warnings") as table:
        table.alter_column("report_id", existing_type=sa.Integer, nullable=False)
    with op.batch_alter_table("personal_openings") as table:
        table.drop_column("reference")
        table.alter_column("report_id", existing_type=sa.Integer, nullable=False)
    for name in (
        "past_reports", "purge_leftovers", "purge_runs", "purge_register", "report_holds",
    ):  # fmt: skip
        op.drop_table(name)
