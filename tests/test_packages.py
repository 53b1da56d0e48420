"""Each package of packages.toml, built once: its own tests on every host, with known layouts and without any."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
import tomllib
from conftest import ROOT

DEMO = ROOT / "target" / "demo"
MODES = ["known-layouts", "generic"]
CATALOGUE = tomllib.loads((ROOT / "tests" / "packages.toml").read_text())


def demonstrate(packages: tuple[str, ...], mode: str) -> None:
    """Builds and tests packages with `cargo xtask demo`, which leaves its wheels and reports in target/demo."""
    command = [os.environ.get("CARGO", "cargo"), "xtask", "demo", "--no-hosts"]
    if mode == "generic":
        # The same files again.
        command += ["--generic", "--reuse"]
    for package in packages:
        report_path(package, mode).unlink(missing_ok=True)
        command += ["--package", package]
    run = subprocess.run(
        command,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    missing = [package for package in packages if not report_path(package, mode).exists()]
    assert not missing, f"cargo xtask demo gave no report of {', '.join(missing)}:\n{run.stdout}"


def report_path(package: str, mode: str) -> Path:
    return DEMO / f"{package}{'-generic' if mode == 'generic' else ''}.json"


@pytest.fixture(scope="session")
def rows(request: pytest.FixtureRequest):
    """The rows of a package's report, by the name of the host. Each mode runs once, for all packages that are tested."""
    calls = [item.callspec.params for item in request.session.items if hasattr(item, "callspec")]
    selected = {call["package"] for call in calls if "package" in call and "host" in call}
    packages = tuple(name for name in CATALOGUE["packages"] if name in selected)
    done = set()

    def rows(package: str, mode: str) -> dict[str, dict]:
        # The first mode builds: a wheel from an earlier run is not the one under test.
        for each in MODES[: MODES.index(mode) + 1]:
            if each not in done:
                demonstrate(packages, each)
                done.add(each)
        return {row["name"]: row for row in json.loads(report_path(package, mode).read_text())["rows"]}

    return rows


def row_of(rows: dict[str, dict], host: str) -> dict:
    """The row of a host, which is skipped by its name where it is not there."""
    found = [row for name, row in rows.items() if name == host or name.startswith(f"{host}.")]
    if not found:
        pytest.skip(f"{host} could not be had on this machine")
    return found[0]


@pytest.mark.parametrize("host", CATALOGUE["hosts"])
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("package", CATALOGUE["packages"])
def test_a_package_passes_its_own_tests(package: str, mode: str, host: str, rows):
    row = row_of(rows(package, mode), host)
    if row["result"] == "excluded":
        pytest.skip(f"{host}: {row['detail']}")
    said = f"{host}: {row['result']}: {row['detail']}\n{row['output'] or ''}"
    needed = CATALOGUE["packages"][package]["generic"]
    if mode == "generic" and needed != "passes" and row["result"] == "failed":
        # What only a layout can give is refused by name, when the module is imported.
        refusals = [line for line in said.splitlines() if "ImportError: cannot import " in line]
        assert any(needed in line for line in refusals), said
        return
    assert row["result"] == "passed", said
    assert " passed" in row["detail"], said
    assert row["gil_enabled_by"] == [], said
