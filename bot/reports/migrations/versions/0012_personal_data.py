"""Who opened personal data, what was removed, safety warnings, and ASB Case Reviews."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

UTC = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "personal_openings",
        sa.Column("id", sa.Integer, primary_key=True),
        _report(),
        sa.Column("who", sa.String(64), nullable=False, index=True),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("at", UTC, nullable=False, index=True),
        sa.Column("until", UTC, nullable=False),
    )
    op.create_table(
        "redactions",
        sa.Column("id", sa.Integer, primary_key=True),
        _report(),
        sa.Column("field", sa.String(64), nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("before", sa.JSON, nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", UTC, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("forgotten_by", sa.String(64), nullable=False),
        sa.Column("forgotten_at", UTC),
    )
    op.create_table(
        "safety_warnings",
        sa.Column("id", sa.Integer, primary_key=True),
        _report(),
        sa.Column("about", sa.String(16), nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("until", sa.Date),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", UTC, nullable=False),
        sa.Column("ended_by", sa.String(64), nullable=False),
        sa.Column("ended_at", UTC),
        sa.Column("ended_why", sa.Text, nullable=False),
    )
    op.create_table(
        "case_reviews",
        sa.Column("id", sa.Integer, primary_key=True),
        _report(),
        sa.Column("subject", sa.String(80), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("told_on", sa.Date),
        sa.Column("told_by", sa.Text, nullable=False),
        sa.Column("asked_on", sa.Date),
        sa.Column("met", sa.Boolean),
        sa.Column("counted", sa.Text, nullable=False),
        sa.Column("decided_on", sa.Date),
        sa.Column("decision", sa.Text, nullable=False),
        sa.Column("contact", sa.Text, nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", UTC, nullable=False),
        sa.UniqueConstraint("subject", "number"),
    )


def _report() -> sa.Column:
    return sa.Column(
        "report_id", sa.Integer, sa.ForeignKey("reports.id"), nullable=False, index=True
    )


def downgrade() -> None:
    for name in ("case_reviews", "safety_warnings", "redactions", "personal_openings"):
        op.drop_table(name)
