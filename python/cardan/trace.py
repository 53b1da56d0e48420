"""The trace mode of the handle API, seen from Python: how often each function was called, and how long that took.

A module runs in trace mode if it was loaded with `cardan.load(…, trace=True)`, or if the environment says `CARDAN=trace`.

    module.function()
    print(cardan.trace.table())

The times are those between a call of the module's and its return, so they contain what Python code did in between.
"""

from __future__ import annotations

import json as _json
from typing import Callable, NamedTuple

from . import _runtime

__all__ = ["Entry", "entries", "json", "resolution", "set_functions", "table"]

_ENTER, _EXIT = 0, 1

Function = Callable[[str], object]


class Entry(NamedTuple):
    """What was counted for one function of the API."""

    name: str
    """The name of its place in the context, such as `ctx_Add` for `HPy_Add`."""
    calls: int
    """How often it was called."""
    nanoseconds: int
    """How long all calls together took."""


class _Unchanged:
    """The value of an argument that was not given."""


_UNCHANGED = _Unchanged()


def entries() -> list[Entry]:
    """Every function of the API, in the order of the context, also those that were not called."""
    return [Entry(*entry) for entry in _runtime.trace_entries()]


def table() -> str:
    """The functions that were called as a table of text, the longest time first."""
    called = sorted((entry for entry in entries() if entry.calls), key=lambda entry: (-entry.nanoseconds, entry.name))
    rows = [("function", "calls", "total ms", "each ns")]
    for name, calls, nanoseconds in called:
        rows.append((name, str(calls), f"{nanoseconds / 1e6:.3f}", f"{nanoseconds / calls:.0f}"))
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = []
    for row in rows:
        cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:]))]
        lines.append("  ".join(cells))
    return "\n".join(lines)


def json() -> str:
    """The functions that were called as JSON: a list of objects with `name`, `calls` and `nanoseconds`."""
    return _json.dumps([entry._asdict() for entry in entries() if entry.calls])


def resolution() -> int:
    """The resolution of the clock in hertz."""
    return _runtime.trace_resolution()


def set_functions(
    on_enter: Function | None | _Unchanged = _UNCHANGED, on_exit: Function | None | _Unchanged = _UNCHANGED
) -> None:
    """Sets functions that are called with an entry's name before and after each call of it.

    One that is not given stays as it is; None unsets it. Raises TypeError if one is neither callable nor None.
    """
    given = {_ENTER: on_enter, _EXIT: on_exit}
    given = {which: function for which, function in given.items() if not isinstance(function, _Unchanged)}
    for function in given.values():
        if function is not None and not callable(function):
            raise TypeError("Expected a callable object or None")
    for which, function in given.items():
        _runtime.trace_set_callback(which, function)
