"""Handles and Python.h in one module."""

import sys

import pytest


def test_objects(legacy, same_count):
    thing = same_count(object())
    assert legacy.HPy_AsPyObject(thing) == [thing]
    assert legacy.HPy_FromPyObject() == 12345


def test_functions(legacy):
    assert legacy.old_function(21) == 42
    assert legacy.old_function.__doc__ == "Doubles."


def test_types(legacy):
    thing = legacy.Old(21)
    assert repr(thing) == "<old>"
    assert thing.number() == 42
    assert legacy.own_slots(legacy.Old) == 3


def test_bases(legacy, host):
    class Small:
        __slots__ = ()

    class Large:
        __slots__ = tuple("abcdefghijkl")

    derived = legacy.derived_type(Small)
    assert derived.__mro__ == (derived, Small, object)
    if host.mixes_bases:
        assert derived(21).number() == 42
    if host.name == "cpython":
        # Elsewhere a class of Python's takes no room in the struct.
        with pytest.raises(TypeError) as raised:
            legacy.derived_type(Large)
        # Hosts for Python 3.12 and later look for themselves.
        if sys.version_info < (3, 12):
            assert str(raised.value) == (
                f"the struct of 'cases_legacy.Old' has 40 bytes; expected at least the {Large.__basicsize__} of its base "
                f"{Large!r}, which it starts with"
            )
