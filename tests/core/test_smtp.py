"""The mail server's address, and which of its answers are final."""

from email.message import EmailMessage

import pytest
from pydantic import SecretStr, ValidationError

from app.core.settings import Settings
from app.core.smtp import (
    MailRefusedError,
    MailServerError,
    SmtpServer,
    check_sender,
    deliver,
    read_smtp_url,
)
from tests.core.mail_server import Letterbox, find_port


@pytest.mark.parametrize(
    ("url", "server"),
    [
        (
            "smtp://me:p%40ss@mail.example.org",
            SmtpServer("mail.example.org", 587, "starttls", "me", "p@ss"),
        ),
        ("smtp://mail.example.org:25", SmtpServer("mail.example.org", 25, "starttls", "", "")),
        (
            "smtps://me:x@mail.example.org",
            SmtpServer("mail.example.org", 465, "wrapped", "me", "x"),
        ),
        ("smtp://127.0.0.1:25", SmtpServer("127.0.0.1", 25, "never", "", "")),
        ("smtp://localhost", SmtpServer("localhost", 587, "never", "", "")),
        ("smtp://relay:25?tls=never", SmtpServer("relay", 25, "never", "", "")),
    ],
    ids=["password", "port", "wrapped", "loopback", "localhost", "relay"],
)
def test_a_mail_server_is_read_from_its_address(url: str, server: SmtpServer) -> None:
    assert read_smtp_url(url) == server


@pytest.mark.parametrize(
    "url",
    ["mail.example.org", "http://me:hunter2@mail", "smtp://", "smtp://a:99999", "smtp://a?tls=x"],
)
def test_what_is_no_mail_server_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Settings(_env_file=None, smtp_url=SecretStr(url), mail_from="us@example.org")
    sentence = caught.value.errors()[0]["msg"]
    assert "smtp://user:password@host:587" in sentence
    assert "hunter2" not in sentence


def test_a_mail_server_needs_to_know_whom_mail_comes_from() -> None:
    with pytest.raises(ValidationError, match="noreply@"):
        Settings(_env_file=None, smtp_url=SecretStr("smtp://localhost"))


@pytest.mark.parametrize("text", ["nobody", "a@b\nBcc: c@d", "<>"])
def test_a_sender_is_one_address(text: str) -> None:
    with pytest.raises(ValueError, match="noreply@"):
        check_sender(text)
    check_sender("Hereabouts <noreply@example.org>")


def write() -> EmailMessage:
    """Return a mail."""
    message = EmailMessage()
    message["From"], message["To"] = "us@example.org", "asha@example.org"
    message["Subject"] = "Hello"
    message.set_content("Text")
    return message


@pytest.mark.parametrize(
    ("refusal", "error"),
    [("550 no such person", MailRefusedError), ("451 come back later", MailServerError)],
    ids=["final", "for now"],
)
def test_a_refusal_is_final_or_not(refusal: str, error: type[Exception]) -> None:
    letterbox = Letterbox(find_port())
    letterbox.refusal = refusal
    with letterbox.open(), pytest.raises(error, match=refusal[:3]):
        deliver(read_smtp_url(letterbox.url), write())
    assert letterbox.mails == []


def test_a_password_is_not_sent_to_a_server_without_encryption() -> None:
    letterbox = Letterbox(find_port())
    plain = read_smtp_url(letterbox.url)
    server = SmtpServer(plain.host, plain.port, "starttls", "me", "hunter2")
    with letterbox.open(), pytest.raises(MailServerError) as caught:
        deliver(server, write())
    assert "hunter2" not in str(caught.value)
    assert "hunter2" not in repr(server)
