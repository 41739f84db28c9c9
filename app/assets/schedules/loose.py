"""Hours as people type them, read where they leave no doubt.

"Mon-Fri 9am - 5pm", "Mondays 10am to 12noon", "Tuesday 1.30pm–3.30pm term time only",
"9:00-17:00 daily". What is not understood is never guessed: the text is kept in words, and the
schedule states nothing. "Every other Thursday 10-12" says that nothing is on at other times, and
leaves the Thursdays themselves not stated.
"""

from dataclasses import dataclass, field, replace
from itertools import combinations

from app.assets.schedules.loose_words import Word, cut_into_words
from app.assets.schedules.model import (
    DAY_MINUTES,
    WEEKDAYS,
    Rule,
    Schedule,
    ScheduleProblem,
    TermRule,
)
from app.assets.schedules.opening_hours import read_opening_hours

LONGEST_LOOSE_TEXT = 1000


@dataclass
class Entry:
    """Days with their times, as one stretch of a text says them."""

    days: list[str] = field(default_factory=list)
    times: list[tuple[int | None, int | None]] = field(default_factory=list)
    terms: TermRule = "any"
    doubt: str = ""
    closed: bool = False
    marked: bool = False


def read_hours(text: str) -> Schedule | None:
    """Return the schedule of hours in any spelling.

    Returns:
        None where `text` is blank. A schedule without rules, with `text` as its words, where not
        all of it is understood.
    """
    plain = " ".join(text.split())
    if not plain:
        return None
    try:
        return read_opening_hours(plain)
    except ScheduleProblem:
        return read_loose_hours(text) or Schedule(words=text.strip())


def read_loose_hours(text: str) -> Schedule | None:
    """Return the schedule of hours in English; None where not all of it is understood."""
    if len(text) > LONGEST_LOOSE_TEXT:
        return None
    words = cut_into_words(text)
    if not words:
        return None
    limits = [word for word in words if word.kind == "closed" and word.days]
    entries = gather([word for word in words if word not in limits])
    if entries is None or not any(not entry.closed for entry in entries):
        return None
    rules = [rule for entry in entries if not entry.closed for rule in make_rules(entry)]
    if any(is_in_doubt(*pair) for pair in combinations(rules, 2)):
        return None
    rules += [rule for entry in entries if entry.closed for rule in make_rules(entry)]
    if limits:
        rules.append(Rule(says="closed", public_holidays="only"))
    return Schedule(rules=tuple(rules))


def gather(words: list[Word]) -> list[Entry] | None:
    """Return the entries of a text whose days all come before their times, or all after.

    None where days lack times, times lack days, or it is in doubt what a limit belongs to.
    """
    firsts = [word.kind for word in words if word.kind in {"days", "times"}]
    if not firsts:
        return None
    lead = firsts[0]
    entries: list[Entry] = []
    current = Entry()
    loose_end: list[Word] = []
    for place, word in enumerate(words):
        starts = word.kind == lead and is_complete(current)
        starts = starts or (word.kind == "closed" and bool(current.times) and bool(current.days))
        if starts:
            entries.append(current)
            current = Entry()
        if word.kind == "limit" and is_complete(current):
            loose_end.append(word)
        if not take_in(current, word, words[place + 1] if place + 1 < len(words) else None):
            return None
    entries.append(current)
    return None if is_unclear(entries, has_loose_end=bool(loose_end)) else entries


def is_unclear(entries: list[Entry], *, has_loose_end: bool) -> bool:
    """Return whether entries lack something, contradict each other, or leave open what is meant."""
    if not all(is_complete(entry) for entry in entries):
        return True
    # "Monday; Tuesday; Saturday Mon-Tue: 9am-5pm": a heading, and hours that are not for all of it
    if any(len(entry.days) > len(set(entry.days)) > 1 for entry in entries):
        return True
    # "Sunday 9am-3pm, Sunday closed"
    closed = {day for entry in entries if entry.closed for day in entry.days}
    if any(closed.issuperset(entry.days) for entry in entries if not entry.closed):
        return True
    # "Mon 10-12, Tue 1-3pm term time only": of which of them?
    several = sum(not entry.closed for entry in entries) > 1
    return several and (has_loose_end or any(entry.doubt and not entry.marked for entry in entries))


def take_in(entry: Entry, word: Word, following: Word | None) -> bool:
    """Add what `word` says to `entry`; return whether it makes sense there."""
    if word.kind == "days":
        entry.days += word.days
    elif word.kind == "times":
        if entry.closed:
            return False
        entry.times.append(word.times)
    elif word.kind == "closed":
        if entry.times:
            return False
        entry.closed = True
    elif word.kind == "limit":
        if entry.terms != "any":
            return False
        entry.terms = "term only" if word.text == "term only" else "holidays only"
    elif word.kind == "doubt":
        entry.doubt = word.text
    elif word.kind == "colon":
        entry.marked = True
        return following is not None and following.kind in {"times", "closed"}
    return True


def is_complete(entry: Entry) -> bool:
    """Return whether an entry has days, and times or that it is closed."""
    return bool(entry.days) and (bool(entry.times) or entry.closed)


def is_in_doubt(one: Rule, other: Rule) -> bool:
    """Return whether two rules speak of the same time without being the same.

    "Mon-Fri 9am-5pm, Wed 9am-1pm": does the second limit the first, or is it something besides?
    """
    weekdays = {day[-2:] for day in one.byday} & {day[-2:] for day in other.byday}
    apart = "any" not in {one.terms, other.terms} and one.terms != other.terms
    if not weekdays or apart or one == other:
        return False
    starts = (one.opens_minute or 0, other.opens_minute or 0)
    ends = (one.closes_minute or DAY_MINUTES, other.closes_minute or DAY_MINUTES)
    return max(starts) < min(ends)


def make_rules(entry: Entry) -> list[Rule]:
    """Return the rules of an entry; they add to those of others unless they close."""
    days = tuple(dict.fromkeys(entry.days))
    counted = any(day not in WEEKDAYS for day in days)
    rule = Rule(
        freq="MONTHLY" if counted else "WEEKLY",
        byday=days,
        terms=entry.terms,
        joins="also",
        says="not stated" if entry.doubt else "open",
        comment=entry.doubt,
    )
    if entry.closed:
        return [replace(rule, says="closed", joins="instead")]
    return [
        replace(rule, opens_minute=opens, closes_minute=closes) for opens, closes in entry.times
    ]
