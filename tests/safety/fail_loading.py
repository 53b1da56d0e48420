"""Imports modules, makes types and objects and calls methods while one allocation after the other fails.

`python fail_loading.py FOLDER COPIES`, where FOLDER has the conformance suite's modules and COPIES is an empty folder; with
`failing.c` preloaded and PYTHONMALLOC=malloc. Prints a line of JSON for each action. What fails has to raise an exception, to
leave no more memory behind than what succeeds (a host keeps what a type was made of), and to change nothing: after all the
failures the action gives what it gave before them.
"""

import _imp
import ctypes
import gc
import importlib.machinery
import json
import shutil
import sys
import warnings
from pathlib import Path

library = ctypes.CDLL(None)
armed = ctypes.c_long.in_dll(library, "failing_next")
failures = ctypes.c_long.in_dll(library, "failing_count")
blocks = ctypes.c_long.in_dll(library, "failing_blocks")

# No action allocates as often.
MOST = 5000
# How often an allocation fails in the same place: memory that is kept for good reason is kept once or twice.
TIMES = 5
# How often an action is done before memory is compared.
WARM = 30


def specification(name, file):
    """What a module is imported by."""
    return importlib.machinery.ModuleSpec(name, importlib.machinery.ExtensionFileLoader(name, file), origin=file)


def imported(spec):
    """A new module: what importlib does of it in C, since CPython crashes where it has no memory for a function of Python."""
    module = _imp.create_dynamic(spec)
    _imp.exec_dynamic(module)
    return module


def once(action, number):
    """Does something while its allocation of a number fails: what came of it, and whether one failed."""
    before = failures.value
    try:
        armed.value = number
        result = action()
    except BaseException as caught:
        armed.value = 0
        result = caught
    armed.value = 0
    return result, failures.value > before


def tidy():
    """Lets go what is kept for a while only: garbage, and names in the cache of attributes of types."""
    gc.collect()
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
        sys._clear_type_cache()


def growth(action, number):
    """What comes of an action again and again: the last result, whether an allocation failed, and by how many blocks there are
    more after it each time, at the least."""
    # In place, since an int is a block too.
    counts = (ctypes.c_long * TIMES)()
    for time in range(TIMES):
        result, failed = once(action, number)
        # What an exception holds goes with it.
        result = f"{type(result).__name__}: {result}" if isinstance(result, BaseException) else None
        tidy()
        counts[time] = blocks.value
    return result, failed, min(after - before for before, after in zip(counts[1:], counts[2:]))


def note(seen, number, error):
    """Counts what came of a failed allocation."""
    seen["failed"] += 1
    seen["errors" if error else "went on"] += 1
    if error and not error.startswith(("MemoryError", "ImportError")):
        seen["odd"].append(f"{number}: {error}")


def each_allocation(name, action):
    """Fails each allocation of an action; a dictionary of what was seen."""
    seen = {"action": name, "failed": 0, "errors": 0, "went on": 0, "leaks": [], "odd": []}
    # What is made once is made now, and free lists are filled.
    expected = [action() for _ in range(WARM)][-1]
    _, _, usual = growth(action, 0)
    for number in range(1, MOST):
        error, failed, more = growth(action, number)
        if not failed:
            break
        note(seen, number, error)
        if more > usual:
            seen["leaks"].append(f"{number}: {more} blocks, {usual} if nothing fails; {error}")
    else:
        raise AssertionError(f"{name}: more than {MOST} allocations")
    found = action()
    assert found == expected, f"{name}: {found!r} after failures, {expected!r} before"
    return seen


def actions(folder):
    """What is done with modules that are there already, by name."""
    for file in sorted(folder.glob("cases_*.so")):
        # The threads' module keeps what it started.
        if file.stem != "cases_threads":
            spec = specification(file.stem, str(file))
            yield f"import {file.stem}", lambda spec=spec: len(vars(imported(spec)))
    types, objects = (
        imported(specification(name, str(folder / f"{name}.so"))) for name in ("cases_types", "cases_objects")
    )

    class Derived(types.Thing):
        """A class of Python on one of C."""

    class Meta(type):
        """A metaclass."""

    def descriptor():
        class Owner:
            attribute = types.Descriptor([])

        return type(vars(Owner)["attribute"]).__name__

    yield "a type", lambda: types.HPyType_FromSpec(..., ...).__bases__
    yield "a type with a base", lambda: types.HPyType_FromSpec(types.Thing, ...).__bases__
    yield "a type with two bases", lambda: types.HPyType_FromSpec((Derived,), ...).__bases__
    yield "a type with a metaclass", lambda: type(types.HPyType_FromSpec(..., Meta)).__name__
    yield "an object", lambda: type(types.Thing(1, 2, a=3)).__name__
    yield "an object of a class of Python", lambda: type(Derived(1, a=2)).__name__
    yield "repr", lambda: type(repr(types.Countdown(3))).__name__
    yield "an iterator", lambda: list(types.Countdown(3))
    yield "an awaitable", lambda: list(types.Async(7).__await__())
    yield "a descriptor", descriptor
    yield "a call", lambda: types.Adder(5)(1, a=2)
    yield "a call by a function of the object", lambda: types.Adder(-5)(3)
    yield "a struct behind type", lambda: types.MarkedType("Made", (), {}).mark
    for name in sorted(vars(types)):
        made = getattr(types, name)
        if name.startswith("Marked") and name != "MarkedType":
            yield f"a struct behind {made.__base__.__name__}", lambda made=made: made().mark
    thing = types.Thing(1)
    for name in sorted(set(dir(thing)) - set(dir(object))):
        yield f"attribute {name}", lambda name=name: type(getattr(thing, name, None)).__name__
    yield "an attribute", lambda: objects.HPy_GetAttr_s(thing, "__class__") is types.Thing


def each_first_import(name, folder, copies):
    """Fails each allocation of the first import of a file, which binds it: each time of a new file."""
    seen = {"action": f"first {name}", "failed": 0, "errors": 0, "went on": 0, "leaks": [], "odd": []}
    for number in range(1, MOST):
        place = copies / f"{name}{number}"
        place.mkdir()
        shutil.copy(folder / f"{name}.so", place)
        spec = specification(name, str(place / f"{name}.so"))
        result, failed = once(lambda spec=spec: imported(spec), number)
        if not failed:
            return seen
        note(seen, number, f"{type(result).__name__}: {result}" if isinstance(result, BaseException) else None)
        # With memory it works, whatever was done of it before.
        imported(spec)
    raise AssertionError(f"{name}: more than {MOST} allocations")


def main():
    """Does it all."""
    folder, copies = map(Path, sys.argv[1:])
    for name, action in actions(folder):
        print(json.dumps({"start": name}), flush=True)
        print(json.dumps(each_allocation(name, action)), flush=True)
    for name in ("cases_types", "cases_legacy"):
        print(json.dumps({"start": f"first {name}"}), flush=True)
        print(json.dumps(each_first_import(name, folder, copies)), flush=True)


if __name__ == "__main__":
    main()
