"""Holds a C type with every slot to what CPython documents: each operation reaches the slot that is meant for it.

Run by the Python under test, with the module `slots` importable.
"""

from __future__ import annotations

import asyncio
import copy
import gc
import operator
import sys
import weakref

from expect import GRAALPY, PYPY, load, main, true

load("slots")

import slots  # noqa: E402 - after the harness has found it


def equal(found: object, expected: object, what: str) -> None:
    true(found == expected and type(found) is type(expected), f"{what}: expected {expected!r}, found {found!r}")


def raises(kind: type[BaseException], what: str, function, *arguments) -> None:
    try:
        found = function(*arguments)
    except kind:
        true(True, what)
    except BaseException as error:  # noqa: BLE001 - another exception is a failure
        true(False, f"{what}: expected {kind.__name__}, found {error!r}")
    else:
        true(False, f"{what}: expected {kind.__name__}, found {found!r}")


def numbers() -> None:
    thing = slots.Thing()
    for name, function in [
        ("negative", operator.neg),
        ("positive", operator.pos),
        ("absolute", abs),
        ("invert", operator.inv),
    ]:
        equal(function(thing), (name, "thing"), name)
    binary = {
        "add": operator.add,
        "subtract": operator.sub,
        "multiply": operator.mul,
        "remainder": operator.mod,
        "divmod": divmod,
        "lshift": operator.lshift,
        "rshift": operator.rshift,
        "and": operator.and_,
        "xor": operator.xor,
        "or": operator.or_,
        "floor_divide": operator.floordiv,
        "true_divide": operator.truediv,
        "matrix_multiply": operator.matmul,
    }
    for name, function in binary.items():
        equal(function(thing, 5), (name, "thing", 5), name)
        equal(function(5, thing), (name, 5, "thing"), f"{name} reflected")
        if name != "divmod":
            inplace = getattr(operator, f"i{function.__name__.strip('_')}")
            equal(inplace(thing, 5), (f"inplace_{name}", "thing", 5), f"inplace_{name}")
    equal(pow(thing, 2), ("power", "thing", 2, None), "power")
    equal(pow(2, thing), ("power", 2, "thing", None), "power reflected")
    equal(pow(thing, 2, 3), ("power", "thing", 2, 3), "power of three")
    equal(operator.ipow(thing, 2), ("inplace_power", "thing", 2, None), "inplace_power")
    equal(int(thing), 41, "int")
    equal(operator.index(thing), 42, "index")
    equal(float(thing), 4.5, "float")
    equal([*range(50)][thing], 42, "index of a list")
    equal(bool(slots.Thing(truth=False)), False, "bool")
    equal(bool(thing), True, "bool")


def containers() -> None:
    thing = slots.Thing(3)
    equal(len(thing), 3, "length")
    equal(thing["key"], ("subscript", "key"), "subscript")
    equal(thing[1:2], ("subscript", slice(1, 2, None)), "subscript by a slice")
    thing["key"] = 5
    equal(thing.object, ("set", "key", 5), "set an item")
    del thing["key"]
    equal(thing.object, ("delete", "key", None), "delete an item")
    equal((True in thing, 7 in thing), (True, False), "contains")
    equal(list(thing), [0, 1, 2], "iteration")
    equal(next(iter(slots.Thing(1))), 0, "next")
    raises(StopIteration, "the end", next, iter(slots.Thing()))
    sequence = slots.Sequence()
    equal(len(sequence), 3, "length of a sequence")
    equal((sequence[0], sequence[2]), (0, 20), "items of a sequence")
    if not PYPY:  # PyPy 7.3 hands a negative index on as it is.
        equal(sequence[-1], 20, "the last item of a sequence")
    raises(IndexError, "behind the end of a sequence", operator.getitem, sequence, 3)
    equal(list(sequence), [0, 10, 20], "iteration of a sequence")
    equal((10 in sequence, 11 in sequence), (True, False), "contains of a sequence")
    equal(sequence + [1], ("concat", [1]), "concat")
    equal(sequence * 3, ("repeat", 3), "repeat")
    equal(3 * sequence, ("repeat", 3), "repeat reflected")


def basics() -> None:
    thing = slots.Thing()
    equal(repr(thing), "<repr>", "repr")
    equal(str(thing), "<str>", "str")
    equal(f"{thing}", "<str>", "format")
    equal(hash(thing), 77, "hash")
    equal(thing(1, a=2), ("call", (1,), {"a": 2}), "call")
    equal(thing(), ("call", (), {} if PYPY else None), "call without arguments")
    for number, function in enumerate([operator.lt, operator.le, operator.eq, operator.ne, operator.gt, operator.ge]):
        equal(function(thing, 1), ("richcompare", number), function.__name__)
    equal(thing == "text", False, "NotImplemented")
    raises(TypeError, "NotImplemented", operator.lt, thing, "text")
    equal(thing.magic, "getattro", "getattro")
    thing.magic = 5
    equal(thing.object, ("set", "magic", 5), "setattro")
    del thing.magic
    equal(thing.object, ("delete", "magic", None), "setattro to delete")
    raises(AttributeError, "no attribute", getattr, thing, "missing")
    thing.own = 6
    equal((thing.own, thing.__dict__), (6, {"own": 6}), "the dict")

    class Owner:
        thing = slots.Thing()

    owner = Owner()
    equal(owner.thing, ("descr_get", owner, Owner), "descr_get")
    equal(Owner.thing, ("descr_get", None, Owner), "descr_get of a class")
    descriptor = Owner.__dict__["thing"]
    owner.thing = 7
    equal(descriptor.object, ("set", owner, 7), "descr_set")
    equal(slots.Thing.__doc__, "A thing with every slot.", "the documentation")
    if not (PYPY or GRAALPY or sys.version_info < (3, 10)):
        equal(slots.Thing.__text_signature__, "(size=0, *, truth=True)", "the signature")
    equal((slots.Thing.__name__, slots.Thing.__module__), ("Thing", "slots"), "the name")
    raises(TypeError, "a wrong argument", slots.Thing, "x")
    raises(TypeError, "a wrong keyword", lambda: slots.Thing(wrong=1))


def coroutines() -> None:
    async def wait():
        return [item async for item in slots.Thing()]

    equal(asyncio.run(wait()), [], "aiter and anext")
    waiting = slots.Thing().__await__()
    equal(next(waiting), "await", "await")


def buffers() -> None:
    thing = slots.Thing()
    with memoryview(thing) as view:
        equal((bytes(view), view.readonly, thing.counts[1]), (b"data", False, 1), "getbuffer")
        view[0] = ord("D")
    equal(bytes(memoryview(thing)), b"Data", "what was written into the buffer")
    if not (PYPY or GRAALPY):  # These release a buffer when they collect garbage.
        equal(thing.counts, ("closure", 0, 1), "releasebuffer")
    equal(b"".join([thing]), b"Data", "getbuffer by join")


def attributes() -> None:
    thing = slots.Thing(4)
    equal((thing.number, thing.wide, thing.real, thing.truth), (0, 1 << 40, 0.0, True), "members")
    equal((thing.character, thing.text, thing.size, thing.object), ("c", "text", 4, None), "members")
    raises(AttributeError, "a member that holds nothing", getattr, thing, "object_or_error")
    thing.number, thing.wide, thing.real, thing.truth, thing.object = 5, -6, 7.5, False, "object"
    equal((thing.number, thing.wide, thing.real, thing.truth), (5, -6, 7.5, False), "members that were set")
    equal((thing.object, thing.object_or_error), ("object", "object"), "an object that was set")
    del thing.object_or_error
    equal(thing.object, None, "a member that was deleted")
    raises(TypeError, "a member of another type", setattr, thing, "number", "x")
    raises(TypeError, "a bool of another type", setattr, thing, "truth", 1)
    for name in ["character", "text", "size"]:
        raises((AttributeError, TypeError), f"the member {name}", setattr, thing, name, 1)
    equal(thing.counts[0], "closure", "a property's closure")
    thing.counts = 8
    equal(thing.object, ("set", None, 8), "a property that was set")
    del thing.counts
    equal(thing.object, ("delete", None, None), "a property that was deleted")
    raises(AttributeError, "a property that cannot be set", setattr, thing, "fixed", 1)
    if not PYPY:  # PyPy 7.3.11 loses it.
        equal(slots.Thing.counts.__doc__, "Counts.", "a property's documentation")
    equal(slots.Thing.object.__doc__, "Any object.", "a member's documentation")


def methods() -> None:
    thing = slots.Thing()
    equal(thing.no_arguments(), ("NOARGS", "thing"), "no_arguments")
    raises(TypeError, "an argument too many", thing.no_arguments, 1)
    equal(thing.one_argument(1), ("O", "thing", 1), "one_argument")
    raises(TypeError, "an argument too few", thing.one_argument)
    equal(thing.many(1, 2), ("VARARGS", "thing", (1, 2)), "many")
    raises(TypeError, "a keyword", lambda: thing.many(a=1))
    equal(thing.keywords(1, a=2), ("KEYWORDS", "thing", (1,), {"a": 2}), "keywords")
    equal(thing.keywords(), ("KEYWORDS", "thing", (), None), "no keywords")
    equal(thing.fast(1, 2), ("FASTCALL", "thing", (1, 2)), "fast")
    equal(thing.fast_keywords(1, b=2, a=3), ("FASTCALL KEYWORDS", "thing", (1, 2, 3), ("b", "a")), "fast_keywords")
    equal(thing.fast_keywords(1), ("FASTCALL KEYWORDS", "thing", (1,), None), "fast_keywords without")
    equal(thing.of_class(1), ("CLASS", slots.Thing, (1,)), "of_class")
    equal(slots.Thing.of_class(1), ("CLASS", slots.Thing, (1,)), "of_class by the class")
    equal(slots.Thing.of_nothing(1), ("STATIC", 1, (1,)), "of_nothing")
    equal(slots.Thing.no_arguments(thing), ("NOARGS", "thing"), "a method by the class")
    raises(TypeError, "a method of another type", slots.Thing.no_arguments, 5)
    if not PYPY:
        equal(slots.Thing.no_arguments.__doc__, "Takes nothing.", "a method's documentation")
    equal(thing.no_arguments.__self__ is thing, True, "what a method is bound to")


def inheritance() -> None:
    class Derived(slots.Thing):
        def __add__(self, other):
            return "own", super().__add__(other)

        def __len__(self):
            return 9

    derived = Derived(2, truth=False)
    equal(derived + 5, ("own", ("add", "thing", 5)), "a slot that is overridden")
    equal(derived - 5, ("subtract", "thing", 5), "a slot that is inherited")
    equal(len(derived), 9, "a length that is overridden")
    equal((derived.size, bool(derived)), (2, False), "arguments to a subclass")
    equal(isinstance(derived, slots.Thing), True, "an instance of a subclass")
    equal(derived.of_class(), ("CLASS", Derived, ()), "of_class by a subclass")
    if not PYPY:  # PyPy 7.3.11 allows it.
        raises(TypeError, "a type that cannot be subclassed", type, "X", (slots.Sequence,), {})
    equal(type(copy.copy(slots.Sequence)) is type, True, "a class is its own copy")


def lifetime() -> None:
    gc.collect()
    before = slots.counts()[0]
    thing = slots.Thing()
    reference = weakref.ref(thing)
    equal(reference() is thing, True, "a weak reference")
    thing.object = thing
    thing.itself = [thing]
    del thing
    if PYPY or GRAALPY:
        return  # Cycles through C objects are collected late, or not at all.
    gc.collect()
    equal(reference(), None, "a weak reference to what died")
    equal(slots.counts()[0], before + 1, "deallocation")


GROUPS = [numbers, containers, basics, coroutines, buffers, attributes, methods, inheritance, lifetime]

if __name__ == "__main__":
    main(GROUPS)
