"""examples/migration: one C file on its way from the C API to handles. Each step is a universal module that passes the same
tests on every Python, and `cardan check` shows how far it is."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from conftest import ROOT

EXAMPLE = ROOT / "examples" / "migration"
CHAPTER = ROOT / "docs" / "guide" / "migration.md"
STEPS = [path.parent.name for path in sorted(EXAMPLE.glob("*/polyline.c"))]


@pytest.fixture(scope="session")
def step(cardan: Path, tmp_path_factory: pytest.TempPathFactory):
    """Builds a step once; the folder that its wheel holds."""
    built: dict[str, Path] = {}

    def step(name: str) -> Path:
        if name not in built:
            folder = tmp_path_factory.mktemp(name)
            command = [cardan, "build", EXAMPLE / name, "-o", folder / "out"]
            # What the compiler has to say is an error: the steps are there to be read.
            environment = {**os.environ, "CFLAGS": "-Wall -Wextra -Werror -Wno-cast-function-type"}
            result = subprocess.run(command, check=False, capture_output=True, text=True, env=environment, timeout=600)
            assert result.returncode == 0, result.stderr
            with zipfile.ZipFile(result.stdout.splitlines()[-1]) as wheel:
                wheel.extractall(folder / "package")
            built[name] = folder / "package"
        return built[name]

    return step


@pytest.fixture(scope="session")
def hosts(cardan: Path) -> dict[str, str]:
    """The Pythons of this machine that modules can be for: executables by name."""
    result = subprocess.run([cardan, "pythons", "--json"], check=True, capture_output=True, text=True)
    return {each["name"]: each["executable"] for each in json.loads(result.stdout)["pythons"] if each["usable"]}


@pytest.mark.parametrize("layouts", ["", "generic"], ids=["known layouts", "generic"])
@pytest.mark.parametrize("name", STEPS)
def test_each_step_passes_the_same_tests_on_every_python(step, hosts: dict[str, str], name: str, layouts: str):
    package = step(name)

    def run(executable: str) -> str:
        environment = {**os.environ, "PYTHONPATH": str(package), "CARDAN_HOST": layouts, "PYTHONDONTWRITEBYTECODE": "1"}
        # The example does not say that it does without the GIL.
        quiet = ["-W", "error", "-W", "ignore:The global interpreter lock:RuntimeWarning"]
        command = [executable, *quiet, EXAMPLE / "test_polyline.py"]
        environment.pop("CARDAN", None)
        result = subprocess.run(command, check=False, capture_output=True, text=True, env=environment, timeout=300)
        passed = result.returncode == 0 and re.search(r"^Ran 15 tests.*\n\nOK", result.stderr, re.MULTILINE)
        return "" if passed else f"exit code {result.returncode}\n{result.stdout}{result.stderr}"

    with ThreadPoolExecutor(2) as pool:
        said = dict(zip(hosts, pool.map(run, hosts.values()), strict=True))
    assert said and not any(said.values()), "\n".join(f"--- {host}: {text}" for host, text in said.items() if text)


def test_check_shows_how_far_each_step_is(run, step):
    rows = []
    for name in STEPS:
        result = run("check", step(name) / "polyline.so")
        assert result.returncode == 0, result.stdout
        [hatches] = re.findall(r"^  escape hatches   (.*)$", result.stdout, re.MULTILINE)
        rows.append(f"| `{name}` | {hatches} |")
    # The guide shows this table.
    assert "\n".join(rows) in CHAPTER.read_text()
    assert rows[-1].endswith("| none |")


def test_the_last_step_has_no_way_back(tmp_path: Path, cardan: Path):
    text = (EXAMPLE / STEPS[-1] / "polyline.c").read_text()
    assert "Python.h" not in text and not re.search(r"\bPy(Object|_|Err|Long|Float|Unicode|List|Tuple)", text)


def test_debug_mode_finds_a_planted_leak(cardan: Path, package: Path, tmp_path: Path):
    """What the guide shows of the leak is what happens, but for addresses, folders and times."""
    shutil.copytree(EXAMPLE / STEPS[-1], tmp_path / "leak")
    patch = ["patch", "--silent", tmp_path / "leak" / "polyline.c", EXAMPLE / "leak.patch"]
    subprocess.run(patch, check=True)
    shutil.copy(EXAMPLE / "test_polyline.py", tmp_path)
    environment = {**os.environ, "CFLAGS": "-g"}
    command = [cardan, "build", "--keep-symbols", tmp_path / "leak", "-o", tmp_path / "out"]
    built = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)
    assert built.returncode == 0, built.stderr
    installed = tmp_path / "site-packages"
    for wheel in [package, Path(built.stdout.splitlines()[-1])]:
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(installed)
    command = [sys.executable, "-m", "pytest", "-q", "--cardan-stack", "2", "test_polyline.py", "-k", "test_scaled"]
    command += ["-p", "no:cacheprovider", "-c", os.devnull, "--rootdir", tmp_path]
    environment = {**os.environ, "CARDAN": "debug", "PYTHONPATH": str(installed), "COLUMNS": "80"}
    # pytest writes its summary at another length where one of these is set.
    for name in ["CI", "BUILD_NUMBER"]:
        environment.pop(name, None)
    result = subprocess.run(command, cwd=tmp_path, check=False, capture_output=True, text=True, env=environment)

    shown = (EXAMPLE / "leak.txt").read_text()
    _, _, report = shown.partition("-k test_scaled\n")
    report, _, resolved = report.partition("$ addr2line")
    assert neutral(result.stdout) == neutral(report), result.stdout + result.stderr
    # The second frame is the one that the guide looks up.
    offset = re.findall(r"polyline\.so\(\+(0x[0-9a-f]+)\)", result.stdout)[1]
    looked_up = subprocess.run(
        ["addr2line", "-f", "-e", installed / "polyline.so", offset], check=True, capture_output=True, text=True
    )
    assert looked_up.stdout == resolved.split("\n", 1)[1]


def neutral(text: str) -> str:
    """A report without what differs from run to run."""
    text = re.sub(r"0x[0-9a-f]+", "0x", re.sub(r"in [0-9.]+s", "in s", text))
    text = re.sub(r'(?<=File ")/\S*/(?=\w+\.py")', "", re.sub(r'(?<=/unittest/case\.py", line )\d+', "", text))
    return re.sub(r"^/\S*/(?=\w+\.so)", "", text, flags=re.MULTILINE)
