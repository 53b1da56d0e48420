"""Types: creation, methods, members, properties, the slots of objects."""

import asyncio
import gc
import os
import sys
import time
import weakref

import pytest


@pytest.fixture
def thing(types):
    return types.Thing()


def test_what_a_type_is(types, host):
    assert types.Thing.__name__ == "Thing"
    assert types.Thing.__module__ == "cases_types"
    assert types.Thing.__doc__ == "A thing of the suite."
    assert type(types.Thing()) is types.Thing
    # PyPy shows no docs of methods.
    assert host.name == "pypy" or types.Thing.no_arguments.__doc__ == "Returns itself."


NUMBERS = {
    "a_short": (-(2**15), 2**15 - 1), "an_int": (-(2**31), 2**31 - 1), "a_long": (-(2**63), 2**63 - 1),
    "a_byte": (-128, 127), "an_unsigned_byte": (0, 255), "an_unsigned_short": (0, 2**16 - 1),
    "an_unsigned_int": (0, 2**32 - 1), "an_unsigned_long": (0, 2**64 - 1), "a_long_long": (-(2**63), 2**63 - 1),
    "an_unsigned_long_long": (0, 2**64 - 1), "a_ssize": (-(2**63), 2**63 - 1),
}  # fmt: skip


@pytest.mark.parametrize("name", NUMBERS)
def test_members_that_are_integers(thing, name):
    for value in (*NUMBERS[name], 1):
        setattr(thing, name, value)
        assert getattr(thing, name) == value
    with pytest.raises(TypeError):
        setattr(thing, name, "text")
    with pytest.raises(TypeError):
        delattr(thing, name)


def test_other_members(thing, host):
    thing.a_float = thing.a_double = 1.25
    assert (thing.a_float, thing.a_double) == (1.25, 1.25)
    with pytest.raises(TypeError):
        thing.a_double = "text"
    assert (thing.a_char, thing.a_string) == ("c", "a C string")
    # PyPy does not know these kinds.
    assert host.name == "pypy" or (thing.a_string_inplace, thing.none) == ("inplace", None)
    thing.a_char = "x"
    assert thing.a_char == "x"
    with pytest.raises(TypeError):
        thing.a_char = "too long"
    thing.a_bool = True
    assert thing.a_bool is True
    thing.a_bool = False
    assert thing.a_bool is False
    with pytest.raises(TypeError):
        thing.a_bool = 1
    thing.an_int = 5
    assert thing.fixed == 5
    for name in ("a_string", "a_string_inplace", "fixed"):
        with pytest.raises((AttributeError, TypeError)):
            setattr(thing, name, "x")
    assert type(thing).an_int.__doc__ == "A member."


def test_members_that_are_objects(thing, same_count):
    value = same_count(object())
    assert thing.an_object is None
    thing.an_object = value
    assert thing.an_object is value
    del thing.an_object
    assert thing.an_object is None
    with pytest.raises(AttributeError):
        print(thing.an_object_ex)
    thing.an_object_ex = value
    assert thing.an_object_ex is value
    del thing.an_object_ex
    with pytest.raises(AttributeError):
        print(thing.an_object_ex)
    with pytest.raises(AttributeError):
        del thing.an_object_ex


def test_creation(types):
    thing = types.Thing(1, 2, a=3)
    assert (thing.an_int, thing.a_long) == (2, 1)
    assert thing.load() == 1

    class Derived(types.Thing):
        def __init__(self, *arguments):
            super().__init__(*arguments, last=1)
            self.own = 5

    derived = Derived(7)
    assert (derived.own, derived.an_int, derived.a_long, derived.load()) == (5, 1, 1, 7)
    assert repr(derived) == "<a thing>"


def test_slots_of_objects(thing):
    assert repr(thing) == "<a thing>"
    assert str(thing) == "a thing"
    thing.a_ssize = 77
    assert hash(thing) == 77
    thing.a_ssize = -1
    with pytest.raises(TypeError, match="no hash"):
        hash(thing)
    thing.a_ssize = 5
    assert (thing < 6, thing <= 5, thing == 5, thing != 5, thing > 4, thing >= 6) == (
        True,
        True,
        True,
        False,
        True,
        False,
    )
    assert (thing < 6) is True
    assert (thing == "other", thing != "other") == (False, True)
    with pytest.raises(TypeError):
        thing < "other"  # noqa: B015


def test_methods(thing):
    assert thing.no_arguments() is thing
    assert thing.one_argument(5) == (thing, 5)
    assert thing.arguments() == (thing, ())
    assert thing.arguments(1, 2) == (thing, (1, 2))
    assert thing.keywords() == (thing, (), None)
    assert thing.keywords(1, a=2, b=3) == (thing, (1, 2, 3), ("a", "b"))
    assert thing(1, a=2) == (thing, (1, 2), ("a",))
    assert thing() == (thing, (), None)
    assert thing(a=1) == (thing, (1,), ("a",))
    assert type(thing).of_class(1) == (type(thing), (1,))
    assert thing.of_class() == (type(thing), ())
    assert thing.static(5) == type(thing).static(5) == (None, 5)
    for call in (
        lambda: thing.no_arguments(1),
        lambda: thing.one_argument(),
        lambda: thing.one_argument(1, 2),
        lambda: thing.arguments(a=1),
        lambda: thing.static(),
        lambda: type(thing).no_arguments(5),
    ):
        with pytest.raises(TypeError):
            call()


def test_class_methods_of_subclasses(types):
    class Derived(types.Thing):
        pass

    assert Derived.of_class(1) == (Derived, (1,))


def test_methods_keep_their_arguments(thing, same_count):
    argument = same_count(object())
    for _ in range(3):
        thing.one_argument(argument)
        thing.arguments(argument)
        thing.keywords(argument, a=argument)
        thing(argument, a=argument)
        thing.static(argument)


def test_properties(thing, host):
    thing.value = 4
    assert (thing.value, thing.a_ssize) == (8, 4)
    with pytest.raises(TypeError):
        thing.value = "text"
    with pytest.raises(AttributeError, match="cannot be deleted"):
        del thing.value
    assert thing.twice == (thing, thing)
    with pytest.raises(AttributeError):
        thing.twice = 5
    # Old PyPy shows no docs of properties.
    assert host.old_pypy or type(thing).value.__doc__ == "A number that is doubled."


def test_fields(thing, same_count):
    value = same_count(object())
    assert thing.load() is ...
    assert thing.clear() == 0
    thing.store(value)
    assert thing.load() is value
    thing.store(5)
    assert thing.load() == 5
    thing.store(value)
    assert thing.clear() == 1
    assert thing.load() is ...
    thing.store(value)
    thing.store(...)
    assert thing.load() is ...


COLLECTIONS = 2 if sys.implementation.name == "graalpy" else 20


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


def test_end_of_an_object(types, host):
    before = types.counters()
    log = []
    thing = types.Thing(log)
    del thing
    assert until(lambda: types.counters()[0] > before[0]) or host.name == "graalpy"
    assert until(lambda: log == [True]) or host.name == "graalpy"


def test_end_of_an_object_that_python_never_saw(types, host):
    host.collect()
    before = types.counters()
    assert types.make_and_close(types.Thing) is None
    assert until(lambda: types.counters() == (before[0] + 1, before[1] + 1))


def test_coming_back_to_life(types, host):
    """An object that its finaliser keeps lives on, and is finalised no second time."""
    if host.name == "graalpy":
        pytest.skip("GraalPy does not count what Python keeps of an object of C that is torn down, whoever made it")
    kept = []
    thing = types.Thing(kept.append)
    thing.a_double = 2.5
    host.collect()
    before = types.counters()
    del thing
    assert until(lambda: kept)
    host.collect()
    assert types.counters() == (before[0], before[1] + 1)
    thing = kept.pop()
    assert (type(thing), thing.a_double, thing.load()) == (types.Thing, 2.5, kept.append)
    del thing
    assert until(lambda: types.counters()[0] == before[0] + 1)
    assert (kept, types.counters()[1]) == ([], before[1] + 1)


def test_end_of_derived_objects(types, host):
    log = []

    class Derived(types.Thing):
        pass

    class Own(types.Thing):
        def __del__(self):
            log.append("own")
            super().__del__()

    for class_ in (Derived, types.HPyType_FromSpec(types.Thing, ...), Own):
        host.collect()
        before = types.counters()
        made = class_(log)
        del made
        assert until(lambda before=before: types.counters()[0] > before[0]) or host.name == "graalpy"
        assert until(lambda before=before: types.counters()[1] == before[1] + 1) or host.name == "graalpy"
    assert log == [True, True, "own", True] or host.name == "graalpy"


def test_cycles_are_collected(types, host):
    if host.name == "pypy":
        pytest.skip("PyPy does not look for cycles through objects of C")

    class Watched:
        pass

    for where in ("an_object", "an_object_ex"):
        thing, watched = types.Thing(), Watched()
        watched.thing = thing
        setattr(thing, where, watched)
        reference = weakref.ref(watched)
        host.collect()
        assert reference() is watched
        before = types.counters()[0]
        del thing, watched
        assert until(lambda reference=reference: reference() is None) or host.name == "graalpy"
        assert until(lambda before=before: types.counters()[0] > before) or host.name == "graalpy"


def test_referents(types, host):
    value = [1]
    thing = types.Thing()
    thing.an_object = value
    if host.name == "cpython":
        assert gc.is_tracked(thing)
        assert any(found is value for found in gc.get_referents(thing))


def test_iterators(types):
    assert list(types.Countdown(3)) == [3, 2, 1]
    iterator = types.Countdown(1)
    assert iter(iterator) is iterator
    assert next(iterator) == 1
    for _ in range(2):
        with pytest.raises(StopIteration):
            next(iterator)
    with pytest.raises(ValueError, match="thirteen"):
        list(types.Countdown(14))
    assert [*map(lambda a, b: a + b, types.Countdown(2), [10, 20])] == [12, 21]
    assert types.Countdown(1).__next__() == 1


def test_awaiting(types):
    async def use():
        return await types.Async(0)

    coroutine = use()
    assert coroutine.send(None) == 0
    with pytest.raises(StopIteration):
        coroutine.send(None)
    assert list(types.Async(7).__await__()) == [7]


def test_asynchronous_iteration(types):
    iterator = types.Async(2)
    assert iterator.__aiter__() is iterator
    assert iterator.__anext__() is iterator
    assert iterator.__anext__() is iterator
    with pytest.raises(StopAsyncIteration, match="the end"):
        iterator.__anext__()

    async def use():
        async for _ in types.Async(0):
            pytest.fail("nothing comes")
        return "done"

    assert asyncio.run(use()) == "done"


def test_sending(types, objects):
    sender = types.Sender()
    if sys.version_info < (3, 10):
        pytest.skip("Python has no am_send before 3.10: send() is looked up instead")
    if sys.implementation.name != "cpython":
        pytest.skip("this host has no am_send: send() is looked up instead")
    assert objects.HPyIter_Send(sender, 5) == (1, 5)
    assert objects.HPyIter_Send(sender, None) == (0, None)


def test_attributes_of_its_own(types, host):
    log = []
    thing = types.Open(log)
    assert thing.xyz == (thing, "xyz")
    assert thing.__class__ is types.Open
    with pytest.raises(AttributeError):
        print(thing.other)
    thing.xyz = 5
    del thing.xyz
    assert log == [("xyz", 5), ("xyz", ...)]
    if host.name != "pypy":
        # There each object has a dict.
        with pytest.raises(AttributeError):
            thing.other = 5
    with pytest.raises(TypeError, match="needs a list"):
        types.Open()


def test_descriptors(types):
    log = []

    class Holder:
        attribute = types.Descriptor(log)

    holder = Holder()
    assert holder.attribute == (holder, Holder)
    assert Holder.attribute in ((..., Holder), (None, Holder))
    holder.attribute = 5
    del holder.attribute
    assert log == [(holder, 5), (holder, ...)]


def test_call_functions(types):
    assert types.Adder(5)(1, 2) == 8
    assert types.Adder(5)(1, a=2) == 8
    assert types.Adder(-5)(3) == -8
    changed = types.Adder(-5)
    assert types.HPy_SetCallFunction(changed) == 0
    assert changed(3) == -2
    with pytest.raises(TypeError):
        types.Adder(1)("text")
    with pytest.raises(TypeError):
        types.HPy_SetCallFunction(types.Countdown(1))


NONE, SAME, WIDE = 0, 1, 4


def check_calls(class_, calls: bool, wide: bool) -> None:
    added, changed = class_(5), class_(-5)
    if wide:
        for made in (added, changed):
            made.first, made.second, made.third = -1, -2, -3
    assert added(1, 2) == (1002 if calls else 8)
    assert added(1, a=2) == (1002 if calls else 8)
    assert changed(3) == -8
    if wide:
        assert [(made.first, made.second, made.third) for made in (added, changed)] == [(-1, -2, -3)] * 2


@pytest.mark.parametrize("calls", [False, True], ids=["base's call", "own call"])
@pytest.mark.parametrize("fields", [NONE, SAME, WIDE], ids=["no struct", "same struct", "longer struct"])
def test_call_functions_of_derived_types(types, fields: int, calls: bool):
    derived = types.derived_type(types.Adder, fields, calls)
    check_calls(derived, calls, fields == WIDE)
    changed = derived(-5)
    assert types.HPy_SetCallFunction(changed) == 0
    assert changed(3) == -2
    check_calls(type("Derived", (derived,), {}), calls, fields == WIDE)
    check_calls(types.derived_type(derived, NONE, False), calls, fields == WIDE)
    check_calls(types.derived_type(derived, WIDE, False), calls, True)
    check_calls(types.derived_type(derived, WIDE, True), True, True)


def test_a_dict_that_shrinks_while_it_becomes_keywords(types, objects, host):
    if host.name != "cpython":
        pytest.skip("the collector cannot be told when to run")

    class Derived(types.Thing):
        pass

    thing = Derived()
    names = {}

    class Shrinks:
        def __del__(self):
            names.clear()

    thresholds = gc.get_threshold()
    for threshold in range(1, 60):
        names.update((f"name{number}", number) for number in range(40))
        cycle = Shrinks()
        cycle.itself = cycle
        del cycle
        gc.set_threshold(threshold)
        try:
            objects.HPy_CallTupleDict(thing, (), names)
        except RuntimeError as error:
            assert str(error) == "dictionary changed size during iteration"
        finally:
            gc.set_threshold(*thresholds)
            gc.collect()


def test_call_functions_beside_a_struct(types, host):
    class Mixin:
        def more(self) -> int:
            return 5

    for bases in (types.Countdown, (types.Countdown,), (types.Countdown, Mixin), (Mixin, types.Countdown)):
        if bases == (Mixin, types.Countdown) and not host.mixes_bases:
            continue
        made = types.derived_type(bases, NONE, True)(3)
        assert made(1, a=2) == 1002
        # The slot of the base: a class of Python's that comes first hides it on some hosts.
        assert [types.Countdown.__next__(made) for _ in range(3)] == list(types.Countdown(3))
        assert made(1) == 1001
    mixed = types.derived_type(Mixin, NONE, True)()
    mixed.attribute = 7
    assert (mixed(), mixed.more(), mixed.attribute) == (1000, 5, 7)


def test_call_functions_of_several_bases(types, host):
    # The one whose objects the others' start with says where they hold what they are called by.
    short, long = types.derived_type(types.Adder, NONE, False), types.derived_type(types.Adder, WIDE, False)
    for bases in [(long, short), (short, long)] if host.mixes_bases else [(long, short)]:
        check_calls(types.derived_type(bases, NONE, False), False, True)
        check_calls(type("Both", bases, {}), False, True)


def test_a_mixin_that_is_called_comes_first(types, host):
    class Mixin:
        def __call__(self, *args) -> str:
            return "mixin"

    if host.mixes_bases:
        assert types.derived_type((Mixin, types.Adder), NONE, False)(5)(1) == "mixin"
    assert types.derived_type((types.Adder, Mixin), NONE, False)(5)(1) == 6


def test_structs_that_do_not_fit(types, host):
    long = types.derived_type(types.Adder, WIDE, False)
    with pytest.raises(TypeError) as raised:
        types.derived_type(long, SAME, False)
    # Hosts for Python 3.12 and later look for themselves.
    if sys.version_info < (3, 12):
        assert str(raised.value) == (
            "the struct of 'cases_types.derived' has 8 bytes; expected at least the 32 of its base "
            f"{long!r}, which it starts with"
        )
    if host.name == "cpython":
        # Elsewhere a class of Python's takes no room in the struct.
        class Slotted:
            __slots__ = ("attribute", "other", "third")

        with pytest.raises(TypeError) as raised:
            types.derived_type(Slotted, SAME, False)
        header = object.__basicsize__
        # A struct starts at a multiple of 16: behind a header of another size there is room for a slot.
        assert str(raised.value) == (
            f"the struct of 'cases_types.derived' would overlap what objects of its base {Slotted!r} hold: "
            f"they take {header + 24} bytes, its shape has {-(-header // 16) * 16}"
        )

        class Between(types.Adder):
            __slots__ = ("attribute",)

        with pytest.raises(TypeError) as raised:
            types.derived_type(Between, WIDE, False)
        assert str(raised.value) == (
            f"the struct of 'cases_types.derived' would overlap the 8 bytes that its base {Between!r} adds to objects of "
            f"{types.Adder!r}; derive from the latter, or leave the struct out"
        )
        check_calls(types.derived_type(Between, NONE, False), False, False)

    class Plain(types.Adder):
        __slots__ = ()

    check_calls(types.derived_type(Plain, WIDE, False), False, True)


def test_flags(types, host):
    assert types.Fixed() is not None
    if host.name == "cpython" and sys.version_info >= (3, 10):
        with pytest.raises(TypeError):
            types.Fixed.attribute = 5
        assert not hasattr(types.Fixed, "attribute")
    with pytest.raises(TypeError):
        types.Abstract()
    if not host.old_pypy:
        # There every type of C can be derived from.
        with pytest.raises(TypeError):
            type("Derived", (types.Final,), {})
    assert type("Derived", (types.Fixed,), {})() is not None


MATCHING = """
def kind(subject):
    match subject:
        case [0, 10, 20]:
            return "sequence"
        case {"key": _}:
            return "mapping"
"""


def test_patterns(operators):
    if sys.version_info < (3, 10):
        pytest.skip("Python has no match statement before 3.10")
    if sys.implementation.name != "cpython":
        pytest.skip("this host looks at the classes of collections.abc, not at type flags")
    names = {}
    exec(MATCHING, names)
    assert names["kind"](operators.Sequence()) == "sequence"


def test_bases(types):
    class Base:
        attribute = 5

    class Other:
        pass

    made = types.HPyType_FromSpec(Base, ...)
    assert (made.__mro__, made.attribute, made.__doc__) == ((made, Base, object), 5, "Made by a case.")
    made = types.HPyType_FromSpec((Base, Other), ...)
    assert made.__bases__ == (Base, Other)
    assert types.HPyType_FromSpec(..., ...).__bases__ == (object,)
    derived = types.HPyType_FromSpec(types.Thing, ...)
    assert derived(1).load() == 1
    for wrong in (bool, (bool,), 5):
        with pytest.raises(TypeError):
            types.HPyType_FromSpec(wrong, ...)


def test_metaclasses(types, host):
    class Meta(type):
        attribute = 5

    # Before PyType_FromMetaclass it takes knowledge of the host's layouts; PyPy has types of C in a table of its own.
    generic = os.environ.get("CARDAN_HOST") == "generic"
    if host.name == "pypy" or (generic and sys.version_info < (3, 12)):
        name = {"pypy": "PyPy", "cpython": "CPython"}[host.name]
        interpreter = "{} {}.{}".format(name, *sys.version_info) + (" (generic)" if generic else "")
        with pytest.raises(TypeError) as raised:
            types.HPyType_FromSpec(..., Meta)
        assert str(raised.value) == (
            f"cannot make the type 'cases_types.made' with the metaclass {Meta!r}: {interpreter} makes types of C with the "
            "metaclass 'type' only; there, leave the metaclass out"
        )
        assert type(types.HPyType_FromSpec(..., type)) is type
        return
    made = types.HPyType_FromSpec(..., Meta)
    assert type(made) is Meta
    assert made.attribute == 5
    assert type(made()) is made
    for wrong in (5, int):
        with pytest.raises(TypeError):
            types.HPyType_FromSpec(..., wrong)


def test_new_objects(types):
    assert list(types._HPy_New(types.Countdown)) == [3, 2, 1]
    with pytest.raises(TypeError, match="HPy_New arg 1 must be a type"):
        types._HPy_New(5)
    assert type(types.HPyType_GenericNew(types.Final)) is types.Final
    with pytest.raises(TypeError):
        types.HPyType_GenericNew(5)


EXTENDED = {
    "MarkedLong": (2, int, 5), "MarkedFloat": (3, float, 1.5), "MarkedUnicode": (4, str, "text"),
    "MarkedTuple": (5, tuple, (1, 2, 3)), "MarkedList": (6, list, [1, 2]), "MarkedDict": (7, dict, {"a": 1}),
}  # fmt: skip


@pytest.mark.parametrize("name", EXTENDED)
def test_structs_behind_built_in_types(types, name):
    shape, base, value = EXTENDED[name]
    extended = getattr(types, name)
    thing = extended(value)
    assert thing == value
    assert isinstance(thing, base)
    assert thing.mark == 0
    thing.mark = 12345
    assert (thing.mark, types.mark_by_shape(thing)) == (12345, 12345)
    assert thing == value
    assert types._HPyType_GetBuiltinShape(extended) == shape

    class Derived(extended):
        pass

    derived = Derived(value)
    derived.mark, derived.own = 7, 8
    assert (derived.mark, derived.own, derived) == (7, 8, value)


@pytest.mark.parametrize("name", EXTENDED)
def test_what_structs_behind_built_in_types_hold(types, host, same_count, name):
    _, _, value = EXTENDED[name]
    held = same_count(object())
    thing = getattr(types, name)(value)
    assert (thing.number, thing.an_object) == (0, None)
    thing.number, thing.an_object = -(2**63), held
    assert (thing.number, thing.an_object, thing.mark) == (-(2**63), held, 0)
    assert thing == value
    with pytest.raises(TypeError):
        thing.number = "text"
    with pytest.raises(TypeError):
        del thing.number
    del thing.an_object
    assert thing.an_object is None
    thing.an_object, thing.mark = held, 1000
    before = types.destroyed_marks()
    del thing
    # Where references are not counted it may come late, and for some objects of GraalPy's own not at all.
    assert until(lambda: types.destroyed_marks() == before + 1000) or not host.counts


def test_structs_behind_type(types):
    made = types.MarkedType("Made", (), {})
    made.mark = 12345
    assert (made.mark, types.mark_by_shape(made)) == (12345, 12345)
    assert type(made()) is made
    assert types._HPyType_GetBuiltinShape(types.MarkedType) == 1


def test_shapes(types):
    assert types._HPyType_GetBuiltinShape(types.Countdown) == 0
    assert types.mark_by_shape(types.Countdown(9)) == 9
    with pytest.raises(TypeError):
        types._HPyType_GetBuiltinShape(5)
