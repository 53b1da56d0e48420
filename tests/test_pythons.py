"""`cardan pythons`: what is found, what it is called, and what is said of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest


@pytest.fixture
def pythons(run):
    """The JSON output, with these executables in CARDAN_PYTHONS."""

    def pythons(*executables: Path | str) -> dict:
        result = run("pythons", "--json", CARDAN_PYTHONS=os.pathsep.join(map(str, executables)))
        assert result.returncode == 0, result.stderr
        return json.loads(result.stdout)

    return pythons


def by_version(report: dict, version: str) -> list[dict]:
    return [python for python in report["pythons"] if python["version"] == version]


def script(path: Path, text: str) -> Path:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


OWN_VERSION = sys.version.split()[0].rstrip("+")


def test_the_python_that_runs_the_tests_is_found_with_what_it_can_do(pythons):
    report = pythons(sys.executable)
    names = [python["name"] for python in report["pythons"]]
    assert len(names) == len(set(names))
    own = by_version(report, OWN_VERSION)[0]
    assert own["implementation"] == sys.implementation.name
    assert own["usable"] is (sys.version_info >= (3, 9))
    assert Path(own["executable"]).exists()


def test_a_virtual_environment_counts_as_the_python_it_was_made_from(pythons, tmp_path: Path):
    before = pythons(sys.executable)
    venv.create(tmp_path / "venv", with_pip=False)
    after = pythons(sys.executable, tmp_path / "venv" / "bin" / "python")
    assert [python["name"] for python in after["pythons"]] == [python["name"] for python in before["pythons"]]
    assert all(not python["executable"].startswith(str(tmp_path)) for python in after["pythons"])


def test_what_is_not_a_python_is_listed_with_the_reason(pythons, tmp_path: Path):
    failing = script(tmp_path / "failing", "echo no such version >&2; exit 3")
    silent = script(tmp_path / "silent", "echo hello")
    dying = script(tmp_path / "dying", "kill -ABRT $$")
    missing = tmp_path / "missing"
    broken = {entry["executable"]: entry["reason"] for entry in pythons(failing, silent, dying, missing)["broken"]}
    assert broken[str(failing)] == f"{failing} is not a usable Python 3: exit code 3 (no such version)"
    assert broken[str(silent)] == f'{silent} is not a usable Python 3: it answered "hello" when asked what it is'
    assert broken[str(dying)] == f"{dying} died by SIGABRT when asked what it is"
    assert broken[str(missing)] == f"{missing} could not be started: No such file or directory (os error 2)"


def described(path: Path, **changes: object) -> Path:
    """An interpreter that says of itself what the running one says, but for these changes."""
    probe = Path(__file__).parent.parent / "crates" / "cardan-cli" / "src" / "pythons" / "probe.py"
    answer = json.loads(subprocess.check_output([sys.executable, "-I", probe]))
    answer.update(
        {"executable": str(path), "base_executable": str(path), "prefix": "/a", "base_prefix": "/a", **changes}
    )
    return script(path, f"cat <<'END'\n{json.dumps(answer)}\nEND")


def test_a_python_without_extension_modules_is_refused_with_the_reason(pythons, tmp_path: Path):
    version = [3, 14, 0, "alpha", 0]
    odd = described(
        tmp_path / "odd",
        implementation="oddpython",
        version=version,
        implementation_version=[0, 6, 0, "final", 0],
        extension_suffixes=[],
    )
    (found,) = (python for python in pythons(odd)["pythons"] if python["implementation"] == "oddpython")
    assert found["name"] == "oddpython-3.14-0.6.0"
    assert (found["usable"], found["modules"]) == (False, "none")
    assert found["reason"] == "imports no extension modules: importlib.machinery.EXTENSION_SUFFIXES is empty"


def test_a_python_that_is_too_old_is_listed_with_the_reason(pythons, tmp_path: Path):
    version = [3, 4, 10, "final", 0]
    old = described(tmp_path / "old", implementation="cpython", version=version, implementation_version=version)
    (found,) = by_version(pythons(old), "3.4.10")
    assert found["reason"] == "older than Python 3.9, the oldest that is supported"


def test_the_newest_of_two_keeps_the_short_name(pythons, tmp_path: Path):
    def newer(micro: int) -> Path:
        version = [3, 99, micro, "final", 0]
        return described(
            tmp_path / f"python3.99.{micro}",
            implementation="cpython",
            version=version,
            implementation_version=version,
            free_threaded=True,
        )

    report = pythons(newer(1), newer(10), newer(2))
    found = {python["name"]: python for python in report["pythons"] if python["version"].startswith("3.99.")}
    assert list(found) == ["cpython-3.99t", "cpython-3.99.2t", "cpython-3.99.1t"]
    assert found["cpython-3.99t"]["version"] == "3.99.10"
    assert [python["tested_by_default"] for python in found.values()] == [True, False, False]


def test_the_table_has_a_row_for_each_python(run, pythons):
    table = run("pythons", CARDAN_PYTHONS=sys.executable)
    assert table.returncode == 0, table.stderr
    for python in pythons(sys.executable)["pythons"]:
        assert f" {python['name']} " in table.stdout
