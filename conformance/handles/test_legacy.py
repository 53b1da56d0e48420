"""Handles and Python.h in one module."""


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
