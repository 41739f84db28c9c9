"""When something is open: schedules, how they are written, and what they say of a moment.

Rooms, lower ones first: the model; whether a rule recurs on a date; readers and writers of hours;
the calendar, which knows time zones and holidays; the tables and their keeping.
"""
