"""The examples that are written with handles: no handle is left open, and C++ of each standard will do."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from conftest import ROOT

EXAMPLES = ROOT / "examples"


def run_tests(example: str, *paths: Path, **environment: str) -> str:
    """Runs an example's tests on the Python that runs this, with these folders first; what pytest says."""
    command = [sys.executable, "-m", "pytest", "-q", "-o", "addopts=", "-p", "no:cacheprovider", "tests"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, paths)), **environment}
    result = subprocess.run(
        command, cwd=EXAMPLES / example, check=False, capture_output=True, text=True, env=environment, timeout=600
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


@pytest.mark.parametrize("example", ["handles-vector", "handles-intervals"])
def test_no_handle_is_left_open(cardan: Path, package: Path, tmp_path: Path, example: str):
    command = [cardan, "build", EXAMPLES / example, "-o", tmp_path / "out"]
    built = subprocess.run(command, check=False, capture_output=True, text=True)
    assert built.returncode == 0, built.stderr
    for wheel in [package, Path(built.stdout.splitlines()[-1])]:
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(tmp_path / "installed")
    assert " passed" in run_tests(example, tmp_path / "installed", CARDAN="debug")


@pytest.mark.parametrize("standard", ["c++11", "c++17", "c++20"])
def test_a_module_in_each_standard_of_cpp(compile_module, tmp_path: Path, standard: str):
    source = EXAMPLES / "handles-intervals" / "src" / "intervals"
    shutil.copytree(source, tmp_path / "intervals", ignore=shutil.ignore_patterns("__pycache__"))
    module = tmp_path / "intervals" / "_intervals.so"
    compile_module(module, source / "intervals.cpp", f"-std={standard}", "-Wextra", "-lstdc++")
    assert "5 passed" in run_tests("handles-intervals", tmp_path)
