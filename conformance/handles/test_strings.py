"""Bytes, str, bytearray, and the writers of both."""

import sys

import pytest

TEXTS = [
    "",
    "a",
    "ascii only",
    "caf\xe9",
    "\u0394x",
    "\U0001f600 x",
    "a\0b",
    "\xff" * 100,
    "mixed \xe9\u0394\U0001f600",
]


class Str(str):
    def __eq__(self, other):
        return True

    __hash__ = str.__hash__


def test_bytes(strings):
    assert strings.HPyBytes_Check(b"") == 1
    assert strings.HPyBytes_Check(bytearray()) == 0
    assert strings.HPyBytes_Size(b"a\0b") == 3
    assert strings.HPyBytes_GET_SIZE(b"a\0b") == 3
    assert strings.HPyBytes_AsString(b"abc") == b"abc"
    assert strings.HPyBytes_AS_STRING(b"a\0bc") == b"a\0bc"
    assert strings.HPyBytes_FromString(b"abc\0def") == b"abc"
    assert strings.HPyBytes_FromStringAndSize(b"a\0bcd", 3) == b"a\0b"
    for function in (strings.HPyBytes_Size, strings.HPyBytes_AsString):
        with pytest.raises(TypeError):
            function("abc")
    with pytest.raises((ValueError, SystemError)):
        strings.HPyBytes_FromStringAndSize(b"abc", -1)
    with pytest.raises(ValueError, match="NULL char \\* passed to HPyBytes_FromStringAndSize"):
        strings.HPyBytes_FromStringAndSize(..., 3)


@pytest.mark.parametrize("text", TEXTS, ids=ascii)
def test_text_in_encodings(strings, text):
    assert strings.HPyUnicode_AsUTF8AndSize(text) == text.encode()
    assert strings.HPyUnicode_AsUTF8String(text) == text.encode()
    assert strings.HPyUnicode_DecodeUTF8(text.encode(), ...) == text
    assert strings.HPyUnicode_FromEncodedObject(text.encode(), "utf-8", "strict") == text
    assert strings.HPyUnicode_AsEncodedString(text, "utf-16-le", "strict") == text.encode("utf-16-le")
    assert strings.HPyUnicode_AsEncodedString(text, ..., ...) == text.encode()
    for function, encoding in (
        (strings.HPyUnicode_AsASCIIString, "ascii"),
        (strings.HPyUnicode_AsLatin1String, "latin-1"),
    ):
        try:
            expected = text.encode(encoding)
        except UnicodeEncodeError:
            with pytest.raises(UnicodeEncodeError):
                function(text)
        else:
            assert function(text) == expected
    if "\0" not in text:
        assert strings.HPyUnicode_FromString(text) == text
        assert strings.HPyUnicode_Intern(text) == text


@pytest.mark.parametrize("text", TEXTS, ids=ascii)
def test_characters(strings, text):
    assert strings.HPyUnicode_GetLength(text) == len(text)
    most = max(map(ord, text), default=0)
    smallest = 1 if most < 256 else 2 if most < 65536 else 4
    for given in (text, Str(text)):
        kind, characters = strings.HPyUnicode_AsKindAndData(given)
        assert characters == list(map(ord, text))
        assert kind >= smallest
    for kind, code in ((1, "latin-1"), (2, f"utf-16-{sys.byteorder[0]}e"), (4, f"utf-32-{sys.byteorder[0]}e")):
        if kind >= smallest:
            assert strings.HPyUnicode_FromKindAndData(kind, text.encode(code), len(text)) == text
    for index, character in enumerate(text):
        assert strings.HPyUnicode_ReadChar(text, index) == ord(character)
    with pytest.raises(IndexError):
        strings.HPyUnicode_ReadChar(text, len(text))
    assert strings.HPyUnicode_Substring(text, 1, 3) == text[1:3]
    assert strings.HPyUnicode_FromWideChar(list(map(ord, text[:20])), len(text[:20])) == text[:20]
    assert strings.HPyUnicode_EqualToUTF8(text, text.encode()) == 1
    assert strings.HPyUnicode_EqualToUTF8(text, text.encode() + b"x") == 0


def test_different_texts_of_one_length(strings):
    for text in ("\u0394\u0395", "\u0396\u0397", "\U0001f600\U0001f601", "\xe9\xe8"):
        for _ in range(3):
            assert strings.HPyUnicode_AsKindAndData(text)[1] == list(map(ord, text))


def test_kinds_that_are_wrong(strings):
    for kind in (0, 3, 8, -1):
        with pytest.raises(ValueError, match="HPyUnicode_FromKindAndData: the kind must be 1, 2 or 4"):
            strings.HPyUnicode_FromKindAndData(kind, b"abc", 1)
    with pytest.raises(SystemError, match="HPyUnicode_FromKindAndData: the length must not be negative"):
        strings.HPyUnicode_FromKindAndData(1, b"abc", -1)
    # A larger kind than needed is fine.
    assert strings.HPyUnicode_FromKindAndData(4, "ab".encode(f"utf-32-{sys.byteorder[0]}e"), 2) == "ab"


@pytest.mark.parametrize(
    "name", ["GetLength", "AsKindAndData", "AsUTF8String", "AsUTF8AndSize", "AsASCIIString", "AsLatin1String"]
)
def test_what_is_no_str(strings, name):
    functions = [
        strings.HPyUnicode_GetLength, strings.HPyUnicode_AsKindAndData, strings.HPyUnicode_AsUTF8String,
        strings.HPyUnicode_AsUTF8AndSize, strings.HPyUnicode_AsASCIIString, strings.HPyUnicode_AsLatin1String,
    ]  # fmt: skip
    function = next(function for function in functions if function.__name__ == f"HPyUnicode_{name}")
    for wrong in (b"bytes", 5, None):
        with pytest.raises(TypeError):
            function(wrong)


def test_decoding(strings):
    assert strings.HPyUnicode_Check("") == 1
    assert strings.HPyUnicode_Check(b"") == 0
    assert strings.HPyUnicode_DecodeASCII(b"abc", ...) == "abc"
    assert strings.HPyUnicode_DecodeASCII(b"a\xff", "replace") == "a\ufffd"
    assert strings.HPyUnicode_DecodeLatin1(b"a\xe9", ...) == "a\xe9"
    assert strings.HPyUnicode_DecodeUTF8(b"a\xff", "ignore") == "a"
    for function in (strings.HPyUnicode_DecodeASCII, strings.HPyUnicode_DecodeUTF8):
        with pytest.raises(UnicodeDecodeError):
            function(b"a\xff", ...)
    with pytest.raises(UnicodeDecodeError):
        strings.HPyUnicode_FromString(b"a\xff")
    assert strings.HPyUnicode_FromEncodedObject(b"a\xff", "ascii", "ignore") == "a"
    with pytest.raises(TypeError):
        strings.HPyUnicode_FromEncodedObject("str", "ascii", "strict")
    with pytest.raises(LookupError):
        strings.HPyUnicode_FromEncodedObject(b"a", "no such encoding", "strict")
    with pytest.raises(LookupError):
        strings.HPyUnicode_AsEncodedString("a", "no such encoding", ...)
    with pytest.raises(UnicodeEncodeError):
        strings.HPyUnicode_AsEncodedString("\u0394", "ascii", ...)
    assert strings.HPyUnicode_AsEncodedString("\u0394", "ascii", "replace") == b"?"
    for name in ("plain", "caf\xe9"):
        assert strings.HPyUnicode_DecodeFSDefault(strings.HPyUnicode_EncodeFSDefault(name)) == name
        assert strings.HPyUnicode_DecodeFSDefaultAndSize(strings.HPyUnicode_EncodeFSDefault(name)) == name
    assert strings.HPyUnicode_FromWideChar([97, 98, 99], -1) == "abc"
    with pytest.raises(TypeError):
        strings.HPyUnicode_AsEncodedString(5, ..., ...)


def test_comparing_and_joining(strings, host):
    assert [strings.HPyUnicode_Compare("b", other) for other in ("a", "b", "c", "")] == [1, 0, -1, 1]
    with pytest.raises(TypeError, match="HPyUnicode_Compare needs two str"):
        strings.HPyUnicode_Compare("a", 5)
    with pytest.raises(TypeError, match="HPyUnicode_EqualToUTF8 needs a str"):
        strings.HPyUnicode_EqualToUTF8(5, b"a")
    assert strings.HPyUnicode_EqualToUTF8("a", b"\xff") == 0
    assert strings.HPyUnicode_Concat("a", "\u0394") == "a\u0394"
    with pytest.raises(TypeError):
        strings.HPyUnicode_Concat("a", 5)
    assert strings.HPyUnicode_Join(", ", ["a", "b"]) == "a, b"
    assert strings.HPyUnicode_Join(..., ["a", "b"]) == "a b"
    with pytest.raises(TypeError):
        strings.HPyUnicode_Join(",", [5])
    first = strings.HPyUnicode_Intern("a_name_of_the_suite")
    assert first is strings.HPyUnicode_Intern("a_name_of_the_suite")
    # There, what C interns and what Python interns are two: a str from Python is another object when it comes from C.
    assert first is sys.intern("a_name_of_the_suite") or host.name == "graalpy"


def test_text_writer(strings):
    pieces = ["str", 0x41, "\u0394".encode(), ("substring", 1, 4), [0x1F600, 0x42], None, 0x394, ("all", 0, 3), ""]
    expected = "strA\u0394ubs\U0001f600BNone\u0394all"
    for length in (0, 3, 1000):
        assert strings.HPyUnicodeWriter_Finish(pieces, length) == expected
    assert strings.HPyUnicodeWriter_Finish([], 0) == ""
    assert strings.HPyUnicodeWriter_Finish(["part"] * 1000, 0) == "part" * 1000
    assert strings.HPyUnicodeWriter_Discard() is None
    for wrong, error in (
        (0x110000, ValueError),
        (b"a\xff", UnicodeDecodeError),
        (("abc", 2, 9), ValueError),
        ((5, 0, 1), TypeError),
    ):
        with pytest.raises(error):
            strings.HPyUnicodeWriter_Finish(["a", wrong], 0)
    with pytest.raises(ValueError):
        strings.HPyUnicodeWriter_Finish([], -1)


def test_bytes_writer(strings):
    assert strings.HPyBytesWriter_Finish(0, []) == b""
    assert strings.HPyBytesWriter_Finish(3, []) == b"xxx"
    assert strings.HPyBytesWriter_Finish(3, [b"ab\0", 8, b"c"]) == b"xxxab\0yyc"
    assert strings.HPyBytesWriter_Finish(5, [2]) == b"xx"
    assert strings.HPyBytesWriter_Finish(0, [b"part"] * 1000) == b"part" * 1000
    assert strings.HPyBytesWriter_Finish(1000, [0]) == b""
    assert strings.HPyBytesWriter_Discard() == 7
    with pytest.raises(ValueError):
        strings.HPyBytesWriter_Finish(-1, [])
    with pytest.raises((ValueError, MemoryError)):
        strings.HPyBytesWriter_Finish(1, [-1])


def test_bytearray(strings):
    assert strings.HPyByteArray_Check(bytearray()) == 1
    assert strings.HPyByteArray_Check(b"") == 0
    made = strings.HPyByteArray_FromStringAndSize(b"a\0bcd")
    assert (made, type(made)) == (bytearray(b"a\0bcd"), bytearray)
    assert strings.HPyByteArray_Size(made) == 5
    assert strings.HPyByteArray_AsString(made) is None
    assert made == bytearray(b"dcb\0a")
    assert strings.HPyByteArray_Resize(made, 2) == 0
    assert made == bytearray(b"dc")
    assert strings.HPyByteArray_Resize(made, 100) == 0
    assert (len(made), bytes(made[:2])) == (100, b"dc")
    for function, *rest in (
        (strings.HPyByteArray_AsString,), (strings.HPyByteArray_Size,), (strings.HPyByteArray_Resize, 3),
    ):  # fmt: skip
        with pytest.raises(TypeError, match=f"{function.__name__} needs a bytearray"):
            function(b"bytes", *rest)
    with pytest.raises(ValueError, match="HPyByteArray_Resize: the size must not be negative"):
        strings.HPyByteArray_Resize(made, -1)


def test_strs_only(strings):
    for left, right in (("a", 1), (1, 2), ([1], [2]), (b"a", b"b"), ("a", None)):
        with pytest.raises(TypeError):
            strings.HPyUnicode_Concat(left, right)
    for separator, items in ((b"-", [b"a"]), (1, ["a", "b"]), ("-", [1, 2])):
        with pytest.raises(TypeError):
            strings.HPyUnicode_Join(separator, items)
