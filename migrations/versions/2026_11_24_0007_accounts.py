"""People, sign-in links, sessions and granted roles; mail that waits to be sent."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_24_0007"
down_revision = "2026_11_24_0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables, those that others refer to first."""
    create_people()
    create_sign_in_requests()
    create_sign_in_links()
    create_sessions()
    create_role_grants()
    create_outgoing_mail()


def create_people() -> None:
    """Create the table `people`."""
    op.create_table(
        "people",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "public_id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False
        ),
        sa.Column(
            "email",
            sa.Text(),
            nullable=True,
            comment="normalised, in lower case; null once erased",
        ),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        describe_moment("created_at", is_now=True),
        describe_moment("last_seen_at", nullable=True),
        describe_moment("erased_at", nullable=True),
        sa.CheckConstraint(
            "(email IS NULL) = (erased_at IS NOT NULL)", name=op.f("ck_people_email_unless_erased")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("public_id", name=op.f("uq_people_public_id")),
        sa.UniqueConstraint("email", name=op.f("uq_people_email")),
    )


def create_sign_in_requests() -> None:
    """Create the table `sign_in_requests`."""
    op.create_table(
        "sign_in_requests",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("email", sa.Text(), nullable=False, comment="empty once dealt with"),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("next_path", sa.Text(), nullable=False),
        sa.Column("languages", sa.Text(), nullable=False, comment="as in Accept-Language"),
        sa.Column("email_hash", sa.LargeBinary(), nullable=True, comment="null: not limited"),
        sa.Column("client_hash", sa.LargeBinary(), nullable=True, comment="null: not limited"),
        describe_moment("asked_at", is_now=True),
        describe_moment("handled_at", nullable=True),
        sa.CheckConstraint(
            "purpose IN ('sign in', 'invitation')", name=op.f("ck_sign_in_requests_purpose")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_requests")),
    )
    for columns in (["asked_at"], ["email_hash", "asked_at"], ["client_hash", "asked_at"]):
        name = f"ix_sign_in_requests_{'_'.join(columns)}"
        op.create_index(op.f(name), "sign_in_requests", columns)


def create_sign_in_links() -> None:
    """Create the table `sign_in_links`."""
    op.create_table(
        "sign_in_links",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("next_path", sa.Text(), nullable=False),
        describe_moment("created_at", is_now=True),
        describe_moment("expires_at"),
        describe_moment("used_at", nullable=True),
        sa.CheckConstraint(
            "purpose IN ('sign in', 'invitation')", name=op.f("ck_sign_in_links_purpose")
        ),
        refer_to_person("sign_in_links", "person_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sign_in_links")),
    )
    op.create_index(op.f("ix_sign_in_links_person_id"), "sign_in_links", ["person_id"])


def create_sessions() -> None:
    """Create the table `sessions`."""
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        describe_moment("created_at", is_now=True),
        describe_moment("last_used_at", is_now=True),
        sa.Column(
            "expires_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="moves with use, up to a limit",
        ),
        describe_moment("ended_at", nullable=True),
        refer_to_person("sessions", "person_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sessions")),
    )
    op.create_index(op.f("ix_sessions_person_id"), "sessions", ["person_id"])


def create_role_grants() -> None:
    """Create the table `role_grants`."""
    op.create_table(
        "role_grants",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("area_type", sa.Text(collation="C"), nullable=True, comment="null: everywhere"),
        sa.Column("area_code", sa.Text(collation="C"), nullable=True),
        sa.Column("granted_by", sa.BigInteger(), nullable=True, comment="null: an operator"),
        describe_moment("granted_at", is_now=True),
        sa.Column(
            "revoked_by",
            sa.BigInteger(),
            nullable=True,
            comment="null: an operator, or not revoked",
        ),
        describe_moment("revoked_at", nullable=True),
        sa.CheckConstraint(
            "role IN ('contributor', 'organiser', 'moderator', 'coordinator', 'analyst', "
            "'administrator')",
            name=op.f("ck_role_grants_role"),
        ),
        sa.CheckConstraint(
            "(area_type IS NULL) = (area_code IS NULL)", name=op.f("ck_role_grants_area_whole")
        ),
        refer_to_person("role_grants", "person_id", ondelete="CASCADE"),
        refer_to_person("role_grants", "granted_by"),
        refer_to_person("role_grants", "revoked_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grants")),
    )
    op.create_index(
        "uq_role_grants_live",
        "role_grants",
        ["person_id", "role", "area_type", "area_code"],
        unique=True,
        postgresql_where=sa.text("revoked_at IS NULL"),
        postgresql_nulls_not_distinct=True,
    )


def create_outgoing_mail() -> None:
    """Create the table `outgoing_mail`."""
    op.create_table(
        "outgoing_mail",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "message_id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False
        ),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False, comment="empty once sent or given up"),
        describe_moment("created_at", is_now=True),
        describe_moment("useful_until"),
        describe_moment("sent_at", nullable=True),
        describe_moment("failed_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing_mail")),
    )
    op.create_index(op.f("ix_outgoing_mail_created_at"), "outgoing_mail", ["created_at"])


def describe_moment(
    name: str, *, nullable: bool = False, is_now: bool = False
) -> sa.Column[object]:
    """Return a column that holds a time."""
    default = sa.func.now() if is_now else None
    return sa.Column(name, sa.DateTime(timezone=True), server_default=default, nullable=nullable)


def refer_to_person(
    table: str, column: str, ondelete: str | None = None
) -> sa.ForeignKeyConstraint:
    """Return the constraint that a column holds the number of a person."""
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], ["people.id"], name=name, ondelete=ondelete)


def downgrade() -> None:
    """Drop the tables, with everybody's accounts."""
    for table in (
        "outgoing_mail",
        "role_grants",
        "sessions",
        "sign_in_links",
        "sign_in_requests",
        "people",
    ):
        op.drop_table(table)
