# cython: language_level=3, freethreading_compatible=True
"""Classes: inheritance, properties, operators, methods that Python code overrides."""

from libc.math cimport M_PI, hypot


cdef class Point:
    """A point in the plane, which does not change."""

    def __init__(self, double x=0.0, double y=0.0):
        self.x = x
        self.y = y

    cdef double distance_to(self, Point other) noexcept nogil:
        return hypot(self.x - other.x, self.y - other.y)

    def distance(self, Point other not None):
        """The distance to another point."""
        return self.distance_to(other)

    def __add__(self, other):
        if isinstance(self, Point) and isinstance(other, Point):
            return Point((<Point>self).x + (<Point>other).x, (<Point>self).y + (<Point>other).y)
        return NotImplemented

    def __mul__(self, factor):
        if isinstance(factor, (int, float)):
            return Point(self.x * factor, self.y * factor)
        return NotImplemented

    def __rmul__(self, factor):
        return self * factor

    def __neg__(self):
        return Point(-self.x, -self.y)

    def __bool__(self):
        return self.x != 0.0 or self.y != 0.0

    def __eq__(self, other):
        if not isinstance(other, Point):
            return NotImplemented
        return self.x == (<Point>other).x and self.y == (<Point>other).y

    def __hash__(self):
        return hash((self.x, self.y))

    def __iter__(self):
        yield self.x
        yield self.y

    def __getitem__(self, int index):
        if index == 0:
            return self.x
        if index == 1:
            return self.y
        raise IndexError(f"a point has two coordinates, there is none at {index}")

    def __len__(self):
        return 2

    def __repr__(self):
        return f"Point({self.x!r}, {self.y!r})"

    def __reduce__(self):
        return Point, (self.x, self.y)


cdef class Shape:
    """A shape with a name. What its area is, is for subclasses to say."""

    def __cinit__(self, *args, **kwargs):
        self.name = type(self).__name__.lower()

    cpdef double area(self) except? -1:
        """The area."""
        raise NotImplementedError(f"{type(self).__name__} does not say what its area is")

    def describe(self, *, int digits=1):
        """The shape and its area in words."""
        return f"{self.name} of {self.area():.{digits}f}"

    @staticmethod
    def unit(str kind not None):
        """A shape of size one."""
        kinds = {"circle": Circle, "square": Square}
        try:
            return kinds[kind](1.0)
        except KeyError as error:
            raise ValueError(f"there is no unit {kind}") from error

    @classmethod
    def several(cls, sizes):
        """Shapes of this class in several sizes."""
        return [cls(size) for size in sizes]


cdef class Circle(Shape):
    def __init__(self, double radius=1.0):
        self.radius = radius

    @property
    def radius(self):
        """The radius, which is not negative."""
        return self._radius

    @radius.setter
    def radius(self, double value):
        if value < 0:
            raise ValueError(f"a radius is not negative, {value} is")
        self._radius = value

    @radius.deleter
    def radius(self):
        self._radius = 0.0

    cpdef double area(self) except? -1:
        return M_PI * self._radius * self._radius


cdef class Rectangle(Shape):
    def __init__(self, double width, double height):
        self.width = width
        self.height = height

    cpdef double area(self) except? -1:
        return self.width * self.height


cdef class Square(Rectangle):
    def __init__(self, double side):
        super().__init__(side, side)

    @property
    def side(self):
        """The length of a side."""
        return self.width


def total_area(shapes):
    """The sum of the areas, each asked for through C: overrides in Python are found too."""
    cdef double total = 0.0
    for shape in shapes:
        total += (<Shape?>shape).area()
    return total
