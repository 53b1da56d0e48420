"""`scripts/hosts.sh`: what it reports, without getting anything."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from conftest import ROOT

SCRIPT = ROOT / "scripts" / "hosts.sh"


def hosts(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([SCRIPT, *map(str, arguments)], capture_output=True, text=True, check=False, timeout=60)


def test_an_unknown_host_is_refused_with_the_names_that_there_are(tmp_path: Path):
    result = hosts(tmp_path, "cp27")
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == (
        "hosts.sh: no host is named cp27; there are:"
        " cp39 cp310 cp311 cp312 cp-sid cp313t cp-next pypy39 pypy311 pypy80 graalpy\n"
    )


@pytest.mark.parametrize("option", ["-h", "--help"])
def test_the_help_names_every_host(option: str):
    result = hosts(option)
    assert result.returncode == 0
    for name in ("DEST", "cp-sid", "cp313t", "cp-next", "pypy80", "graalpy", "pythons.txt"):
        assert name in result.stdout
    assert "#" not in result.stdout


def test_a_host_that_is_there_is_left_alone_and_listed(tmp_path: Path):
    executable = tmp_path / "cp313t" / "bin" / "python3.13t"
    executable.parent.mkdir(parents=True)
    executable.touch(mode=0o755)
    (tmp_path / "cp313t" / ".ok").touch()
    # Without the marker it is what a failed attempt left behind.
    (tmp_path / "pypy80" / "usr" / "bin").mkdir(parents=True)
    (tmp_path / "pypy80" / "usr" / "bin" / "pypy3").touch(mode=0o755)
    result = hosts(tmp_path, "cp313t")
    assert result.returncode == 0, result.stderr
    assert result.stdout.startswith(f"ready cp313t: {executable} (")
    listed = (tmp_path / "pythons.txt").read_text().splitlines()
    assert str(executable) in listed
    assert not any("pypy" in path for path in listed)
