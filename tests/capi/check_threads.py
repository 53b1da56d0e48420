"""Calls C functions from a thread that Python did not start, where no code of Python runs: they do what they do elsewhere.

Run by the Python under test, with the modules `threads`, `functions` and `scenarios` importable.
"""

from __future__ import annotations

import functools

import expect
import threads
from expect import Raises, check, main, true

expect.modules.append(threads)


def through_thread(function):
    return lambda *arguments: threads.in_thread(function, arguments)


def calls() -> None:
    # The first call by a format that this process makes.
    check((5, 6, "text"), "calls_function", lambda *arguments: arguments, 5)
    check((0, 5, 6, "text"), "calls_function", functools.partial(lambda *arguments: arguments, 0), 5)
    check(Raises(ZeroDivisionError), "calls_function", lambda *arguments: 1 // 0, 5)
    code = type(calls.__code__)
    check(Raises(TypeError), "calls_function", code, 5)


def all_others() -> None:
    import check_functions

    # These ask for what belongs to a thread: its exceptions, its frames, its contexts. Or they take their module for the program.
    own = (
        check_functions.exceptions,
        check_functions.frames,
        check_functions.interpreter,
        check_functions.names_of_types,
    )
    others = [group for group in check_functions.GROUPS if group not in own]
    true(len(others) > 10, "no groups")
    for group in others:
        group()


expect.way = through_thread
main([calls, all_others])
