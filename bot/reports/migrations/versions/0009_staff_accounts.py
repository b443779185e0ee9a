"""One-time codes, temporary passwords and single sign-on of staff users, and what was changed."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

NEW = (
    ("must_change", sa.Boolean, sa.false()),
    ("sessions", sa.Integer, "0"),
    ("code_secret", sa.Text, ""),
    ("code_secret_new", sa.Text, ""),
    ("code_step", sa.Integer, "0"),
)


def upgrade() -> None:
    with op.batch_alter_table("staff_users") as users:
        for name, kind, default in NEW:
            users.add_column(sa.Column(name, kind, nullable=False, server_default=default))
        users.add_column(sa.Column("single_sign_on", sa.String(64), nullable=True))
        users.create_unique_constraint("uq_staff_users_single_sign_on", ["single_sign_on"])
    op.create_table(
        "staff_recovery_codes",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("user_id", sa.Integer, sa.ForeignKey("staff_users.id"), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
    )
    op.create_index("ix_staff_recovery_codes_user_id", "staff_recovery_codes", ["user_id"])
    op.create_table(
        "staff_account_changes",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("whom", sa.String(64), nullable=False),
        sa.Column("what", sa.String(64), nullable=False),
        sa.Column("detail", sa.String(64), nullable=False),
    )
    op.create_index("ix_staff_account_changes_whom", "staff_account_changes", ["whom"])


def downgrade() -> None:
    op.drop_table("staff_account_changes")
    op.drop_table("staff_recovery_codes")
    with op.batch_alter_table("staff_users") as users:
        users.drop_constraint("uq_staff_users_single_sign_on", type_="unique")
        users.drop_column("single_sign_on")
        for name, _, _ in reversed(NEW):
            users.drop_column(name)
