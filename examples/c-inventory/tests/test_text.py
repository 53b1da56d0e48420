"""Strings of all kinds: ASCII, one, two and four bytes for a character."""

import pytest
from inventory import code_points, describe, join, parse_line, reverse, utf8

TEXTS = ["", "bolt", "Schräubchen", "螺栓", "🔩 and 螺", "\0x", "e\u0301"]


@pytest.mark.parametrize("text", TEXTS)
def test_texts_are_taken_apart_and_put_together(text):
    assert code_points(text) == [ord(character) for character in text]
    assert reverse(text) == text[::-1]
    assert utf8(text) == (text.encode(), len(text.encode()))


def test_only_a_str_has_code_points():
    for function in (code_points, reverse, utf8):
        with pytest.raises(TypeError):
            function(b"bolt")


def test_a_surrogate_has_no_utf8():
    with pytest.raises(UnicodeEncodeError):
        utf8("\ud800")


def test_formats():
    assert describe("bolt") == "bolt ('bolt', 'bolt'): 4 characters, the first 'b' is U+0062; checked to 100%"
    assert describe("螺") == "螺 ('螺', '\\u87ba'): 1 characters, the first '螺' is U+87ba; checked to 100%"


def test_joining():
    assert join(", ", "bolt", "螺栓", "🔩") == "bolt, 螺栓, 🔩"
    assert join("-") == ""
    with pytest.raises(TypeError):
        join(", ", "bolt", 3)
    with pytest.raises(TypeError, match=r"^join\(\) needs a separator$"):
        join()


def test_lines():
    assert parse_line("bolt, 3, 1.5") == ("bolt", 3, 1.5)
    with pytest.raises(ValueError, match="^expected 'name, quantity, price', not 'bolt'$"):
        parse_line("bolt")
    with pytest.raises(ValueError):
        parse_line("bolt, 3, much")
    with pytest.raises(UnicodeEncodeError):
        parse_line("Schräubchen, 3, 1.5")
