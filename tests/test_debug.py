"""The debug mode: what it says of each mistake, on each Python that is found."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_load import check

SOURCES = Path(__file__).parent / "debug"


@pytest.fixture(scope="session")
def modules(compile_module, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the module that makes mistakes."""
    folder = tmp_path_factory.mktemp("mistakes")
    compile_module(folder / "mistakes.so", SOURCES / "mistakes.c", "-Wextra")
    return folder


def test_each_mistake_is_said(run, package: Path, modules: Path):
    check(run, package, "python", SOURCES / "check_mistakes.py", modules)
