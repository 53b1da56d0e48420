"""Checks cardan.load on the Python that runs this: `check_load.py FOLDER`, where FOLDER has the compiled modules."""

import os
import shutil
import sys

import cardan
from cardan import _runtime

folder = sys.argv[1]


def path(file):
    """The path of a file in the folder."""
    return os.path.join(folder, file)


def refusal(name, file, error=ImportError, **options):
    """What cardan.load raises."""
    try:
        cardan.load(name, path(file), **options)
    except error as caught:
        assert not isinstance(caught, ImportError) or (caught.name, caught.path) == (name, path(file))
        return str(caught)
    raise AssertionError(f"{file} was loaded")


def expect(found, expected):
    """Compares two values, and shows them."""
    assert found == expected, f"\nexpected {expected!r}\nfound    {found!r}"


for file in ["shapes.so", "shapes.hpy0.so"]:
    module = cardan.load("drawing.shapes", path(file))
    expect(module.area(6, 7), 42)
    expect(module.__doc__, "Areas.")
    expect(module.area.__doc__, "The area of a rectangle.")
    expect(module.__name__, "drawing.shapes")
    expect(module.__package__, "drawing")
    expect(module.__file__, path(file))
    expect(module.__spec__.origin, path(file))
    expect(module.__spec__.loader, module.__loader__)
    assert "drawing.shapes" not in sys.modules
    assert cardan.load("drawing.shapes", path(file)) is not module
    expect(type(module).__name__, "module")

# Found as an import would, by its suffix or by its loader.
sys.path.insert(0, path("found"))
expect(cardan.load("shapes").area(2, 3), 6)
sys.path.insert(0, path("python"))
try:
    cardan.load("only_python")
except ImportError as error:
    file = path("python/only_python.py")
    expect(
        str(error), f"cannot load only_python: {file} is Python, and no shared library only_python.so lies beside it"
    )
else:
    raise AssertionError("a Python file was loaded")
try:
    cardan.load("not_there_at_all")
except ModuleNotFoundError as error:
    expect(str(error), "No module named 'not_there_at_all'")

# What is no module for handles.
expect(refusal("shapes", "no.so"), f"cannot load shapes: there is no file {path('no.so')}")
# The C library's own words end it.
expect(
    refusal("shapes", "text.so"),
    f"cannot load shapes: {path('text.so')} is not a shared library for this machine: {path('text.so')}: file too short",
)
expect(
    refusal("drawing.other", "shapes.so"),
    f"cannot load drawing.other from {path('shapes.so')}: it has no function HPyInit_other; expected a module for the "
    "handle API, with HPy_MODINIT(other, …)",
)
expect(
    refusal("refused", "abi.so"),
    f"cannot load refused from {path('abi.so')}: it needs HPy ABI 2.0, this runtime offers 0 and 1",
)
expect(
    refusal("refused", "size.so"),
    f"cannot load refused from {path('size.so')}: it was built with a context of 99999 bytes, this runtime has "
    f"{_runtime.CONTEXT_SIZE}: update cardan",
)
expect(
    refusal("refused", "empty.so", SystemError),
    "refused: its HPyInit function gave no definition",
)
expect(
    refusal("shapes", "shapes.so", ValueError, debug=True, trace=True),
    "cannot load shapes in debug and in trace mode: choose one of them",
)

# A relative path and one that is no string.
os.chdir(folder)
expect(cardan.load("shapes", "shapes.so").__file__, path("shapes.so"))
shutil.copy(path("shapes.so"), path("with space.so"))
expect(cardan.load("shapes", os.fsencode(path("with space.so")).decode()).area(1, 1), 1)
print("checked")
