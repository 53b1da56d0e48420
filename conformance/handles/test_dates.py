"""Dates and times."""

from datetime import date, datetime, time, timedelta, timezone, tzinfo

import pytest

ZONE = timezone(timedelta(hours=2), "two")


class Later(datetime):
    pass


def test_making(dates):
    made = dates.HPyDate_New(2024, 2, 29)
    assert (made, type(made)) == (date(2024, 2, 29), date)
    made = dates.HPyTime_New(23, 59, 58, 999999, ..., 0)
    assert (made, type(made), made.fold) == (time(23, 59, 58, 999999), time, 0)
    made = dates.HPyTime_New(1, 2, 3, 4, ZONE, 1)
    assert (made, made.tzinfo, made.fold) == (time(1, 2, 3, 4, ZONE), ZONE, 1)
    assert dates.HPyTime_New(1, 2, 3, 4, None, 0).tzinfo is None
    made = dates.HPyDateTime_New((2024, 2, 29, 1, 2, 3, 4, 0), ...)
    assert (made, type(made), made.fold) == (datetime(2024, 2, 29, 1, 2, 3, 4), datetime, 0)
    made = dates.HPyDateTime_New((2024, 2, 29, 1, 2, 3, 4, 1), ZONE)
    assert (made, made.tzinfo, made.fold) == (datetime(2024, 2, 29, 1, 2, 3, 4, ZONE), ZONE, 1)
    made = dates.HPyTimeDelta_New(-1, 90000, 5)
    assert (made, type(made)) == (timedelta(-1, 90000, 5), timedelta)
    assert dates.HPyTimeZone_UTC() is timezone.utc
    made = dates.HPyTimeZone_New(timedelta(hours=1), "one")
    assert (made, made.tzname(None)) == (timezone(timedelta(hours=1)), "one")
    assert dates.HPyTimeZone_New(timedelta(hours=1), ...).tzname(None) == "UTC+01:00"


@pytest.mark.parametrize(
    ("name", "arguments", "error"),
    [
        ("HPyDate_New", (2023, 2, 29), ValueError),
        ("HPyDate_New", (0, 1, 1), ValueError),
        ("HPyTime_New", (24, 0, 0, 0, ..., 0), ValueError),
        ("HPyTime_New", (1, 0, 0, 0, "zone", 0), TypeError),
        ("HPyTime_New", (1, 0, 0, 0, ..., 7), ValueError),
        ("HPyDateTime_New", ((2024, 13, 1, 0, 0, 0, 0, 0), ...), ValueError),
        ("HPyDateTime_New", ((2024, 1, 1, 0, 0, 0, 0, 0), 5), TypeError),
        ("HPyTimeDelta_New", (2**31 - 1, 0, 0), OverflowError),
        ("HPyTimeZone_New", (5, ...), TypeError),
        ("HPyTimeZone_New", (timedelta(hours=25), ...), ValueError),
    ],
)
def test_what_cannot_be_made(dates, name, arguments, error):
    with pytest.raises(error):
        getattr(dates, name)(*arguments)


def test_checks(dates):
    things = [date(2024, 1, 1), datetime(2024, 1, 1), Later(2024, 1, 1), time(), timedelta(), timezone.utc, 5]
    expected = {
        "HPyDate_Check": [1, 1, 1, 0, 0, 0, 0], "HPyDateTime_Check": [0, 1, 1, 0, 0, 0, 0],
        "HPyTime_Check": [0, 0, 0, 1, 0, 0, 0], "HPyTimeDelta_Check": [0, 0, 0, 0, 1, 0, 0],
        "HPyTZInfo_Check": [0, 0, 0, 0, 0, 1, 0],
    }  # fmt: skip
    for name, answers in expected.items():
        assert [getattr(dates, name)(thing) for thing in things] == answers
    assert isinstance(timezone.utc, tzinfo)


def test_taking_apart(dates):
    assert dates.HPyDateTime_Unpack(date(2024, 2, 29)) == (2024, 2, 29, 0, 0, 0, 0, 0)
    assert dates.HPyDateTime_Unpack(time(1, 2, 3, 4, fold=1)) == (0, 0, 0, 1, 2, 3, 4, 1)
    assert dates.HPyDateTime_Unpack(Later(2024, 2, 29, 1, 2, 3, 4, fold=1)) == (2024, 2, 29, 1, 2, 3, 4, 1)
    assert dates.HPyTimeDelta_Unpack(timedelta(-1, 5, 6)) == (-1, 5, 6)
    assert dates.HPyTimeDelta_Unpack(timedelta(microseconds=-1)) == (-1, 86399, 999999)
    assert dates.HPyDateTime_GetTZInfo(datetime(2024, 1, 1, tzinfo=ZONE)) is ZONE
    assert dates.HPyDateTime_GetTZInfo(time(tzinfo=ZONE)) is ZONE
    assert dates.HPyDateTime_GetTZInfo(time()) is None
    for function, needed in (
        (dates.HPyDateTime_Unpack, "a date, a time or a datetime"),
        (dates.HPyTimeDelta_Unpack, "a timedelta"),
        (dates.HPyDateTime_GetTZInfo, "a time or a datetime"),
    ):
        with pytest.raises(TypeError, match=f"^{function.__name__} needs {needed}$"):
            function(5)
