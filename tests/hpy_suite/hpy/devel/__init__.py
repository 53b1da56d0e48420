"""`hpy.devel` over `cardan toolchain`: each source is compiled once, and every Python loads that file.

The cache is a folder that the environment names; a file in it is known by what went into it. The Pythons that run at the
same time wait for each other. A source that does not compile is kept as well, as the compiler's words.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from distutils.cmd import Command
from distutils.errors import CompileError
from pathlib import Path

from filelock import FileLock

from .abitag import get_hpy_ext_suffix

_STUB = """\
def __bootstrap__():
    import os
    import sys

    from hpy.universal import _load_bootstrap

    file = os.path.join(os.path.dirname(__file__), {file!r})
    sys.modules[__name__] = _load_bootstrap(
        {name!r}, __name__, __package__, file, __loader__, __spec__, os.environ
    )


__bootstrap__()
"""


class HPyDevel:
    """What the suite asks to prepare a distribution of extension modules."""

    def fix_distribution(self, dist):
        """Gives it a command `build_ext` that takes the modules from the cache."""
        dist.cmdclass["build_ext"] = BuildExtension


class BuildExtension(Command):
    """Puts the one module of the distribution into its folder."""

    user_options = []

    def initialize_options(self):
        self.build_lib = self.build_temp = None
        self.force = self.debug = False
        self.outputs = []

    def finalize_options(self):
        pass

    def run(self):
        abi = self.distribution.hpy_abi
        for extension in self.distribution.hpy_ext_modules:
            file = extension.name + get_hpy_ext_suffix(abi)
            target = os.path.join(self.build_lib, file)
            # A copy: a library is loaded once for each file, and two tests must not share its variables.
            shutil.copyfile(compiled(extension, abi), target)
            stub = os.path.join(self.build_lib, extension.name + ".py")
            with open(stub, "w") as text:
                text.write(_STUB.format(file=file, name=extension.name))
            self.outputs += [target, stub]

    def get_outputs(self):
        return self.outputs


def compiled(extension, abi):
    """The file of a module in the cache, compiled if it is not there yet. Raises CompileError."""
    cache = Path(os.environ["CARDAN_SUITE_CACHE"])
    toolchain = Path(os.environ["CARDAN_TOOLCHAIN"])
    flags = [*extension.extra_compile_args, *extension.extra_link_args, f"-DHPY_ABI_{abi.upper()}", "-DHPY"]
    digest = hashlib.sha256(json.dumps([extension.name, flags]).encode())
    for source in extension.sources:
        digest.update(Path(source).read_bytes() + b"\0")
    kept = cache / digest.hexdigest()[:32]
    module, errors = kept.with_suffix(".so"), kept.with_suffix(".err")
    with FileLock(f"{kept}.lock"):
        if not module.exists() and not errors.exists():
            _compile(toolchain, flags, extension.sources, module, errors)
    if errors.exists():
        os.write(2, errors.read_bytes())
        raise CompileError(f"cannot compile {extension.name}")
    return module


def _compile(toolchain, flags, sources, module, errors):
    with tempfile.TemporaryDirectory(dir=module.parent) as folder:
        output = Path(folder) / "module.so"
        command = [toolchain.parent / "bin" / "cc", "-shared", *flags, *sources, "-o", output]
        result = subprocess.run(command, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if result.returncode == 0:
            os.rename(output, module)
        else:
            # Whole or not at all.
            said = Path(folder) / "errors"
            said.write_bytes(result.stdout)
            os.rename(said, errors)
    with open(module.parent / "compiled.txt", "a") as record:
        record.write(f"{module.stem} {sys.implementation.name}-{sys.version_info[0]}.{sys.version_info[1]}\n")
