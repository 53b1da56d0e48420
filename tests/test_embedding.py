"""A program that loads libpython so that nothing else in the process sees it imports modules as any Python does."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent

LIBRARY = """
import os, sys, sysconfig
folder, name = sysconfig.get_config_var("LIBDIR"), sysconfig.get_config_var("INSTSONAME")
print(os.path.join(folder, name) if folder and name and ".so" in name else "")
print(sys.base_prefix)
"""

CODE = """
import sys
sys.path.insert(0, {folder!r})
import threads, first
assert threads.calls_function(lambda *all: all, 5) == (5, 6, "text")
assert first.twice(21) == 42
print("imported")
"""

HANDLES = """
#include <hpy.h>
HPyDef_METH(twice, "twice", HPyFunc_O)
static HPy twice_impl(HPyContext *ctx, HPy self, HPy number) { return HPy_Add(ctx, number, number); }
static HPyDef *defines[] = {&twice, NULL};
static HPyModuleDef definition = {.defines = defines};
HPy_MODINIT(first, definition)
"""


@pytest.fixture(scope="module")
def libraries(cardan: Path) -> list[tuple[str, str]]:
    """The shared libraries of the Pythons that are found, each with the folder of its standard library."""
    found = json.loads(subprocess.run([cardan, "pythons", "--json"], check=True, capture_output=True, text=True).stdout)
    libraries = []
    for python in found["pythons"]:
        if not python["usable"]:
            continue
        asked = subprocess.run([python["executable"], "-c", LIBRARY], check=False, capture_output=True, text=True)
        library, home = (asked.stdout.splitlines() or ["", ""])[:2]
        if library and Path(library).exists():
            libraries.append((library, home))
    return libraries


def test_an_interpreter_that_no_library_sees(compile_module, libraries, tmp_path: Path):
    program = tmp_path / "embed"
    subprocess.run(["cc", "-Wall", "-Werror", HERE / "embedding" / "embed.c", "-o", program, "-ldl"], check=True)
    (tmp_path / "first.c").write_text(HANDLES)
    compile_module(tmp_path / "threads.so", HERE / "capi" / "threads.c", "-pthread")
    compile_module(tmp_path / "first.so", tmp_path / "first.c", "-O0")
    code = CODE.format(folder=str(tmp_path))
    imported = 0
    for library, home in libraries:
        result = subprocess.run([program, library, home, code], check=False, capture_output=True, text=True)
        if result.returncode == 3:
            # It is made for another C library than that of the program.
            continue
        assert (result.returncode, result.stdout) == (0, "imported\n"), f"{library}: {result.stderr}"
        imported += 1
    if not imported:
        pytest.skip("no Python here is a shared library that a program can load")
