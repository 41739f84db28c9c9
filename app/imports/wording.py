"""Words as people write them: names that registers keep in capitals, and in several parts."""

import re
from fnmatch import fnmatchcase

from app.records.alikeness import simplify

_WORD = re.compile(
    r"(?:[^\W_]\.){2,}[^\W_]?(?![^\W_])|[^\W_]\.[^\W_](?![^\W_])|[^\W_]+(?:['’][^\W_]+)*\.?"
)

_SMALL = "an and at by for from in le of on or the to under upon with"
SMALL = frozenset(_SMALL.split())
"""Kept small but at the beginning."""

_SPELT = """
NHS GP GPs PCN CIC CIO UK RC CE C.I.C. LLP HQ YMCA YWCA II III IV VI RAF AFC FC RUFC RFC JFC CC LTC
ARLFC ABC BMX CAMHS UTC DVT A&E MSK PLC BMI GB USA WI RAOB RBL CVS TV IT DIY LGBT LGBT+ CAB IAPT AFG
St Dr Drs Mr Mrs Ms Rd Ave Ltd Ctr Ctrs Cntr Mt Pk Grp Gdns Hth Hlth Hse Ln Sq Nr Pty Bros Svc Svcs
Dept Jr Sr Pract Med
"""
KNOWN = {word.casefold(): word for word in _SPELT.split()}
"""Words whose letters are not simply one capital and small ones."""

_VOWELS = frozenset("aeiouyâêîôûŵŷáéíóúäëïöü")
_LONGEST_ACRONYM = 4


def to_ordinary_case(text: str) -> str:
    """Return words that stand in capitals as people write them; others are left as they are.

    `THE MCGRATH & O'BRIEN SURGERY, ST JOHN'S NHS CENTRE` becomes `The McGrath & O'Brien Surgery,
    St John's NHS Centre`. Words without a vowel that are no abbreviations of titles and streets
    are taken for acronyms.
    """
    if any(letter.islower() for letter in text) or not any(map(str.isalpha, text)):
        return text
    is_first = True
    pieces: list[str] = []
    end = 0
    for match in _WORD.finditer(text):
        between = text[end : match.start()]
        pieces.append(between)
        is_part = bool(pieces) and between in {"-", "'"}
        opens = is_first or any(sign in between for sign in "(|/:") or between == " - "
        pieces.append(_cap(match.group(), is_first=opens and not (is_part and not is_first)))
        is_first = False
        end = match.end()
    pieces.append(text[end:])
    return "".join(pieces)


def _cap(word: str, *, is_first: bool) -> str:
    plain = word.casefold()
    known = KNOWN.get(plain) or KNOWN.get(plain.rstrip("."), "")
    if known:
        return known + "." * (plain.endswith(".") and not known.endswith("."))
    if plain in SMALL and not is_first:
        return plain
    if _ORDINAL.fullmatch(plain):
        return plain
    if _is_code(plain):
        return word
    for beginning, kept in _BEGINNINGS:
        if beginning.match(plain):
            return plain[:kept].capitalize() + plain[kept:].capitalize()
    return plain[:1].upper() + plain[1:]


_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)")
_INITIALS = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]?")
_BEGINNINGS = (
    (re.compile(r"o['’][^\W\d_]{2}"), 2),  # O'Brien
    (re.compile(r"mc[^\W\d_]{3}"), 2),  # McGrath
)


def _is_code(plain: str) -> bool:
    """Whether a word is a number, initials, or letters that nobody can say."""
    if any(letter.isdigit() for letter in plain) or _INITIALS.fullmatch(plain):
        return True
    letters = sum(map(str.isalpha, plain))
    return letters <= _LONGEST_ACRONYM and not _VOWELS & set(plain) and "'" not in plain


def split_names(text: str, mark: str) -> list[str]:
    """Return the names that `mark` stands between, each once, however it is spelt in case."""
    names: dict[str, str] = {}
    for part in text.split(mark) if mark else [text]:
        if name := " ".join(part.split()):
            names.setdefault(name.casefold(), name)
    return list(names.values())


def fits(text: str, patterns: list[str]) -> str | None:
    """Return the first of `patterns` (`*` stands for anything) that `text` fits; case is no matter.

    None where it fits none.
    """
    plain = " ".join(text.split()).casefold()
    return next((each for each in patterns if fnmatchcase(plain, each.casefold())), None)


def make_id(*parts: str) -> str:
    """Return an identifier that is the same whenever its parts are, whatever their case and marks.

    For files that have none of their own: name and postcode make one.
    """
    return " ".join(filter(None, (simplify(part).replace(" ", "-") for part in parts)))[:280]
