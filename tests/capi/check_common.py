"""Holds functions that every host is said to have to what CPython documents of them.

Run by the Python under test, with the module `common` importable.
"""

from __future__ import annotations

import contextvars
import decimal
import os
import sys
import types
import warnings
import weakref
from collections import OrderedDict

from expect import ABSENT, GRAALPY, PYPY, Raises, check, function, load, main, same, true

load("common")


class Thing:
    there = 1

    def method(self, *arguments):
        return arguments

    def __length_hint__(self):
        return 7

    def __format__(self, specification):
        return f"formatted {specification}"

    def __matmul__(self, other):
        return "matrix"


class Index:
    def __index__(self):
        return 5


def objects() -> None:
    thing = Thing()
    check("'x\u20ac'", "PyObject_Repr", "x\u20ac")
    check("5", "PyObject_Str", 5)
    check("'\\u20ac'", "PyObject_ASCII", "\u20ac")
    check(b"ab", "PyObject_Bytes", bytearray(b"ab"))
    same(Thing, "PyObject_Type", thing)
    check(hash("x"), "PyObject_Hash", "x")
    check(Raises(TypeError), "PyObject_Hash", [])
    for value in [0, 1, [], [0], None, ""]:
        check(int(bool(value)), "PyObject_IsTrue", value)
        check(int(not value), "PyObject_Not", value)
    check(3, "PyObject_Size", "abc")
    check(Raises(TypeError), "PyObject_Size", 5)
    true("there" in function("PyObject_Dir")(thing), "PyObject_Dir")
    true(list(function("PyObject_GetIter")([1, 2])) == [1, 2], "PyObject_GetIter")
    check(Raises(TypeError, "'int' object is not iterable"), "PyObject_GetIter", 5)
    check(2, "PyObject_GetItem", [1, 2], 1)
    check(Raises(IndexError), "PyObject_GetItem", [1, 2], 2)
    check(Raises(KeyError, "'x'"), "PyObject_GetItem", {}, "x")
    check(Raises(TypeError), "PyObject_GetItem", 5, 0)
    items = {"a": 1}
    check(0, "PyObject_SetItem", items, "b", 2)
    check(0, "PyObject_DelItem", items, "a")
    true(items == {"b": 2}, "PyObject_SetItem or PyObject_DelItem")
    check(1, "PyObject_GetAttr", thing, "there")
    check(Raises(AttributeError), "PyObject_GetAttr", thing, "missing")
    check(Raises(TypeError), "PyObject_GetAttr", thing, 5)
    for name in ["PyObject_HasAttr", "PyObject_HasAttrString"]:
        check(1, name, thing, "there")
        check(0, name, thing, "missing")
    check(0, "PyObject_SetAttr", thing, "own", 5)
    check(0, "PyObject_SetAttrString", thing, "other", 6)
    true((thing.own, thing.other) == (5, 6), "PyObject_SetAttr…")
    check(5, "PyObject_GenericGetAttr", thing, "own")
    check("formatted x", "PyObject_Format", thing, "x")
    check(7, "PyObject_LengthHint", thing, 3)
    check(3, "PyObject_LengthHint", 5, 3)
    less, equal = 0, 2
    check(True, "PyObject_RichCompare", 1, 2, less)
    check(0, "PyObject_RichCompareBool", 1, 2, equal)
    nan = float("nan")
    check(1, "PyObject_RichCompareBool", nan, nan, equal)
    check(Raises(TypeError), "PyObject_RichCompare", 1, "x", less)
    check(1, "PyObject_IsInstance", 5, (str, int))
    check(0, "PyObject_IsInstance", 5, str)
    check(Raises(TypeError), "PyObject_IsInstance", 5, 5)
    check(1, "PyObject_IsSubclass", bool, int)
    check(Raises(TypeError), "PyObject_IsSubclass", 5, int)
    same(thing, "PyObject_SelfIter", thing)
    check(1, "PyCallable_Check", len)
    check(0, "PyCallable_Check", 5)


def calls() -> None:
    def callee(*arguments, **keywords):
        return arguments, keywords

    check(((1,), {"a": 2}), "PyObject_Call", callee, (1,), {"a": 2})
    check(((1, 2), {}), "PyObject_CallObject", callee, (1, 2))
    check(((), {}), "PyObject_CallNoArgs", callee)
    if not GRAALPY:  # There are no vectorcalls to GraalPy's own functions.
        check(3, "PyVectorcall_Call_with", len, ([1, 2, 3],))
    check(Raises(TypeError), "PyObject_CallNoArgs", 5)
    check(Raises(ZeroDivisionError), "PyObject_CallNoArgs", lambda: 1 // 0)
    expected = (((1, None), {}), ((True,), {}), (5,), (None,), (True,))
    check(expected, "PyObject_calls", callee, Thing())


def numbers() -> None:
    check(1, "PyNumber_Check", 5)
    check(1, "PyNumber_Check", Index())
    check(0, "PyNumber_Check", "5")
    check(1, "PyIndex_Check", Index())
    check(0, "PyIndex_Check", 5.0)
    binary = [
        ("Add", 7, 9, 2), ("Subtract", 5, 7, 2), ("Multiply", 14, 7, 2), ("FloorDivide", 3, 7, 2), ("TrueDivide", 3.5, 7, 2),
        ("Remainder", 1, 7, 2), ("Lshift", 28, 7, 2), ("Rshift", 1, 7, 2), ("And", 2, 6, 3), ("Xor", 5, 6, 3), ("Or", 7, 6, 3),
    ]  # fmt: skip
    for name, _, left, right in binary:
        operations = {
            "Add": left + right, "Subtract": left - right, "Multiply": left * right, "FloorDivide": left // right,
            "TrueDivide": left / right, "Remainder": left % right, "Lshift": left << right, "Rshift": left >> right,
            "And": left & right, "Xor": left ^ right, "Or": left | right,
        }  # fmt: skip
        for function_name in [f"PyNumber_{name}", f"PyNumber_InPlace{name}"]:
            check(operations[name], function_name, left, right)
            check(Raises(TypeError), function_name, left, None)
    check((3, 1), "PyNumber_Divmod", 7, 2)
    check(8, "PyNumber_Power", 2, 3, None)
    check(3, "PyNumber_Power", 2, 3, 5)
    check(8, "PyNumber_InPlacePower", 2, 3, None)
    check("matrix", "PyNumber_MatrixMultiply", Thing(), 1)
    check(-5, "PyNumber_Negative", 5)
    check(5, "PyNumber_Positive", 5)
    check(5, "PyNumber_Absolute", -5)
    check(-6, "PyNumber_Invert", 5)
    items = [1]
    same(items, "PyNumber_InPlaceAdd", items, [2])
    true(items == [1, 2], "PyNumber_InPlaceAdd is not in place")
    check(5, "PyNumber_Long", "5")
    check(5, "PyNumber_Long", 5.7)
    check(Raises(ValueError), "PyNumber_Long", "x")
    check(5.5, "PyNumber_Float", "5.5")
    check(5, "PyNumber_Index", Index())
    check(Raises(TypeError), "PyNumber_Index", 5.0)
    check("0xff", "PyNumber_ToBase", 255, 16)
    check("0b101", "PyNumber_ToBase", 5, 2)
    check(5, "PyNumber_AsSsize_t", Index(), OverflowError)
    check(Raises(OverflowError), "PyNumber_AsSsize_t", 2**80, OverflowError)
    check(-5, "PyLong_AsLong", -5)
    check(5, "PyLong_AsLong", Index())
    check(Raises(OverflowError), "PyLong_AsLong", 2**80)
    check(Raises(TypeError), "PyLong_AsLong", "5")
    check(-(2**63), "PyLong_AsLongLong", -(2**63))
    check(Raises(OverflowError), "PyLong_AsLongLong", 2**63)
    check(-5, "PyLong_AsSsize_t", -5)
    if not PYPY:  # PyPy's own takes what has an index.
        check(Raises(TypeError), "PyLong_AsSsize_t", Index())
    check(5, "PyLong_AsUnsignedLong", 5)
    check(Raises(OverflowError), "PyLong_AsUnsignedLong", -1)
    check(5, "PyLong_AsSize_t", 5)
    check(Raises(OverflowError), "PyLong_AsSize_t", -1)
    check(-2, "PyLong_AsUnsignedLongLongMask", -2)
    check(1, "PyLong_AsUnsignedLongLongMask", 2**64 + 1)
    check(1, "PyLong_AsUnsignedLongMask", 2**64 + 1)
    for number, expected in [(5, (5, 0, 5, 0)), (2**80, (-1, 1, -1, 1)), (-(2**80), (-1, -1, -1, -1))]:
        check(expected, "PyLong_overflow", number)
    check(5.0, "PyLong_AsDouble", 5)
    check(Raises(OverflowError), "PyLong_AsDouble", 10**400)
    check(5, "PyLong_FromLong", 5)
    check(5, "PyLong_FromSize_t", 5)
    check(255, "PyLong_FromUnicodeObject", "ff", 16)
    check(255, "PyLong_FromString", "0xff", 0)
    check(Raises(ValueError), "PyLong_FromString", "zz", 10)
    check(-7, "PyLong_FromDouble", -7.9)
    check(Raises(OverflowError), "PyLong_FromDouble", float("inf"))
    check(Raises(ValueError), "PyLong_FromDouble", float("nan"))
    for number in [0, 5, -5, 2**63, -(2**80), 2**80 - 1, -(2**2046), 2**2047 - 1, -(2**2047), 2**5000, -(2**5000)]:
        check((number > 0) - (number < 0), "_PyLong_Sign", number)
        check(number.bit_length(), "_PyLong_NumBits", number)
    check(5.5, "PyFloat_FromString", "5.5")
    if not PYPY:  # PyPy 7.3's own takes no index.
        check(5.0, "PyFloat_AsDouble", Index())
    check(Raises(TypeError), "PyFloat_AsDouble", "5")
    check(True, "PyBool_FromLong", 7)
    check(3 - 4j, "PyComplex", 3 - 4j)
    check(3 + 0j, "PyComplex", 3.0)
    check(1.5, "PyOS_string_to_double", "1.5")
    check(Raises(ValueError), "PyOS_string_to_double", "1.5x")
    check("1.50", "PyOS_double_to_string", 1.5, 2)


def sequences() -> None:
    check(1, "PySequence_Check", [])
    check(0, "PySequence_Check", {})
    check(0, "PySequence_Check", 5)
    check(2, "PySequence_Size", "ab")
    check(Raises(TypeError), "PySequence_Size", 5)
    check([1, 2], "PySequence_Concat", [1], [2])
    if not PYPY:  # PyPy's own adds whatever can be added.
        check(Raises(TypeError), "PySequence_Concat", 1, 2)
    check([1, 1], "PySequence_Repeat", [1], 2)
    items = [1]
    same(items, "PySequence_InPlaceConcat", items, (2,))
    same(items, "PySequence_InPlaceRepeat", items, 2)
    true(items == [1, 2, 1, 2], f"PySequence_InPlace… gave {items}")
    check(2, "PySequence_GetItem", [1, 2], -1)
    check(Raises(IndexError), "PySequence_GetItem", [1, 2], 2)
    if not PYPY:  # PyPy's own looks the key up.
        check(Raises(TypeError), "PySequence_GetItem", {}, 0)
    check(0, "PySequence_DelItem", items, 0)
    check(1, "PySequence_Contains", [1, 2], 2)
    check(0, "PySequence_Contains", [1, 2], 3)
    check(1, "PySequence_Index", [1, 2], 2)
    check(Raises(ValueError), "PySequence_Index", [1, 2], 3)
    check([1, 2], "PySequence_List", iter((1, 2)))
    check((1, 2), "PySequence_Tuple", iter([1, 2]))
    check(Raises(TypeError, "not iterable"), "PySequence_Fast", 5, "not iterable")
    same(items, "PySequence_Fast", items, "")
    check(([2, 3], [9, 4]), "PySequence_slices", [1, 2, 3, 4], 1, 3, [9])
    check(([2, 3], [None, True, 9, 4]), "PyList_slices", [1, 2, 3, 4], 1, 3, [9])
    check((2, 3), "PyTuple_GetSlice", (1, 2, 3, 4), 1, 3)
    check((True, False, 2), "_PyTuple_Resize", 3)
    check((True,), "_PyTuple_Resize", 1)
    check(2, "PyList_Size", [1, 2])
    if not PYPY:  # PyPy's own raises TypeError.
        check(Raises(SystemError), "PyList_Size", ())
    check(2, "PyTuple_Size", (1, 2))
    check(Raises(SystemError), "PyTuple_Size", [])
    items = [3, 1]
    check(0, "PyList_Append", items, 2)
    check(0, "PyList_Sort", items)
    true(items == [1, 2, 3], "PyList_Sort")
    check(0, "PyList_Reverse", items)
    check((3, 2, 1), "PyList_AsTuple", items)
    check((1, 4, 2, 2), "PySlice_Unpack", slice(1, 10, 2), 4)
    check((3, -1, -1, 4), "PySlice_Unpack", slice(None, None, -1), 4)
    check(slice(1, 2, None), "PySlice_New", 1, 2, None)
    check(1, "PyIter_Check", iter([]))
    check(0, "PyIter_Check", [])
    check(1, "PyIter_Next", iter([1]))
    check(ABSENT, "PyIter_Next", iter([]))
    check(Raises(ZeroDivisionError), "PyIter_Next", (1 // 0 for _ in [1]))
    values = iter([1, 2, 3])
    true(list(function("PyCallIter_New")(lambda: next(values), 3)) == [1, 2], "PyCallIter_New")
    true(list(function("PySeqIter_New")([1, 2])) == [1, 2], "PySeqIter_New")


def mappings() -> None:
    check(1, "PyMapping_Check", {})
    check(0, "PyMapping_Check", 5)
    check(1, "PyMapping_Size", {"a": 1})
    check(1, "PyMapping_GetItemString", {"a": 1}, "a")
    check(Raises(KeyError), "PyMapping_GetItemString", {}, "a")
    for name in ["PyMapping_HasKey", "PyMapping_HasKeyString"]:
        check(1, name, {"a": 1}, "a")
        check(0, name, {}, "a")
    ordered = OrderedDict(a=1, b=2)
    check(["a", "b"], "PyMapping_Keys", ordered)
    check([1, 2], "PyMapping_Values", ordered)
    check([("a", 1), ("b", 2)], "PyMapping_Items", ordered)
    check(0, "PyMapping_SetItemString", ordered, "c", 3)
    true(ordered["c"] == 3, "PyMapping_SetItemString")
    items = {"a": 1}
    check({"a": 1}, "PyDict_Copy", items)
    check(1, "PyDict_Contains", items, "a")
    check(Raises(TypeError), "PyDict_Contains", items, [])
    check(0, "PyDict_SetItem", items, "b", 2)
    check(0, "PyDict_SetItemString", items, "c", 3)
    check(["a", "b", "c"], "PyDict_Keys", items)
    check([1, 2, 3], "PyDict_Values", items)
    check([("a", 1), ("b", 2), ("c", 3)], "PyDict_Items", items)
    check([("a", 1), ("b", 2), ("c", 3)], "PyDict_Next", items)
    check(3, "PyDict_Size", items)
    check(0, "PyDict_DelItem", items, "a")
    check(Raises(KeyError), "PyDict_DelItem", items, "a")
    check(0, "PyDict_DelItemString", items, "b")
    check(0, "PyDict_Update", items, {"d": 4})
    check(0, "PyDict_Merge", items, {"d": 5, "e": 6}, 0)
    true(items == {"c": 3, "d": 4, "e": 6}, f"PyDict_Update or PyDict_Merge gave {items}")
    check((None, 5, 5), "PyDict_borrowed", {}, "x", 5)
    check((4, 4, 4), "PyDict_borrowed", {"x": 4}, "x", 5)
    check(None, "PyDict_Clear", items)
    true(items == {}, "PyDict_Clear")
    proxy = function("PyDictProxy_New")({"a": 1})
    true(type(proxy) is types.MappingProxyType and proxy["a"] == 1, "PyDictProxy_New")
    check({1, 2}, "PySet_New", [1, 2])
    check(frozenset({1, 2}), "PyFrozenSet_New", [1, 2])
    numbers = {1}
    check(0, "PySet_Add", numbers, 2)
    check(2, "PySet_Size", numbers)
    check(1, "PySet_Contains", numbers, 2)
    check(Raises(TypeError), "PySet_Contains", numbers, [])
    check(1, "PySet_Discard", numbers, 2)
    check(0, "PySet_Discard", numbers, 2)
    check(1, "PySet_Pop", numbers)
    check(Raises(KeyError), "PySet_Pop", numbers)
    check(Raises(SystemError), "PySet_Add", [], 1)
    numbers.add(5)
    check(0, "PySet_Clear", numbers)
    true(numbers == set(), "PySet_Clear")


def text() -> None:
    check("x", "PyUnicode_FromObject", "x")
    check(Raises(TypeError), "PyUnicode_FromObject", 5)
    check("a\u20ac", "PyUnicode_Concat", "a", "\u20ac")
    check(Raises(TypeError), "PyUnicode_Concat", "a", b"b")
    check(["a", "b c"], "PyUnicode_Split", "a b c", " ", 1)
    check("a-b", "PyUnicode_Join", "-", ["a", "b"])
    check(Raises(TypeError), "PyUnicode_Join", "-", [1])
    check("a 5", "PyUnicode_Format", "%s %d", ("a", 5))
    check(1, "PyUnicode_Contains", "abc", "b")
    check(0, "PyUnicode_Contains", "abc", "x")
    true([function("PyUnicode_Compare")(*pair) for pair in ["ab", "ba", "aa"]] == [-1, 1, 0], "PyUnicode_Compare")
    check(0, "PyUnicode_CompareWithASCIIString", "abc", "abc")
    true(function("PyUnicode_CompareWithASCIIString")("abd", "abc") > 0, "PyUnicode_CompareWithASCIIString")
    check(b"a\xe2\x82\xac", "PyUnicode_AsUTF8String", "a\u20ac")
    check(Raises(UnicodeEncodeError), "PyUnicode_AsUTF8String", "\ud800")
    check(b"a", "PyUnicode_AsASCIIString", "a")
    check(Raises(UnicodeEncodeError), "PyUnicode_AsASCIIString", "\xe9")
    check(b"\xe9", "PyUnicode_AsLatin1String", "\xe9")
    check(b"\\u20ac", "PyUnicode_AsUnicodeEscapeString", "\u20ac")
    check(b"a?", "PyUnicode_AsEncodedString", "a\u20ac", "ascii", "replace")
    check("a\u20ac", "PyUnicode_FromEncodedObject", b"a\xe2\x82\xac", "utf-8", None)
    check("a\ufffd", "PyUnicode_Decode", b"a\xff", "utf-8", "replace")
    check("\xe9", "PyUnicode_Decode", b"\xe9", "latin-1", None)
    check(os.fsencode("name"), "PyUnicode_EncodeFSDefault", "name")
    check("name", "PyUnicode_DecodeFSDefault", "name")
    check("a\u20ac", "PyUnicode_FromString", "a\u20ac")
    check("interned", "PyUnicode_InternFromString", "interned")
    check("\U0001f600", "PyUnicode_FromOrdinal", 0x1F600)
    check(Raises(ValueError), "PyUnicode_FromOrdinal", 0x110000)
    check(2, "PyUnicode_GetLength", "\u20ac\U0001f600")
    check("xbxb", "PyUnicode_Replace", "abab", "a", "x", -1)
    check((1, 2, 1, 1), "PyUnicode_search", "abcab", "b", 0, 5, 1)
    check((-1, 0, 0, -1), "PyUnicode_search", "abcab", "x", 0, 5, 1)
    check("bc", "PyUnicode_Substring", "abcd", 1, 3)
    check(b"a\xe2\x82\xac", "PyUnicode_AsUTF8AndSize", "a\u20ac")
    check(Raises(UnicodeEncodeError), "PyUnicode_AsUTF8AndSize", "\ud800")
    check("a\u20ac\U0001f600", "PyUnicode_AsUCS4", "a\u20ac\U0001f600")
    check("a\u20ac\U0001f600", "PyUnicode_AsWideCharString", "a\u20ac\U0001f600")
    cut = "cut" if PYPY else "cu"  # PyPy's own takes no notice of a precision.
    check(f"text|-5|   42|7|c|ff|None|True|\u20ac|%|{cut}", "PyUnicode_FromFormat", "\u20ac")
    if not GRAALPY:  # GraalPy's own does not know the length modifier z.
        check(b"text|-5|7|c|ff", "PyBytes_FromFormat")
    check(b"ab", "PyBytes_FromObject", bytearray(b"ab"))
    check(Raises(TypeError), "PyBytes_FromObject", 5)
    check(b"ab", "PyBytes_FromString", "ab")
    check(2, "PyBytes_Size", b"ab")
    if not PYPY:  # PyPy's own takes any object with a length.
        check(Raises(TypeError), "PyBytes_Size", "ab")
    check(b"abcd", "PyBytes_Concat", b"ab", b"cd")
    for size, expected in [(2, b"ab"), (4, b"abcd"), (6, b"abcdzz")]:
        check(expected, "_PyBytes_Resize", size)
        check(bytearray(expected), "PyByteArray_Resize", size)


def exceptions() -> None:
    check(Raises(ValueError, "words 5"), "PyErr_fetch_restore")
    for which, expected in enumerate(
        [MemoryError, TypeError, KeyError, FileNotFoundError, FileNotFoundError, KeyError]
    ):
        check(Raises(expected), "PyErr_kinds", which)
    check(Raises(SystemError), "PyErr_kinds", 9)
    try:
        function("PyErr_kinds")(4)
    except OSError as error:
        true((error.errno, error.filename) == (2, "file"), f"PyErr_SetFromErrnoWithFilename raises {error!r}")
    for which, words in [(6, "careful"), (7, "careful 7")]:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            check(None, "PyErr_kinds", which)
        true([(str(one.message), one.category) for one in caught] == [(words, UserWarning)], f"PyErr_Warn… {which}")
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            check(Raises(UserWarning, words), "PyErr_kinds", which)
    error, other = ValueError(), KeyError()
    check(ABSENT, "PyException_GetCause", error)
    check(ABSENT, "PyException_GetContext", error)
    check(ABSENT, "PyException_GetTraceback", error)
    check(None, "PyException_chain", error, other)
    same(other, "PyException_GetCause", error)
    same(other, "PyException_GetContext", error)
    try:
        raise error
    except ValueError:
        same(error.__traceback__, "PyException_GetTraceback", error)
    check(1, "PyErr_GivenExceptionMatches", ValueError(), Exception)
    check(1, "PyErr_GivenExceptionMatches", ValueError, (KeyError, ValueError))
    check(0, "PyErr_GivenExceptionMatches", ValueError, KeyError)
    made = function("PyErr_NewException_plain")("package.Made")
    true((made.__name__, made.__module__, made.__bases__) == ("Made", "package", (Exception,)), "PyErr_NewException")
    check(0, "PyErr_CheckSignals")
    check(None, "Py_EnterRecursiveCall")


def buffers() -> None:
    check((3, 1, 1, "B", 1, b"abc"), "PyBuffer", b"abc")
    check((3, 1, 1, "B", 1, b"abc"), "PyBuffer", bytearray(b"abc"))
    check((4, 2, 1, "h", 1, b"\1\0\2\0"), "PyBuffer", memoryview(b"\1\0\2\0").cast("h"))
    check(Raises(TypeError), "PyBuffer", "abc")
    check((6, 1, 1), "PyBuffer_FillInfo")
    true(bytes(function("PyMemoryView_FromMemory")()) == b"memory", "PyMemoryView_FromMemory")
    true(bytes(function("PyMemoryView_FromObject")(b"abc")) == b"abc", "PyMemoryView_FromObject")
    check(Raises(TypeError), "PyMemoryView_FromObject", 5)


def arguments() -> None:
    expected = ("text", b"by", -1, 1, -2, 2, -3, 3, 4, 1.5, 2.5, b"c", None, {"key": 5}, [6, 7], ())
    check(expected, "Py_BuildValue")
    items = [1]
    check(("t", 3, 1, 5, 2.5, items, None, 9), "PyArg_ParseTuple", "t", b"abc", [0], 5, 2.5, items, None)
    check(("t", 3, 0, 5, 2.0, items, None, 4), "PyArg_ParseTuple", "t", b"abc", "", 5, 2, items, None, 4)
    check(Raises(TypeError), "PyArg_ParseTuple", "t", b"abc", 0, 5, 2.5, (), None)
    check(Raises(TypeError), "PyArg_ParseTuple", "t", b"abc", 0, 5.5, 2.5, items, None)
    check(Raises(OverflowError), "PyArg_ParseTuple", "t", b"abc", 0, 2**40, 2.5, items, None)
    check(Raises(TypeError), "PyArg_ParseTuple", 5, b"abc", 0, 5, 2.5, items, None)
    check(Raises(ValueError), "PyArg_ParseTuple", "a\0b", b"abc", 0, 5, 2.5, items, None)
    check(Raises(TypeError), "PyArg_ParseTuple", "t")


def others() -> None:
    check(Raises(ValueError, "PyCapsule_GetPointer called with incorrect name"), "PyCapsule")
    check(1, "PyThread")
    check(None, "PyMem")
    thing = Thing()
    reference = function("PyWeakref_NewRef")(thing, None)
    true(type(reference) is weakref.ref and reference() is thing, "PyWeakref_NewRef")
    true(function("PyWeakref_NewProxy")(thing, None).there == 1, "PyWeakref_NewProxy")
    check(Raises(TypeError), "PyWeakref_NewRef", 5, None)
    true(function("Py_GenericAlias")(list, int) == list[int], "Py_GenericAlias")
    true(function("PyMethod_New")(Thing.method, thing)(1) == (1,), "PyMethod_New")
    true(function("PyClassMethod_New")(lambda cls: cls).__get__(thing)() is Thing, "PyClassMethod_New")
    true(function("PyStaticMethod_New")(len).__get__(thing) is len, "PyStaticMethod_New")
    made = function("PyModule_NewObject")("made")
    true(type(made) is types.ModuleType and made.__name__ == "made", "PyModule_NewObject")
    name, namespace = function("PyModule_constants")(made)
    true(
        name == "made" and namespace is made.__dict__ and (made.number, made.text) == (5, "words"),
        "PyModule_Add…Constant",
    )
    check(0, "PyModule_AddObjectRef", made, "object", thing)
    true(made.object is thing, "PyModule_AddObjectRef")
    same(decimal, "PyImport_ImportModule", "decimal")
    same(os.path, "PyImport_ImportModule", "os.path")
    same(os.path, "PyImport_Import", "os.path")
    same(sys, "PyImport_GetModule", "sys")
    check(ABSENT, "PyImport_GetModule", "no.such.module")
    check(Raises(ModuleNotFoundError), "PyImport_ImportModule", "no.such.module")
    same(sys.modules, "PyImport_GetModuleDict_borrowed")
    variable = contextvars.ContextVar("variable")
    check(ABSENT, "PyContextVar", variable)
    token = function("PyContextVar_Set")(variable, 5)
    check(5, "PyContextVar", variable)
    variable.reset(token)
    check(7, "PyEval_EvalCode", "x + 2", {"x": 5})
    check(1, "PyType_IsSubtype_checked", bool, int)
    check(0, "PyType_IsSubtype_checked", int, bool)
    code = function("PyCode_of")(None)
    true((code.co_name, code.co_filename, code.co_firstlineno) == ("function", "file.py", 7), "PyCode_NewEmpty")


GROUPS = [objects, calls, numbers, sequences, mappings, text, exceptions, buffers, arguments, others]

if __name__ == "__main__":
    main(GROUPS)
