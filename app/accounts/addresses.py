"""E-mail addresses: one spelling for each, and the one that mail servers take."""

from email_validator import EmailNotValidError, validate_email

from app.core.errors import BadRequestError

LONGEST = 254  # characters, RFC 5321


def normalise_email(text: str) -> str:
    """Return an address as it is kept and compared: normalised, in lower case.

    Nobody is asked whether its domain exists.

    Raises:
        BadRequestError: It is no address; the sentence does not repeat it.
    """
    try:
        found = validate_email(
            text.strip(), check_deliverability=False, allow_smtputf8=False, strict=True
        )
    except EmailNotValidError:
        raise BadRequestError(
            "This is not an e-mail address. Write it as name@example.org and check it for a slip."
        ) from None
    return found.normalized.lower()


def write_for_mail(email: str) -> str:
    """Return a kept address in ASCII, its domain as the name system writes it."""
    found = validate_email(email, check_deliverability=False, allow_smtputf8=False)
    return found.ascii_email or email
