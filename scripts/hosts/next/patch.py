"""Turns CPython's source into that of a version that does not exist yet, in place.

    python3 patch.py SOURCE

The result is a Python that calls itself 3.16, works like the version that it was made from, and keeps everything that a
newer version may change without notice at other places than any version did:

- a word more at the end of `PyObject` and of `PyVarObject`, so that the fields behind them move: those of types, tuples,
  lists, ints, everything;
- a word more before the state of a `str` and before the buffer of a `memoryview`;
- immortal objects are told by a high bit of their count, and the low 32 bits of it are zero: a module that counts in these
  32 bits alone destroys `None`;
- some functions that are not in the stable ABI are gone.

What versions between the source's and its own have (`PROMISED`, `LIBRARY`) is added as far as modules, pip and pytest take
it for granted. Each change has to find its place exactly as often as it says; otherwise nothing is written.
"""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

#: The version that the result calls itself.
MAJOR, MINOR = 3, 16

#: Functions that are taken out: none of them is in the stable ABI of any version. CPython's own code goes on to use them,
#: under another name.
TAKEN_OUT = (
    "PyContextVar_Reset",
    "PyDict_ContainsString",
    "PyDict_Pop",
    "PyDict_PopString",
    "PyErr_FormatUnraisable",
    "PyList_Clear",
    "PyList_Extend",
    "PyObject_CallOneArg",
    "PyUnicode_CopyCharacters",
    "PyUnicode_Fill",
    "Py_CompileStringExFlags",
    "Py_HashPointer",
    "_PyDict_GetItem_KnownHash",
    "_PyDict_NewPresized",
    "_PyDict_SetItem_KnownHash",
    "_PyErr_SetKeyError",
    "_PyLong_AsByteArray",
    "_PyLong_NumBits",
    "_PyObject_MakeTpCall",
    "_PySet_Update",
)

#: A field that nothing reads, in front of or behind others.
WORD = "Py_ssize_t ob_{};"

#: File, pattern, replacement, number of places; None for any number but none.
CHANGES: list[tuple[str, str, str, int | None]] = [
    # The version.
    ("Include/patchlevel.h", r"(?m)^(#define PY_MAJOR_VERSION +)\d+", rf"\g<1>{MAJOR}", 1),
    ("Include/patchlevel.h", r"(?m)^(#define PY_MINOR_VERSION +)\d+", rf"\g<1>{MINOR}", 1),
    ("Include/patchlevel.h", r"(?m)^(#define PY_MICRO_VERSION +)\d+", r"\g<1>0", 1),
    ("Include/patchlevel.h", r'(?m)^(#define PY_VERSION +)".*"', rf'\g<1>"{MAJOR}.{MINOR}.0"', 1),
    ("configure", r"(?m)^VERSION=3\.\d+$", f"VERSION={MAJOR}.{MINOR}", 1),
    # What the source says of versions to come: that they lack what this one still has.
    ("Modules/_sqlite/clinic/connection.c.h", r'(?m)^#  error "Update the clinic input of .*"$', "", None),
    ("Lib/warnings.py", r"_version=sys\.version_info", "_version=(3, 0)", 1),
    # The headers of objects.
    ("Include/object.h", r"(PyTypeObject \*ob_type;\n)(};\n#else)", rf"\1    {WORD.format('more')}\n\2", 1),
    ("Include/object.h", r"(Py_ssize_t ob_size;.*\n)(} PyVarObject;)", rf"\1    {WORD.format('more_of_var')}\n\2", 1),
    # Strings and memoryviews.
    (
        "Include/cpython/unicodeobject.h",
        r"(Py_hash_t hash; .*\n)(    struct \{\n)",
        rf"\1    {WORD.format('before_state')}\n\2",
        1,
    ),
    (
        "Include/cpython/memoryobject.h",
        r"(    Py_buffer view; .*\n    PyObject \*weakreflist;)",
        rf"    {WORD.format('before_view')}\n\1",
        1,
    ),
    # The counts of immortal objects. What is added to them or taken from them by modules that do not know them stays far
    # from the limit; and they are counted in the way of the platforms that cannot look at half of a count.
    ("Include/object.h", r"_Py_CAST\(Py_ssize_t, UINT_MAX\)", "(_Py_CAST(Py_ssize_t, 1) << 40)", 1),
    (
        "Include/object.h",
        r"return \(_Py_CAST\(PY_INT32_T, op->ob_refcnt\) < 0\);",
        "return op->ob_refcnt >= (_Py_IMMORTAL_REFCNT >> 1);",
        1,
    ),
    ("Include/object.h", r"#elif SIZEOF_VOID_P > 4(\n    // Portable saturated add)", r"#elif 0\1", 1),
]

#: What versions before this one promise, and where it is added unless it is there: Py_tp_vectorcall from 3.14 on, a parameter
#: of `inspect.signature` from 3.14 on, some built-in names from 3.15 on.
PROMISED = [
    ("Include/typeslots.h", r"\Z", "#define Py_tp_vectorcall 82\n", 1, "Py_tp_vectorcall"),
    ("Objects/typeslots.inc", r"\Z", "{-1, offsetof(PyTypeObject, tp_vectorcall)},\n", 1, "tp_vectorcall"),
    (
        "Lib/inspect.py",
        r"eval_str=False(\):\n    \"\"\"Get a sig)",
        r"eval_str=False, annotation_format=None\1",
        1,
        "annotation_format",
    ),
    ("Lib/site.py", r"(?m)^import builtins$", r"\g<0>\nimport _promised", 1, "_promised"),
]

#: Modules of this folder that are added to the standard library.
LIBRARY = ["annotationlib.py", "_promised.py"]


def changed(text: str, file: str, pattern: str, replacement: str, places: int | None) -> str:
    text, found = re.subn(pattern, replacement, text)
    if found != places if places else not found:
        raise SystemExit(f"patch.py: {file}: expected {places or 'some'} places like {pattern!r}, found {found}")
    return text


def renamed(configuration: str) -> str:
    """Gives the functions that are taken out other names, in the header that each file of CPython's includes first."""
    names = "".join(f"#define {name} _PyNext_{name}\n" for name in TAKEN_OUT)
    return changed(configuration, "pyconfig.h.in", r"(?m)^#endif /\*Py_PYCONFIG_H\*/$", rf"{names}\n\g<0>", 1)


def main() -> None:
    source = Path(sys.argv[1])
    texts: dict[str, str] = {}

    def text(file: str) -> str:
        return texts.get(file) or (source / file).read_text()

    for file, pattern, replacement, places in CHANGES:
        texts[file] = changed(text(file), file, pattern, replacement, places)
    for file, pattern, addition, places, name in PROMISED:
        if name not in text(file):
            texts[file] = changed(text(file), file, pattern, addition, places)
    texts["pyconfig.h.in"] = renamed(text("pyconfig.h.in"))
    for file, content in texts.items():
        (source / file).write_text(content)
    for file in LIBRARY:
        shutil.copy(Path(__file__).parent / file, source / "Lib")


if __name__ == "__main__":
    main()
