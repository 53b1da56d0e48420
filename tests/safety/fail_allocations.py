"""A pytest plugin for the conformance suite: in each call of a module each allocation fails once.

A call is made again and again: first its first allocation fails, then its second, until one goes through. What fails has
to raise MemoryError and to change nothing, so that the test goes on as if nothing had been; a crash ends the process.

Needs `failing.c` preloaded, and PYTHONMALLOC=malloc so that the interpreter's allocations come to it too. The file that
CARDAN_FAILURES names gets one line of JSON for each test.
"""

import ctypes
import functools
import gc
import json
import os
import types

import pytest

# Variables: to set one allocates nothing.
library = ctypes.CDLL(None)
armed = ctypes.c_long.in_dll(library, "failing_next")
failures = ctypes.c_long.in_dll(library, "failing_count")

# No call of the suite allocates as often, unless it runs Python code for long.
MOST = 3000

counts = {"calls": 0, "failed": 0, "MemoryError": 0, "went on": 0, "other": 0, "others": []}


def each_allocation(function, *arguments, **keywords):
    """Calls until no allocation fails."""
    counts["calls"] += 1
    for number in range(1, MOST):
        before = failures.value
        error = result = None
        try:
            armed.value = number
            result = function(*arguments, **keywords)
        except BaseException as caught:
            armed.value = 0
            error = caught
        armed.value = 0
        if failures.value == before:
            break
        counts["failed"] += 1
        if isinstance(error, MemoryError):
            counts["MemoryError"] += 1
            error = None
            continue
        if error is None:
            counts["went on"] += 1
        else:
            counts["other"] += 1
            counts["others"].append(f"{getattr(function, '__name__', function)}: {type(error).__name__}: {error}")
        break
    if error is not None:
        try:
            raise error
        finally:
            # Its traceback has this frame.
            del error
    return result


class Failing:
    """A module whose functions are called so."""

    def __init__(self, module):
        self.__dict__["module"] = module

    def __getattr__(self, name):
        value = getattr(self.module, name)
        if isinstance(value, types.BuiltinFunctionType):

            @functools.wraps(value)
            def call(*arguments, **keywords):
                return each_allocation(value, *arguments, **keywords)

            return call
        return value

    def __setattr__(self, name, value):
        setattr(self.module, name, value)


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef):
    """Wraps the modules."""
    result = yield
    if isinstance(result, types.ModuleType):
        result = Failing(result)
        fixturedef.cached_result = (result, *fixturedef.cached_result[1:])
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    """Says which test is run, before it is, and what was counted in it."""
    with open(os.environ["CARDAN_FAILURES"], "a") as file:
        print(json.dumps({"start": item.nodeid}), file=file)
    return (yield)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown():
    """References are counted then: exceptions that were raised on the way have frames, and these the objects."""
    gc.collect()


def pytest_runtest_logreport(report):
    """The outcome of a test."""
    if report.when == "call" or report.outcome != "passed":
        said = "" if report.outcome == "passed" else report.longreprtext[-600:]
        with open(os.environ["CARDAN_FAILURES"], "a") as file:
            print(json.dumps({"end": report.nodeid, "outcome": report.outcome, "said": said, **counts}), file=file)
        counts.update({name: [] if name == "others" else 0 for name in counts})
