"""Processes of other Pythons: started with the package that is tested, watched, and told apart by how they end."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

HERE = Path(__file__).resolve().parent


def environment(package: Path, **more: str) -> dict[str, str]:
    """What a Python needs to find the package and nothing of ours."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "CARDAN"))}
    return {**kept, "PYTHONPATH": str(package), "PYTHONDONTWRITEBYTECODE": "1", **more}


def ended(code: int) -> str:
    """In words how a process ended."""
    if code >= 0:
        return f"exit code {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"


def run(command: list[object], env: dict[str, str], timeout: float, cwd: Path | None = None) -> tuple[str, str, str]:
    """Runs a command: how it ended ("exit code 0", "SIGSEGV", "no end after 60 s"), its stdout, its stderr."""
    words = [str(word) for word in command]
    process = subprocess.Popen(
        words, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=cwd,
        errors="replace",
    )  # fmt: skip
    try:
        output, errors = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        process.kill()
        output, errors = process.communicate()
        return f"no end after {timeout:.0f} s", output, errors
    return ended(process.returncode), output, errors


def batch(
    command: list[object], first: int, end: int, env: dict[str, str], timeout: float
) -> tuple[dict[int, str], list[str]]:
    """Runs numbers in one process after the other: a process that dies or hangs is followed by one for the rest.

    The command gets FIRST and END as its last arguments and prints `NUMBER OUTCOME`. Returns what was said of each
    number, and one line for each process that did not end well.
    """
    outcomes: dict[int, str] = {}
    deaths = []
    while first < end:
        how, output, errors = run([*command, first, end], env, timeout)
        last = first - 1
        for line in output.splitlines():
            number, _, outcome = line.partition(" ")
            if number.isdigit():
                last = int(number)
                outcomes[last] = outcome or how
        if how == "exit code 0" and last == end - 1:
            break
        said = " | ".join(errors.strip().splitlines()[-6:])
        deaths.append(f"number {last}: {how}: {outcomes.get(last, '')} {said[-300:]}".strip())
        if last < first:
            break
        if how == "exit code 0" or outcomes[last] in ("", how):
            outcomes[last] = how
        first = last + 1
    return outcomes, deaths
