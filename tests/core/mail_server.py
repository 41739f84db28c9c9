"""A real mail server on loopback that keeps what it takes, and can refuse."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Letterbox:
    """What arrived, and what is said to the next recipients.

    Attributes:
        port: Where the server listens, or will.
        mails: The mails that were taken, oldest first.
        refusal: The reply to every recipient, such as `550 nobody here`; empty takes them.
    """

    def __init__(self, port: int) -> None:
        self.port = port
        self.mails: list[EmailMessage] = []
        self.refusal = ""

    @property
    def url(self) -> str:
        """The address of the server as SMTP_URL has it."""
        return f"smtp://127.0.0.1:{self.port}"

    async def handle_RCPT(  # noqa: N802 - the library's name
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        """Take or refuse a recipient."""
        if self.refusal:
            return self.refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - the library's name
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Keep a mail."""
        content = envelope.content
        assert isinstance(content, bytes)
        mail = message_from_bytes(content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        return "250 OK"

    @contextmanager
    def open(self) -> Iterator[None]:
        """Listen for as long as the block runs."""
        controller = Controller(self, hostname="127.0.0.1", port=self.port)
        controller.start()
        try:
            yield
        finally:
            controller.stop()

    async def wait_for(self, count: int) -> list[EmailMessage]:
        """Return the mails once `count` of them arrived."""
        async with asyncio.timeout(20):
            while len(self.mails) < count:  # noqa: ASYNC110 - the server has a loop of its own
                await asyncio.sleep(0.05)
        return self.mails


def find_port() -> int:
    """Return a port that nobody listens on."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def read_body(mail: EmailMessage) -> str:
    """Return the text of a mail."""
    text = mail.get_content()
    assert isinstance(text, str)
    return text
