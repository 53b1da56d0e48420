"""The same tests for a module that was compiled with one of three headers: python check_headers.py MODULE HEADERS.

HEADERS is 0.9, master or cardan. Cardan's is also imported as any module is.
"""

import gc
import importlib
import os
import sys

import cardan


def raises(kind, text, function, *arguments):
    """The call raises this and says so."""
    try:
        function(*arguments)
    except kind as error:
        assert text in str(error), error
    else:
        raise AssertionError(f"no {kind.__name__}")


def check_type(module):
    """Does what a point can."""
    point = module.Point(3, 4)
    assert repr(point) == "Point(3, 4)" and (point.x, point.y) == (3.0, 4.0)
    point.x = 5
    assert point.x == 5.0 and len(point) == 2 and point[1] == 4.0 and list(point) == [5.0, 4.0]
    raises((AttributeError, TypeError), "", setattr, point, "y", 1)
    raises(IndexError, "a point has two coordinates", lambda: point[7])
    raises(TypeError, "", module.Point, "three", 4)
    assert point + point == module.Point(10, 8) and point != module.Point(1, 1)
    raises(TypeError, "", lambda: point + 1)
    assert point(1, 2, 3) == 30 and point(1, a=1, b=2) == 12
    assert memoryview(point).tolist() == [5.0, 4.0]
    assert point.label is None
    point.label = ["a", "label"]
    gc.collect()
    assert point.label == ["a", "label"]
    scaled = point.scaled(2.0, times=2)
    assert scaled.x == 20.0 and point.scaled(by=0.5).x == 2.5
    raises(TypeError, "", point.scaled)

    # A chain that is longer than any stack is deep.
    if sys.implementation.name != "graalpy":
        chain = None
        for _ in range(300_000):
            link = module.Point(0, 0)
            link.label, chain = chain, link
        del chain, link

    class Named(module.Point):
        """Derived in Python."""

    assert repr(Named(1, 2)) == "Point(1, 2)" and type(Named(1, 2).scaled(1.0)) is Named


def check(module, master):
    """Calls everything."""
    assert module.__doc__ == "Compiled with three headers."
    before = module.capsule()
    check_type(module)
    for _ in range(4):
        gc.collect()
    assert module.capsule() > before
    assert module.total([1, 2, 3]) == 6
    raises(TypeError, "", module.total, ["one"])
    raises(TypeError, "", module.total, 5)
    assert module.build() == ([0, 1, 4], "été", b"a\0b", {"one": 1}, 2.5)
    assert module.call(dict, ([("a", 1)],), {"b": 2}) == {"a": 1, "b": 2}
    raises(ZeroDivisionError, "", module.call, divmod, (1, 0))
    raises(LookupError, "2 arguments", module.fail, 1, 2)
    module.keep("first")
    assert module.keep("second") == "first"
    assert module.without_gil() == 4950
    items = module.items(iter("abc"))
    assert items == (["c", "b"] if master else NotImplemented), items
    if master:
        raises(TypeError, "", module.items, 5)


def main():
    """Loads the module and checks it."""
    path, headers = os.path.abspath(sys.argv[1]), sys.argv[2]
    check(cardan.load("headers", path), headers != "0.9")
    check(cardan.load("package.headers", path, debug=True), headers != "0.9")
    if headers == "cardan":
        sys.path.insert(0, os.path.dirname(path))
        check(importlib.import_module("headers"), True)
    with open(path, "rb") as whole, open(path + ".cut", "wb") as cut:
        cut.write(whole.read()[: os.path.getsize(path) // 2])
    size = os.path.getsize(path) // 2
    said = f"cannot load headers: {path}.cut is not a shared library for this machine: it is cut off after {size} bytes, expected "
    raises(ImportError, said, cardan.load, "headers", path + ".cut")
    print(f"{headers} headers: passed")


main()
