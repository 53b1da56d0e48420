"""Vectors as sequences, numbers, buffers, and from several threads."""

import array
import math
import sys
import threading

import pytest
from vector import DimensionError, Vector, interpolate


def test_made_from_anything_with_numbers():
    assert Vector([1, 2.5, True]).tolist() == [1.0, 2.5, 1.0]
    assert Vector(x / 2 for x in range(3)).tolist() == [0.0, 0.5, 1.0]
    assert Vector(values=()).tolist() == []
    assert Vector(Vector([1, 2])) == Vector([1, 2])
    assert Vector(array.array("d", [1.0, 2.0])).tolist() == [1.0, 2.0]


def test_what_no_vector_is_made_of():
    for source in [[1, "2"], [None], 5]:
        with pytest.raises(TypeError):
            Vector(source)
    with pytest.raises(TypeError, match=r"^expected a row of doubles \(format 'd'\), not 1 dimensions of format 'i'$"):
        Vector(array.array("i", [1]))
    with pytest.raises(TypeError):
        Vector()


def test_a_vector_is_a_sequence():
    vector = Vector([1, 2, 3])
    assert len(vector) == vector.dimension == 3
    assert (vector[0], vector[2]) == (1.0, 3.0)
    assert list(vector) == list(iter(vector)) == [1.0, 2.0, 3.0]
    assert 2.0 in vector
    assert repr(vector) == "Vector([1.0, 2.0, 3.0])"
    with pytest.raises(IndexError, match="^there is no such dimension$"):
        vector[3]
    with pytest.raises(TypeError):
        vector[0] = 5


@pytest.mark.skipif(
    sys.implementation.name == "pypy" and sys.pypy_version_info < (8,),
    reason="this PyPy passes negative indices on as they are, also to native modules",
)
def test_indices_from_the_end():
    assert Vector([1, 2, 3])[-1] == 3.0


def test_an_iterator_stays_at_its_end():
    iterator = iter(Vector([1]))
    assert iter(iterator) is iterator
    assert next(iterator) == 1.0
    for _ in range(3):
        assert next(iterator, "end") == "end"
    with pytest.raises(TypeError):
        type(iterator)()


def test_operators():
    a, b = Vector([1, 2]), Vector([3, 5])
    assert a + b == Vector([4, 7])
    assert b - a == Vector([2, 3])
    assert -a == Vector([-1, -2])
    assert 2 * a == a * 2.0 == Vector([2, 4])
    assert a @ b == 13.0
    assert abs(Vector([3, 4])) == 5.0
    assert (a == b) is False and a != b and a != "a"
    assert bool(a) and not Vector([0, 0]) and not Vector([])


def test_operands_that_do_not_fit():
    a = Vector([1, 2])
    for operation in [lambda: a + 1, lambda: 1 - a, lambda: a * a, lambda: a @ 2, lambda: a < a, lambda: a * "x"]:
        with pytest.raises(TypeError):
            operation()
    assert issubclass(DimensionError, ValueError)
    assert DimensionError.__doc__ == "Two vectors do not fit together."
    for operation in [lambda b: a + b, lambda b: b - a, lambda b: a @ b, lambda b: interpolate(a, b)]:
        with pytest.raises(DimensionError, match="^one vector has . dimensions, the other .$"):
            operation(Vector([1]))


def test_an_overflow_comes_through():
    with pytest.raises(OverflowError):
        Vector([1]) * 10**400


def test_interpolation():
    a, b = Vector([0, 10]), Vector([10, 20])
    assert interpolate(a, b) == Vector([5, 15])
    assert interpolate(a, end=b, at=0.1) == Vector([1, 11])
    with pytest.raises(TypeError, match=r"^expected a Vector, not \[1\]$"):
        interpolate(a, [1])
    with pytest.raises(TypeError):
        interpolate(a, b, 0.5)


def test_a_buffer_is_handed_out():
    vector = Vector([1, 2, 3])
    with memoryview(vector) as view:
        assert (view.format, view.itemsize, view.shape, view.readonly) == ("d", 8, (3,), True)
        assert view.tolist() == [1.0, 2.0, 3.0]
    with memoryview(Vector([])) as view:
        assert view.nbytes == 0
    with memoryview(vector) as view, pytest.raises(TypeError):
        view[0] = 1.0


def test_subclasses():
    class Named(Vector):
        def __new__(cls, name, values):
            self = super().__new__(cls, values)
            self.name = name
            return self

    named = Named("a", [1, 2])
    assert (named.name, named + named) == ("a", Vector([2, 4]))
    assert type(named) is Named


def test_threads_share_a_vector_and_an_iterator():
    vector = Vector(range(100_000))
    iterator = iter(Vector(range(10_000)))
    seen, sums = [], []

    def work():
        sums.append(vector @ vector)
        seen.extend(iterator)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(seen) == list(map(float, range(10_000)))
    assert len(set(sums)) == 1 and math.isclose(sums[0], sum(x * x for x in range(100_000)))
