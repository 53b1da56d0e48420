"""Holds types of C to what CPython documents: when they are finalized, and of which metaclass they are.

Run by the Python under test, with the module `types_of_c` importable.
"""

from __future__ import annotations

import gc
import os
import sys

import types_of_c
from expect import GRAALPY, PYPY, main, true

GENERIC = os.environ.get("CARDAN_HOST") == "generic"


def until(condition) -> bool:
    """Runs the collector until that holds; whether it does."""
    for _ in range(20):
        if condition():
            return True
        gc.collect()
    return False


def finalizers() -> None:
    # Its own function for destructors is a stub; what stands in for it is checked by the conformance suite.
    if GRAALPY:
        return
    seen = []
    before = types_of_c.counts()
    ended = types_of_c.Ended(lambda ended: seen.append(ended.plain()))
    del ended
    true(until(lambda: types_of_c.counts() == before + 1), "deallocated")
    true(seen == ["plain"], f"finalized once, while it is whole: {seen}")
    true(types_of_c.keeps_methods(types_of_c.Ended), "the methods are those of the spec")

    kept = []
    ended = types_of_c.Ended(kept.append)
    del ended
    true(until(lambda: kept), "finalized")
    gc.collect()
    true(types_of_c.counts() == before + 1, "what the finalizer keeps is not deallocated")
    true(kept.pop().plain() == "plain", "and is whole")
    true(until(lambda: types_of_c.counts() == before + 2), "it is deallocated when it is let go")
    true(kept == [], "and not finalized again")

    class Derived(types_of_c.Ended):
        pass

    class Own(types_of_c.Ended):
        def __del__(self):
            seen.append("own")
            super().__del__()

    for number, class_ in enumerate([Derived, Own], 3):
        ended = class_(lambda ended: seen.append(type(ended).__name__))
        del ended
        true(until(lambda number=number: types_of_c.counts() == before + number), f"{class_}: deallocated")
    true(seen == ["plain", "Derived", "own", "Own"], f"objects of subclasses are finalized once: {seen}")


def metaclasses() -> None:
    class Meta(type):
        def of_meta(cls) -> str:
            return "plain"

    for meta in (Meta, types_of_c.metaclass_of_c()):
        # Without PyType_FromMetaclass it takes knowledge of layouts.
        if PYPY or (sys.version_info < (3, 12) and GENERIC):
            refuses(meta)
        else:
            made = types_of_c.with_metaclass(meta)
            true(type(made) is meta, f"the metaclass: {type(made)!r}, not {meta!r}")
            true(made.of_meta() == "plain", f"a method that {meta!r} gives to its classes")
    made = types_of_c.with_metaclass(type)
    true(type(made) is type, "no other metaclass")


def refuses(meta: type) -> None:
    host = (
        f"{'PyPy' if PYPY else 'CPython'} {sys.version_info[0]}.{sys.version_info[1]}{' (generic)' if GENERIC else ''}"
    )
    expected = (
        f"cannot make the type 'types_of_c.Plain' with the metaclass {meta!r}: {host} makes types of C with the metaclass "
        "'type' only; there, leave the metaclass out"
    )
    try:
        found = types_of_c.with_metaclass(meta)
    except TypeError as error:
        found = str(error)
    true(found == expected, f"expected {expected!r}, found {found!r}")


def raises(kind: type[BaseException], words: str | None, what: str, function, *arguments) -> None:
    """`words` is what the message begins with, if that is given."""
    try:
        found = function(*arguments)
    except Exception as error:  # noqa: BLE001 - another exception is a failure
        true(type(error) is kind and str(error).startswith(words or ""), f"{what}: {error!r}")
    else:
        true(False, f"{what}: made {found!r}")


def refused_metaclasses() -> None:
    class Meta(type):
        pass

    class More(Meta):
        pass

    class Other(type):
        pass

    class Makes(type):
        def __new__(cls, *arguments):
            raise AssertionError("nobody calls this")

    class Base(metaclass=Meta):
        __slots__ = ()

    make = types_of_c.with_metaclass_and_bases
    for what in int, str, object, 5, Base:
        raises(TypeError, None, f"the metaclass {what!r}", types_of_c.with_metaclass, what)
    raises(TypeError, "metaclass conflict", "metaclasses that contradict each other", make, Other, (Base,))
    if not PYPY:
        words = None if sys.version_info < (3, 12) and GENERIC else "Metaclasses with custom tp_new are not supported."
        raises(TypeError, words, "a metaclass with a __new__ of its own", types_of_c.with_metaclass, Makes)
    if PYPY or (sys.version_info < (3, 12) and GENERIC):
        return
    cases = [(None, None, type), (type, Base, Meta), (None, (Base,), Meta), (More, Base, More)]
    # GraalPy makes no type of C that derives from a class with a metaclass of Python's.
    for metaclass, bases, expected in cases[:1] if GRAALPY else cases:
        made = make(metaclass, bases)
        true(type(made) is expected, f"{metaclass!r} and {bases!r}: the metaclass is {type(made)!r}, not {expected!r}")
        true(bases is None or issubclass(made, Base), f"the bases of {made!r}")


def wrong_specs() -> None:
    for number, words in enumerate(
        [
            "Type spec does not define the name field.",
            "With Py_RELATIVE_OFFSET, basicsize must be negative.",
            "Member offset out of range (0..-basicsize)",
            "Member offset out of range (0..-basicsize)",
            "Member offset out of range (0..-basicsize)",
        ]
    ):
        raises(SystemError, words, f"wrong spec {number}", types_of_c.wrong_spec, number)


if __name__ == "__main__":
    main([finalizers, metaclasses, refused_metaclasses, wrong_specs])
