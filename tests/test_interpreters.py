"""Several interpreters in a process, at a time and one after the other, on each Python that can have them: what belongs to one is
no other's, with known layouts and without, and in each context."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from conftest import ROOT
from test_load import check

SOURCES = Path(__file__).parent / "interpreters"


@pytest.fixture(scope="session")
def modules(compile_module, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the module, and with the program that embeds Python."""
    folder = tmp_path_factory.mktemp("interpreters")
    compile_module(folder / "kept.so", SOURCES / "kept.c")
    # As `cardan build` puts it beside a module, for Pythons that do not look for the bare suffix.
    loader = (ROOT / "crates" / "cardan-cli" / "src" / "wheel" / "loader.py").read_text()
    (folder / "kept.py").write_text(loader.replace("{file}", "kept.so"))
    command = ["cc", "-shared", "-fPIC", "-Wall", "-Werror", SOURCES / "embed.c", "-o", folder / "embed.so", "-ldl"]
    subprocess.run(command, check=True)
    return folder


@pytest.mark.parametrize(
    ("context", "layouts"),
    [("", ""), ("", "generic"), ("debug", ""), ("trace", "")],
    ids=["production", "generic", "debug", "trace"],
)
def test_each_interpreter_has_its_own(run, package: Path, modules: Path, context: str, layouts: str):
    check(run, package, "python", SOURCES / "check_all.py", modules, CARDAN=context, CARDAN_HOST=layouts)
