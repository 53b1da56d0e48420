"""The C API function by function: on each Python that is found, native functions and stand-ins alike do what CPython
documents. The expectations are in `capi/`."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import told

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def build(cardan: Path, tmp_path_factory: pytest.TempPathFactory):
    """Builds a wheel of modules of `capi/`, once each."""
    built: dict[object, Path] = {}

    def build(*sources: str, **environment: str) -> Path:
        key = (sources, *environment.items())
        if key not in built:
            project = tmp_path_factory.mktemp("capi")
            for source in ["wrap.h", *sources]:
                shutil.copy(HERE / "capi" / source, project)
            (project / "back").mkdir()
            shutil.copy(HERE / "small_backend.py", project / "back")
            (project / "pyproject.toml").write_text(
                '[build-system]\nrequires = []\nbuild-backend = "small_backend"\nbackend-path = ["back"]\n'
            )
            command = [cardan, "build", project, "-o", project / "out"]
            environment = {**os.environ, **environment}
            result = subprocess.run(command, check=False, capture_output=True, text=True, timeout=600, env=environment)
            assert result.returncode == 0, result.stderr
            built[key] = Path(result.stdout.splitlines()[-1])
        return built[key]

    return build


@pytest.mark.parametrize("layouts", ["", "generic"], ids=["known layouts", "generic"])
@pytest.mark.parametrize(
    ("script", "sources"),
    [
        ("check_functions.py", ("functions.c", "scenarios.c")),
        ("check_common.py", ("common.c",)),
        ("check_slots.py", ("slots.c",)),
        ("check_types_of_c.py", ("types_of_c.c",)),
        ("check_headers.py", ("headers.c",)),
        ("check_buffers.py", ("buffers.c",)),
        ("check_threads.py", ("threads.c", "functions.c", "scenarios.c")),
        ("check_definitions.py", ("definitions.c", "another_definition.c")),
        ("check_relative.py", ("relative.c",)),
        ("check_refusals.py", ("refusals.c",)),
    ],
    ids=[
        "functions that some host lacks",
        "functions that every host has",
        "slots of a type",
        "types",
        "headers",
        "buffers",
        "threads of C",
        "definitions that come back",
        "structs behind those of bases",
        "what is refused",
    ],
)
def test_functions_do_what_is_documented(run, build, script: str, sources: tuple[str, ...], layouts: str):
    result = run("test", build(*sources), "--json", "--", "python", HERE / "capi" / script, CARDAN_HOST=layouts)
    rows = json.loads(result.stdout)["rows"]
    failed = [row for row in rows if row["result"] != "passed"]
    assert rows and not failed, told(failed)


def test_plain_c_does_without_what_cython_needs(compile_module, tmp_path: Path):
    made = compile_module(tmp_path / "threads.so", HERE / "capi" / "threads.c", "-pthread").read_bytes()
    assert b"PyObject_CallFunction_SizeT\0" in made
    assert b"cardan_callable" not in made


CELLS = """
import cells
cell = cells.new("content")
assert cells.get(cell) == cell.cell_contents == "content"
cells.empty(cell)
assert cells.get(cell) == "absent"
"""

LAYOUTS = """
import layouts
class Thing: pass
assert layouts.items([1, "x"]) == layouts.items((1, "x")) == (1, "x")
data = bytearray(b"abc")
assert layouts.buffer(memoryview(data)) == (3, 1, data)
assert type(layouts.dict(Thing)) is dict and "__module__" in layouts.dict(Thing)
"""


@pytest.mark.parametrize(
    ("module", "code", "function"),
    [("cells", CELLS, "PyCell_Get"), ("layouts", LAYOUTS, "PyMemoryView_GET_BASE")],
)
def test_what_a_host_cannot_tell_c_is_refused_by_name(run, build, module: str, code: str, function: str):
    result = run("test", build(f"{module}.c"), "--json", "--", "python", "-c", code)
    rows = json.loads(result.stdout)["rows"]
    refused = [row for row in rows if row["result"] != "passed"]
    assert len(refused) < len(rows)
    for row in refused:
        needs = f"it needs {function}, which GraalPy 3.12 does not have and which has no stand-in there"
        assert row["import_errors"] == {module: f"ImportError: cannot import {module}: {needs}"}, row


BY_DEFINITION = """
import defining_class as module
class Derived(module.Thing): pass
assert module.module_of(module.Thing) is module.module_of(Derived) is module
for stranger in int, BaseException, type("Python", (), {}):
    try:
        module.module_of(stranger)
    except TypeError:
        continue
    raise AssertionError(stranger)
"""

BY_TOKEN = """
import tokens
class Derived(tokens.Thing): pass
assert tokens.by_spec(tokens.Thing) is tokens.by_spec(Derived) is tokens.Thing
assert tokens.by_spec(int) is None
"""

BY_CLASS = """
import defining_class as module
class Derived(module.Thing): pass
assert Derived().name_by_class() == "Thing"
"""


@pytest.fixture
def rows(run):
    """The rows of `cardan test` for a wheel and Python code or the path of a script."""

    def rows(wheel: Path, code: str | Path) -> list[dict]:
        words = ["-c", code] if isinstance(code, str) else [code]
        rows = json.loads(run("test", wheel, "--json", "--", "python", *words).stdout)["rows"]
        assert rows
        return rows

    return rows


def test_a_class_knows_its_module(rows, build):
    found = rows(build("defining_class.c"), BY_DEFINITION)
    assert all(row["result"] == "passed" for row in found), json.dumps(found, indent=2)


def test_a_type_is_found_by_its_spec_as_token(rows, build):
    found = rows(build("tokens.c"), BY_TOKEN)
    passed = [row["name"] for row in found if row["result"] == "passed"]
    assert not [row for row in found if row["name"] in ("cpython-3.14", "cpython-3.15") and row["result"] != "passed"]
    for row in found:
        if row["name"] not in passed:
            assert "it needs PyType_GetBaseByToken" in row["import_errors"]["tokens"], row


def test_a_method_is_refused_where_it_would_not_be_told_its_class(rows, build):
    found = rows(build("defining_class.c", CFLAGS="-DWITH_METH_METHOD"), BY_CLASS)
    refused = [row for row in found if row["result"] != "passed"]
    assert len(refused) < len(found)
    for row in refused:
        assert row["import_errors"] == {
            "defining_class": "ImportError: cannot make the type defining_class.Thing: its method name_by_class takes the "
            "class that defines it (METH_METHOD), which PyPy 3.9 does not pass; there, leave METH_METHOD out and call "
            "PyType_GetModuleByDef"
        }, row


def test_a_process_ends_well_after_a_module_in_cpp(rows, build):
    found = rows(build("cpp_runtime.cpp"), "import cpp_runtime; assert cpp_runtime.catch() == 'out of range'")
    assert all(row["result"] == "passed" for row in found), json.dumps(found, indent=2)


def test_dates_are_made_and_read_through_the_table(rows, build):
    found = rows(build("dates.c"), HERE / "capi" / "check_dates.py")
    assert all(row["result"] == "passed" for row in found), json.dumps(found, indent=2)


def test_a_module_is_whole_for_every_thread_and_is_made_once(rows, build):
    found = rows(build("slow.c"), HERE / "capi" / "check_loader.py")
    assert all(row["result"] == "passed" for row in found), json.dumps(found, indent=2)


NOT_ASCII = """
#include <Python.h>

static PyObject *
name(PyObject *module, PyObject *nothing)
{
    return PyModule_GetNameObject(module);
}

static PyMethodDef methods[] = {{"name", name, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "t\xc3\xa9st", NULL, 0, methods, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC
PyInitU_tst_bma(void)
{
    return PyModuleDef_Init(&definition);
}
"""


def test_a_module_may_have_a_name_that_is_not_ascii(run, rows, tmp_path: Path):
    (tmp_path / "back").mkdir()
    shutil.copy(HERE / "small_backend.py", tmp_path / "back")
    (tmp_path / "tést.c").write_text(NOT_ASCII)
    (tmp_path / "pyproject.toml").write_text(
        '[build-system]\nrequires = []\nbuild-backend = "small_backend"\nbackend-path = ["back"]\n'
    )
    result = run("build", tmp_path, "-o", tmp_path / "out")
    assert result.returncode == 0, result.stderr
    wheel = Path(result.stdout.splitlines()[-1])
    checked = json.loads(run("check", wheel, "--json").stdout)
    assert checked["universal"], checked["problems"]
    assert [module["entry_points"] for module in checked["modules"]] == [["PyInitU_tst_bma"]]
    found = rows(wheel, "import tést; assert tést.name() == 'tést'")
    assert all(row["result"] == "passed" for row in found), told(found)


def test_lengths_in_formats_are_py_ssize_t_without_the_macro(rows, build):
    lengths = "import lengths; assert lengths.parsed('text', b'byte\\0s') == [4, 6, 4, 6, 4, 4], lengths.parsed('text', b'byte\\0s')"
    found = rows(build("lengths.c"), f"{lengths}; assert lengths.built(str) == ['tex', 'tex', b'byt', 1]")
    assert all(row["result"] == "passed" for row in found), told(found)


MANAGED = """
import gc, managed, weakref
managed.make(0)()
try:
    Thing = managed.make(managed.Py_TPFLAGS_{flag})
except ImportError as error:
    print(error)
    raise SystemExit(3)
for _ in range(3):
    thing = Thing()
    if "{flag}" == "MANAGED_DICT":
        thing.itself = thing
        assert thing.itself is thing
    reference = weakref.ref(thing) if "{flag}" == "MANAGED_WEAKREF" else None
    assert reference is None or reference() is thing
    del thing
    gc.collect()
    assert reference is None or reference() is None
"""


@pytest.mark.parametrize(("flag", "instead"), [("MANAGED_DICT", "dict"), ("MANAGED_WEAKREF", "weaklist")])
def test_a_flag_that_a_host_would_pass_over_is_refused_by_name(rows, build, flag: str, instead: str):
    found = rows(build("managed.c"), MANAGED.format(flag=flag))
    refused = [row for row in found if row["result"] != "passed"]
    assert 0 < len(refused) < len(found), told(found)
    for row in refused:
        start, _, end = row["output"].strip().rpartition(" is not known to ")
        assert start.endswith(f"cannot make the type managed.Thing: its flag Py_TPFLAGS_{flag}"), told([row])
        assert end.endswith(f"; give its struct a field and name that in a member __{instead}offset__"), told([row])
