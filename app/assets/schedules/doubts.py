"""Hours that can be read but are seldom meant."""

from app.assets.schedules.model import DAY_MINUTES, Rule, Schedule

EARLY_MINUTE = 5 * 60
LONG_MINUTES = 14 * 60


def list_doubts(schedule: Schedule) -> list[str]:
    """Return a sentence for each thing that whoever gave the hours may want to look at again.

    Hours in the night are often afternoon hours without "pm" (02:00 for 14:00); very long ones
    often have one end wrong. The schedule itself stays as it was given.
    """
    sentences = [sentence for rule in schedule.rules if (sentence := find_doubt(rule))]
    return list(dict.fromkeys(sentences))


def find_doubt(rule: Rule) -> str | None:
    """Return what is unlikely about the times of a rule."""
    opens, closes = rule.opens_minute, rule.closes_minute
    if rule.says != "open" or opens is None:
        return None
    if 0 < opens < EARLY_MINUTE:
        return (
            f"It opens at {write_clock(opens)}, in the night. "
            f"If {write_clock(opens + DAY_MINUTES // 2)} is meant, write that."
        )
    if closes is None or closes - opens <= LONG_MINUTES or closes == DAY_MINUTES:
        return None
    return (
        f"It is open for {(closes - opens) / 60:.3g} hours on end, from {write_clock(opens)} to "
        f"{write_clock(closes % DAY_MINUTES)}. Check both times."
    )


def write_clock(minute: int) -> str:
    """Return minutes after midnight as "09:30"."""
    return f"{minute // 60:02d}:{minute % 60:02d}"
