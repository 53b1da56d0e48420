"""Holds functions of the C API, native ones and stand-ins alike, to what CPython refuses: null pointers, objects of other types,
numbers out of range.

Run by the Python under test, with the module `refusals` importable. `...` stands for a null pointer.
"""

from __future__ import annotations

import contextvars
import sys
import types

from expect import GRAALPY, PYPY, Raises, check, load, main

load("refusals")


NULL = ...
VERSION = sys.version_info[:2]
CPYTHON = not (PYPY or GRAALPY)


def refuse(kind: type[BaseException], name: str, *arguments: object) -> None:
    """The function refuses these arguments by an exception of this class."""
    check(Raises(kind), "call", name, *arguments)


def gives(expected: object, name: str, *arguments: object) -> None:
    """The function takes these arguments."""
    check(expected, "call", name, *arguments)


def function():
    pass


class Thing:
    pass


def iterators() -> None:
    gives(0, "PyAIter_Check", 5)
    refuse(TypeError, "PyObject_GetAIter", 5)
    refuse(AttributeError, "PyIter_Send", 5, None)
    refuse(TypeError, "PyIter_NextItem", 5)
    refuse(TypeError, "PyIter_NextItem", [])


def bytes_and_buffers() -> None:
    refuse(TypeError, "PyByteArray_Concat", b"a", 5)
    refuse(TypeError, "PyByteArray_Concat", "a", b"a")
    refuse(TypeError, "PyByteArray_FromObject", "a")
    refuse(ValueError, "PyByteArray_FromObject", -1)
    refuse(SystemError, "PyBytes_Join", NULL, [])
    refuse(TypeError, "PyBytes_Join", "x", [])
    refuse(TypeError, "PyBytes_Join", b"x", 5)
    refuse(TypeError, "PyBytes_Join", b"x", ["a"])
    refuse(TypeError, "PyBytes_FromObject", "x")
    refuse(TypeError, "PyBytes_FromObject", None)
    refuse(ValueError, "PyBytes_FromObject", [256])
    refuse(ValueError, "PyBytesWriter_Create", -1)
    gives("a writer", "PyBytesWriter_Create", 0)


def codecs() -> None:
    error = UnicodeDecodeError("utf-8", b"abc", 0, 1, "reason")
    for name in ["BackslashReplaceErrors", "IgnoreErrors", "NameReplaceErrors", "ReplaceErrors", "StrictErrors"]:
        refuse(TypeError, f"PyCodec_{name}", 5)
    for name in ["BackslashReplaceErrors", "IgnoreErrors"]:
        refuse(TypeError, f"PyCodec_{name}", ValueError())
    for name in ["NameReplaceErrors", "XMLCharRefReplaceErrors"]:
        refuse(TypeError, f"PyCodec_{name}", error)
    if not GRAALPY:
        refuse(ValueError, "PyCodec_StrictErrors", ValueError("x"))
    refuse(LookupError, "PyCodec_Decode", b"a", "nothing", NULL)
    refuse(LookupError, "PyCodec_Encode", "a", "nothing", NULL)
    refuse(LookupError, "PyCodec_LookupError", "nothing")
    refuse(TypeError, "PyCodec_Register", 5)
    refuse(TypeError, "PyCodec_RegisterError", "x", 5)
    for name in ["IncrementalDecoder", "IncrementalEncoder"]:
        refuse(LookupError, f"PyCodec_{name}", "nothing", NULL)
    for name in ["StreamReader", "StreamWriter"]:
        refuse(LookupError, f"PyCodec_{name}", "nothing", 5, NULL)
    if not PYPY:
        # PyPy's own would end the process.
        refuse(TypeError, "PyCodec_Decode", b"a", NULL, NULL)
    refuse(TypeError, "PyContextVar_Reset", 5, 5)
    if not GRAALPY:
        refuse(TypeError, "PyContext_Copy", 5)
    refuse(ValueError, "PyContextVar_Reset", *other_context())


def other_context() -> tuple:
    """A variable, and a token of another one."""
    variable, other = contextvars.ContextVar("variable"), contextvars.ContextVar("other")
    return variable, other.set(1)


def dicts() -> None:
    for other in 5, []:
        if VERSION not in ((3, 13), (3, 14)) or not CPYTHON:
            # The function of these versions reads what is no dict as one.
            refuse(SystemError, "PyDict_ContainsString", other, "k")
        refuse(SystemError, "PyDict_GetItemRef", other, "k")
        refuse(SystemError, "PyDict_GetItemStringRef", other, "k")
        refuse(SystemError, "PyDict_Pop", other, "k")
        refuse(SystemError, "PyDict_PopString", other, "k")
        refuse(SystemError, "PyDict_SetDefaultRef", other, "k", 1)
    refuse(TypeError, "PyDict_GetItemRef", {1: 1}, [])
    refuse(TypeError, "PyDict_Pop", {1: 1}, [])
    refuse(TypeError, "PyDict_SetDefaultRef", {}, [], 1)
    gives((0,), "PyDict_Pop", {}, [])
    gives((0,), "PyDict_Pop", {}, "k")
    if not PYPY:
        refuse(SystemError, "PyDict_Merge", 5, {}, 1)
        refuse(SystemError, "PyDict_Merge", NULL, {}, 1)
        for over in 0, 1:
            refuse(SystemError, "PyDict_Merge", {}, NULL, over)
        refuse(SystemError, "PyDict_Merge", 5, {1: 2}, 0)
    for over in 0, 1:
        refuse(AttributeError, "PyDict_Merge", {}, 5, over)
        refuse(TypeError, "PyDict_MergeFromSeq2", {}, [[[], 1]], over)
    refuse(TypeError, "PyDict_MergeFromSeq2", {}, 5, 1)
    refuse(TypeError, "PyDict_MergeFromSeq2", {}, [5], 1)
    refuse(ValueError, "PyDict_MergeFromSeq2", {}, ["abc"], 1)


def lists_and_mappings() -> None:
    for other in 5, ():
        refuse(SystemError, "PyList_Clear", other)
        refuse(SystemError, "PyList_Extend", other, [])
        refuse(TypeError, "PyList_GetItemRef", other, 0)
    refuse(TypeError, "PyList_Extend", [], 5)
    refuse(IndexError, "PyList_GetItemRef", [], 0)
    refuse(IndexError, "PyList_GetItemRef", [1], -1)
    if not GRAALPY:
        # Null is None there.
        refuse(SystemError, "PySequence_Count", NULL, 1)
        refuse(SystemError, "PySequence_Count", [], NULL)
    refuse(TypeError, "PySequence_Count", 5, 1)
    refuse(TypeError, "PySequence_Fast", 5, "message")
    refuse(TypeError, "PyMapping_GetOptionalItem", 5, "k")
    refuse(TypeError, "PyMapping_GetOptionalItem", [], "k")
    refuse(TypeError, "PyMapping_GetOptionalItem", {}, [])
    refuse(TypeError, "PyMapping_GetOptionalItemString", 5, "k")
    refuse(TypeError, "PyMapping_HasKeyWithError", 5, "k")
    refuse(TypeError, "PyMapping_HasKeyStringWithError", 5, "k")
    refuse(SystemError, "PyObject_DelItemString", NULL, "x")
    refuse(SystemError, "PyObject_DelItemString", {}, NULL)
    refuse(KeyError, "PyObject_DelItemString", {}, "x")
    refuse(TypeError, "PyObject_DelItemString", 5, "x")
    if VERSION != (3, 13) or not CPYTHON:
        refuse(SystemError, "PyMapping_GetOptionalItemString", {}, NULL)
    refuse(SystemError, "PyTuple_FromArray", -1)
    gives((), "PyTuple_FromArray", 0)


def attributes() -> None:
    refuse(TypeError, "PyObject_CallOneArg", 5, 1)
    refuse(AttributeError, "PyObject_DelAttr", Thing(), "x")
    refuse(TypeError, "PyObject_DelAttr", Thing(), 5)
    refuse(AttributeError, "PyObject_DelAttrString", Thing(), "x")
    refuse(TypeError, "PyObject_GetOptionalAttr", Thing(), 5)
    gives((0,), "PyObject_GetOptionalAttr", Thing(), "x")
    gives((0,), "PyObject_GetOptionalAttrString", Thing(), "x")
    refuse(TypeError, "PyObject_HasAttrWithError", Thing(), 5)
    refuse(TypeError, "PySys_GetOptionalAttr", 5)
    gives((0,), "PySys_GetOptionalAttr", "nothing")
    gives((0,), "PySys_GetOptionalAttrString", "nothing")
    refuse(TypeError, "PySys_GetAttr", 5)
    refuse(RuntimeError, "PySys_GetAttr", "nothing")
    refuse(RuntimeError, "PySys_GetAttrString", "nothing")
    refuse(TypeError, "PySys_AuditTuple", "x", 5)
    refuse(TypeError, "PySys_AuditTuple", "x", [])
    gives(0, "PySys_AuditTuple", "x", NULL)
    gives(0, "PySys_SetObject", "no_such_attribute", NULL)


def errors_and_functions() -> None:
    refuse(TypeError, "PyErr_SetImportError", NULL, NULL, NULL)
    refuse(TypeError, "PyErr_SetImportErrorSubclass", ValueError, "m", NULL, NULL)
    refuse(TypeError, "PyErr_SetImportErrorSubclass", ImportError, NULL, NULL, NULL)
    refuse(ModuleNotFoundError, "PyErr_SetImportErrorSubclass", ModuleNotFoundError, "m", NULL, NULL)
    frame = sys._getframe()
    refuse(TypeError, "PyFrame_GetVar", frame, 5)
    refuse(NameError, "PyFrame_GetVar", frame, "nothing")
    refuse(NameError, "PyFrame_GetVarString", frame, "nothing")
    for name, content in [("Annotations", {}), ("Defaults", ()), ("KwDefaults", {})]:
        refuse(SystemError, f"PyFunction_Set{name}", 5, content)
        refuse(SystemError, f"PyFunction_Set{name}", function, 5)
        gives(0, f"PyFunction_Set{name}", function, content)
        gives(0, f"PyFunction_Set{name}", function, None)
    if not GRAALPY:
        # GraalPy's own ends the process.
        refuse(SystemError, "PyCFunction_GetFlags", 5)
        refuse(SystemError, "PyCFunction_GetSelf", 5)
        refuse(SystemError, "PyCFunction_GetFlags", function)


def modules() -> None:
    refuse(AttributeError, "PyImport_ImportModuleAttr", "sys", "nothing")
    refuse(TypeError, "PyImport_ImportModuleAttr", "sys", 5)
    refuse(ModuleNotFoundError, "PyImport_ImportModuleAttr", "no_such", "a")
    refuse(AttributeError, "PyImport_ImportModuleAttrString", "sys", "nothing")
    refuse(ModuleNotFoundError, "PyImport_ImportModuleAttrString", "no_such", "a")
    refuse(TypeError, "PyImport_ReloadModule", 5)
    refuse(TypeError, "PyModule_AddObjectRef", 5, "a", 1)
    if not GRAALPY:
        # Null is None there.
        refuse(SystemError, "PyModule_AddObjectRef", sys, "a", NULL)
    if CPYTHON or PYPY and VERSION == (3, 9):
        # Newer ones of PyPy, and GraalPy, have exceptions of their own.
        refuse(TypeError, "PyModule_GetNameObject", 5)
        refuse(TypeError, "PyModule_GetFilenameObject", 5)
        refuse(SystemError, "PyModule_GetFilenameObject", types.ModuleType("x"))


def numbers() -> None:
    refuse(TypeError, "PyLong_AsInt", "x")
    for number in 2**31, 2**80, -(2**31) - 1:
        refuse(OverflowError, "PyLong_AsInt", number)
    for name in ["Int32", "Int64", "UInt32", "UInt64"]:
        refuse(SystemError, f"PyLong_As{name}", NULL)
        refuse(TypeError, f"PyLong_As{name}", "x")
        refuse(TypeError, f"PyLong_As{name}", 1.5)
    for name, number in [("Int32", 2**31), ("Int32", 2**80), ("Int64", 2**63), ("UInt32", 2**32), ("UInt64", 2**64)]:
        refuse(OverflowError, f"PyLong_As{name}", number)
    for name, number in [("UInt32", -1), ("UInt32", -(2**80)), ("UInt64", -1)]:
        refuse(ValueError, f"PyLong_As{name}", number)
    refuse(SystemError, "PyLong_AsNativeBytes", NULL, 8, -1)
    refuse(SystemError, "PyLong_AsNativeBytes", 5, -1, -1)
    refuse(TypeError, "PyLong_AsNativeBytes", "x", 8, -1)
    refuse(TypeError, "PyLong_AsNativeBytes", 1.5, 8, 16)
    refuse(ValueError, "PyLong_AsNativeBytes", -5, 8, 8)
    for name in ["Export", "GetSign", "IsNegative", "IsPositive", "IsZero"]:
        refuse(TypeError, f"PyLong_{name}", "x")
    refuse(ValueError, "PyLongWriter_Create", 0, 0)
    refuse(ValueError, "PyLongWriter_Create", 0, -1)
    for name in ["Py_GetConstant", "Py_GetConstantBorrowed"]:
        refuse(SystemError, name, 99)


def weak_references() -> None:
    for name in ["PyWeakref_GetRef", "PyWeakref_IsDead"]:
        refuse(TypeError, name, 5)
        refuse(SystemError, name, NULL)


def texts() -> None:
    refuse(TypeError, "PyUnicode_AsCharmapString", 5, {})
    refuse(TypeError, "PyUnicode_AsCharmapString", "x", NULL)
    refuse(UnicodeEncodeError, "PyUnicode_AsCharmapString", "x", {})
    for name in ["AsUTF16String", "AsUTF32String", "AsRawUnicodeEscapeString"]:
        refuse(TypeError, f"PyUnicode_{name}", 5)
    refuse(TypeError, "PyUnicode_BuildEncodingMap", 5)
    refuse(TypeError, "PyUnicode_BuildEncodingMap", "")
    refuse(ValueError, "PyUnicodeWriter_Create", -1)
    gives("a writer", "PyUnicodeWriter_Create", 0)
    if not GRAALPY:
        refuse(SystemError, "PyUnicode_CopyCharacters", 5, 0, "a", 0, 1)
        refuse(SystemError, "PyUnicode_CopyCharacters", "abc", 0, 5, 0, 1)
        refuse(IndexError, "PyUnicode_CopyCharacters", "abc", 5, "a", 0, 1)
        refuse(IndexError, "PyUnicode_CopyCharacters", "abc", 0, "a", 5, 1)
        refuse(SystemError, "PyUnicode_CopyCharacters", "abc", 0, "a", 0, -1)
        refuse(SystemError, "PyUnicode_CopyCharacters", "abc", 3, "a", 0, 1)
        refuse(SystemError, "PyUnicode_Fill", 5, 0, 1, 65)
    refuse(TypeError, "PyUnicode_Equal", 5, "x")
    refuse(TypeError, "PyUnicode_Equal", "x", 5)
    for text, expected in [("", 1), ("x", 0)]:
        gives(expected, "PyUnicode_EqualToUTF8AndSize", text, NULL, 0)
    for name in ["Partition", "RPartition"]:
        refuse(TypeError, f"PyUnicode_{name}", 5, "x")
        refuse(TypeError, f"PyUnicode_{name}", "x", 5)
        refuse(ValueError, f"PyUnicode_{name}", "x", "")
    refuse(TypeError, "PyUnicode_RSplit", 5, NULL, -1)
    refuse(TypeError, "PyUnicode_RSplit", "x", 5, -1)
    refuse(ValueError, "PyUnicode_RSplit", "x", "", -1)
    gives(NotImplemented, "PyUnicode_RichCompare", "x", 5, 2)
    refuse(TypeError, "PyUnicode_Translate", 5, {}, NULL)
    refuse(ValueError, "PyUnicode_Translate", "x", {120: -1}, NULL)
    refuse(UnicodeDecodeError, "PyUnicode_DecodeUnicodeEscape", "\\x", 2, NULL)
    refuse(UnicodeDecodeError, "PyUnicode_DecodeRawUnicodeEscape", "\\u1", 3, NULL)
    refuse(UnicodeDecodeError, "PyUnicode_DecodeCharmap", "x", 1, {}, NULL)
    gives("x", "PyUnicode_DecodeCharmap", "x", 1, NULL, NULL)
    refuse(LookupError, "PyUnicode_Decode", "x", 1, "nothing", NULL)


def parts_of_unicode_errors() -> None:
    decode = UnicodeDecodeError("utf-8", b"abc", 0, 1, "reason")
    unset = UnicodeDecodeError.__new__(UnicodeDecodeError)
    for part in ["Encoding", "Object", "Reason"]:
        refuse(TypeError, f"PyUnicodeDecodeError_Get{part}", unset)
    for part in ["Start", "End"]:
        refuse(TypeError, f"PyUnicodeDecodeError_Get{part}", unset)
    for name in [
        "PyUnicodeEncodeError_GetObject",
        "PyUnicodeEncodeError_GetStart",
        "PyUnicodeTranslateError_GetObject",
    ]:
        refuse(TypeError, name, decode)
    if not CPYTHON or VERSION >= (3, 14):
        # Older ones of CPython read what is no such exception as one.
        for part in ["Encoding", "Object", "Reason", "Start", "End"]:
            refuse(TypeError, f"PyUnicodeDecodeError_Get{part}", 5)


GROUPS = [
    iterators,
    bytes_and_buffers,
    codecs,
    dicts,
    lists_and_mappings,
    attributes,
    errors_and_functions,
    modules,
    numbers,
    weak_references,
    texts,
    parts_of_unicode_errors,
]

if __name__ == "__main__":
    main(GROUPS)
