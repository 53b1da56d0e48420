"""Holds buffers to what CPython documents, from both sides: an author's type fills what the host hands to it, and the host fills
what an author hands to it. Nothing is written behind the 80 bytes of a `Py_buffer`.

Run by the Python under test, with the module `buffers` importable.
"""

from __future__ import annotations

from expect import PYPY, Raises, check, function, load, main, true

load("buffers")

import buffers  # noqa: E402 - after the harness has found it

SIMPLE, WRITABLE, FULL_RO = 0, 0x1, 0x11C
STRIDED = memoryview(bytes(range(24))).cast("B", [2, 3, 4])


def types() -> None:
    for _ in range(50):
        true(bytes(buffers.Cleared()) == b"hello", "a type that clears the buffer")
        view = memoryview(buffers.Cleared())
        true((view.shape, view.strides, view.format, view.readonly) == ((5,), (1,), "B", True), "its memoryview")
        view = memoryview(buffers.Assigned())
        true(
            (view.tolist(), view.shape) == ([[104, 101, 108], [108, 111, 44]], (2, 3)), "a type that assigns the buffer"
        )
        view = memoryview(buffers.Keeping())
        true(
            (view.tobytes(), view.shape, view.readonly) == (b"hell", (4,), False),
            "a type with memory of its own for it",
        )
        true(b"".join([buffers.Cleared(), buffers.Cleared()]) == b"hellohello", "join")


def consumers() -> None:
    for name in ("told", "told_by_copy"):
        ask = (lambda given: (given, FULL_RO)) if name == "told" else (lambda given: (given,))
        for _ in range(50):
            check((b"abc", "B", [3], [1], 1), name, *ask(b"abc"))
            check((b"abc", "B", [3], [1], 0), name, *ask(bytearray(b"abc")))
            check((bytes(range(24)), "B", [2, 3, 4], [12, 4, 1], 1), name, *ask(STRIDED))
            check((b"hello", "B", [5], [1], 1), name, *ask(buffers.Cleared()))
            check((b"hello,", "B", [2, 3], [3, 1], 1), name, *ask(buffers.Assigned()))
            check((b"hell", "B", [4], [1], 0), name, *ask(buffers.Keeping()))
    check((b"hello", None, [], [], 1), "told", buffers.Cleared(), SIMPLE)
    check(Raises(BufferError, "Object is not writable."), "told", buffers.Cleared(), WRITABLE)
    check(Raises(BufferError), "told", b"abc", WRITABLE)
    check(Raises(TypeError), "told", 5, SIMPLE)
    check((1, 0, 1), "is_contiguous", STRIDED)


def what_an_exporter_keeps() -> None:
    before = function("kept")()
    for _ in range(10):
        function("told")(buffers.Keeping(), FULL_RO)
    after = function("kept")()
    true((after[0] - before[0], after[1] - before[1]) == (0, 10), f"internal of an exporter: {before}, {after}")


def forwarding() -> None:
    for base, expected in (
        (b"abc", (b"abc", "B", [3], [1], 1)),
        (STRIDED, (bytes(range(24)), "B", [2, 3, 4], [12, 4, 1], 1)),
        (buffers.Keeping(), (b"hell", "B", [4], [1], 0)),
    ):
        function("set_base")(base)
        for _ in range(50):
            check(expected, "told", buffers.Forwarding(), FULL_RO)
            check(expected, "told_by_copy", buffers.Forwarding())
    function("set_base")(None)


def memoryviews() -> None:
    for name, expected in (
        ("PyMemoryView_FromBuffer", (b"hello", (5,), (1,))),
        ("PyMemoryView_FromBuffer_two_dimensions", (b"hell", (2, 2), (2, 1))),
    ):
        view = function(name)()
        true((view.tobytes(), view.shape, view.strides) == expected, name)
        check((expected[0], "B", list(expected[1]), list(expected[2]), 1), "told", view, FULL_RO)


def formats() -> None:
    for _ in range(50):
        check((b"abc", None, True, 0), "PyArg_ParseTuple", b"abc")
        check((b"abc", b"de", True, 7), "PyArg_ParseTuple", bytearray(b"abc"), 7, memoryview(b"de"))
        check((b"abc", None, True, 7), "PyArg_ParseTuple", b"abc", 7, None)
        check(("é".encode(), b"x\0y", True, 1), "PyArg_ParseTuple_text", "é", 1, "x\0y")
        check((b"abc", b"de", True, 3), "PyArg_ParseTuple_nested", (b"abc", 3), bytearray(b"de"))
        check((b"abc", b"de", True, 3), "PyArg_ParseTupleAndKeywords", (b"abc", 3), {"second": b"de"})
        check((b"abc", None, True, 3), "PyArg_ParseTupleAndKeywords", (), {"number": 3, "first": b"abc"})
        check((b"abc", b"de", True, 3), "PyArg_VaParse", b"abc", 3, b"de")
        check((b"abc", b"de", True, 0), "PyArg_VaParseTupleAndKeywords", (b"abc",), {"second": b"de"})
        check((b"abc", None, True, 0), "PyArg_Parse", b"abc")
        check(("t", [1], b"abc", 36), "PyArg_ParseTuple_many", 1, 2, 3, 4, "t", [1], b"abc", 5, 6, 7, 8)
    for name in ("PyArg_ParseTuple", "PyArg_VaParse"):
        check(Raises(TypeError), name, b"abc", 5, 6)
        check(Raises(TypeError), name, "abc")
    if not PYPY:  # It takes read-only memory for writable.
        check(Raises(TypeError), "PyArg_ParseTuple_nested", (b"abc", 3), b"de")


GROUPS = [types, consumers, what_an_exporter_keeps, forwarding, memoryviews, formats]

if __name__ == "__main__":
    main(GROUPS)
