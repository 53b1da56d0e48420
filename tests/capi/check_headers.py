"""Holds what is read from an object's header to what CPython's headers read, in destructors too.

Run by the Python under test, with the module `headers` importable.
"""

from __future__ import annotations

import gc
import os
import sys
import sysconfig

import headers
from expect import main, true

COUNTS = sys.implementation.name == "cpython"
# The free-threaded header is not in the stable ABI, and 3.13 has no function for its counts.
UNCOUNTED = os.environ.get("CARDAN_HOST") == "generic" and bool(sysconfig.get_config_var("Py_GIL_DISABLED"))


def sizes() -> None:
    for bits, size in [(0, 0), (1, 1), (7, 1), (8, 1), (9, 2), (80, 10)]:
        made = headers.Bits(bits)
        true(len(made) == bits, f"a length of {len(made)}")
        true(made.state() == (size, size, bits), f"{bits} bits: {made.state()}")
    made.shrink()
    true(made.state() == (9, 9, 80), f"one byte less: {made.state()}")


def destructors() -> None:
    headers.Bits(700)
    found = []
    for _ in range(20):
        found = [read for read in headers.seen if read[-1] == 88]
        if found:
            break
        gc.collect()
    true(len(found) == 1, f"destroyed {len(found)} times")
    for count, *others in found:
        true(others == [1, 0, 1, 88], f"read from an object that is torn down: {others}")
        true(count == 0 or UNCOUNTED, f"it has {count} references")


def counts() -> None:
    if COUNTS and not UNCOUNTED:
        true(headers.count(object()) == (1, 0), f"{headers.count(object())}")
    true(headers.is_exactly([], list) == 1 and headers.is_exactly(True, int) == 0, "Py_IS_TYPE")
    true(headers.is_exactly(list, type) == 1 and headers.is_exactly(list, object) == 0, "Py_IS_TYPE of a type")


class Pretends:
    """Says in Python that it is a type."""

    __slots__ = ()
    __class__ = type


def pretenders() -> None:
    true(isinstance(Pretends(), type), "it does not pretend")
    true(headers.basicsize(Pretends()) == "absent", "the size of what is no type was read")
    true(headers.is_exactly(Pretends(), Pretends) == 1 and headers.is_exactly(Pretends(), type) == 0, "its type")
    true(headers.basicsize(headers.Bits) > 24, "the size of a type")


if __name__ == "__main__":
    main([sizes, destructors, counts, pretenders])
