"""A program that embeds Python, starts and ends it, and makes interpreters in between: `embed.c`, with this Python's library.

The argument is a folder with the module `kept` and the program.
"""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

if sys.implementation.name != "cpython":
    print("skipped: this Python cannot be ended and started again")
    sys.exit()
folder, here = Path(sys.argv[1]), Path(__file__).parent
package = importlib.util.find_spec("cardan")
path = [str(folder), *([str(Path(package.origin).parent.parent)] if package else [])]
environment = {
    **os.environ,
    "CARDAN_EMBED": "1",
    "LD_PRELOAD": str(folder / "embed.so"),
    "PYTHONHOME": f"{sys.base_prefix}:{sys.base_exec_prefix}",
    "PYTHONPATH": os.pathsep.join(path),
}
command = [os.path.realpath(sys.executable), "10", "10", here / "embedded.py"]
done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True, timeout=300)
assert (done.returncode, done.stdout) == (0, "embedded\n"), f"{done.returncode}: {done.stdout}{done.stderr}"
print("checked")
