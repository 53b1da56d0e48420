"""Runs each check in a process of its own, with this Python, and prints what it says.

The argument is a folder with the module `kept` and the program that embeds Python.
"""

import os
import subprocess
import sys
from pathlib import Path

FOLDER, HERE = sys.argv[1], Path(__file__).parent
MODE = os.environ.get("CARDAN")
PARTS = ["main_first", "main_last", "several_at_a_time", "in_threads", "threads_of_c", *([MODE] if MODE else [])]
CHECKS = [*(["check_interpreters.py", FOLDER, part] for part in PARTS)]
CHECKS += [["check_embedded.py", FOLDER], ["check_copies.py", FOLDER]]

failed = False
for script, *arguments in CHECKS:
    command = [sys.executable, "-W", "ignore::DeprecationWarning", str(HERE / script), *arguments]
    done = subprocess.run(
        command, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=600
    )
    print(script, *arguments[1:], done.returncode, done.stdout, flush=True)
    failed |= done.returncode != 0
sys.exit(failed)
