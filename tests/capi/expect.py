"""What the scripts that check C functions share: expectations, and how they are reported."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable

PYPY = sys.implementation.name == "pypy"
GRAALPY = sys.implementation.name == "graalpy"


class Raises:
    """An exception that is expected, by its class and, if given, its words."""

    def __init__(self, kind: type[BaseException], words: str | None = None) -> None:
        self.kind, self.words = kind, words

    def __repr__(self) -> str:
        return f"{self.kind.__name__}({self.words!r})"

    def __eq__(self, other: object) -> bool:
        return type(other) is self.kind and (self.words is None or str(other) == self.words)


ABSENT = "absent"
"""What the modules give for null without an exception."""

modules = []


def load(*names: str) -> None:
    """Imports the modules whose functions are checked."""
    modules.extend(importlib.import_module(name) for name in names)


def as_it_is(function: Callable) -> Callable:
    return function


way = as_it_is
"""What the functions are called through."""


def function(name: str) -> Callable:
    """The function of this name, from whichever module has it."""
    for module in modules:
        if found := getattr(module, name, None):
            return way(found)
    raise LookupError(name)


checked = 0
failures = []


def check(expected: object, name: str, *arguments: object) -> None:
    """Calls the function of this name; `expected` is a value (compared with its type) or a `Raises`."""
    global checked
    checked += 1
    try:
        found = function(name)(*arguments)
    except BaseException as exception:  # noqa: BLE001 - any exception is a result
        found = exception
    same = expected == found and (isinstance(expected, Raises) or type(expected) is type(found))
    if not same:
        shown = f"{type(found).__name__}({str(found)!r})" if isinstance(found, BaseException) else repr(found)
        failures.append(f"{name}{arguments!r}: expected {expected!r}, found {shown}")


def same(expected: object, name: str, *arguments: object) -> None:
    """The same for an object that is expected itself."""
    global checked
    checked += 1
    try:
        found = function(name)(*arguments)
    except BaseException as exception:  # noqa: BLE001 - any exception is a result
        found = exception
    if found is not expected:
        failures.append(f"{name}{arguments!r}: expected {expected!r} itself, found {found!r}")


def true(fact: object, what: str) -> None:
    """States a fact; `what` is said if it does not hold."""
    global checked
    checked += 1
    if not fact:
        failures.append(what)


def main(groups: list[Callable[[], None]]) -> None:
    """Runs the groups named on the command line, or all. Prints what does not hold; exits with 1 if anything does not."""
    named = [group for group in groups if group.__name__ in sys.argv[1:]]
    for group in named or groups:
        try:
            group()
        except Exception as exception:  # noqa: BLE001 - the other groups go on
            line = exception.__traceback__
            while line.tb_next:
                line = line.tb_next
            failures.append(f"{group.__name__} ended at line {line.tb_lineno}: {type(exception).__name__}: {exception}")
    for failure in failures:
        print(failure)
    print(f"{checked} expectations, {len(failures)} not met")
    sys.exit(bool(failures))
