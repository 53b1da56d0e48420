"""The functions that some host lacks: on each Python that is found, native functions and stand-ins alike do what CPython
documents. The expectations are in `capi/check_functions.py`."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def build(cardan: Path, tmp_path_factory: pytest.TempPathFactory):
    """Builds a wheel of one module of `capi/`."""

    def build(source: str) -> Path:
        project = tmp_path_factory.mktemp("capi")
        shutil.copy(HERE / "capi" / source, project)
        (project / "back").mkdir()
        shutil.copy(HERE / "small_backend.py", project / "back")
        (project / "pyproject.toml").write_text(
            '[build-system]\nrequires = []\nbuild-backend = "small_backend"\nbackend-path = ["back"]\n'
        )
        command = [cardan, "build", project, "-o", project / "out"]
        result = subprocess.run(command, check=False, capture_output=True, text=True, timeout=600)
        assert result.returncode == 0, result.stderr
        return Path(result.stdout.splitlines()[-1])

    return build


@pytest.fixture(scope="module")
def functions(build) -> Path:
    return build("functions.c")


@pytest.mark.parametrize("layouts", ["", "generic"], ids=["known layouts", "generic"])
def test_stand_ins_do_what_the_functions_do(run, functions: Path, layouts: str):
    script = HERE / "capi" / "check_functions.py"
    result = run("test", functions, "--json", "--", "python", script, CARDAN_HOST=layouts)
    rows = json.loads(result.stdout)["rows"]
    failed = [row for row in rows if row["result"] != "passed"]
    assert rows and not failed, json.dumps(failed, indent=2)


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
