"""`hereabouts user`: accounts and roles from the command line."""

import re

import psycopg
import pytest

from app.core.database import DatabaseAddress
from tests.cli.conftest import Run

ASHA = "asha@example.org"


def test_the_first_administrator_is_invited_with_a_link(
    run: Run, demo_address: DatabaseAddress
) -> None:
    done = run("user", "invite", " Asha@Example.org", "--name", "Asha Begum", "--role",
               "administrator", address=demo_address)  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "asha@example.org has an account now." in done.stdout
    assert "asha@example.org is administrator everywhere." in done.stdout
    assert re.search(r"^http://127\.0\.0\.1:8000/sign-in/[\w-]{43}$", done.stdout, re.MULTILINE)
    again = run("user", "invite", ASHA, address=demo_address,
                BASE_URL="https://hereabouts.example.org")  # fmt: skip
    assert "has an account already" in again.stdout
    assert "https://hereabouts.example.org/sign-in/" in again.stdout


def test_with_a_mail_server_an_invitation_waits_for_a_worker(
    run: Run, address: DatabaseAddress
) -> None:
    done = run("user", "invite", ASHA, address=address, SMTP_URL="smtp://localhost:9",
               MAIL_FROM="us@example.org")  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "by mail" in done.stdout
    assert "/sign-in/" not in done.stdout
    with psycopg.connect(address.for_libpq) as connection:
        query = "SELECT task_name FROM jobs.procrastinate_jobs"
        assert connection.execute(query).fetchall() == [("mail.link",)]


def test_roles_are_given_listed_and_taken(run: Run, demo_address: DatabaseAddress) -> None:
    run("user", "invite", ASHA, address=demo_address)
    given = run("user", "grant", ASHA, "organiser", "--area", "ward:X05000002",
                address=demo_address)  # fmt: skip
    assert given.stdout.strip() == f"{ASHA} is organiser for ward:X05000002."
    run("user", "grant", ASHA, "Analyst", address=demo_address)
    again = run("user", "grant", ASHA, "analyst", address=demo_address)
    assert again.stdout.strip() == f"{ASHA} is analyst everywhere already."
    listed = run("user", "list", address=demo_address).stdout
    assert "organiser for ward:X05000002, analyst everywhere  never here" in listed
    one = run("user", "revoke", ASHA, "organiser", address=demo_address)
    assert one.stdout.strip() == f"{ASHA} is organiser for ward:X05000002 no more."
    rest = run("user", "revoke", ASHA, address=demo_address)
    assert rest.stdout.strip() == f"{ASHA} is analyst everywhere no more."
    assert "no role" in run("user", "list", address=demo_address).stdout
    assert run("user", "revoke", ASHA, address=demo_address).returncode == 1


def test_the_last_administrator_everywhere_stays(run: Run, demo_address: DatabaseAddress) -> None:
    run("user", "invite", ASHA, "--role", "administrator", address=demo_address)
    run("user", "grant", ASHA, "analyst", address=demo_address)
    for command in (["revoke", ASHA], ["revoke", ASHA, "administrator"], ["deactivate", ASHA]):
        refused = run("user", *command, address=demo_address)
        assert refused.returncode == 1
        assert "Make somebody else administrator everywhere first" in refused.stderr
    listed = run("user", "list", address=demo_address).stdout
    assert "administrator everywhere, analyst everywhere  never here" in listed
    assert "switched off" not in listed
    run("user", "invite", "ben@example.org", "--role", "administrator", address=demo_address)
    assert run("user", "revoke", ASHA, address=demo_address).returncode == 0
    assert run("user", "deactivate", ASHA, address=demo_address).returncode == 0
    assert run("user", "deactivate", "ben@example.org", address=demo_address).returncode == 1


def test_whoever_is_switched_off_is_listed_as_such(run: Run, address: DatabaseAddress) -> None:
    assert "Nobody has an account." in run("user", "list", address=address).stdout
    run("user", "invite", ASHA, address=address)
    assert run("user", "deactivate", ASHA, address=address).returncode == 0
    assert "switched off" in run("user", "list", address=address).stdout
    refused = run("user", "invite", ASHA, address=address)
    assert (refused.returncode, "switched off" in refused.stderr) == (1, True)
    assert run("user", "activate", ASHA, address=address).returncode == 0
    assert run("user", "invite", ASHA, address=address).returncode == 0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["grant", "nobody@example.org", "analyst"], "Nobody has an account with this address"),
        (["grant", "nobody", "analyst"], "This is not an e-mail address"),
        (["invite", ASHA, "--role", "king"], "There is no role 'king'. Choose one of: contributor"),
        (["invite", ASHA, "--role", "analyst", "--area", "X05"], "Write an area as KIND:CODE"),
        (["invite", ASHA, "--role", "analyst", "--area", "ward:X99"], "There is no ward 'X99'"),
        (
            ["invite", ASHA, "--role", "analyst", "--area", "moon:X99"],
            "no kind of area called 'moon'",
        ),
        (["invite", ASHA, "--area", "ward:X05000002"], "give --role as well"),
    ],
    ids=["nobody", "no address", "no role", "half an area", "no area", "no kind", "area only"],
)
def test_a_slip_is_a_sentence_and_changes_nothing(
    run: Run, demo_address: DatabaseAddress, arguments: list[str], sentence: str
) -> None:
    done = run("user", *arguments, address=demo_address)
    assert done.returncode == 1
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert "Nobody has an account." in run("user", "list", address=demo_address).stdout
