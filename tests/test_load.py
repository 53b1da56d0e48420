"""`cardan.load`: modules of the handle API by their path, on each Python that is found."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import ROOT, told

SOURCES = Path(__file__).parent / "load"


@pytest.fixture(scope="session")
def modules(compile_module, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with modules, and with what is none."""
    folder = tmp_path_factory.mktemp("modules")
    compile_module(folder / "shapes.so", SOURCES / "shapes.c")
    shutil.copy(folder / "shapes.so", folder / "shapes.hpy0.so")
    for name, flags in {"abi.so": ["-DMAJOR=2"], "size.so": ["-DSIZE=99999"], "empty.so": []}.items():
        command = ["cc", "-shared", "-fPIC", SOURCES / "refused.c", *flags, "-o", folder / name]
        subprocess.run(command, check=True)
    (folder / "text.so").write_text("no library")
    (folder / "found").mkdir()
    shutil.copy(folder / "shapes.so", folder / "found")
    # As `cardan build` puts it beside a module, for Pythons that do not look for the bare suffix.
    loader = (ROOT / "crates" / "cardan-cli" / "src" / "wheel" / "loader.py").read_text()
    (folder / "found" / "shapes.py").write_text(loader.replace("{file}", "shapes.so"))
    (folder / "python").mkdir()
    (folder / "python" / "only_python.py").write_text("")
    return folder


def check(run, package: Path, *command: object, with_: tuple[str, ...] = (), **environment: str) -> list[dict]:
    """Runs a command for each Python with the package; all have to pass. The rows."""
    options = [word for requirement in with_ for word in ("--with", requirement)]
    result = run("test", package, "--json", *options, "--", *command, **environment)
    rows = json.loads(result.stdout)["rows"]
    failed = [row for row in rows if row["result"] != "passed"]
    assert rows and not failed, told(failed)
    return rows


@pytest.mark.parametrize("layouts", ["", "generic"], ids=["known layouts", "generic"])
def test_a_module_is_loaded_by_its_path(run, package: Path, modules: Path, tmp_path: Path, layouts: str):
    # Tests write beside the modules.
    shutil.copytree(modules, tmp_path / "modules")
    check(run, package, "python", SOURCES / "check_load.py", tmp_path / "modules", CARDAN_HOST=layouts)


def test_debug_and_trace_modes_are_seen_from_python(run, package: Path, modules: Path):
    check(run, package, "python", SOURCES / "check_modes.py", modules)


LEAKING = """
import pytest, shapes

def test_tidy(): assert shapes.area(2, 3) == 6
def test_leaks(): shapes.leak("forgotten")
@pytest.mark.cardan_leaks
def test_excused(): shapes.leak("on purpose")
def test_fails_for_another_reason():
    shapes.leak("unimportant")
    assert 1 == 2
"""


def test_a_test_that_leaks_handles_fails(run, package: Path, modules: Path, tmp_path: Path):
    (tmp_path / "test_shapes.py").write_text(LEAKING)
    script = (
        "import os, sys; sys.path.insert(0, sys.argv[1]); import pytest; os.chdir(sys.argv[2]); "
        "sys.exit(pytest.main(['-p', 'no:cacheprovider', '-q', '-rA', 'test_shapes.py']))"
    )
    command = ["python", "-c", script, modules / "found", tmp_path]
    result = run("test", package, "--json", "--with", "pytest", "--", *command, CARDAN="debug")
    rows = json.loads(result.stdout)["rows"]
    assert rows
    for row in rows:
        output = row["output"]
        assert "2 failed, 2 passed" in output, json.dumps(row, indent=2)
        said = re.search(
            r"^test_leaks leaked handles: 1 unclosed handle:\n    <DebugHandle 0x[0-9a-f]+ for 'forgotten'>\n"
            r'made by HPy_Dup:\n  File ".*test_shapes\.py", line 5, in test_leaks\n(?:  File .*\n)*.*shapes\.so',
            output,
            re.MULTILINE,
        )
        assert said, output
        assert "unimportant" not in output.replace('shapes.leak("unimportant")', ""), output


def test_the_native_module_needs_only_the_c_library(package: Path, tmp_path: Path):
    subprocess.run(["unzip", "-q", package, "-d", tmp_path], check=True)
    module = tmp_path / "cardan" / "_runtime.so"
    dynamic = subprocess.run(["readelf", "-d", module], check=True, capture_output=True, text=True).stdout
    needed = [line for line in dynamic.splitlines() if "(NEEDED)" in line]
    assert len(needed) == 1 and "libc.so.6" in needed[0], dynamic
    symbols = subprocess.run(
        ["nm", "-D", "--undefined-only", module], check=True, capture_output=True, text=True
    ).stdout
    names = [line.split()[-1].split("@")[0] for line in symbols.splitlines()]
    assert names and not [name for name in names if name.startswith(("Py", "_Py"))], symbols
    assert os.path.getsize(module) < 1_000_000
