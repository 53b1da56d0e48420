"""Intervals with values."""

import gc
import sys
import weakref

import pytest
from intervals import IntervalMap


@pytest.fixture
def days():
    days = IntervalMap()
    days.add(0, 7, "first week")
    days.add(7, end=14, value="second week")
    days.add(20, 21)
    return days


def test_values_are_found_by_any_number_in_the_interval(days):
    assert [days[0], days[6.99], days[7], days[20.5]] == ["first week", "first week", "second week", None]
    assert 13 in days and 14 not in days and -1 not in days and 19 not in days
    for outside in [-0.5, 14, 19.9, 21]:
        with pytest.raises(KeyError) as caught:
            days[outside]
        assert caught.value.args == (outside,)
    with pytest.raises(TypeError):
        days["0"]


def test_values_change(days):
    days[3] = "other"
    assert days[0] == "other"
    del days[3]
    assert len(days) == 2 and 0 not in days
    with pytest.raises(KeyError):
        days[3] = "again"
    days.add(1, 2, "again")
    assert days.items() == [(1.0, 2.0, "again"), (7.0, 14.0, "second week"), (20.0, 21.0, None)]


def test_intervals_that_cannot_be(days):
    for start, end in [(1, 1), (2, 1), (float("nan"), 1)]:
        with pytest.raises(ValueError, match="^an interval starts before it ends$"):
            days.add(start, end)
    for start, end in [(0, 1), (6, 7), (13, 15), (19, 30), (-5, 50)]:
        with pytest.raises(ValueError, match="^the interval overlaps another one$"):
            days.add(start, end)
    assert len(days) == 3


def test_a_value_that_looks_at_the_map_as_it_goes(days):
    lengths = []

    class Value:
        def __del__(self):
            lengths.append(len(days))

    days.add(30, 31, Value())
    del days[30]
    for _ in range(5):
        gc.collect()
    # Some Pythons run `__del__` when they like.
    assert lengths in ([3], []) and (lengths or sys.implementation.name != "cpython")


@pytest.mark.skipif(
    sys.implementation.name in ("pypy", "graalpy"), reason="this Python leaves cycles through C objects alone"
)
def test_cycles_are_collected():
    class Owner:
        pass

    owner = Owner()
    owner.map = IntervalMap()
    owner.map.add(0, 1, owner)
    gone = weakref.ref(owner)
    del owner
    gc.collect()
    assert gone() is None
