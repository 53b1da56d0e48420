"""`cardan check`: what it says of good and bad files, word for word."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
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


def repacked(good: Path, folder: Path, changes: dict[str, tuple[bytes, bytes]] | None = None, **more: str) -> Path:
    """A copy of a wheel in which files have bytes replaced, with more files."""
    folder.mkdir()
    with zipfile.ZipFile(folder / good.name, "w") as archive:
        for name, data in contents(good).items():
            for end, (old, new) in (changes or {}).items():
                if name.endswith(end):
                    assert old in data
                    data = data.replace(old, new)
            archive.writestr(name, data)
        for name, text in more.items():
            archive.writestr(name, text)
    return folder / good.name


def test_hashes_that_no_installer_accepts(problems, good: Path, tmp_path: Path):
    record = contents(good)["thing-1.0.dist-info/RECORD"].decode()
    line = next(line for line in record.splitlines() if line.startswith("thing.py,"))
    for recorded, problem in [
        ("md5=1B2M2Y8AsgTpgAmY7PhCfg", 'a hash of the kind "md5" in RECORD: expected sha256, sha384 or sha512'),
        ("what=ever", 'a hash of the kind "what" in RECORD: expected sha256, sha384 or sha512'),
        ("sha512=AAAA", "another hash than RECORD says"),
        ("", "no hash in RECORD"),
    ]:
        new = line.replace(line.split(",")[1], recorded).encode()
        wheel = repacked(good, tmp_path / recorded.split("=")[0].ljust(1, "x"), {"RECORD": (line.encode(), new)})
        assert problems(wheel) == [f"thing.py has {problem}"]


def test_a_file_that_is_recorded_twice(problems, good: Path, tmp_path: Path):
    wheel = repacked(good, tmp_path / "twice", {"RECORD": (b"thing.py,", b"thing.py,x,\nthing.py,")})
    assert problems(wheel)[0] == 'thing.py has a hash of the kind "x" in RECORD: expected sha256, sha384 or sha512'
    assert problems(wheel)[1:] == ["thing.py is in RECORD more than once"]


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("../../x", "it leads out of its folder"),
        ("a/../../x", "it leads out of its folder"),
        ("/x", "it begins at the root of the file system"),
        ("C:x", "it is spelled as on Windows"),
        ("a//x", "a part of it is empty"),
        ("a\nb", "it has a control character"),
    ],
)
def test_a_path_that_leads_out(problems, run, good: Path, tmp_path: Path, path: str, reason: str):
    wheel = repacked(good, tmp_path / "out_of_it", **{path: "x"})
    quoted = json.dumps(path)
    assert problems(wheel)[0] == f"{quoted} is no path for a file of a wheel: {reason}"
    result = run("test", wheel, "--", "python", "-c", "pass")
    assert (result.returncode, result.stdout, result.stderr) == (
        1,
        "",
        f"error: {wheel.name} cannot be installed: {quoted} is no path for a file of a wheel: {reason}\n",
    )


def test_two_folders_of_metadata(problems, good: Path, tmp_path: Path):
    wheel = repacked(good, tmp_path / "two", **{"other-2.0.dist-info/METADATA": ""})
    assert problems(wheel)[0] == "the wheel has 2 .dist-info folders: thing-1.0.dist-info, other-2.0.dist-info"


def without_section_headers(module: bytes) -> bytes:
    """A module as tools like `sstrip` leave it: what loads it does not look at section headers."""
    header = bytearray(module)
    wide = header[4] == 2
    for start, end in [(40, 48), (60, 64)] if wide else [(32, 36), (48, 52)]:
        header[start:end] = bytes(end - start)
    return bytes(header)


def test_a_module_without_section_headers(problems, module: Path, project: Path):  # noqa: F811
    module.write_bytes(without_section_headers(module.read_bytes()))
    said = "thing.so has no section headers: what it needs from a host cannot be read; leave them in, `strip` does"
    assert problems(module) == [said]
    (project / "thing.c").write_text(
        "extern int PyFoo_Bar(void);\nint PyInit_thing(void) { return PyFoo_Bar(); }\nint extra(void) { return 1; }\n"
    )
    subprocess.run(["cc", "-shared", "-fPIC", "thing.c", "-o", module], cwd=project, check=True)
    module.write_bytes(without_section_headers(module.read_bytes()))
    assert problems(module) == [
        "thing.so leaves PyFoo_Bar of the C API undefined: it loads only into a process that exports it",
        "thing.so exports extra beside its entry points: other libraries of the process may take it for their own",
        said,
    ]


def test_what_the_system_sees_is_what_is_checked(problems, project: Path, tmp_path: Path):  # noqa: F811
    """Names that a section calls by others than the segments do: the segments are what is loaded."""
    (project / "thing.c").write_text("extern int PyFoo_Bar(void);\nint PyInit_thing(void) { return PyFoo_Bar(); }\n")
    path = tmp_path / "thing.so"
    subprocess.run(["cc", "-shared", "-fPIC", "thing.c", "-o", path], cwd=project, check=True)
    data = path.read_bytes()
    path.write_bytes(data.replace(b".dynsym\0", b".dynsyn\0").replace(b".dynamic\0", b".dynamix\0"))
    assert problems(path) == [
        "thing.so leaves PyFoo_Bar of the C API undefined: it loads only into a process that exports it",
    ]


def lying_wheel(folder: Path, size: int) -> Path:
    """A small wheel that says of one of its files that it has so many bytes."""
    wheel = write_wheel(folder, {"trivial.py": "x" * 77})
    data = bytearray(wheel.read_bytes())
    for signature, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        start = data.index(signature)
        assert int.from_bytes(data[start + place : start + place + 4], "little") == 77
        data[start + place : start + place + 4] = size.to_bytes(4, "little")
    wheel.write_bytes(data)
    return wheel


@pytest.mark.parametrize("size", [0xFFFFFFF0, 0x7FFFFFFF, 3])
def test_a_wheel_that_lies_about_sizes(run, tmp_path: Path, size: int):
    wheel = lying_wheel(tmp_path, size)
    for arguments in (["check", wheel], ["test", "--on", sys.executable, wheel, "--", "python", "-c", "pass"]):
        result = run(*arguments)
        assert result.returncode in (0, 1), result
        assert "panicked" not in result.stderr and "memory allocation" not in result.stderr


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_a_reader_that_has_gone(cardan: Path, tmp_path: Path, good: Path, stream: str):
    for arguments in (["check", good], ["check", good, "--json"], ["pythons"], ["check", tmp_path / "none.whl"]):
        reader, writer = os.pipe()
        os.close(reader)
        streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, stream: writer}
        process = subprocess.Popen([cardan, *arguments], text=True, **streams)
        os.close(writer)
        _, said = process.communicate()
        expected = 1 if arguments[-1] == tmp_path / "none.whl" or stream == "stdout" else 0
        assert process.returncode == expected
        if stream == "stdout" and arguments[-1] != tmp_path / "none.whl":
            assert said == "error: cannot write to stdout: Broken pipe (os error 32)\n"


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
