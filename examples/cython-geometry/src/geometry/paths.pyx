# cython: language_level=3, freethreading_compatible=True
"""Memoryviews, loops without the GIL, closures, generators, coroutines, exceptions."""

cimport cython
from libc.math cimport hypot

from geometry.shapes cimport Point


@cython.boundscheck(False)
@cython.wraparound(False)
cdef double _length(const double[::1] xs, const double[::1] ys) noexcept nogil:
    cdef double total = 0.0
    cdef Py_ssize_t index
    for index in range(1, xs.shape[0]):
        total += hypot(xs[index] - xs[index - 1], ys[index] - ys[index - 1])
    return total


def length(const double[::1] xs not None, const double[::1] ys not None):
    """The length of the path through points whose coordinates are two buffers of doubles."""
    if xs.shape[0] != ys.shape[0]:
        raise ValueError(f"as many x as y are needed, not {xs.shape[0]} and {ys.shape[0]}")
    cdef double total
    with nogil:
        total = _length(xs, ys)
    return total


def scale(double[:] values not None, double factor):
    """Multiply each value of a buffer of doubles, in place; returns how many there are."""
    cdef Py_ssize_t index
    with nogil:
        for index in range(values.shape[0]):
            values[index] *= factor
    return values.shape[0]


def grid(unsigned char[::1] cells not None, Py_ssize_t columns):
    """The cells of a buffer of bytes as a grid: the number of neighbours that are not zero, for each, as a bytearray."""
    if columns <= 0 or cells.shape[0] % columns:
        raise ValueError(f"{cells.shape[0]} cells do not make rows of {columns}")
    cdef Py_ssize_t rows = cells.shape[0] // columns, row, column, r, c
    result = bytearray(cells.shape[0])
    cdef unsigned char[::1] counts = result
    with nogil:
        for row in range(rows):
            for column in range(columns):
                for r in range(max(row - 1, 0), min(row + 2, rows)):
                    for c in range(max(column - 1, 0), min(column + 2, columns)):
                        if (r != row or c != column) and cells[r * columns + c]:
                            counts[row * columns + column] += 1
    return result


def centroid(points):
    """The middle of some points."""
    cdef double x = 0.0, y = 0.0
    cdef Py_ssize_t count = 0
    cdef Point point
    for item in points:
        point = <Point?>item
        x += point.x
        y += point.y
        count += 1
    if count == 0:
        raise ValueError("no points have no middle")
    return Point(x / count, y / count)


def accumulator(double start=0.0):
    """A function that adds up what it is called with, and one that tells the sum."""
    cdef double total = start

    def add(double value, *, double weight=1.0):
        nonlocal total
        total += value * weight
        return total

    return add, lambda: total


def walk(Point start not None, steps):
    """A generator of positions. What is sent to it is a step out of order; it ends with the number of steps."""
    cdef Py_ssize_t count = 0
    position = start
    try:
        for step in steps:
            sent = yield position
            position = position + (step if sent is None else sent)
            count += 1
        yield position
    except GeneratorExit:
        raise
    except ArithmeticError as error:
        yield Point()
        raise ValueError(f"lost after {count} steps") from error
    return count


def visits(points, list counts not None):
    """A generator of the points. However it ends, also when it is let go half-way, it adds to a list how many it gave."""
    cdef Py_ssize_t count = 0
    try:
        for point in points:
            count += 1
            yield point
    finally:
        counts.append(count)


async def settle(shapes, sleep):
    """A coroutine: the areas of shapes, with a pause before each."""
    areas = []
    for shape in shapes:
        await sleep(0)
        areas.append(shape.area())
    return areas


def parse(str text not None):
    """Points from 'x,y x,y': an error says which one is wrong."""
    points = []
    for number, word in enumerate(text.split(), 1):
        try:
            x, y = word.split(",")
            points.append(Point(float(x), float(y)))
        except ValueError as error:
            raise ValueError(f"point {number}, {word!r}, is not of the form x,y") from error
    return points


cdef class Path:
    """Points in order: a context manager that keeps what was added only if all went well."""

    cdef list _points
    cdef list _draft

    def __cinit__(self):
        self._points = []

    def __enter__(self):
        self._draft = self._points[:]
        return self

    def __exit__(self, kind, error, traceback):
        if kind is not None:
            self._points = self._draft
        self._draft = None
        return False

    def append(self, Point point not None):
        """Add a point at the end."""
        self._points.append(point)

    @property
    def points(self):
        """The points as a tuple."""
        return tuple(self._points)

    @property
    def length(self):
        """The sum of the distances from each point to the next."""
        cdef double total = 0.0
        cdef Point previous = None, point
        for point in self._points:
            if previous is not None:
                total += previous.distance_to(point)
            previous = point
        return total

    def legs(self):
        """Pairs of points that follow each other: a generator inside of a method."""
        return ((first, second) for first, second in zip(self._points, self._points[1:]))
