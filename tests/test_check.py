"""`cardan check`: what it says of good and bad files, word for word."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sysconfig
import zipfile
from pathlib import Path

import pytest
from conftest import write_wheel
from test_build import build, contents, project, source, wheel_of  # noqa: F401 (fixtures)

MACHINE = os.uname().machine
EXPECTED_NAME = "expected a file with the ending .whl, or .so for an extension module"


@pytest.fixture
def good(build, project: Path) -> Path:  # noqa: F811
    (project / "thing.c").write_text(source())
    return wheel_of(build(project))


@pytest.fixture
def module(good: Path, tmp_path: Path) -> Path:
    path = tmp_path / "thing.so"
    path.write_bytes(contents(good)["thing.so"])
    return path


@pytest.fixture
def problems(run):
    """The problems of a file that is not universal."""

    def problems(path: Path) -> list[str]:
        result = run("check", path, "--json")
        report = json.loads(result.stdout)
        assert (result.returncode, report["universal"]) == (1, False)
        text = run("check", path)
        assert text.returncode == 1
        first, *lines = text.stdout.splitlines()
        assert first == f"{path.name}: not universal"
        assert lines[: len(report["problems"])] == [f"  problem: {problem}" for problem in report["problems"]]
        return report["problems"]

    return problems


@pytest.fixture
def refused(run):
    def refused(path: Path) -> str:
        result = run("check", path)
        assert (result.returncode, result.stdout) == (1, "")
        return result.stderr

    return refused


def test_a_universal_wheel(run, good: Path):
    result = run("check", good)
    assert result.returncode == 0, result.stdout
    lines = result.stdout.splitlines()
    assert lines[0] == f"{good.name}: universal"
    assert lines[1] == f"  platforms: {good.stem.split('-')[-1].replace('.', ', ')}"
    assert lines[3] == "thing.so"
    assert f"  processor        {MACHINE}" in lines
    assert "  entry points     PyInit_thing" in lines
    assert "  other exports    none" in lines
    assert "  undefined C API  none" in lines
    assert "  escape hatches   none" in lines
    assert "  loader           beside it" in lines


def test_a_module_alone(run, module: Path):
    result = run("check", module, "--json")
    assert result.returncode == 0, result.stdout
    report = json.loads(result.stdout)
    assert (report["file"], report["tags"], len(report["modules"])) == ("thing.so", [], 1)
    hosts = {host["host"]: host for host in report["modules"][0]["hosts"]}
    assert hosts["cpython-3.13"]["missing"] == []


def test_a_file_that_is_not_there(refused, tmp_path: Path):
    path = tmp_path / "none.whl"
    assert refused(path) == f"error: {path} does not exist: expected a wheel or an extension module\n"


def test_what_is_not_a_wheel(refused, tmp_path: Path):
    text = tmp_path / "notes.txt"
    text.write_text("x")
    assert refused(text) == f"error: notes.txt is not a wheel: {EXPECTED_NAME}\n"
    misnamed = tmp_path / "thing.whl"
    misnamed.write_text("x")
    assert refused(misnamed) == (
        "error: thing.whl is not a wheel: expected a name like NAME-VERSION-PYTHON-ABI-PLATFORM.whl\n"
    )
    hollow = tmp_path / "thing-1.0-py3-none-any.whl"
    hollow.write_text("x")
    assert refused(hollow).startswith(
        "error: thing-1.0-py3-none-any.whl is not a wheel: expected a zip archive, found none ("
    )


def test_a_truncated_module(refused, module: Path, tmp_path: Path):
    size = module.stat().st_size
    module.write_bytes(module.read_bytes()[: size // 2])
    said = f"is truncated: its headers describe {size} bytes, the file has {size // 2}\n  help: copy or build the file again\n"
    assert refused(module) == f"error: thing.so {said}"
    wheel = write_wheel(tmp_path, {"thing.so": module.read_bytes()})
    assert refused(wheel) == f"error: thing.so {said}"


def test_a_module_that_is_no_elf_file(refused, tmp_path: Path):
    path = tmp_path / "thing.so"
    path.write_text("#!/bin/sh\n")
    assert refused(path) == (
        "error: thing.so is not an extension module: expected an ELF shared object, found a file that starts with the bytes "
        "23 21 2f 62\n"
    )


def test_a_wheel_for_another_processor(problems, module: Path, tmp_path: Path):
    other = "aarch64" if MACHINE != "aarch64" else "x86_64"
    wheel = write_wheel(
        tmp_path, {"thing.so": module.read_bytes(), "thing.py": ""}, tag=f"py3-none-manylinux_2_34_{other}"
    )
    assert problems(wheel) == [
        f"thing.so is for the processor {MACHINE}, the wheel's tag says manylinux_2_34_{other}",
    ]


def test_a_module_with_an_undefined_symbol_of_the_c_api(problems, project: Path, tmp_path: Path):  # noqa: F811
    (project / "thing.c").write_text(
        "extern int PyFoo_Bar(void);\nint PyInit_thing(void) { return PyFoo_Bar(); }\nint extra(void) { return 1; }\n"
    )
    path = tmp_path / "thing.so"
    subprocess.run(["cc", "-shared", "-fPIC", "thing.c", "-o", path], cwd=project, check=True)
    assert problems(path) == [
        "thing.so leaves PyFoo_Bar of the C API undefined: it loads only into a process that exports it",
        "thing.so exports extra beside its entry points: other libraries of the process may take it for their own",
    ]


def test_a_wheel_of_one_python(problems, project: Path, tmp_path: Path):  # noqa: F811
    (project / "thing.c").write_text(source())
    path = tmp_path / "thing.so"
    include = sysconfig.get_path("include")
    subprocess.run(["cc", "-shared", "-fPIC", "-I", include, "thing.c", "-o", path], cwd=project, check=True)
    wheel = write_wheel(tmp_path, {"thing.cpython-x.so": path.read_bytes()}, tag=f"cp313-cp313-linux_{MACHINE}")
    assert problems(wheel) == [
        "the wheel is tagged cp313-cp313: expected py3-none, which every Python accepts",
        (
            "thing.cpython-x.so leaves PyLong_FromLong, PyModule_Create2 of the C API undefined: it loads only into a "
            "process that exports them"
        ),
        "thing.cpython-x.so has no loader: hosts that do not find the suffix .so need a .py file beside it",
    ]


def test_a_platform_tag_that_is_not_true(problems, project: Path, tmp_path: Path):  # noqa: F811
    (project / "empty.c").write_text("int zero(void) { return 0; }\n")
    library = tmp_path / "libforeign.so"
    subprocess.run(["cc", "-shared", "-fPIC", "empty.c", "-o", library], cwd=project, check=True)
    (project / "thing.c").write_text("int zero(void);\nint PyInit_thing(void) { return zero(); }\n")
    path = tmp_path / "thing.so"
    command = ["cc", "-shared", "-fPIC", project / "thing.c", "-o", path, "-L", tmp_path, "-lforeign"]
    subprocess.run(command, check=True)
    wheel = write_wheel(tmp_path, {"thing.so": path.read_bytes(), "thing.py": ""})
    assert problems(wheel) == [
        f"the platform tag manylinux_2_17_{MACHINE} is not true: the files keep linux_{MACHINE}",
    ]


def test_a_record_that_is_wrong(problems, good: Path, tmp_path: Path):
    folder = tmp_path / "changed"
    folder.mkdir()
    wheel = folder / good.name
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, data in contents(good).items():
            archive.writestr(name, data.replace(b"42", b"43") if name.endswith("METADATA") else data)
        archive.writestr("extra.py", "")
    assert problems(wheel) == ["extra.py is in the wheel and not in RECORD"]


HANDLES = """
#include <hpy.h>
HPyDef_METH(nothing, "nothing", HPyFunc_NOARGS)
static HPy nothing_impl(HPyContext *ctx, HPy self) { (void)self; return HPy_Dup(ctx, ctx->h_None); }
static HPyDef *defines[] = {&nothing, NULL};
static HPyModuleDef definition = {.doc = "Nothing.", .defines = defines};
HPy_MODINIT(thing, definition)
"""

HYBRID = """
#include <Python.h>
#include <hpy.h>
typedef struct { PyObject_HEAD int number; } Thing;
HPyType_LEGACY_HELPERS(Thing)
HPyDef_METH(list, "list", HPyFunc_O)
static HPy list_impl(HPyContext *ctx, HPy self, HPy arg)
{
    (void)self;
    PyObject *object = HPy_AsPyObject(ctx, arg);
    PyObject *list = PySequence_List(object);
    Py_DECREF(object);
    HPy result = list == NULL ? HPy_NULL : HPy_FromPyObject(ctx, list);
    Py_XDECREF(list);
    return result;
}
HPyDef_METH(number, "number", HPyFunc_O)
static HPy number_impl(HPyContext *ctx, HPy self, HPy arg)
{
    (void)self;
    return HPyLong_FromLong(ctx, Thing_AsStruct(ctx, arg)->number);
}
static PyObject *old(PyObject *self, PyObject *ignored) { (void)self; (void)ignored; Py_RETURN_NONE; }
static PyMethodDef legacy[] = {{"old", old, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};
static HPyDef *defines[] = {&list, &number, NULL};
static HPyModuleDef definition = {.doc = "Both.", .legacy_methods = legacy, .defines = defines};
HPy_MODINIT(thing, definition)
"""

FOREIGN = """
void *HPyInit_thing(void) { return 0; }
void HPyInitGlobalContext_thing(void *ctx) { (void)ctx; }
unsigned get_required_hpy_major_version_thing(void) { return 0; }
unsigned get_required_hpy_minor_version_thing(void) { return 0; }
"""


@pytest.fixture
def handles(build, project: Path, tmp_path: Path):  # noqa: F811
    """Builds a module of the handle API; gives its wheel and its file."""

    def handles(text: str, **environment: str) -> tuple[Path, Path]:
        (project / "thing.c").write_text(text)
        wheel = wheel_of(build(project, **environment))
        path = tmp_path / "thing.so"
        path.write_bytes(contents(wheel)["thing.so"])
        return wheel, path

    return handles


def test_a_module_for_handles(run, handles):
    wheel, _ = handles(HANDLES)
    result = run("check", wheel)
    assert result.returncode == 0, result.stdout
    lines = result.stdout.splitlines()
    assert lines[0] == f"{wheel.name}: universal"
    assert lines[3:6] == [
        "thing.so",
        f"  processor        {MACHINE}",
        "  entry points     HPyInit_thing, PyInit_thing",
    ]
    found = re.fullmatch(r"  handle API       ABI 1\.0, a context of (\d+) bytes", lines[6])
    # Each entry is one word; the last of HPy's is 272, at byte 24 + 8 * 272.
    assert found and int(found[1]) > 24 + 8 * 273 and int(found[1]) % 8 == 0
    assert lines[7:] == [
        "  other exports    none",
        "  undefined C API  none",
        "  libraries        libc.so.6",
        lines[10],
        lines[11],
        "  escape hatches   none",
        "  loader           beside it",
        "  needs no name from a host: the runtime in it looks for what it calls",
    ]
    module = json.loads(run("check", wheel, "--json").stdout)["modules"][0]
    assert module["handle_api"] == {"abi": "1.0", "context_size": int(found[1])}
    assert (module["needs"], module["hosts"], module["escape_hatches"]) == ([], [], [])


@pytest.mark.parametrize("flags", ["-O0", "-O2 -ffunction-sections -fdata-sections"])
def test_the_escape_hatches_of_a_hybrid_module(run, handles, flags: str):
    _, path = handles(HYBRID, CFLAGS=flags)
    result = run("check", path)
    assert result.returncode == 0, result.stdout
    needs = json.loads(run("check", path, "--json").stdout)["modules"][0]["needs"]
    names = [need["name"] for need in needs]
    assert "PySequence_List" in names
    hatches = f"HPy_AsPyObject, HPy_FromPyObject, PyObject_HEAD, legacy_methods, Python.h ({len(names)} names)"
    lines = result.stdout.splitlines()
    assert f"  escape hatches   {hatches}" in lines
    assert f"  needs {len(names)} names from a host:" in lines


def test_a_module_for_the_c_api_does_not_use_handles(run, module: Path):
    result = run("check", module)
    assert "  handle API       not used" in result.stdout.splitlines()
    assert json.loads(run("check", module, "--json").stdout)["modules"][0]["handle_api"] is None


def test_a_module_of_hpys_own_headers(problems, run, project: Path, tmp_path: Path):  # noqa: F811
    (project / "thing.c").write_text(FOREIGN)
    path = tmp_path / "thing.hpy0.so"
    subprocess.run(["cc", "-shared", "-fPIC", "thing.c", "-o", path], cwd=project, check=True)
    expected = (
        "thing.hpy0.so has HPyInit_thing and no PyInit_thing: it was compiled with HPy's own headers, which leave the runtime "
        "to the interpreter; compile it with Cardan's, or load it with cardan.load"
    )
    assert problems(path) == [expected]
    lines = run("check", path).stdout.splitlines()
    assert "  entry points     HPyInit_thing" in lines
    assert "  handle API       used; the ABI is known only when the module is loaded" in lines
    assert "  other exports    none" in lines
    wheel = write_wheel(tmp_path, {"thing.hpy0.so": path.read_bytes(), "thing.py": ""})
    assert problems(wheel) == [expected]


def test_companions_of_another_module_are_exports(problems, project: Path, tmp_path: Path):  # noqa: F811
    (project / "thing.c").write_text(
        FOREIGN + "void *PyInit_thing(void) { return 0; }\nvoid HPyInitGlobalContext_other(void) {}\n"
    )
    path = tmp_path / "thing.so"
    subprocess.run(["cc", "-shared", "-fPIC", "thing.c", "-o", path], cwd=project, check=True)
    assert problems(path) == [
        (
            "thing.so exports HPyInitGlobalContext_other beside its entry points: other libraries of the process may take it "
            "for their own"
        ),
    ]
