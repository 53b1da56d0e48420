"""`python -m cardan`: the `cardan` command."""

from __future__ import annotations

import os
import subprocess
import sys

from .command import find


def main() -> None:
    """Runs the command with this process's arguments, and ends with its exit code."""
    try:
        command = [find(), *sys.argv[1:]]
    except FileNotFoundError as error:
        sys.exit(f"error: {error}")
    if os.name == "nt":
        # There, exec starts another process and ends this one before it.
        sys.exit(subprocess.run(command, check=False).returncode)
    os.execv(command[0], command)


if __name__ == "__main__":
    main()
