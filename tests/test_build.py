"""`cardan build`: what becomes of a source tree."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

MACHINE = os.uname().machine

SOURCE = """
#include "Python.h"
%(extra)s
static PyObject *answer(PyObject *self, PyObject *unused) { %(body)s return PyLong_FromLong(42); }
static PyMethodDef methods[] = {{"answer", answer, METH_NOARGS, "The answer."}, {NULL, NULL, 0, NULL}};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "%(name)s", NULL, 0, methods, NULL, NULL, NULL, NULL};
PyMODINIT_FUNC PyInit_%(name)s(void) { return PyModule_Create(&definition); }
"""


def source(name: str = "thing", extra: str = "", body: str = "") -> str:
    return SOURCE % {"name": name, "extra": extra, "body": body}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with the small back end; tests add sources to it."""
    root = tmp_path / "project"
    root.mkdir()
    (root / "back").mkdir()
    shutil.copy(Path(__file__).parent / "small_backend.py", root / "back")
    (root / "pyproject.toml").write_text(
        '[build-system]\nrequires = []\nbuild-backend = "small_backend"\nbackend-path = ["back"]\n'
    )
    return root


@pytest.fixture
def build(run, tmp_path: Path):
    """Builds into tmp_path/out with a temporary folder of its own, which must be empty at the end."""

    def build(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
        temporary = tmp_path / "temporary"
        temporary.mkdir(exist_ok=True)
        result = run("build", *arguments, "-o", tmp_path / "out", TMPDIR=str(temporary), **environment)
        assert list(temporary.iterdir()) == []
        return result

    return build


def wheel_of(result: subprocess.CompletedProcess[str]) -> Path:
    assert result.returncode == 0, result.stderr
    assert result.stdout.count("\n") == 1
    return Path(result.stdout.strip())


def contents(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def answer(wheel: Path, folder: Path, module: str = "thing", by_loader: bool = False) -> str:
    """What the module answers in the Python that runs the tests, with or without the file suffix found."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    code = f"import {module}; print({module}.answer(), {module}.__file__.rsplit('/')[-1], {module}.__name__)"
    if by_loader:
        code = f"import importlib.machinery as m; m.EXTENSION_SUFFIXES.remove('.so'); {code}"
    result = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(folder)},
        check=True,
        capture_output=True,
        text=True,
    )
    return result.stdout.strip()


def test_a_source_becomes_one_universal_wheel(build, run, project: Path, tmp_path: Path):
    (project / "thing.c").write_text(source())
    before = {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}
    wheel = wheel_of(build(project))
    assert {path: path.read_bytes() for path in project.rglob("*") if path.is_file()} == before
    assert wheel.parent == tmp_path / "out"
    assert wheel.name.startswith("thing-1.0-py3-none-manylinux_") and wheel.name.endswith(f"_{MACHINE}.whl")
    files = contents(wheel)
    assert list(files) == [
        "thing.so",
        "thing.py",
        *(f"thing-1.0.dist-info/{name}" for name in ("METADATA", "WHEEL", "RECORD")),
    ]
    tags = [f"Tag: py3-none-{platform}" for platform in wheel.stem.split("-")[-1].split(".")]
    description = files["thing-1.0.dist-info/WHEEL"].decode().splitlines()
    assert description[0] == "Wheel-Version: 1.0"
    assert description[1].startswith("Generator: small 1, cardan ")
    assert description[2:] == ["Root-Is-Purelib: false", *tags]
    assert answer(wheel, tmp_path / "installed") == "42 thing.so thing"
    assert answer(wheel, tmp_path / "installed", by_loader=True) == "42 thing.so thing"
    report = json.loads(run("check", wheel, "--json").stdout)
    assert (report["problems"], report["universal"]) == ([], True)
    (module,) = report["modules"]
    assert module["entry_points"] == ["PyInit_thing"]
    assert (module["other_exports"], module["undefined"]) == ([], [])
    assert {need["name"] for need in module["needs"]} >= {"PyLong_FromLong", "PyModule_Create2"}


def test_the_same_source_gives_the_same_bytes(build, project: Path, tmp_path: Path):
    (project / "thing.c").write_text(source(extra="const char *file(void) { return __FILE__; }"))
    first = wheel_of(build(project)).read_bytes()
    assert wheel_of(build(project)).read_bytes() == first
    (wheel,) = (tmp_path / "out").iterdir()
    with zipfile.ZipFile(wheel) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    wheel_of(build(project, SOURCE_DATE_EPOCH="1709210096"))
    with zipfile.ZipFile(wheel) as archive:
        assert {info.date_time for info in archive.infolist()} == {(2024, 2, 29, 12, 34, 56)}


def test_cxx_is_linked_by_its_own_compiler(build, project: Path, tmp_path: Path):
    extra = "#include <string>\nstatic std::string text(200, 'x');"
    (project / "thing.cpp").write_text(source(extra=extra, body="if (text.size() != 200) return NULL;"))
    assert answer(wheel_of(build(project)), tmp_path / "installed") == "42 thing.so thing"


COMPILERS = {
    "gcc": ("gcc", "", shutil.which("gcc")),
    "clang": ("clang", "", shutil.which("clang")),
    "clang with lld": ("clang", "-fuse-ld=lld", shutil.which("clang") and shutil.which("ld.lld")),
    "zig cc": (f"{sys.executable} -m ziglang cc", "", importlib.util.find_spec("ziglang")),
}


@pytest.mark.parametrize("name", COMPILERS)
@pytest.mark.parametrize("suffix", [".c", ".cpp"])
def test_each_compiler_links_a_universal_module(build, run, project: Path, tmp_path: Path, name: str, suffix: str):
    compiler, flags, is_here = COMPILERS[name]
    if not is_here:
        pytest.skip(f"{name} is not on this machine")
    (project / f"thing{suffix}").write_text(source())
    wheel = wheel_of(build(project, CC=compiler, LDFLAGS=flags))
    assert answer(wheel, tmp_path / "installed") == "42 thing.so thing"
    report = json.loads(run("check", wheel, "--json").stdout)
    assert report["problems"] == []


def test_several_modules_in_one_wheel(build, project: Path, tmp_path: Path):
    (project / "one.c").write_text(source("one"))
    (project / "two.c").write_text(source("two"))
    wheel = wheel_of(build(project))
    assert {"one.so", "one.py", "two.so", "two.py"} <= contents(wheel).keys()
    for module in ("one", "two"):
        assert answer(wheel, tmp_path / "installed", module) == f"42 {module}.so {module}"


def test_a_packages_own_python_file_is_kept(build, project: Path):
    (project / "thing.c").write_text(source())
    (project / "thing.py").write_text("def answer(): return 41\n")
    assert contents(wheel_of(build(project)))["thing.py"] == b"def answer(): return 41\n"


def test_settings_reach_the_back_end(build, project: Path):
    (project / "thing.c").write_text(source())
    wheel = wheel_of(build(project, "-C", "a=1", "-C", "b=2", "-C", "b=3"))
    assert contents(wheel)["settings.txt"].decode() == "{'a': '1', 'b': ['2', '3']}"


def test_flags_of_the_user_are_respected(build, project: Path, tmp_path: Path):
    (project / "thing.c").write_text(source(body="return PyLong_FromLong(FROM_FLAGS);"))
    wheel = wheel_of(build(project, CFLAGS="-DFROM_FLAGS=43"))
    assert answer(wheel, tmp_path / "installed") == "43 thing.so thing"


def test_what_belongs_to_the_builds_python_is_dropped(build, run, project: Path):
    (project / "thing.c").write_text(source())
    wheel = wheel_of(build(project, LDFLAGS="-lpython3.13 -flto -Wl,--version-script=missing.map", CFLAGS="-flto"))
    (module,) = json.loads(run("check", wheel, "--json").stdout)["modules"]
    assert not [library for library in module["libraries"] if "python" in library]


def test_paths_need_not_be_text(run, project: Path, tmp_path: Path):
    strange = tmp_path / os.fsdecode(b"caf\xe9")
    strange.mkdir()
    (strange / "answer.h").write_text("#define ANSWER 43\n")
    (project / "thing.c").write_text(source(body="return PyLong_FromLong(ANSWER);"))
    (project / os.fsdecode(b"\xff.txt")).write_text("")
    shutil.copytree(project, strange / "project")
    python = strange / "python"
    python.symlink_to(sys.executable)
    environment = {
        "CFLAGS": f"-I{strange} -include {strange}/answer.h",
        "LDFLAGS": f"-L{strange} -Wl,-rpath,{strange}",
        "TMPDIR": str(strange),
        "XDG_CACHE_HOME": str(strange / "cache"),
        "CARDAN_PYTHONS": str(python),
    }
    arguments = [strange / "project", "-o", strange / "out"]
    result = run("build", *arguments, **environment)
    assert result.returncode == 0, result.stderr
    (wheel,) = (strange / "out").iterdir()
    assert result.stdout == f"{wheel}\n"
    assert answer(wheel, tmp_path / "installed") == "43 thing.so thing"
    assert run("check", wheel).returncode == 0
    command = ["python", "-c", "import thing; print(thing.answer())"]
    result = run("test", wheel, "--cwd", strange, "--on", sys.executable, "--", *command, **environment)
    assert result.returncode == 0, result.stdout + result.stderr
    assert " 43 " in result.stdout
    assert run("pythons", "--json", **environment).returncode == 0


def test_an_sdist_is_built_as_its_folder_is(build, project: Path, tmp_path: Path):
    (project / "thing.c").write_text(source())
    from_folder = wheel_of(build(project)).read_bytes()
    for kind in ("gztar", "zip"):
        archive = shutil.make_archive(str(tmp_path / "thing-1.0"), kind, tmp_path, "project")
        assert wheel_of(build(archive)).read_bytes() == from_folder


def test_setuptools_builds_what_it_always_builds(build, tmp_path: Path):
    root = tmp_path / "project"
    (root / "package").mkdir(parents=True)
    (root / "package" / "__init__.py").write_text("")
    (root / "package" / "thing.c").write_text(
        source(extra='#include "vendored.h"', body="if (one() != 1) return NULL;")
    )
    (root / "vendored.h").write_text("int one(void);\n")
    (root / "vendored.c").write_text('#include "vendored.h"\nint one(void) { return 1; }\n')
    (root / "setup.py").write_text(
        "from setuptools import Extension, setup\n"
        "sources = ['package/thing.c', 'vendored.c']\n"
        "setup(name='thing', version='1.0', packages=['package'],\n"
        "      ext_modules=[Extension('package.thing', sources, include_dirs=['.'])])\n"
    )
    wheel = wheel_of(build(root))
    assert wheel.name.startswith("thing-1.0-py3-none-manylinux_")
    assert {"package/thing.so", "package/thing.py"} <= contents(wheel).keys()
    assert answer(wheel, tmp_path / "installed", "package.thing") == "42 thing.so package.thing"


def test_meson_builds_what_it_always_builds(build, tmp_path: Path):
    root = tmp_path / "project"
    root.mkdir()
    (root / "thing.c").write_text(source())
    (root / "meson.build").write_text(
        "project('thing', 'c', version: '1.0')\n"
        "python = import('python').find_installation(pure: false)\n"
        "python.extension_module('thing', 'thing.c', install: true)\n"
    )
    (root / "pyproject.toml").write_text(
        '[build-system]\nrequires = ["meson-python", "ninja"]\nbuild-backend = "mesonpy"\n'
        '[project]\nname = "thing"\nversion = "1.0"\n'
    )
    assert answer(wheel_of(build(root)), tmp_path / "installed") == "42 thing.so thing"


def test_an_entry_point_in_a_static_library_is_found(build, tmp_path: Path):
    root = tmp_path / "project"
    root.mkdir()
    (root / "thing.c").write_text(source(extra="int helper(void);", body="if (helper() != 1) return NULL;"))
    (root / "helper.c").write_text('#include "Python.h"\nint helper(void) { return PyErr_Occurred() == NULL; }\n')
    (root / "meson.build").write_text(
        "project('thing', 'c', version: '1.0')\n"
        "python = import('python').find_installation(pure: false)\n"
        "parts = static_library('parts', 'thing.c', 'helper.c', dependencies: python.dependency(), pic: true)\n"
        "python.extension_module('thing', link_whole: parts, install: true)\n"
    )
    (root / "pyproject.toml").write_text(
        '[build-system]\nrequires = ["meson-python", "ninja"]\nbuild-backend = "mesonpy"\n'
        '[project]\nname = "thing"\nversion = "1.0"\n'
    )
    assert answer(wheel_of(build(root)), tmp_path / "installed") == "42 thing.so thing"


def test_cmake_builds_what_it_always_builds(build, tmp_path: Path):
    root = tmp_path / "project"
    root.mkdir()
    (root / "thing.c").write_text(source())
    (root / "CMakeLists.txt").write_text(
        "cmake_minimum_required(VERSION 3.18)\nproject(thing C)\n"
        "find_package(Python REQUIRED COMPONENTS Interpreter Development.Module)\n"
        "Python_add_library(thing MODULE WITH_SOABI thing.c)\ninstall(TARGETS thing DESTINATION .)\n"
    )
    (root / "pyproject.toml").write_text(
        '[build-system]\nrequires = ["scikit-build-core", "cmake", "ninja"]\nbuild-backend = "scikit_build_core.build"\n'
        '[project]\nname = "thing"\nversion = "1.0"\n'
    )
    assert answer(wheel_of(build(root)), tmp_path / "installed") == "42 thing.so thing"
