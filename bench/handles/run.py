"""What handles cost beside hand-written C, and what growth costs.

    python run.py --cardan PROGRAM --wheel WHEEL --output FILE [--on NAME]... [--rounds N]

The module with handles is built once. The same subjects in C are built for each Python in the usual way. On the Python that
HPy 0.9 still runs on, the module with handles is also built with HPy's own headers and loaded by HPy's own runtime.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
HPY = "hpy==0.9.0"
HPY_PYTHON = (3, 11)
COLUMNS = {"native": "C", "subjects": "Cardan", "hpy:subjects": "HPy 0.9", "debug:subjects": "Cardan, debug mode"}
PROCESSES = 3
FLAGS = ["-O3", "-DNDEBUG", "-fPIC", "-shared"]


def run(*command: object, **variables: str) -> str:
    """Runs a command; its stdout. An error shows what it said."""
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    result = subprocess.run(
        [str(word) for word in command],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env=environment | variables,
    )
    if result.returncode != 0:
        raise RuntimeError(f"{command[0]} ended with {result.returncode}: {result.stderr.strip()[-500:]}")
    return result.stdout


def build_native(executable: str, work: Path) -> Path:
    """The subjects in C for one Python."""
    include = run(executable, "-I", "-c", "import sysconfig; print(sysconfig.get_path('include'))").splitlines()[-1]
    output = work / "native.so"
    run(os.environ.get("CC", "cc"), *FLAGS, f"-I{include}", HERE / "native.c", "-o", output)
    return output


def build_hpy(executable: str, work: Path) -> tuple[Path, Path]:
    """HPy itself for this Python, and the subjects built with its headers."""
    site = work / "hpy"
    # HPy 0.9 looks for pkg_resources, which later versions of setuptools no longer have.
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", "--python", executable]
    run(*pip, "install", "--quiet", "--target", site, HPY, "setuptools<81")
    # The file has to say so in its name.
    output = work / "subjects.hpy0.so"
    devel = site / "hpy" / "devel"
    helpers = sorted((devel / "src" / "runtime").glob("[abfhs]*.c"))
    run(
        os.environ.get("CC", "cc"),
        *FLAGS,
        "-DHPY_ABI_UNIVERSAL",
        f"-I{devel / 'include'}",
        HERE / "subjects.c",
        *helpers,
        "-o",
        output,
    )
    return site, output


def geometric_mean(numbers: list[float]) -> float:
    return math.exp(sum(map(math.log, numbers)) / len(numbers))


def measure(
    python: dict, universal: Path, debug: Path, package: Path, work: Path, rounds: int
) -> tuple[dict, list[str]]:
    """The least times of each subject by column, and what could not be had."""
    executable, missing = python["executable"], []
    modules, path = [f"subjects={universal}", f"debug:subjects={debug}"], [package]
    try:
        modules.insert(0, f"native={build_native(executable, work)}")
    except RuntimeError as error:
        missing.append(f"{python['name']}: the C module could not be built: {error}")
    version = tuple(map(int, python["version"].split(".")[:2]))
    if python["implementation"] == "cpython" and version == HPY_PYTHON:
        try:
            site, module = build_hpy(executable, work)
            modules.append(f"hpy:subjects={module}")
            path.append(site)
        except RuntimeError as error:
            missing.append(f"{python['name']}: {HPY} could not be had: {error}")
    slow = python["implementation"] != "cpython"
    variables = (
        {"PYTHONPATH": os.pathsep.join(map(str, path)), "PYTHON_GIL": "0"}
        if python["free_threaded"]
        else {"PYTHONPATH": os.pathsep.join(map(str, path))}
    )
    least = {}
    # Where things come to lie in memory differs from process to process, and some places are slower.
    for _ in range(PROCESSES):
        each = max(3, rounds // PROCESSES // (3 if slow else 1))
        output = run(executable, HERE / "measure.py", each, *modules, **variables)
        result = json.loads(output[output.index("{") :])
        for kind, times in result["times"].items():
            known = least.setdefault(kind, times)
            for subject, time in times.items():
                known[subject] = min(known[subject], time)
    missing += [
        f"{python['name']}: {column(kind)} could not be loaded: {error}" for kind, error in result["errors"].items()
    ]
    return least, missing


def column(kind: str) -> str:
    return COLUMNS.get(kind, kind)


def table(result: dict) -> list[str]:
    there = [kind for kind in COLUMNS if kind in result]
    peers = [kind for kind in there if kind != "native"] if "native" in result else []
    head = [f"{column(kind)} ns" for kind in there] + [f"{column(kind)} / C" for kind in peers]
    lines = ["| subject | " + " | ".join(head) + " |", "|---|" + "--:|" * len(head)]
    for subject in result[there[0]]:
        cells = [f"{result[kind][subject]:.1f}" for kind in there]
        cells += [f"{result[kind][subject] / result['native'][subject]:.2f}" for kind in peers]
        lines.append(f"| {subject} | " + " | ".join(cells) + " |")
    if peers:
        means = [
            geometric_mean([result[kind][subject] / result["native"][subject] for subject in result["native"]])
            for kind in peers
        ]
        lines.append(
            "| **geometric mean** | " + " | ".join([""] * len(there) + [f"**{mean:.3f}**" for mean in means]) + " |"
        )
    return lines


def growth_line(name: str, result: dict) -> str:
    handles = [f"{value:.1f}" for value in result["handles"].values()]
    modules = [f"{value:.2f}" for value in result["modules"].values()]
    native = [f"{value:.2f}" for value in result["native"].values()] or [""] * len(modules)
    pairs = [f"{ours} ({theirs})" if theirs else ours for ours, theirs in zip(modules, native)]
    gil = "on" if result["gil"] else "off"
    ours, python = result["threads"], result["python"]
    threads = [f"{ours['work']:.2f} ({python['work']:.2f})", f"{ours['processor']:.2f}", gil]
    return f"| {name} | {' | '.join(handles + pairs + threads)} |"


def main() -> None:
    """Measures and writes the tables."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--cardan", type=Path, required=True)
    parser.add_argument("--wheel", type=Path, required=True, help="the cardan package, for its debug mode")
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--on", action="append", default=[])
    parser.add_argument("--rounds", type=int, default=60)
    arguments = parser.parse_args()
    pythons = json.loads(run(arguments.cardan, "pythons", "--json"))["pythons"]
    pythons = [python for python in pythons if python["tested_by_default"]]
    if arguments.on:
        pythons = [python for python in pythons if python["name"] in arguments.on]
    lines = [
        "# Handles beside hand-written C",
        "",
        "Written by `cargo xtask bench handles`. The module with handles is one file for all Pythons; C is the same subjects",
        "against each Python's own headers, `HPy 0.9` the same source with HPy's headers and runtime. All are compiled with",
        f"`-O3` and take turns in one process; each number is the least of {arguments.rounds} rounds in {PROCESSES} processes (a third as many",
        f"off CPython, {PROCESSES} in debug mode), spread over the whole time.",
        f"{platform.machine()}, {os.cpu_count()} processors, {platform.system()} {platform.release().split('-')[0]}.",
        "",
    ]
    growth = [
        "## Growth",
        "",
        "Nanoseconds to make and close a handle when so many are open at once (for one handle that is the call that does it),",
        "the least of several tries. Milliseconds to load a module, the median of so many that are loaded one after the other in",
        "one process, the least of ten for one; beside it that of a module in C. How much more two threads that make and close",
        "objects get done than one in the same time (beside it how much more when the same is written in Python: all that the",
        "machine had to give), and how much more processor time each object takes them; whether there is a GIL.",
        "",
        "| Python | 1 | 10 | 100 | 10³ | 10⁴ | 10⁵ | 10⁶ | 1 module | 10 modules | 100 modules | two threads | their processor time | GIL |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|---|",
    ]
    summary = ["## Summary", "", "| Python | Cardan / C, geometric mean | worst |", "|---|--:|---|"]
    details, notes = [], []
    with tempfile.TemporaryDirectory(prefix="cardan-bench-") as temporary:
        work = Path(temporary)
        toolchain = run(arguments.cardan, "toolchain", work / "toolchain").splitlines()[-1]
        compiler = work / "toolchain" / "bin" / "cc"
        files = {}
        for name in ("subjects", "growth", "hello"):
            files[name] = work / f"{name}.so"
            run(compiler, *FLAGS, HERE / f"{name}.c", "-o", files[name], CARDAN_TOOLCHAIN=toolchain)
        # A file of its own: a module has one context at a time.
        debug = work / "debug.so"
        debug.write_bytes(files["subjects"].read_bytes())
        package = work / "package"
        with zipfile.ZipFile(arguments.wheel) as archive:
            archive.extractall(package)
        sizes = {name: file.stat().st_size / 1000 for name, file in files.items()}
        lines += [
            f"The file of a module that only says hello has {sizes['hello']:.0f} KB, that of the subjects {sizes['subjects']:.0f} KB.",
            "",
        ]
        for python in pythons:
            name = python["name"]
            print(f"{name}: measuring", file=sys.stderr, flush=True)
            folder = work / name
            folder.mkdir()
            try:
                result, missing = measure(python, files["subjects"], debug, package, folder, arguments.rounds)
                native = [folder / "native.so"] if "native" in result else []
                grown = run(python["executable"], HERE / "growth.py", files["growth"], *native)
            except RuntimeError as error:
                notes.append(f"* {name}: {error}")
                continue
            notes += [f"* {problem}" for problem in missing]
            details += [f"## {name}", "", *table(result), ""]
            growth.append(growth_line(name, json.loads(grown[grown.index("{") :])))
            if "native" in result:
                ratios = {subject: result["subjects"][subject] / time for subject, time in result["native"].items()}
                worst = max(ratios, key=ratios.__getitem__)
                summary.append(
                    f"| {name} | {geometric_mean(list(ratios.values())):.3f} | {ratios[worst]:.2f} ({worst}) |"
                )
    if notes:
        notes = ["## Not measured", "", *notes, ""]
    text = "\n".join([*lines, *summary, "", *growth, "", *notes, *details])
    arguments.output.parent.mkdir(parents=True, exist_ok=True)
    arguments.output.write_text(text)
    print(text)


if __name__ == "__main__":
    main()
