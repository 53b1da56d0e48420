"""The trace mode: what is counted and told, on each Python that is found."""

from __future__ import annotations

from pathlib import Path

from test_load import check

SOURCES = Path(__file__).parent / "debug"


def test_calls_are_counted_and_told(run, package: Path, compile_module, tmp_path: Path):
    compile_module(tmp_path / "traced.so", SOURCES / "traced.c", "-Wextra")
    check(run, package, "python", SOURCES / "check_trace.py", tmp_path)
