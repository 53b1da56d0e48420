"""What a universal module costs to load, beside the same module built for one Python; sizes; the time of a build.

    python load.py --cardan PROGRAM --source FOLDER --module MODULE --output FILE [--on NAME]... [--runs N]

Each import is measured in a process of its own, around the import alone. Universal and native take turns, so that what else
the machine does falls on both. The numbers are medians.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from dataclasses import dataclass
from pathlib import Path

# The folder comes first on the path, as an installed package's would; what the module itself imports of the standard
# library is the same for both.
MEASURE = """
import sys, time
sys.path.insert(0, sys.argv[1])
import importlib
start = time.perf_counter_ns()
importlib.import_module(sys.argv[2])
print(time.perf_counter_ns() - start)
"""


@dataclass
class Built:
    """One wheel."""

    folder: Path
    """Where its files lie."""
    module_size: int
    """The size of the module's file without debug information, in bytes."""
    seconds: float
    """How long it took to build."""


def run(*command: object) -> str:
    """Runs a command; its stdout. An error shows what it said."""
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    result = subprocess.run(
        [str(word) for word in command], stdin=subprocess.DEVNULL, capture_output=True, text=True, env=environment
    )
    if result.returncode != 0:
        raise RuntimeError(f"{command[0]} ended with {result.returncode}: {result.stderr.strip()[-500:]}")
    return result.stdout


def unpacked(wheel: Path, folder: Path, module: str, seconds: float) -> Built:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    [file] = folder.joinpath(*module.split(".")[:-1]).glob(f"{module.split('.')[-1]}.*so")
    stripped = folder / "stripped"
    # Some Pythons ask for debug information when they build, which says nothing about the module.
    run("strip", "--strip-unneeded", "-o", stripped, file)
    return Built(folder, stripped.stat().st_size, seconds)


def build_universal(cardan: Path, source: Path, module: str, work: Path) -> Built:
    start = time.perf_counter()
    wheel = Path(run(cardan, "build", source, "--output", work / "wheels").splitlines()[-1])
    return unpacked(wheel, work / "files", module, time.perf_counter() - start)


def build_native(python: str, source: Path, module: str, work: Path) -> Built:
    """`pip wheel`, in an environment of that Python."""
    run(python, "-I", "-m", "venv", "--without-pip", work / "venv")
    own = work / "venv" / "bin" / "python"
    # What a build leaves in the source (build/, *.c) would be taken over by the next Python's.
    copy = work / "source"
    shutil.copytree(source, copy, ignore=shutil.ignore_patterns("build", "*.egg-info", "__pycache__"))
    pip = [sys.executable, "-m", "pip", "--python", own, "--disable-pip-version-check", "--no-input"]
    start = time.perf_counter()
    run(*pip, "wheel", "--quiet", "--no-deps", "--wheel-dir", work / "wheels", copy)
    seconds = time.perf_counter() - start
    [wheel] = (work / "wheels").glob("*.whl")
    return unpacked(wheel, work / "files", module, seconds)


def import_time(python: str, folder: Path, module: str) -> float:
    """In milliseconds."""
    # The last line: some Pythons say other things first.
    return int(run(python, "-I", "-c", MEASURE, folder, module).split()[-1]) / 1e6


def interleaved(python: str, one: Path, other: Path, module: str, runs: int) -> tuple[list[float], list[float]]:
    for folder in (one, other):
        import_time(python, folder, module)  # the file cache, and compiled Python files
    pairs = [(import_time(python, one, module), import_time(python, other, module)) for _ in range(runs)]
    return [first for first, _ in pairs], [second for _, second in pairs]


def kilobytes(size: int) -> str:
    return f"{size / 1024:.0f} KB"


def main() -> None:
    """Measures and writes the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--cardan", type=Path, required=True)
    parser.add_argument("--source", type=Path, required=True)
    parser.add_argument("--module", required=True)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--on", action="append", default=[])
    parser.add_argument("--runs", type=int, default=40)
    arguments = parser.parse_args()
    module = arguments.module
    pythons = json.loads(run(arguments.cardan, "pythons", "--json"))["pythons"]
    pythons = [python for python in pythons if python["tested_by_default"]]
    if arguments.on:
        pythons = [python for python in pythons if python["name"] in arguments.on]
    lines = [
        f"# Loading `{module}`",
        "",
        "Written by `cargo xtask bench load`. The same source, built once for every Python (universal) and for each Python",
        f"in the usual way (native). Import times are medians of {arguments.runs} processes each, taken in turns.",
        "Files are measured without debug information.",
        f"{platform.machine()}, {os.cpu_count()} processors, {platform.system()} {platform.release().split('-')[0]}.",
        "",
        "| Python | universal | native | difference | ratio | universal file | native file | `cardan build` | `pip wheel` |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    with tempfile.TemporaryDirectory(prefix="cardan-bench-") as temporary:
        work = Path(temporary)
        universal = build_universal(arguments.cardan, arguments.source, module, work / "universal")
        for python in pythons:
            name, executable = python["name"], python["executable"]
            print(f"{name}: building and importing", file=sys.stderr, flush=True)
            start = time.perf_counter()
            run(executable, "-I", "-c", "pass")
            # A Python that takes long to start gets fewer runs.
            runs = arguments.runs if time.perf_counter() - start < 1 else max(5, arguments.runs // 8)
            try:
                native = build_native(executable, arguments.source, module, work / name)
            except (RuntimeError, ValueError, OSError) as error:
                print(f"{name}: the native build failed: {error}", file=sys.stderr, flush=True)
                ours, _ = interleaved(executable, universal.folder, universal.folder, module, runs)
                lines.append(
                    f"| {name} | {statistics.median(ours):.2f} ms | did not build | | |"
                    f" {kilobytes(universal.module_size)} | | {universal.seconds:.1f} s | |"
                )
                continue
            ours, theirs = interleaved(executable, universal.folder, native.folder, module, runs)
            one, other = statistics.median(ours), statistics.median(theirs)
            lines.append(
                f"| {name} | {one:.2f} ms | {other:.2f} ms | {one - other:+.2f} ms | {one / other:.2f} |"
                f" {kilobytes(universal.module_size)} | {kilobytes(native.module_size)} |"
                f" {universal.seconds:.1f} s | {native.seconds:.1f} s |"
            )
    text = "\n".join(lines) + "\n"
    arguments.output.parent.mkdir(parents=True, exist_ok=True)
    arguments.output.write_text(text)
    print(text)


if __name__ == "__main__":
    main()
