"""Attributes, items, calls, iteration, protocols."""

import sys

import pytest


class Thing:
    attribute = "found"

    def __getattr__(self, name):
        if name == "broken":
            raise ZeroDivisionError
        raise AttributeError(name)


class Mapping:
    def __getitem__(self, key):
        if key == "broken":
            raise ZeroDivisionError
        if key == "here":
            return 1
        raise KeyError(key)


def test_attributes(objects):
    thing = Thing()
    for get, has, put, key in (
        (objects.HPy_GetAttr, objects.HPy_HasAttr, objects.HPy_SetAttr, "attribute"),
        (objects.HPy_GetAttr_s, objects.HPy_HasAttr_s, objects.HPy_SetAttr_s, "attribute"),
    ):
        assert get(thing, key) == "found"
        assert has(thing, key) == 1
        assert has(thing, "other") == 0
        with pytest.raises(AttributeError):
            get(thing, "other")
        with pytest.raises(ZeroDivisionError):
            get(thing, "broken")
        assert put(thing, "own", 5) == 0
        assert thing.own == 5
        assert put(thing, "own", ...) == 0
        assert "own" not in vars(thing)
        with pytest.raises(AttributeError):
            put(1, "own", 5)
    with pytest.raises(TypeError):
        objects.HPy_GetAttr(thing, 5)


def test_optional_attributes(objects):
    thing = Thing()
    assert objects.HPy_GetOptionalAttr(thing, "attribute") == (1, "found")
    assert objects.HPy_GetOptionalAttr_s(thing, "attribute") == (1, "found")
    assert objects.HPy_GetOptionalAttr(thing, "other") == (0, ...)
    assert objects.HPy_GetOptionalAttr_s(thing, "other") == (0, ...)
    for function in (objects.HPy_GetOptionalAttr, objects.HPy_GetOptionalAttr_s):
        with pytest.raises(ZeroDivisionError):
            function(thing, "broken")
    for function in (objects.HPy_HasAttrWithError, objects.HPy_HasAttrWithError_s):
        assert function(thing, "attribute") == 1
        assert function(thing, "other") == 0
        with pytest.raises(ZeroDivisionError):
            function(thing, "broken")
    with pytest.raises(TypeError):
        objects.HPy_GetOptionalAttr(thing, 5)


def test_generic_attributes(objects):
    thing = Thing()
    assert objects.HPy_GenericSetAttr(thing, "own", 5) == 0
    assert objects.HPy_GenericGetAttr(thing, "own") == 5
    assert objects.HPy_GenericSetAttr(thing, "own", ...) == 0
    with pytest.raises(AttributeError):
        objects.HPy_GenericGetAttr(thing, "own")


def test_items(objects):
    items = ["a", "b", "c"]
    assert objects.HPy_GetItem(items, -1) == "c"
    assert objects.HPy_GetItem_i(items, 1) == "b"
    assert objects.HPy_GetItem_i((1, 2), -1) == 2
    assert objects.HPy_GetItem_i({7: "seven"}, 7) == "seven"
    assert objects.HPy_GetItem_s({"k": 1}, "k") == 1
    for function, container, key, error in (
        (objects.HPy_GetItem, items, 3, IndexError),
        (objects.HPy_GetItem_i, items, 3, IndexError),
        (objects.HPy_GetItem_i, {}, 3, KeyError),
        (objects.HPy_GetItem_s, {}, "k", KeyError),
        (objects.HPy_GetItem, 5, 0, TypeError),
        (objects.HPy_GetItem_i, 5, 0, TypeError),
        (objects.HPy_GetItem_s, 5, "k", TypeError),
    ):
        with pytest.raises(error):
            function(container, key)
    assert objects.HPy_SetItem(items, 0, "A") == 0
    assert objects.HPy_SetItem_i(items, -1, "C") == 0
    assert items == ["A", "b", "C"]
    mapping = {}
    assert objects.HPy_SetItem_s(mapping, "k", 5) == 0
    assert objects.HPy_SetItem_i(mapping, 3, "three") == 0
    assert mapping == {"k": 5, 3: "three"}
    with pytest.raises(IndexError):
        objects.HPy_SetItem_i(items, 3, 0)
    with pytest.raises(TypeError):
        objects.HPy_SetItem((), 0, 0)
    assert objects.HPy_DelItem(items, 0) == 0
    assert objects.HPy_DelItem_i(items, -1) == 0
    assert items == ["b"]
    assert objects.HPy_DelItem_s(mapping, "k") == 0
    assert mapping == {3: "three"}
    with pytest.raises(KeyError):
        objects.HPy_DelItem_s(mapping, "k")
    with pytest.raises(IndexError):
        objects.HPy_DelItem_i(items, 5)
    assert objects.HPy_Contains([1, 2], 2) == 1
    assert objects.HPy_Contains([1, 2], 3) == 0
    with pytest.raises(TypeError):
        objects.HPy_Contains(5, 3)


def test_optional_items(objects):
    for function in (objects.HPy_GetOptionalItem, objects.HPy_GetOptionalItem_s):
        assert function(Mapping(), "here") == (1, 1)
        assert function({"here": 2}, "here") == (1, 2)
        assert function(Mapping(), "gone") == (0, ...)
        assert function({}, "gone") == (0, ...)
        with pytest.raises(ZeroDivisionError):
            function(Mapping(), "broken")
        with pytest.raises(TypeError):
            function(5, "here")


def test_slices(objects):
    items = list(range(6))
    assert objects.HPy_GetSlice(items, 1, 3) == [1, 2]
    assert objects.HPy_GetSlice("abcdef", -2, sys.maxsize) == "ef"
    assert objects.HPy_SetSlice(items, 1, 3, ["x", "y", "z"]) == 0
    assert items == [0, "x", "y", "z", 3, 4, 5]
    assert objects.HPy_DelSlice(items, 0, 4) == 0
    assert items == [3, 4, 5]
    for call in (
        lambda: objects.HPy_GetSlice(5, 0, 1),
        lambda: objects.HPy_SetSlice((), 0, 1, []),
        lambda: objects.HPy_DelSlice((), 0, 1),
    ):
        with pytest.raises(TypeError):
            call()


def function(*positional, **keywords):
    return positional, keywords


class Methods:
    def method(self, *positional, **keywords):
        return (self, *positional), keywords

    def fail(self):
        raise ZeroDivisionError


def test_calls(objects):
    assert objects.HPyCallable_Check(function) == 1
    assert objects.HPyCallable_Check(5) == 0
    assert objects.HPy_CallNoArgs(function) == ((), {})
    assert objects.HPy_CallOneArg(function, 5) == ((5,), {})
    assert objects.HPy_Call(function, (1, 2), ...) == ((1, 2), {})
    assert objects.HPy_Call(function, (1, 2, 3), ("a", "b")) == ((1,), {"a": 2, "b": 3})
    assert objects.HPy_Call(dict, (1,), ("a",)) == {"a": 1}
    assert objects.HPy_CallTupleDict(function, (1,), {"a": 2}) == ((1,), {"a": 2})
    assert objects.HPy_CallTupleDict(function, ..., ...) == ((), {})
    for wrong in ((5, ...), (..., 5)):
        with pytest.raises(TypeError):
            objects.HPy_CallTupleDict(function, *wrong)
    for call in (
        lambda: objects.HPy_CallNoArgs(5),
        lambda: objects.HPy_CallOneArg(5, 5),
        lambda: objects.HPy_Call(5, (), ...),
        lambda: objects.HPy_CallTupleDict(5, ..., ...),
    ):
        with pytest.raises(TypeError):
            call()
    with pytest.raises(ZeroDivisionError):
        objects.HPy_CallNoArgs(Methods().fail)


def test_method_calls(objects):
    thing = Methods()
    for call in (objects.HPy_CallMethod, objects.HPy_CallMethod_s):
        assert call("method", (thing, 1), ...) == ((thing, 1), {})
        assert call("method", (thing, 1, 2), ("k",)) == ((thing, 1), {"k": 2})
        assert call("upper", ("abc",), ...) == "ABC"
        with pytest.raises(AttributeError):
            call("missing", (thing,), ...)
        with pytest.raises(ZeroDivisionError):
            call("fail", (thing,), ...)
    with pytest.raises(TypeError, match="HPy_CallMethod_s needs the object as its first argument, found none"):
        objects.HPy_CallMethod_s("method", (), ...)


def test_calls_keep_their_arguments(objects, same_count):
    argument, thing = same_count(object()), same_count(Methods())
    objects.HPy_Call(function, (argument,), ...)
    objects.HPy_CallOneArg(function, argument)
    objects.HPy_CallMethod_s("method", (thing, argument), ...)
    objects.HPy_CallTupleDict(function, (argument,), {"k": argument})


def test_recursion(objects):
    def down(left):
        return "bottom" if left == 0 else objects.HPy_EnterRecursiveCall(down, left - 1)

    assert down(20) == "bottom"
    with pytest.raises(RecursionError):
        down(10**6)
    assert down(20) == "bottom"
    assert objects.HPy_LeaveRecursiveCall(10) is None


class NoTruth:
    def __bool__(self):
        raise ZeroDivisionError

    def __repr__(self, *_):
        raise ZeroDivisionError

    __str__ = __hash__ = __len__ = __eq__ = __dir__ = __iter__ = __repr__


def test_questions(objects):
    assert [objects.HPy_IsTrue(value) for value in (0, 1, "", "a", None, [0])] == [0, 1, 0, 1, 0, 1]
    assert objects.HPy_Length("abc") == 3
    assert objects.HPy_Hash("abc") == hash("abc")
    assert objects.HPy_Repr("é") == "'é'"
    assert objects.HPy_Str(5) == "5"
    assert objects.HPy_ASCII("é") == "'\\xe9'"
    assert objects.HPy_Bytes([1, 2]) == b"\x01\x02"
    assert objects.HPy_Dir(Methods)[-1] == "method"
    for function in (
        objects.HPy_IsTrue, objects.HPy_Length, objects.HPy_Hash, objects.HPy_Repr, objects.HPy_Str, objects.HPy_ASCII,
        objects.HPy_Dir,
    ):  # fmt: skip
        with pytest.raises(ZeroDivisionError):
            function(NoTruth())
    for function in (objects.HPy_Length, objects.HPy_Bytes):
        with pytest.raises(TypeError):
            function(1.5)
    with pytest.raises(TypeError):
        objects.HPy_Hash([])
    assert objects.HPy_Format(5, "03d") == "005"
    assert objects.HPy_Format(5, ...) == "5"
    with pytest.raises(ValueError):
        objects.HPy_Format(5, "wrong")


def test_comparisons(objects):
    outcomes = {0: False, 1: False, 2: False, 3: True, 4: True, 5: True}
    for operation, expected in outcomes.items():
        assert objects.HPy_RichCompare(5, 3, operation) is expected
        assert objects.HPy_RichCompareBool(5, 3, operation) == expected
    nan = float("nan")
    assert objects.HPy_RichCompareBool(nan, nan, 2) == 1
    assert objects.HPy_RichCompare(nan, nan, 2) is False
    with pytest.raises(TypeError):
        objects.HPy_RichCompare(1, "a", 0)
    with pytest.raises(TypeError):
        objects.HPy_RichCompareBool(1, "a", 0)
    with pytest.raises(ZeroDivisionError):
        objects.HPy_RichCompareBool(NoTruth(), 1, 2)


def test_types(objects):
    assert objects.HPy_IsInstance(True, int) == 1
    assert objects.HPy_IsInstance(1, (str, int)) == 1
    assert objects.HPy_IsInstance(1, str) == 0
    assert objects.HPy_IsSubclass(bool, int) == 1
    assert objects.HPy_IsSubclass(int, (str, bool)) == 0
    assert objects.HPyType_IsSubtype(bool, int) == 1
    assert objects.HPyType_IsSubtype(int, bool) == 0
    with pytest.raises(TypeError):
        objects.HPy_IsInstance(1, 5)
    with pytest.raises(TypeError):
        objects.HPy_IsSubclass(1, int)


def test_protocols(objects):
    class Sized:
        def __length_hint__(self):
            return 9

    assert objects.HPy_LengthHint([1, 2], 5) == 2
    assert objects.HPy_LengthHint(Sized(), 5) == 9
    assert objects.HPy_LengthHint(object(), 5) == 5
    assert objects.HPyMapping_Check({}) == 1
    assert objects.HPyMapping_Check(5) == 0
    assert objects.HPySequence_Check([]) == 1
    assert objects.HPySequence_Check({}) == 0
    assert objects.HPySequence_List("ab") == ["a", "b"]
    assert objects.HPySequence_Tuple([1, 2]) == (1, 2)
    given = (1, 2)
    assert objects.HPySequence_Tuple(given) is given
    assert objects.HPy_Concat([1], [2]) == [1, 2]
    assert objects.HPy_Repeat("ab", 3) == "ababab"
    for call in (
        lambda: objects.HPySequence_List(5),
        lambda: objects.HPySequence_Tuple(5),
        lambda: objects.HPy_Concat(1, 2),
        lambda: objects.HPy_Repeat(5, 3),
    ):
        with pytest.raises(TypeError):
            call()


class Numbers:
    def __init__(self, *numbers):
        self.numbers = list(numbers)

    def __iter__(self):
        return self

    def __next__(self):
        if not self.numbers:
            raise StopIteration
        number = self.numbers.pop(0)
        if number == 13:
            raise ZeroDivisionError
        return number


def test_iteration(objects):
    iterator = objects.HPy_GetIter([1, 2])
    assert objects.HPyIter_Check(iterator) == 1
    assert objects.HPyIter_Check([]) == 0
    assert [objects.HPyIter_Next(iterator) for _ in range(3)] == [1, 2, ...]
    for iterator in (iter([1, 2]), Numbers(1, 2), (n for n in (1, 2))):
        assert [objects.HPyIter_NextItem(iterator) for _ in range(4)] == [(1, 1), (1, 2), (0, ...), (0, ...)]
    for function in (objects.HPyIter_Next, objects.HPyIter_NextItem):
        with pytest.raises(ZeroDivisionError):
            function(Numbers(13))
    with pytest.raises(TypeError):
        objects.HPy_GetIter(5)
    with pytest.raises(TypeError):
        objects.HPyIter_NextItem(5)


def test_sending(objects):
    def generator():
        received = yield "first"
        if received == "fail":
            raise ZeroDivisionError
        return ("returned", received)

    running = generator()
    assert objects.HPyIter_Send(running, None) == (1, "first")
    assert objects.HPyIter_Send(running, "value") == (0, ("returned", "value"))
    running = generator()
    objects.HPyIter_Send(running, None)
    with pytest.raises(ZeroDivisionError):
        objects.HPyIter_Send(running, "fail")
    assert objects.HPyIter_Send(iter([5]), None) == (1, 5)
    assert objects.HPyIter_Send(iter([]), None) == (0, None)


def test_asynchronous_iteration(objects):
    class Numbers:
        def __aiter__(self):
            return self

        async def __anext__(self):
            raise StopAsyncIteration

    numbers = Numbers()
    assert objects.HPy_GetAsyncIter(numbers) is numbers
    assert objects.HPyAsyncIter_Check(numbers) == 1
    assert objects.HPyAsyncIter_Check(5) == 0
    with pytest.raises(TypeError):
        objects.HPy_GetAsyncIter(5)


def test_items_without_a_value(objects):
    for call in (
        lambda: objects.HPy_SetItem({1: 2}, 1, ...),
        lambda: objects.HPy_SetItem_i([1, 2], 0, ...),
        lambda: objects.HPy_SetItem_s({"a": 2}, "a", ...),
    ):
        with pytest.raises((SystemError, TypeError)):
            call()


def test_keywords_that_are_parsed(objects):
    assert objects.HPyArg_ParseKeywords(("two", "one"), 5) == (5, 5)
    assert objects.HPyArg_ParseKeywordsDict({"two": 5}) == (0, 5)
    for name in ("three", "one\0", "one\0two", "\udc80"):
        with pytest.raises((TypeError, UnicodeEncodeError)):
            objects.HPyArg_ParseKeywords((name,), 5)
        with pytest.raises((TypeError, UnicodeEncodeError)):
            objects.HPyArg_ParseKeywordsDict({name: 5})
    for call in (
        lambda: objects.HPyArg_ParseKeywords((7,), 5),
        lambda: objects.HPyArg_ParseKeywordsDict({7: 5}),
        lambda: objects.HPyArg_ParseKeywords(("one", "one"), 5),
    ):
        with pytest.raises(TypeError):
            call()


def test_keywords_as_names_of_items(objects):
    way = objects.HPyStructSequence_NewType()
    assert (way.to.__doc__, tuple(way(1, 2)), way(1, 2).to) == ("where it ends", (1, 2), 2)
