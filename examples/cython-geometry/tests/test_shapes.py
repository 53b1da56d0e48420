"""Classes."""

import math
import pickle
import sys

import geometry
import pytest
from geometry import Circle, Point, Rectangle, Shape, Square, total_area


def test_the_extensions_are_in_use():
    for module in (geometry.shapes, geometry.paths):
        assert module.__file__.endswith((".so", ".pyd"))
    assert type(geometry.length).__name__ == "cython_function_or_method"
    assert geometry.Point is geometry.shapes.Point


def test_the_modules_leave_the_gil_off():
    if not hasattr(sys, "_is_gil_enabled"):
        pytest.skip("this Python has no way to turn the GIL off")
    if "free-threading" not in sys.version:
        pytest.skip("this Python is built with the GIL")
    assert not sys._is_gil_enabled()


def test_a_point_is_a_value():
    point = Point(3, y=4)
    assert (point.x, point.y) == (3.0, 4.0)
    assert repr(point) == "Point(3.0, 4.0)"
    assert point == Point(3, 4) and point != Point(4, 3) and point != (3, 4)
    assert len({point, Point(3, 4), Point()}) == 2
    assert bool(point) and not Point()
    assert list(point) == [3.0, 4.0] and len(point) == 2 and point[1] == 4.0
    with pytest.raises(IndexError, match="^a point has two coordinates, there is none at 2$"):
        point[2]
    with pytest.raises(AttributeError):
        point.x = 1.0


def test_points_are_computed_with():
    assert Point(1, 2) + Point(3, 4) == Point(4, 6)
    assert Point(1, 2) * 2 == 2 * Point(1, 2) == Point(2, 4)
    assert -Point(1, 2) == Point(-1, -2)
    assert Point(0, 0).distance(Point(3, 4)) == 5.0
    for wrong in (lambda: Point() + 1, lambda: 1 + Point(), lambda: Point() * "x", lambda: Point() < Point()):
        with pytest.raises(TypeError):
            wrong()


@pytest.mark.parametrize("wrong", [None, "point", (3, 4)])
def test_only_a_point_has_a_distance(wrong):
    with pytest.raises(TypeError):
        Point().distance(wrong)


def test_a_point_is_pickled():
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(Point(3, 4), protocol)) == Point(3, 4)


def test_inheritance():
    square = Square(3)
    assert isinstance(square, Rectangle) and isinstance(square, Shape)
    assert Square.__mro__ == (Square, Rectangle, Shape, object)
    assert (square.area(), square.side, square.name) == (9.0, 3.0, "square")
    assert Rectangle(2, 3).describe() == "rectangle of 6.0"
    assert Circle().describe(digits=3) == "circle of 3.142"


def test_properties():
    circle = Circle(2)
    circle.radius = 3
    assert circle.radius == 3.0 and circle.area() == pytest.approx(9 * math.pi)
    with pytest.raises(ValueError, match="^a radius is not negative, -1.0 is$"):
        circle.radius = -1
    with pytest.raises(TypeError):
        circle.radius = "long"
    del circle.radius
    assert circle.radius == 0.0
    with pytest.raises(AttributeError):
        Square(1).side = 2


def test_public_attributes_have_their_type():
    shape = Circle()
    shape.name = "disc"
    assert shape.describe() == "disc of 3.1"
    with pytest.raises(TypeError):
        shape.name = 3
    shape.colour = "red"
    assert shape.__dict__ == {"colour": "red"}


def test_static_and_class_methods():
    assert Shape.unit("square").area() == 1.0
    with pytest.raises(ValueError, match="^there is no unit line$") as caught:
        Shape.unit("line")
    assert isinstance(caught.value.__cause__, KeyError)
    assert [square.side for square in Square.several([1, 2])] == [1.0, 2.0]


def test_a_shape_without_an_area():
    with pytest.raises(NotImplementedError, match="^Shape does not say what its area is$"):
        Shape().area()
    with pytest.raises(NotImplementedError):
        total_area([Shape()])


def test_python_overrides_what_c_calls():
    class Ring(Circle):
        def __init__(self, radius, hole):
            super().__init__(radius)
            self.hole = hole

        def area(self):
            return super().area() - self.hole.area()

    ring = Ring(2, Square(1))
    assert total_area([ring, Square(1)]) == pytest.approx(4 * math.pi)
    assert ring.describe() == "ring of 11.6"

    class Broken(Shape):
        def area(self):
            return 1 / 0

    with pytest.raises(ZeroDivisionError):
        total_area([Broken()])
    with pytest.raises(TypeError):
        total_area([Square(1), None, 3])


def test_subclasses_have_several_bases():
    class Named:
        def describe(self, **options):
            return "named " + super().describe(**options)

    class Tile(Named, Square):
        pass

    assert Tile(2).describe() == "named tile of 4.0"
