"""The slots of numbers, sequences and mappings."""

import operator

import pytest


class Left:
    """Leaves each operator to the right operand."""


UNARY = {
    "nb_negative": operator.neg, "nb_positive": operator.pos, "nb_absolute": abs, "nb_invert": operator.invert,
}  # fmt: skip
BINARY = {
    "nb_add": operator.add, "nb_subtract": operator.sub, "nb_multiply": operator.mul, "nb_matrix_multiply": operator.matmul,
    "nb_floor_divide": operator.floordiv, "nb_true_divide": operator.truediv, "nb_remainder": operator.mod,
    "nb_divmod": divmod, "nb_lshift": operator.lshift, "nb_rshift": operator.rshift, "nb_and": operator.and_,
    "nb_xor": operator.xor, "nb_or": operator.or_,
}  # fmt: skip
IN_PLACE = {
    "nb_inplace_add": operator.iadd, "nb_inplace_subtract": operator.isub, "nb_inplace_multiply": operator.imul,
    "nb_inplace_matrix_multiply": operator.imatmul, "nb_inplace_floor_divide": operator.ifloordiv,
    "nb_inplace_true_divide": operator.itruediv, "nb_inplace_remainder": operator.imod,
    "nb_inplace_lshift": operator.ilshift, "nb_inplace_rshift": operator.irshift, "nb_inplace_and": operator.iand,
    "nb_inplace_xor": operator.ixor, "nb_inplace_or": operator.ior,
}  # fmt: skip


@pytest.mark.parametrize("slot", UNARY)
def test_unary(operators, slot):
    number = operators.Number()
    assert UNARY[slot](number) == (slot, number)


@pytest.mark.parametrize("slot", BINARY)
def test_binary(operators, slot):
    number, left = operators.Number(), Left()
    assert BINARY[slot](number, 3) == (slot, number, 3)
    assert BINARY[slot](left, number) == (slot, left, number)


@pytest.mark.parametrize("slot", IN_PLACE)
def test_in_place(operators, slot):
    number = operators.Number()
    assert IN_PLACE[slot](number, 3) == (slot, number, 3)


def test_power(operators):
    number, left = operators.Number(), Left()
    assert number**3 == ("nb_power", number, 3, None)
    assert pow(number, 3, 5) == ("nb_power", number, 3, 5)
    assert left**number == ("nb_power", left, number, None)
    result = number
    result **= 3
    assert result[:3] == ("nb_inplace_power", number, 3)


def test_conversions(operators):
    number = operators.Number()
    assert bool(number) is False
    assert int(number) == 11
    assert float(number) == 1.5
    assert operator.index(number) == 2
    assert [0, 1, 2, 3][number] == 2


def test_in_subclasses(operators):
    class Derived(operators.Number):
        def __add__(self, other):
            return ("derived", *super().__add__(other))

    number = Derived()
    assert number + 3 == ("derived", "nb_add", number, 3)
    assert number - 3 == ("nb_subtract", number, 3)


def test_counts(operators, same_count):
    number, other = same_count(operators.Number()), same_count(Left())
    for function in (*BINARY.values(), *IN_PLACE.values()):
        function(number, other)
        function(other, number) if function in BINARY.values() else None
    for function in UNARY.values():
        function(number)


def test_sequences(operators, host):
    sequence = operators.Sequence()
    operators.journal.clear()
    assert len(sequence) == 3
    assert [sequence[0], sequence[2]] == [0, 20]
    # PyPy does not add the length.
    assert host.name == "pypy" or sequence[-1] == 20
    with pytest.raises(IndexError, match="not one of three"):
        sequence[3]
    assert list(sequence) == [0, 10, 20]
    sequence[1] = "value"
    del sequence[2]
    assert operators.journal == [("sq_ass_item", sequence, 1, "value"), ("sq_ass_item", sequence, 2, ...)]
    assert 10 in sequence
    assert 20 not in sequence
    with pytest.raises(TypeError, match="only numbers"):
        "x" in sequence  # noqa: B015
    assert sequence + [1] == ("sq_concat", sequence, [1])
    assert sequence * 3 == ("sq_repeat", sequence, 3)
    assert 3 * sequence == ("sq_repeat", sequence, 3)
    assert operator.iadd(sequence, [1]) == ("sq_inplace_concat", sequence, [1])
    assert operator.imul(sequence, 3) == ("sq_inplace_repeat", sequence, 3)
    operators.journal.clear()


def test_mappings(operators):
    mapping = operators.Mapping()
    operators.journal.clear()
    assert len(mapping) == 5
    assert mapping["key"] == ("mp_subscript", mapping, "key")
    assert mapping[1:2] == ("mp_subscript", mapping, slice(1, 2))
    mapping["key"] = "value"
    del mapping["key"]
    assert operators.journal == [
        ("mp_ass_subscript", mapping, "key", "value"),
        ("mp_ass_subscript", mapping, "key", ...),
    ]
    operators.journal.clear()
