"""Memoryviews, threads, closures, generators, coroutines, exceptions."""

import array
import asyncio
import gc
import threading
import traceback

import pytest
from geometry import Path, Point, Square, accumulator, centroid, grid, length, parse, scale, settle, visits, walk


def doubles(*values):
    return array.array("d", values)


def test_a_length_of_two_buffers():
    assert length(doubles(0, 3, 3), doubles(0, 4, 5)) == 6.0
    assert length(memoryview(doubles(0, 3)).toreadonly(), doubles(0, 4)) == 5.0
    assert length(doubles(), doubles()) == 0.0


def test_buffers_of_the_wrong_kind():
    with pytest.raises(ValueError, match="^as many x as y are needed, not 1 and 2$"):
        length(doubles(1), doubles(1, 2))
    with pytest.raises(ValueError, match="Buffer dtype mismatch, expected 'const double' but got 'int'"):
        length(array.array("i", [1]), doubles(1))
    with pytest.raises(TypeError):
        length([1.0], [2.0])
    with pytest.raises(TypeError):
        length(None, doubles())


def test_values_are_changed_in_place():
    values = doubles(1, 2, 3, 4)
    assert scale(values, 2) == 4
    assert values.tolist() == [2, 4, 6, 8]
    assert scale(memoryview(values)[::2], 10) == 2
    assert values.tolist() == [20, 4, 60, 8]
    with pytest.raises(BufferError):
        scale(memoryview(values).toreadonly(), 2)


def test_a_grid_of_bytes():
    cells = bytearray([1, 0, 1, 0, 1, 0])
    assert grid(cells, 3) == bytearray([1, 3, 1, 2, 2, 2])
    with pytest.raises(ValueError, match="^6 cells do not make rows of 4$"):
        grid(cells, 4)
    with pytest.raises(ValueError):
        grid(cells, 0)


def test_threads_work_side_by_side():
    xs, ys = doubles(*range(10_000)), doubles(*[0] * 10_000)
    results = []

    def work():
        for _ in range(20):
            results.append(length(xs, ys))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [9999.0] * 80


def test_a_centroid():
    assert centroid(Point(x, 1) for x in range(3)) == Point(1, 1)
    with pytest.raises(ValueError, match="^no points have no middle$"):
        centroid([])
    with pytest.raises(TypeError):
        centroid([Point(), (1, 2)])


def test_closures_share_a_variable():
    add, total = accumulator(1)
    other, _ = accumulator()
    assert add(2) == 3.0 and add(2, weight=0.5) == 4.0 and other(7) == 7.0
    assert total() == 4.0
    assert add.__name__ == "add" and add.__qualname__ == "accumulator.<locals>.add"
    with pytest.raises(TypeError):
        add(1, 2)


def test_generators_are_driven():
    walker = walk(Point(), [Point(1, 0), Point(0, 1)])
    assert next(walker) == Point()
    assert next(walker) == Point(1, 0)
    assert walker.send(Point(5, 5)) == Point(6, 5)
    with pytest.raises(StopIteration) as caught:
        next(walker)
    assert caught.value.value == 2


def test_generators_take_exceptions_and_are_closed():
    walker = walk(Point(1, 1), [Point(1, 1)] * 3)
    assert next(walker) == Point(1, 1)
    assert walker.throw(ZeroDivisionError("no way")) == Point()
    with pytest.raises(ValueError, match="^lost after 0 steps$") as caught:
        next(walker)
    assert isinstance(caught.value.__cause__, ZeroDivisionError)
    walker = walk(Point(), [Point()])
    next(walker)
    walker.close()
    assert list(walker) == []


def test_generators_are_ended_when_they_are_let_go():
    counts = []
    for _ in range(3):
        visit = visits([Point(1, 1)] * 5, counts)
        assert [next(visit), next(visit)] == [Point(1, 1)] * 2
        del visit
    for _ in range(20):
        if len(counts) == 3:
            break
        gc.collect()
    assert counts == [2, 2, 2]
    assert len(list(visits([Point()] * 4, counts))) == 4 and counts[3:] == [4]


def test_generators_delegate():
    def outer():
        return (yield from walk(Point(), [Point(1, 1)]))

    generator = outer()
    assert [next(generator), next(generator)] == [Point(), Point(1, 1)]
    with pytest.raises(StopIteration) as caught:
        next(generator)
    assert caught.value.value == 1


def test_coroutines_are_awaited():
    async def main():
        return await asyncio.gather(settle([Square(1), Square(2)], asyncio.sleep), settle([], asyncio.sleep))

    assert asyncio.run(main()) == [[1.0, 4.0], []]


def test_an_exception_comes_out_of_a_coroutine():
    async def main():
        await settle([None], asyncio.sleep)

    with pytest.raises(AttributeError):
        asyncio.run(main())


def test_points_are_parsed():
    assert parse("1,2 3.5,4") == [Point(1, 2), Point(3.5, 4)]
    with pytest.raises(ValueError, match="^point 2, '3', is not of the form x,y$") as caught:
        parse("1,2 3")
    assert isinstance(caught.value.__cause__, ValueError)


def test_a_traceback_names_the_function():
    with pytest.raises(ValueError) as caught:
        parse("wrong")
    names = [frame.name for frame in traceback.extract_tb(caught.value.__traceback__)]
    assert any(name in ("parse", "geometry.paths.parse") for name in names)


def test_a_path_keeps_what_went_well():
    path = Path()
    with path:
        path.append(Point(0, 0))
        path.append(Point(3, 4))
    with pytest.raises(ZeroDivisionError), path:
        path.append(Point(9, 9))
        raise ZeroDivisionError
    assert path.points == (Point(0, 0), Point(3, 4)) and path.length == 5.0
    assert list(path.legs()) == [(Point(0, 0), Point(3, 4))]
    with pytest.raises(TypeError):
        path.append(None)
