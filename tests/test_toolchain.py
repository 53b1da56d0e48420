"""`cardan toolchain`: the compiler of `cardan build` outside of a build."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = """#include <Python.h>
static PyMethodDef methods[] = {{0}};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "small", "One C file.", 0, methods};
PyMODINIT_FUNC PyInit_small(void) { return PyModuleDef_Init(&definition); }
"""


def test_one_call_compiles_a_module(run, tmp_path: Path):
    result = run("toolchain", tmp_path / "made")
    assert result.returncode == 0, result.stderr
    assert result.stderr == "CARDAN_TOOLCHAIN is to name this file:\n"
    assert result.stdout == f"{tmp_path / 'made' / 'toolchain.json'}\n"

    (tmp_path / "small.c").write_text(SOURCE)
    command = [tmp_path / "made" / "bin" / "cc", "-shared", "small.c", "-o", "small.so"]
    environment = {**os.environ, "CARDAN_TOOLCHAIN": result.stdout.strip()}
    compiled = subprocess.run(command, cwd=tmp_path, env=environment, check=False, capture_output=True, text=True)
    assert (compiled.returncode, compiled.stdout, compiled.stderr) == (0, "", "")
    code = "import small; print(small.__doc__)"
    shown = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True, capture_output=True, text=True)
    assert shown.stdout == "One C file.\n"


def test_a_folder_that_exists_is_left_alone(run, tmp_path: Path):
    result = run("toolchain", tmp_path)
    assert result.returncode == 1
    assert result.stderr == (
        f"error: {tmp_path} exists already: a folder of that name was to be made\n"
        "  help: name another folder, or remove this one\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_a_runtime_that_cannot_be_read_is_named(run, tmp_path: Path):
    result = run("toolchain", tmp_path / "made", "--runtime", tmp_path / "absent.a")
    assert result.returncode == 1
    assert result.stderr == (
        f"error: cannot read the runtime {tmp_path / 'absent.a'}: No such file or directory (os error 2)\n"
        "  help: name a static library, or leave --runtime out\n"
    )
    assert not (tmp_path / "made").exists()


def test_a_source_may_choose_the_level_of_the_limited_api(compile_module, tmp_path: Path):
    source = tmp_path / "small.c"
    source.write_text(f"/* For 3.8 and later. */\n#define Py_LIMITED_API 0x03080000\n{SOURCE}")
    # Warnings are errors here.
    module = compile_module(tmp_path / "small.so", source)
    code = "import small; print(small.__doc__)"
    shown = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True, capture_output=True, text=True)
    assert (module.name, shown.stdout) == ("small.so", "One C file.\n")


def test_a_linker_that_lies_in_a_folder_of_its_own_is_known(compile_module, tmp_path: Path):
    """As rustc calls it: the records are reached by the names of their ends only, which this linker has to be told."""
    if not (rustc := shutil.which("rustc")):
        pytest.skip("rustc, which comes with such a linker, is not installed")
    root = subprocess.run([rustc, "--print", "sysroot"], check=True, capture_output=True, text=True).stdout.strip()
    folders = sorted(Path(root).glob("lib/rustlib/*/bin/gcc-ld"))
    if not folders:
        pytest.skip(f"{root} has no folder gcc-ld")
    source = tmp_path / "small.c"
    source.write_text(SOURCE)
    compile_module(tmp_path / "small.so", source, "-fuse-ld=lld", f"-B{folders[0]}")
    code = "import small; print(small.__doc__)"
    shown = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=False, capture_output=True, text=True)
    assert shown.stdout == "One C file.\n", shown.stderr


def test_a_module_stays_in_the_process(compile_module, tmp_path: Path):
    source = tmp_path / "small.c"
    source.write_text(SOURCE)
    module = compile_module(tmp_path / "small.so", source)
    shown = subprocess.run(["readelf", "--dynamic", module], check=True, capture_output=True, text=True)
    assert "NODELETE" in shown.stdout


HANDLES = """#include <hpy.h>
HPyDef_METH(name, "name", HPyFunc_NOARGS)
static HPy name_impl(HPyContext *ctx, HPy self) { return HPyUnicode_FromString(ctx, "small"); }
static HPyDef *defines[] = {&name, NULL};
static HPyModuleDef definition = {.doc = "For handles.", .defines = defines};
HPy_MODINIT(small, definition)
"""
HPY_RUNTIME = "int a_name_of_hpys_own_runtime(void) { return undeclared; }"


def test_what_hpys_support_for_setuptools_adds_is_left_out(compile_module, tmp_path: Path):
    """`hpy_ext_modules` compiles HPy's runtime into each module, for one CPython."""
    folder = tmp_path / "hpy" / "devel" / "src" / "runtime"
    folder.mkdir(parents=True)
    (folder / "argparse.c").write_text(HPY_RUNTIME)
    source = tmp_path / "small.c"
    source.write_text(HANDLES)
    module = compile_module(tmp_path / "small.so", "-DHPY_ABI_CPYTHON", folder / "argparse.c", source)
    code = "import small; print(small.name())"
    shown = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True, capture_output=True, text=True)
    assert (module.name, shown.stdout) == ("small.so", "small\n")
