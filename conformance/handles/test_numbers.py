"""Numbers: to and from C, and the operators."""

import math
import operator
import sys

import pytest

WIDTHS = {
    "Int32_t": (-(2**31), 2**31 - 1), "UInt32_t": (0, 2**32 - 1), "Int64_t": (-(2**63), 2**63 - 1),
    "UInt64_t": (0, 2**64 - 1), "Size_t": (0, 2**64 - 1), "Ssize_t": (-(2**63), 2**63 - 1),
}  # fmt: skip
NAMES = [
    "HPyLong_FromInt32_t", "HPyLong_FromUInt32_t", "HPyLong_FromInt64_t", "HPyLong_FromUInt64_t", "HPyLong_FromSize_t",
    "HPyLong_FromSsize_t", "HPyLong_AsInt32_t", "HPyLong_AsUInt32_t", "HPyLong_AsInt64_t", "HPyLong_AsUInt64_t",
    "HPyLong_AsSize_t", "HPyLong_AsSsize_t",
]  # fmt: skip


class Indexed:
    def __init__(self, value):
        self.value = value

    def __index__(self):
        return self.value


@pytest.mark.parametrize("name", NAMES)
def test_c_integers(numbers, name):
    function = getattr(numbers, name)
    low, high = WIDTHS[name.split("_", 1)[1].replace("From", "").replace("As", "")]
    for value in {low, low + 1, -1, 0, 1, 255, high - 1, high}:
        if low <= value <= high:
            assert function(value) == value
    if "As" in name:
        for value in (low - 1, high + 1, 2**70, -(2**70)):
            with pytest.raises(OverflowError):
                function(value)
        # Before 3.10 some functions of Python itself take a float, with a warning.
        for value in ("1", None, 1.5)[: 3 if sys.version_info >= (3, 10) else 2]:
            with pytest.raises(TypeError):
                function(value)


def test_masks(numbers):
    assert numbers.HPyLong_AsUInt32_tMask(-1) == 2**32 - 1
    assert numbers.HPyLong_AsUInt32_tMask(2**40 + 5) == 5
    assert numbers.HPyLong_AsUInt64_tMask(-1) == 2**64 - 1
    assert numbers.HPyLong_AsUInt64_tMask(2**80 + 5) == 5
    for function in (numbers.HPyLong_AsUInt32_tMask, numbers.HPyLong_AsUInt64_tMask):
        with pytest.raises(TypeError):
            function("1")


def test_pointers_and_doubles(numbers):
    assert numbers.HPyLong_AsVoidPtr(0) == 0
    assert numbers.HPyLong_AsVoidPtr(12345) == 12345
    with pytest.raises(OverflowError):
        numbers.HPyLong_AsVoidPtr(2**70)
    assert numbers.HPyLong_AsDouble(-1) == -1.0
    assert numbers.HPyLong_AsDouble(2**60) == 2.0**60
    with pytest.raises(OverflowError):
        numbers.HPyLong_AsDouble(10**400)
    with pytest.raises(TypeError):
        numbers.HPyLong_AsDouble("1")
    assert numbers.HPyFloat_FromDouble(1.25) == 1.25
    assert math.isnan(numbers.HPyFloat_FromDouble(math.nan))
    assert numbers.HPyFloat_AsDouble(-1) == -1.0
    assert numbers.HPyFloat_AsDouble(Indexed(3)) == 3.0
    with pytest.raises(TypeError):
        numbers.HPyFloat_AsDouble("1")


def test_floats_that_refuse(numbers):
    class Refusing(Indexed):
        def __float__(self):
            raise TypeError("no float")

    for convert in (numbers.HPyFloat_AsDouble, numbers.HPyComplex_AsDoubles):
        with pytest.raises(TypeError, match="^no float$"):
            convert(Refusing(3))


def test_bools_of_numbers(numbers):
    assert numbers.HPyBool_FromBool(0) is False
    assert numbers.HPyBool_FromBool(7) is True


BIG, LITTLE, NATIVE, UNSIGNED, REJECT, INDEX = 0, 1, 3, 4, 8, 16


@pytest.mark.parametrize("value", [0, 1, -1, 127, 128, -128, -129, 255, 2**31, -(2**63), 2**64, 3**90, -(5**60)])
@pytest.mark.parametrize(
    ("flags", "order"), [(BIG, "big"), (LITTLE, "little"), (NATIVE, sys.byteorder), (-1, sys.byteorder)]
)
def test_native_bytes(numbers, value, flags, order):
    for size in (20, 32):
        raw = value.to_bytes(size, order, signed=True)
        assert numbers.HPyLong_FromNativeBytes(raw, flags) == value
        needed, written = numbers.HPyLong_AsNativeBytes(value, size, flags)
        assert written == raw
        assert value.bit_length() // 8 <= needed <= size
        if value >= 0:
            assert numbers.HPyLong_FromUnsignedNativeBytes(value.to_bytes(size, order), flags) == value


@pytest.mark.parametrize("kind", range(4))
def test_native_bytes_without_a_place(numbers, kind):
    with pytest.raises((SystemError, ValueError)):
        numbers.no_native_bytes(kind)


def test_native_bytes_that_are_too_few(numbers):
    needed, written = numbers.HPyLong_AsNativeBytes(0x1234567890, 2, LITTLE)
    assert needed >= 5
    assert written == b"\x90\x78"
    assert numbers.HPyLong_AsNativeBytes(2**40, 0, LITTLE)[0] >= 6
    assert numbers.HPyLong_AsNativeBytes(255, 1, LITTLE | UNSIGNED)[1] == b"\xff"
    assert numbers.HPyLong_AsNativeBytes(255, 1, LITTLE)[0] == 2
    with pytest.raises(ValueError):
        numbers.HPyLong_AsNativeBytes(-1, 8, LITTLE | REJECT)
    assert numbers.HPyLong_AsNativeBytes(Indexed(5), 2, LITTLE | INDEX)[1] == b"\x05\x00"
    for wrong in ("5", 1.5):
        with pytest.raises(TypeError):
            numbers.HPyLong_AsNativeBytes(wrong, 8, LITTLE)
    with pytest.raises(TypeError):
        numbers.HPyLong_AsNativeBytes(Indexed(5), 8, LITTLE)
    with pytest.raises(ValueError, match="n_bytes must not be negative"):
        numbers.negative_size_of_native_bytes()
    assert numbers.HPyLong_FromNativeBytes(b"", LITTLE) == 0


def test_int_from_string(numbers):
    assert numbers.HPyLong_FromString("  -123 ", 10) == -123
    assert numbers.HPyLong_FromString("0xff", 0) == 255
    assert numbers.HPyLong_FromString("zz", 36) == 35 * 37
    for wrong, base in (("12x", 10), ("", 10), ("9", 8), ("1", 99)):
        with pytest.raises(ValueError):
            numbers.HPyLong_FromString(wrong, base)


def test_signs(numbers):
    for value, sign in ((0, 0), (7, 1), (-7, -1), (-(10**40), -1), (10**40, 1), (True, 1)):
        assert numbers.HPyLong_GetSign(value) == (0, sign)
    with pytest.raises(TypeError):
        numbers.HPyLong_GetSign(1.5)
    assert numbers.HPyLong_AsInt64AndOverflow(-1) == (0, -1)
    assert numbers.HPyLong_AsInt64AndOverflow(2**63 - 1) == (0, 2**63 - 1)
    assert numbers.HPyLong_AsInt64AndOverflow(2**63) == (1, -1)
    assert numbers.HPyLong_AsInt64AndOverflow(-(2**63) - 1) == (-1, -1)
    with pytest.raises(TypeError):
        numbers.HPyLong_AsInt64AndOverflow("1")


def test_complex(numbers):
    assert numbers.HPyComplex_FromDoubles(1.5, -2) == 1.5 - 2j
    assert numbers.HPyComplex_AsDoubles(1.5 - 2j) == (1.5, -2.0)
    assert numbers.HPyComplex_AsDoubles(3) == (3.0, 0.0)
    assert numbers.HPyComplex_AsDoubles(Indexed(4)) == (4.0, 0.0)
    assert numbers.HPyComplex_AsDoubles(-1.0) == (-1.0, 0.0)

    class Complex:
        def __init__(self, value):
            self.value = value

        def __complex__(self):
            return self.value

    assert numbers.HPyComplex_AsDoubles(Complex(2j)) == (0.0, 2.0)
    for wrong in (Complex(1.5), "1", None):
        with pytest.raises(TypeError):
            numbers.HPyComplex_AsDoubles(wrong)


class Int(int):
    pass


class Float(float):
    pass


class Complex(complex):
    pass


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("HPyLong_Check", [1, True, Int(3), 10**30], [1.0, "1", Indexed(1)]),
        ("HPyFloat_Check", [1.0, Float(2)], [1, 1j]),
        ("HPyBool_Check", [True, False], [0, 1, None]),
        ("HPyComplex_Check", [1j, Complex(1)], [1.0, 1]),
        ("HPyNumber_Check", [1, 1.5, True, 1j, Int(1)], ["1", None, [], object()]),
        ("HPyIndex_Check", [1, True, Indexed(1)], [1.5, "1", None]),
    ],
)
def test_checks(numbers, name, right, wrong):
    assert [getattr(numbers, name)(value) for value in right] == [1] * len(right)
    assert [getattr(numbers, name)(value) for value in wrong] == [0] * len(wrong)


class Matrix:
    def __matmul__(self, other):
        return ("matmul", other)

    def __imatmul__(self, other):
        return ("imatmul", other)


BINARY = {
    "HPy_Add": operator.add, "HPy_Subtract": operator.sub, "HPy_Multiply": operator.mul,
    "HPy_FloorDivide": operator.floordiv, "HPy_TrueDivide": operator.truediv, "HPy_Remainder": operator.mod,
    "HPy_Divmod": divmod, "HPy_Lshift": operator.lshift, "HPy_Rshift": operator.rshift, "HPy_And": operator.and_,
    "HPy_Xor": operator.xor, "HPy_Or": operator.or_, "HPy_InPlaceAdd": operator.iadd,
    "HPy_InPlaceSubtract": operator.isub, "HPy_InPlaceMultiply": operator.imul,
    "HPy_InPlaceFloorDivide": operator.ifloordiv, "HPy_InPlaceTrueDivide": operator.itruediv,
    "HPy_InPlaceRemainder": operator.imod, "HPy_InPlaceLshift": operator.ilshift, "HPy_InPlaceRshift": operator.irshift,
    "HPy_InPlaceAnd": operator.iand, "HPy_InPlaceXor": operator.ixor, "HPy_InPlaceOr": operator.ior,
}  # fmt: skip


@pytest.mark.parametrize("name", BINARY)
def test_binary_operators(numbers, name):
    function, expected = getattr(numbers, name), BINARY[name]
    for left, right in ((7, 3), (-7, 3), (2**70, 5), (True, 2)):
        result = function(left, right)
        assert (result, type(result)) == (expected(left, right), type(expected(left, right)))
    with pytest.raises(TypeError):
        function(7, None)


def test_binary_operators_that_fail(numbers):
    for function in (numbers.HPy_FloorDivide, numbers.HPy_TrueDivide, numbers.HPy_Remainder, numbers.HPy_Divmod):
        with pytest.raises(ZeroDivisionError):
            function(1, 0)
    with pytest.raises(ValueError):
        numbers.HPy_Lshift(1, -1)


def test_in_place_changes_the_object(numbers):
    items = [1]
    assert numbers.HPy_InPlaceAdd(items, [2]) is items
    assert items == [1, 2]
    assert numbers.HPy_InPlaceMultiply(items, 2) is items
    assert items == [1, 2, 1, 2]


def test_matrices(numbers):
    matrix = Matrix()
    assert numbers.HPy_MatrixMultiply(matrix, 5) == ("matmul", 5)
    assert numbers.HPy_InPlaceMatrixMultiply(matrix, 5) == ("imatmul", 5)
    for function in (numbers.HPy_MatrixMultiply, numbers.HPy_InPlaceMatrixMultiply):
        with pytest.raises(TypeError):
            function(1, 2)


def test_power(numbers):
    for function in (numbers.HPy_Power, numbers.HPy_InPlacePower):
        assert function(3, 4, None) == 81
        assert function(3, 4, 5) == 1
        assert function(2, -1, None) == 0.5
        with pytest.raises(TypeError):
            function("a", 2, None)


def test_unary_operators(numbers):
    for value in (5, -5, 2.5, True):
        assert numbers.HPy_Negative(value) == -value
        assert numbers.HPy_Positive(value) == +value
        assert numbers.HPy_Absolute(value) == abs(value)
    assert numbers.HPy_Invert(5) == -6
    with pytest.raises(TypeError):
        numbers.HPy_Invert(2.5)
    for function in (numbers.HPy_Negative, numbers.HPy_Positive, numbers.HPy_Absolute):
        with pytest.raises(TypeError):
            function("a")


def test_conversions(numbers):
    assert numbers.HPy_Index(Indexed(9)) == 9
    with pytest.raises(TypeError):
        numbers.HPy_Index(1.5)
    assert numbers.HPy_Long(1.9) == 1
    assert numbers.HPy_Long("12") == 12
    with pytest.raises(ValueError):
        numbers.HPy_Long("x")
    with pytest.raises(TypeError):
        numbers.HPy_Long(None)
    assert numbers.HPy_Float("1.5") == 1.5
    assert numbers.HPy_Float(2) == 2.0
    with pytest.raises(ValueError):
        numbers.HPy_Float("x")
    with pytest.raises(TypeError):
        numbers.HPy_Float(None)
