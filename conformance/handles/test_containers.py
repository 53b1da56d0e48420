"""Lists, tuples, dicts, sets, slices, weak references; builders and trackers."""

import gc
import types
import weakref

import pytest


class Thing:
    pass


class List(list):
    pass


class Dict(dict):
    pass


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("HPyList_Check", [[], List()], [(), "", None]),
        ("HPyTuple_Check", [()], [[], None]),
        ("HPyDict_Check", [{}, Dict()], [[], types.MappingProxyType({})]),
        ("HPySet_Check", [set()], [frozenset(), []]),
        ("HPyFrozenSet_Check", [frozenset()], [set(), ()]),
        ("HPySlice_Check", [slice(1)], [1, (1, 2, 3)]),
    ],
)
def test_checks(containers, name, right, wrong):
    assert [getattr(containers, name)(value) for value in right] == [1] * len(right)
    assert [getattr(containers, name)(value) for value in wrong] == [0] * len(wrong)


def test_lists(containers):
    assert containers.HPyList_New(0) == []
    with pytest.raises(SystemError):
        containers.HPyList_New(-1)
    items = [3, 1]
    assert containers.HPyList_Append(items, 2) == 0
    assert containers.HPyList_Insert(items, 0, 9) == 0
    assert containers.HPyList_Insert(items, -1, 8) == 0
    assert items == [9, 3, 1, 8, 2]
    assert containers.HPyList_AsTuple(items) == (9, 3, 1, 8, 2)
    assert containers.HPyList_Sort(items) == 0
    assert items == [1, 2, 3, 8, 9]
    assert containers.HPyList_Reverse(items) == 0
    assert containers.HPyList_Extend(items, iter("ab")) == 0
    assert items == [9, 8, 3, 2, 1, "a", "b"]
    with pytest.raises(TypeError):
        containers.HPyList_Sort(items)
    with pytest.raises(TypeError):
        containers.HPyList_Extend(items, 5)
    assert containers.HPyList_Clear(items) == 0
    assert items == []
    for call in (
        lambda: containers.HPyList_Append((), 1),
        lambda: containers.HPyList_Insert((), 0, 1),
        lambda: containers.HPyList_AsTuple(5),
        lambda: containers.HPyList_Sort(()),
        lambda: containers.HPyList_Reverse(()),
        lambda: containers.HPyList_Clear(()),
        lambda: containers.HPyList_Extend((), []),
    ):
        with pytest.raises((TypeError, SystemError)):
            call()


@pytest.mark.parametrize("kind", range(7))
def test_negative_sizes(containers, kind):
    with pytest.raises((SystemError, MemoryError, ValueError)):
        containers.of_negative_size(kind)


def test_builders(containers, same_count):
    thing = same_count(Thing())
    for items in ([], [thing], [thing] * 5, list(range(100))):
        made = containers.HPyListBuilder_Build(items)
        assert (made, type(made)) == (items, list)
        made = containers.HPyTupleBuilder_Build(items)
        assert (made, type(made)) == (tuple(items), tuple)
    assert containers.HPyTuple_FromArray([thing, 1]) == (thing, 1)
    assert containers.HPyTuple_FromArray([]) == ()
    assert containers.HPyListBuilder_Cancel(thing) is None
    assert containers.HPyTupleBuilder_Cancel(thing) is None
    del made, items


def test_trackers(containers, same_count):
    thing = same_count(Thing())
    for count in (0, 1, 100, -3):
        assert containers.HPyTracker_Close(thing, count) is None


def test_dicts(containers):
    assert containers.HPyDict_New() == {}
    items = {"a": 1, 2: "b"}
    assert containers.HPyDict_Keys(items) == ["a", 2]
    assert containers.HPyDict_Values(items) == [1, "b"]
    assert containers.HPyDict_Items(items) == [("a", 1), (2, "b")]
    copy = containers.HPyDict_Copy(items)
    assert copy == items and copy is not items
    assert containers.HPyDict_Update(copy, {3: 3}) == 0
    assert copy == {"a": 1, 2: "b", 3: 3}
    with pytest.raises((TypeError, AttributeError)):
        containers.HPyDict_Update(copy, 5)
    assert containers.HPyDict_Clear(copy) == 0
    assert copy == {}
    with pytest.raises(TypeError, match="HPyDict_Clear needs a dict"):
        containers.HPyDict_Clear([])
    for function in (
        containers.HPyDict_Keys,
        containers.HPyDict_Values,
        containers.HPyDict_Items,
        containers.HPyDict_Copy,
    ):
        with pytest.raises((TypeError, SystemError)):
            function(5)
    view = containers.HPyDictProxy_New(items)
    assert type(view) is types.MappingProxyType
    assert view == items
    with pytest.raises(TypeError):
        containers.HPyDictProxy_New(5)


def test_items_of_dicts(containers, same_count):
    value = same_count(Thing())
    items = {"a": value}
    assert containers.HPyDict_GetItemRef(items, "a") == (1, value)
    assert containers.HPyDict_GetItemRef(items, "b") == (0, ...)
    with pytest.raises(TypeError):
        containers.HPyDict_GetItemRef(items, [])
    assert containers.HPyDict_SetDefaultRef(items, "a", 5) == (1, value)
    assert containers.HPyDict_SetDefaultRef(items, "b", 5) == (0, 5)
    assert containers.set_default_without_result(items, "c", 6) == 0
    assert containers.set_default_without_result(items, "c", 7) == 1
    assert items == {"a": value, "b": 5, "c": 6}
    assert containers.HPyDict_Pop(items, "a") == (1, value)
    assert containers.HPyDict_Pop(items, "a") == (0, ...)
    assert containers.pop_without_result(items, "b") == 1
    assert containers.pop_without_result(items, "b") == 0
    assert items == {"c": 6}
    for call in (
        lambda: containers.HPyDict_SetDefaultRef(items, [], 5),
        lambda: containers.HPyDict_Pop({"a": 1}, []),
    ):
        with pytest.raises(TypeError):
            call()
    for call in (
        lambda: containers.HPyDict_GetItemRef(5, "a"),
        lambda: containers.HPyDict_SetDefaultRef(5, "a", 5),
        lambda: containers.HPyDict_Pop(5, "a"),
    ):
        with pytest.raises((TypeError, SystemError)):
            call()


def test_steps_through_dicts(containers, same_count):
    value = same_count(Thing())
    for items in ({}, {"a": value}, {n: str(n) for n in range(50)}):
        assert containers.HPyDict_Next(items) == list(items.items())
        assert containers.count_of_dict(items) == len(items)
    assert containers.HPyDict_Next(Dict(a=1)) == [("a", 1)]
    with pytest.raises(TypeError, match="HPyDict_Next needs a dict"):
        containers.HPyDict_Next([])
    del items


def test_sets(containers):
    for function, kind in ((containers.HPySet_New, set), (containers.HPyFrozenSet_New, frozenset)):
        for made, expected in ((function(...), kind()), (function([1, 2, 1]), kind([1, 2]))):
            assert (made, type(made)) == (expected, kind)
        with pytest.raises(TypeError):
            function(5)
        with pytest.raises(TypeError):
            function([[]])
    items = {1}
    assert containers.HPySet_Add(items, 2) == 0
    assert items == {1, 2}
    assert containers.HPySet_Discard(items, 2) == 1
    assert containers.HPySet_Discard(items, 2) == 0
    assert containers.HPySet_Pop(items) == 1
    with pytest.raises(KeyError):
        containers.HPySet_Pop(items)
    items = {1, 2, 3}
    assert containers.HPySet_Clear(items) == 0
    assert items == set()
    for call in (lambda: containers.HPySet_Add(items, []), lambda: containers.HPySet_Discard(items, [])):
        with pytest.raises(TypeError):
            call()
    for call in (
        lambda: containers.HPySet_Add([], 1),
        lambda: containers.HPySet_Discard([], 1),
        lambda: containers.HPySet_Pop([]),
        lambda: containers.HPySet_Clear([]),
    ):
        with pytest.raises((TypeError, SystemError)):
            call()


def test_slices(containers):
    made = containers.HPySlice_New(1, 5, 2)
    assert made == slice(1, 5, 2)
    assert containers.HPySlice_New(..., 5, ...) == slice(5)
    assert containers.HPySlice_Unpack(made) == (1, 5, 2)
    low, high, step = containers.HPySlice_Unpack(slice(None))
    assert (low, step) == (0, 1) and high > 2**60
    with pytest.raises(ValueError):
        containers.HPySlice_Unpack(slice(1, 2, 0))
    with pytest.raises(TypeError):
        containers.HPySlice_Unpack(slice("a"))


def test_weak_references(containers, host):
    thing = Thing()
    reference = containers.HPyWeakref_NewRef(thing, ...)
    assert type(reference) is weakref.ref
    assert reference() is thing
    proxy = containers.HPyWeakref_NewProxy(thing, ...)
    thing.attribute = 5
    assert proxy.attribute == 5
    assert [containers.HPyWeakref_Check(given) for given in (reference, proxy, thing)] == [1, 1, 0]
    assert containers.HPyWeakref_GetRef(reference) == (1, thing)
    called = []
    watched = containers.HPyWeakref_NewRef(thing, called.append)
    watched_proxy = containers.HPyWeakref_NewProxy(thing, called.append)
    del thing
    for _ in range(4 * host.collections):
        gc.collect()
        if reference() is None:
            break
    assert containers.HPyWeakref_GetRef(reference) == (0, ...)
    assert len(called) == 2 or host.name == "graalpy"
    assert watched() is None
    with pytest.raises(ReferenceError):
        print(watched_proxy.attribute)
    with pytest.raises(TypeError):
        containers.HPyWeakref_NewRef(5, ...)
    with pytest.raises(TypeError):
        containers.HPyWeakref_NewProxy(5, ...)
    with pytest.raises(TypeError):
        containers.HPyWeakref_GetRef(5)
