"""What the module does, in each step the same."""

import gc
import sys
import unittest
import weakref

import polyline
from polyline import EmptyError, Polyline

PYPY_7 = sys.implementation.name == "pypy" and sys.pypy_version_info < (8,)


class Functions(unittest.TestCase):
    def test_distance(self):
        self.assertEqual(polyline.distance(0, 0, 3, 4.0), 5.0)
        with self.assertRaises(TypeError):
            polyline.distance(0, 0, 3)
        with self.assertRaises(TypeError):
            polyline.distance(0, 0, 3, "4")

    def test_bounds(self):
        self.assertEqual(polyline.bounds([(1, 5), [-2, 0.5], (0, 7)]), (-2.0, 0.5, 1.0, 7.0))
        self.assertEqual(polyline.bounds(Polyline([(1, 2)])), (1.0, 2.0, 1.0, 2.0))

    def test_bounds_of_nothing(self):
        self.assertTrue(issubclass(EmptyError, ValueError))
        self.assertEqual(EmptyError.__module__, "polyline")
        with self.assertRaisesRegex(EmptyError, "^no points have no bounds$"):
            polyline.bounds([])

    def test_what_is_no_point(self):
        for points, error in [([1], TypeError), ([(1, 2, 3)], ValueError), ([(1, "2")], TypeError), (5, TypeError)]:
            with self.subTest(points), self.assertRaises(error):
                polyline.bounds(points)
        with self.assertRaisesRegex(ValueError, r"^a point has two coordinates: \(1,\)$"):
            polyline.bounds([(1,)])

    def test_an_iterator_that_fails(self):
        def points():
            yield 0, 0
            raise KeyError("lost")

        with self.assertRaisesRegex(KeyError, "lost"):
            polyline.bounds(points())


class Polylines(unittest.TestCase):
    def test_points(self):
        line = Polyline([(0, 0), (3, 4)])
        line.append(3, 0)
        line.extend((x, x) for x in range(10))
        self.assertEqual(len(line), 13)
        self.assertEqual([line[0], line[2], line[12]], [(0.0, 0.0), (3.0, 0.0), (9.0, 9.0)])
        self.assertEqual(len(list(line)), 13)
        with self.assertRaisesRegex(IndexError, "^no such point$"):
            line[13]
        with self.assertRaises(TypeError):
            line.append(1)

    @unittest.skipIf(PYPY_7, "this PyPy passes negative indices on as they are, also to native modules")
    def test_points_from_the_end(self):
        self.assertEqual(Polyline([(0, 0), (3, 4)])[-1], (3.0, 4.0))

    def test_a_failed_extend_keeps_what_it_had(self):
        line = Polyline()
        with self.assertRaises(ValueError):
            line.extend([(1, 2), (3,)])
        self.assertEqual(list(line), [(1.0, 2.0)])

    def test_length(self):
        line = Polyline([(0, 0), (3, 0), (3, 4)])
        self.assertEqual(line.length(), 7.0)
        line.closed = True
        self.assertEqual(line.length(), 12.0)
        self.assertEqual(Polyline(closed=True).length(), 0.0)

    def test_scaled(self):
        class Derived(Polyline):
            pass

        line = Derived([(1, 2)], label="a", closed=True)
        larger = line.scaled(2)
        self.assertEqual((list(larger), larger.label, larger.closed), ([(2.0, 4.0)], "a", True))
        self.assertIs(type(larger), Derived)
        with self.assertRaises(TypeError):
            line.scaled("2")

    def test_arguments(self):
        self.assertEqual(list(Polyline(points=[(1, 2)])), [(1.0, 2.0)])
        for call in [lambda: Polyline([], "label"), lambda: Polyline(color=1), lambda: Polyline([(1,)])]:
            with self.assertRaises((TypeError, ValueError)):
                call()

    def test_label(self):
        line = Polyline(label="a")
        self.assertEqual(line.label, "a")
        line.label = [1]
        self.assertEqual(line.label, [1])
        self.assertIsNone(Polyline().label)
        with self.assertRaisesRegex(AttributeError, "^a label cannot be deleted$"):
            del line.label

    def test_repr(self):
        self.assertEqual(repr(Polyline([(0, 0)], label="a")), "Polyline of 1 points, label 'a'")

    def test_the_module_of_the_type(self):
        self.assertEqual(Polyline.__module__, "polyline")
        self.assertIn("Polyline(points=()", Polyline.__doc__)
        self.assertEqual(polyline.__doc__, "Polylines in the plane.")

    @unittest.skipIf(
        sys.implementation.name in ("pypy", "graalpy"), "this Python leaves cycles through C objects alone"
    )
    def test_cycles_are_collected(self):
        class Owner:
            pass

        owner = Owner()
        owner.line = Polyline(label=owner)
        gone = weakref.ref(owner)
        del owner
        gc.collect()
        self.assertIsNone(gone())


if __name__ == "__main__":
    unittest.main()
