"""Types over bases that another file made, and types of one file in the hands of another."""

import array
import collections
import functools
import gc
import os
import sys
import time
import weakref

import pytest

# What a type of `derive` has.
NOTHING, VISITS, FINALIZES, HOLDS = range(4)

GENERIC = os.environ.get("CARDAN_HOST") == "generic"
COLLECTIONS = 3 if sys.implementation.name == "graalpy" else 12
# There a type that was not made at run time does not say what it has in a slot.
needs_slots = pytest.mark.skipif(
    GENERIC and sys.version_info < (3, 10), reason="nothing tells of slots of static types"
)


def until(condition):
    """Runs the collector until that holds; whether it does."""
    for _ in range(COLLECTIONS):
        if condition():
            return True
        gc.collect()
        if sys.implementation.name == "graalpy":
            # Java's collector tells of what went a little later.
            time.sleep(0.1)
    return False


class Value:
    """Something whose end is seen."""


class Plain:
    pass


class Slotted:
    __slots__ = ("__weakref__", "first", "second")


class Both(Slotted):
    __slots__ = ("__dict__", "third")


class Error(Exception):
    pass


class Mapping(dict):
    __slots__ = ("__weakref__", "first")


class Number(int):
    """On CPython its dictionary stands behind its digits."""


class Text(str):
    pass


class Row(tuple):
    pass


BASES = [Plain, Slotted, Both, Error, Mapping, Number, Text, Row]


def attributes(base):
    """The attributes that an object of a class can have."""
    names = {name for class_ in base.__mro__ for name in getattr(class_, "__slots__", ())} - {"__weakref__", "__dict__"}
    return sorted(names) + ([] if base in (Slotted, Mapping) else ["free", "other"])


def fill(thing, names):
    """Lets an object hold a value by each name, and gives weak references to the values."""
    values = [Value() for _ in names]
    for name, value in zip(names, values):
        setattr(thing, name, value)
    return [weakref.ref(value) for value in values]


def gone(references):
    """Whether nothing is left of what these refer to."""
    return until(lambda: all(reference() is None for reference in references))


@pytest.mark.parametrize("kind", [NOTHING, VISITS, FINALIZES])
@pytest.mark.parametrize("base", BASES, ids=lambda base: base.__name__)
def test_what_classes_in_between_hold_goes(derived, host, base, kind):
    made = derived.derive(base, kind)
    leaf = type("Leaf", (made,), {})
    for class_ in (made, leaf, derived.derive(leaf, NOTHING), derived.derive(leaf, VISITS)):
        names = attributes(base) + (["more"] if class_ is leaf else [])
        before = derived.ends()[1]
        thing = class_()
        held = fill(thing, names)
        assert [getattr(thing, name) for name in names] == [reference() for reference in held]
        # Objects of varying size have no weak references.
        if base not in (Number, Row):
            held.append(weakref.ref(thing))
        del thing
        assert host.name == "graalpy" or gone(held)
        finalized = before + (kind == FINALIZES)
        assert host.name == "graalpy" or until(lambda finalized=finalized: derived.ends()[1] == finalized)


@pytest.mark.parametrize("kind", [NOTHING, VISITS, FINALIZES])
@pytest.mark.parametrize("base", BASES, ids=lambda base: base.__name__)
def test_cycles_through_what_classes_in_between_hold_are_collected(derived, host, base, kind):
    if not host.counts:
        pytest.skip("the host does not look for cycles through objects of C, or does it late")
    made = derived.derive(base, kind)
    # There nothing tells where the dictionary is, and a class of Python's does not visit it as it belongs to a base.
    without_leaf = GENERIC and sys.version_info[:2] == (3, 11)
    for class_ in (made,) if without_leaf else (made, type("Leaf", (made,), {})):
        thing = class_()
        names = attributes(base)
        held = fill(thing, names)
        for reference in held:
            reference().back = thing
        gc.collect()
        assert all(reference() is not None for reference in held)
        assert all(getattr(thing, name).back is thing for name in names)
        del thing
        assert gone(held)


@pytest.mark.parametrize("kind", [NOTHING, VISITS])
def test_bases_whose_objects_are_not_continued_hold_nothing(types, derived, host, kind):
    """On some hosts a type of C over several bases states a dictionary that its objects do not have."""
    if not host.mixes_bases:
        pytest.skip("the host makes objects as those of the first base")
    for bases in ((types.Countdown, Plain), (Plain, types.Countdown), (collections.deque, Plain)):
        made = derived.derive(bases, kind)
        for class_ in (made, derived.derive(made, kind)):
            if types.Countdown in bases:
                thing = class_(3)
                # The slot of the base: a class of Python's that comes first hides it on some hosts.
                assert [types.Countdown.__next__(thing) for _ in range(3)] == [3, 2, 1]
            else:
                thing = class_([3, 2, 1])
                assert list(thing) == [3, 2, 1]
            del thing
            gc.collect()


def test_a_finaliser_of_a_class_in_between_is_called_once(derived, host):
    log = []

    class Finalized(Plain):
        def __del__(self):
            log.append(self.number)

    for kind in (NOTHING, VISITS):
        made = derived.derive(Finalized, kind)
        for class_ in (made, type("Leaf", (made,), {})):
            log.clear()
            thing = class_()
            thing.number = 5
            del thing
            assert host.name == "graalpy" or until(lambda: log)
            gc.collect()
            assert log == [5] or host.name == "graalpy"


def test_an_object_that_a_finaliser_brings_back_is_whole(derived, host):
    if not host.counts:
        pytest.skip("the host finalises late")
    kept = []

    class Finalized(Both):
        def __del__(self):
            kept.append(self)

    thing = derived.derive(Finalized, VISITS)()
    held = fill(thing, attributes(Both))
    del thing
    gc.collect()
    assert len(kept) == 1
    assert [getattr(kept[0], name) for name in attributes(Both)] == [reference() for reference in held]
    kept.clear()
    assert gone(held)


@pytest.mark.parametrize("kind", [NOTHING, VISITS])
@pytest.mark.parametrize("base", [Plain, Slotted, Mapping], ids=lambda base: base.__name__)
def test_a_long_chain_goes_without_a_deep_stack(derived, host, base, kind):
    if not host.counts:
        pytest.skip("the host's collector takes chains apart")
    made = derived.derive(base, kind)
    thing = last = made()
    for _ in range(100_000):
        last.first = made()
        last = last.first
    reference = weakref.ref(last)
    del thing, last
    assert gone([reference])


def test_weak_references_hear_of_the_end_once(derived):
    heard = []
    for kind in (NOTHING, VISITS):
        for base in (Plain, Slotted, Both):
            thing = derived.derive(base, kind)()
            reference = weakref.ref(thing, heard.append)
            del thing
            assert sys.implementation.name == "graalpy" or until(lambda: heard)
            assert heard in ([reference], [])
            assert reference() is None or sys.implementation.name == "graalpy"
            heard.clear()


def test_objects_hold_their_type_once(derived, host):
    if not host.counts:
        pytest.skip("the host does not count references")
    for base in (*BASES, functools.partial, collections.deque):
        for kind in (NOTHING, VISITS):
            arguments = (print,) if base is functools.partial else ()
            made = derived.derive(base, kind)
            leaf = type("Leaf", (made,), {})
            gc.collect()
            before = sys.getrefcount(made), sys.getrefcount(base), sys.getrefcount(leaf)
            for _ in range(50):
                made(*arguments), leaf(*arguments)
            gc.collect()
            assert (sys.getrefcount(made), sys.getrefcount(base), sys.getrefcount(leaf)) == before
            reference = weakref.ref(made)
            thing = leaf(*arguments)
            del made, leaf, thing
            assert gone([reference])


@needs_slots
@pytest.mark.parametrize("kind", [NOTHING, VISITS, FINALIZES])
def test_what_types_of_c_hold_goes(derived, host, kind):
    partial = derived.derive(functools.partial, kind)
    deque = derived.derive(collections.deque, kind)
    for wrap in (lambda class_: class_, lambda class_: type("Leaf", (class_,), {})):
        value = Value()
        references = [weakref.ref(value)]
        call = wrap(partial)(lambda held: held, value)
        assert call() is value
        items = wrap(deque)([value, value])
        assert list(items) == [value, value]
        del call, items, value
        assert host.name == "graalpy" or gone(references)
    if host.counts:
        value = Value()
        value.call = partial(print, value)
        value.items = deque([value])
        reference = weakref.ref(value)
        del value
        assert gone([reference])


@needs_slots
def test_memory_of_types_of_c_goes(derived, host):
    numbers = derived.derive(array.array, NOTHING)
    if not host.counts:
        assert numbers("q", [1, 2, 3])[2] == 3
        return
    import tracemalloc

    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        for _ in range(100):
            assert len(numbers("q", [0]) * 10_000) == 10_000
            assert numbers("q", range(10_000))[9_999] == 9_999
        assert tracemalloc.get_traced_memory()[0] - before < 1_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("kind", [NOTHING, VISITS, FINALIZES])
def test_a_type_of_the_c_api_tears_its_part_down(legacy, derived, host, kind):
    base = legacy.holding_type()
    for between in (base, type("Between", (base,), {})):
        made = derived.derive(between, kind)
        for class_ in (made, type("Leaf", (made,), {})):
            before = legacy.holders_torn_down()
            held = []
            for _ in range(10):
                thing, value = class_(), Value()
                thing.hold(value)
                held.append(weakref.ref(value))
                if host.counts:
                    value.back = thing
            del thing, value
            assert host.name == "graalpy" or gone(held)
            ends = before + 10
            assert host.name == "graalpy" or until(lambda ends=ends: legacy.holders_torn_down() == ends)


def test_structs_and_classes_take_turns(derived, host):
    """A struct, a class, a type without one, a class, each of which holds something."""
    holder = derived.derive(object, HOLDS)
    middle = type("Middle", (holder,), {"__slots__": ("first",)})
    upper = derived.derive(middle, VISITS)
    leaf = type("Leaf", (upper,), {})
    for class_ in (holder, middle, upper, leaf, derived.derive(leaf, NOTHING)):
        before = derived.ends()[0]
        thing = class_()
        names = [name for name in ("first", "free") if class_ is not holder and (name == "first" or class_ is leaf)]
        value = Value()
        thing.hold(value, 7)
        held = [*fill(thing, names), weakref.ref(value)]
        assert thing.held is value
        if host.counts:
            # Through each place, and from each back.
            value.back = thing
            for name in names:
                getattr(thing, name).back = thing
        del thing, value
        assert host.name == "graalpy" or gone(held)
        assert host.name == "graalpy" or until(lambda before=before: derived.ends()[0] == before + 7)


@pytest.mark.parametrize(
    "name", ["MarkedLong", "MarkedFloat", "MarkedUnicode", "MarkedTuple", "MarkedList", "MarkedDict"]
)
def test_structs_of_another_file(types, derived, name):
    value = {"Long": 5, "Float": 1.5, "Unicode": "text", "Tuple": (1, 2), "List": [1, 2], "Dict": {"a": 1}}[name[6:]]
    theirs = getattr(types, name)
    for class_ in (theirs, type("Leaf", (theirs,), {})):
        thing = class_(value)
        thing.mark = 12
        assert derived.mark_again(thing, 34) == 12
        assert (thing.mark, thing) == (34, value)
        assert types.mark_by_shape(thing) == 34


def test_new_objects_of_types_of_another_file(types, derived, host):
    class Leaf(types.Countdown):
        pass

    for class_ in (types.Countdown, Leaf):
        thing = derived.new_marked(class_, 3)
        assert list(thing) == [3, 2, 1]
        if host.counts:
            assert sys.getrefcount(thing) == sys.getrefcount(object())
    # What the other file's objects are called by is set by whoever makes them.
    adder = derived.new_marked(types.Adder, 30)
    assert adder(12) == 42


@needs_slots
@pytest.mark.parametrize(
    "name", ["MarkedLong", "MarkedFloat", "MarkedUnicode", "MarkedTuple", "MarkedList", "MarkedDict"]
)
def test_new_objects_that_start_as_built_in_ones(types, derived, name):
    extended = getattr(types, name)
    empty = {"Long": 0, "Float": 0.0, "Unicode": "", "Tuple": (), "List": [], "Dict": {}}[name[6:]]
    leaf = type("Leaf", (extended,), {})
    for class_, new in [
        (extended, types._HPy_New),
        (leaf, types._HPy_New),
        (extended, new_of(derived)),
        (leaf, new_of(derived)),
    ]:
        thing = new(class_)
        assert type(thing) is class_
        assert (thing, thing.mark) == (empty, 3)
        thing.number, thing.mark = 5, 0
        assert (thing.number, thing) == (5, empty)
        if name == "MarkedDict":
            thing["key"] = 1
            assert thing == {"key": 1}
        if name == "MarkedList":
            thing.append(1)
            assert thing == [1]


def new_of(derived):
    """What makes an object of a type with the number 3 in its struct."""
    return lambda class_: derived.new_marked(class_, 3)


def test_types_over_those_of_another_file(types, derived, host):
    # Debug mode ends the process where a type states another shape than its base and is asked for the struct.
    for base in () if host.checks else (types.MarkedDict, type("Leaf", (types.MarkedDict,), {"__slots__": ("first",)})):
        made = derived.derive(base, NOTHING)
        thing = made({"a": 1})
        thing.mark, thing.an_object = 1000, Value()
        held = [weakref.ref(thing.an_object)]
        assert derived.mark_again(thing, 2000) == 1000
        assert (thing.mark, thing) == (2000, {"a": 1})
        before = types.destroyed_marks()
        del thing
        assert gone(held) or not host.counts
        assert until(lambda before=before: types.destroyed_marks() == before + 2000) or not host.counts
    holder = derived.derive(object, HOLDS)
    theirs = types.HPyType_FromSpec(holder, ...)
    ours = derived.derive(theirs, VISITS)
    for class_ in (theirs, ours, type("Leaf", (ours,), {})):
        before = derived.ends()[0]
        thing = class_()
        value = Value()
        thing.hold(value, 9)
        assert thing.held is value
        if host.counts:
            value.back = thing
        held = [weakref.ref(value)]
        del thing, value
        assert host.name == "graalpy" or gone(held)
        assert host.name == "graalpy" or until(lambda before=before: derived.ends()[0] == before + 9)


def test_what_no_file_made_has_no_struct(types, derived, host):
    class Own(dict):
        pass

    for class_ in (dict, Own, int, object, Value, Exception):
        with pytest.raises(TypeError) as raised:
            derived.new_marked(class_, 1)
        assert str(raised.value) == (
            f"objects of {class_!r} hold no C struct: HPyType_FromSpec made neither the type nor a base of it, or a runtime that "
            "this one does not know did"
        )
    # Debug mode ends the process with the shape that was expected.
    for thing in () if host.checks else ({}, Own(), 5, "text", Value()):
        with pytest.raises(TypeError) as raised:
            derived.mark_again(thing, 1)
        assert str(raised.value).startswith(f"objects of {type(thing)!r} hold no C struct: ")
