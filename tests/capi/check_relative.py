"""Holds structs that are laid behind that of the base to PEP 697.

Run by the Python under test, with the module `relative` importable.
"""

from __future__ import annotations

import gc

import relative
from expect import GRAALPY, main, true


class Empty:
    __slots__ = ()


class Slotted:
    __slots__ = ("first",)


def behind(bases, made, use) -> None:
    """Structs of objects over these bases, each of which `use` uses, stay apart from what the bases hold."""
    objects = [made() for _ in range(200)]
    for thing in objects:
        start, size = relative.fill(thing, made)
        true(start > 0 and start % 16 == 0, f"{bases}: starts aligned, at {start}")
        true(size >= 32, f"{bases}: has room, {size} bytes")
    for thing in objects:
        true(use(thing), f"{bases}: the base's part works")
        true(thing.last == 42, f"{bases}: the struct is whole")
    del objects, thing
    gc.collect()


def with_key(thing) -> bool:
    thing["key"] = 1
    return thing == {"key": 1}


def with_item(thing) -> bool:
    thing.append(1)
    return thing == [1]


def with_slot(thing) -> bool:
    thing.first = thing.__class__
    return thing.first is thing.__class__


def one_base() -> None:
    for base in (object, Empty):
        behind(base, relative.make(base), repr)
        behind(base, relative.make_by_slot(base), repr)
    behind(Slotted, relative.make(Slotted), with_slot)
    first = relative.make(object)
    second = relative.make(first)
    thing = second()
    true(relative.fill(thing, second)[0] >= relative.fill(thing, first)[0] + 32, "one struct is behind the other")
    leaf = type("Leaf", (second,), {})()
    true(relative.fill(leaf, second) == relative.fill(thing, second), "a class of Python's moves nothing")


def several_bases() -> None:
    # There an object that starts as a built-in one is Java's.
    if GRAALPY:
        return
    for bases, use in [
        ((Empty, dict), with_key),
        ((dict, Empty), with_key),
        ((Empty, list), with_item),
        ((Empty, Slotted), with_slot),
    ]:
        behind(bases, relative.make(bases), use)


def bases_that_cannot_be() -> None:
    for bases in (bool, (Empty, bool), (int, dict)):
        try:
            relative.make(bases)
        except TypeError:
            continue
        true(GRAALPY, f"{bases}: refused")


if __name__ == "__main__":
    main([one_base, several_bases, bases_that_cannot_be])
