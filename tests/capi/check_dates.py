"""What `dates.c` makes and reads is what Python code makes and reads."""

from datetime import date, datetime, time, timedelta, timezone

import dates

dates.start()
hour = timezone(timedelta(hours=1))
made = dates.make()
assert made == (
    date(2024, 2, 29),
    datetime(2024, 2, 29, 1, 2, 3, 4),
    datetime(2024, 2, 29, 1, 2, 3, 4, fold=1),
    time(1, 2, 3, 4),
    time(1, 2, 3, 4, fold=1),
    timedelta(days=2, seconds=1, microseconds=999999),
    hour,
    timezone(timedelta(hours=1), "here"),
    datetime(1970, 1, 3, tzinfo=timezone.utc),
    date.fromtimestamp(2 * 86400),
), made
day, moment, folded, clock, folded_clock, span, _, named, _, _ = made
assert (moment.fold, folded.fold, clock.fold, folded_clock.fold) == (0, 1, 0, 1)
assert named.tzname(None) == "here"

aware = dates.aware(hour)
assert aware == datetime(2024, 2, 29, 1, 2, 3, 4, hour)
assert dates.fields(aware) == (2024, 2, 29, 1, 2, 3, 4, 0, hour)
assert dates.fields(folded) == (2024, 2, 29, 1, 2, 3, 4, 1, None)
assert dates.fields(folded_clock) == (1, 2, 3, 4, 1, None)
assert dates.fields(span) == (2, 1, 999999)
assert dates.fields(day) == (2024, 2, 29)


class Day(date):
    pass


# Date, date and time, time, span, zone: for each whether it is one, and whether exactly.
assert dates.kinds(day) == (1, 1, 0, 0, 0, 0, 0, 0, 0, 0)
assert dates.kinds(Day(2024, 2, 29)) == (1, 0, 0, 0, 0, 0, 0, 0, 0, 0)
assert dates.kinds(moment) == (1, 0, 1, 1, 0, 0, 0, 0, 0, 0)
assert dates.kinds(clock) == (0, 0, 0, 0, 1, 1, 0, 0, 0, 0)
assert dates.kinds(span) == (0, 0, 0, 0, 0, 0, 1, 1, 0, 0)
assert dates.kinds(hour) == (0, 0, 0, 0, 0, 0, 0, 0, 1, 0)
assert dates.kinds(1) == (0,) * 10
