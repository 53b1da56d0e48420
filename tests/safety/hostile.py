"""Loads changed modules, as many as there are numbers: python hostile.py MODULE FIRST END.

Prints `NUMBER OUTCOME` for each, after `NUMBER` alone, so that whoever reads it knows where the process ended.
"""

import gc
import sys

import cardan

EXPECTED = (ImportError, TypeError, SystemError, ValueError, MemoryError)


def collect():
    """Runs the collector, where that does not take half a second."""
    if sys.implementation.name != "graalpy":
        gc.collect()


def use(module, may_call):
    """Does with a module what anyone may do, and takes any exception for an answer."""
    collect()
    for holder in [module, *(value for value in vars(module).values() if isinstance(value, type))]:
        for name in dir(holder):
            attempt(getattr, holder, name)
    kind = getattr(module, "Thing", None)
    if not may_call or kind is None:
        return
    thing = attempt(kind)
    for name in dir(kind):
        attempt(getattr, thing, name)
        if not name.startswith("__"):
            attempt(setattr, thing, name, thing)
    for function in [repr, len, str, hash, bool, lambda it: it + it, lambda it: it(1, a=2), lambda it: it.same()]:
        attempt(function, thing)
    derived = attempt(type, "Derived", (kind,), {})
    attempt(derived)
    for function in [
        lambda: module.nothing(),
        lambda: module.one(1),
        lambda: module.many(1, 2),
        lambda: module.named(1, a=2),
    ]:
        attempt(function)
    del thing, derived, kind
    collect()


def attempt(function, *arguments):
    """The result, or None for an exception."""
    try:
        return function(*arguments)
    except Exception:
        return None


def main():
    """Goes through the numbers."""
    path, first, end = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    control = cardan.load("hostile", path)
    for number in range(first, end):
        print(number, end=" ", flush=True)
        control.choose(number)
        try:
            module = cardan.load("hostile", path)
        except EXPECTED as error:
            print(type(error).__name__, " ".join(str(error).split())[:200], flush=True)
        except BaseException as error:
            print("!", type(error).__name__, error, flush=True)
        else:
            use(module, control.may_call())
            print("loaded", flush=True)


main()
