"""How a module of the handle API is loaded by its path: what `cardan.load` does."""

from __future__ import annotations

import os
import struct
from importlib.machinery import ExtensionFileLoader, ModuleSpec
from importlib.util import find_spec
from types import ModuleType

from . import _runtime

UNIVERSAL, DEBUG, TRACE = 0, 1, 2
"""The modes of `cardan._runtime`."""

_MODES = {"debug": DEBUG, "trace": TRACE}

OFFERED = (0, 1)
"""The major versions of the ABI that the runtime offers: HPy's own, and Cardan's."""


def load_module(
    name: str,
    path: str | os.PathLike[str] | None,
    debug: bool | None,
    trace: bool | None,
    spec: ModuleSpec | None,
) -> ModuleType:
    """Does what `cardan.load` says."""
    if debug and trace:
        raise ValueError(f"cannot load {name} in debug and in trace mode: choose one of them")
    if debug is None and trace is None:
        mode = environment_mode(name)
    else:
        mode = DEBUG if debug else TRACE if trace else UNIVERSAL
    path = os.path.abspath(os.fspath(path) if path is not None else find(name))
    library, short = opened(name, path)
    check(name, path, requirements(name, path, library, short))
    if spec is None:
        spec = ModuleSpec(name, ExtensionFileLoader(name, path), origin=path)
        spec.has_location = True
    module = _runtime.create(library, short.encode(), spec, mode)
    # A module may choose its own type of object, which then need not take attributes.
    if isinstance(module, ModuleType):
        module.__file__ = path
        module.__loader__ = spec.loader
        module.__package__ = spec.parent
        module.__spec__ = spec
    return module


def environment_mode(name: str) -> int:
    """The mode that the environment variable CARDAN asks for, as for a module that is imported: `debug`, `trace`, or one of
    them with names of modules, as in `debug:geometry,shapes`.

    Raises ImportError if it is not understood.
    """
    value = os.environ.get("CARDAN", "")
    word, colon, names = value.partition(":")
    if value and word not in _MODES:
        raise ImportError(
            f'cannot load {name}: CARDAN={value} is not understood; expected "debug" or "trace", or one of them with '
            f'names of modules, as in "debug:geometry"',
            name=name,
        )
    wanted = not colon or name.rpartition(".")[2] in (each.rpartition(".")[2] for each in names.split(","))
    return _MODES[word] if value and wanted else UNIVERSAL


def find(name: str) -> str:
    """The file of a module that an import would find, or the shared library beside its loader."""
    spec = find_spec(name)
    origin = spec.origin if spec is not None and spec.has_location else None
    if origin is None:
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)
    folder, file = os.path.split(origin)
    stem, extension = os.path.splitext(file)
    if extension != ".py":
        return origin
    # The loader that stands in for the file where the interpreter does not look for a bare suffix.
    beside = [entry for entry in sorted(os.listdir(folder)) if entry.startswith(f"{stem}.") and entry.endswith(".so")]
    if not beside:
        raise ImportError(
            f"cannot load {name}: {origin} is Python, and no shared library {stem}.so lies beside it",
            name=name,
            path=origin,
        )
    return os.path.join(folder, beside[0])


def opened(name: str, path: str) -> tuple[int, str]:
    """The library, loaded, and the module's name as its functions have it."""
    if not os.path.exists(path):
        raise ImportError(f"cannot load {name}: there is no file {path}", name=name, path=path)
    try:
        whole(path)
        library = _runtime.open(os.fsencode(path))
    except OSError as error:
        message = f"cannot load {name}: {path} is not a shared library for this machine: {error}"
        raise ImportError(message, name=name, path=path) from None
    return library, name.rpartition(".")[2].replace("-", "_")


def whole(path: str) -> None:
    """Raises OSError if a file is an ELF library that was cut off: to open such a file ends the process on some systems."""
    with open(path, "rb") as file:
        header = file.read(64)
        if len(header) < 64 or header[:4] != b"\x7fELF" or header[4] not in (1, 2) or header[5] not in (1, 2):
            return
        order = "<" if header[5] == 1 else ">"
        # Where the program headers are; the size and the number of them. In each, where a segment is in the file.
        wide = header[4] == 2
        start = struct.unpack_from(order + ("Q" if wide else "I"), header, 32 if wide else 28)[0]
        size, count = struct.unpack_from(order + "HH", header, 54 if wide else 42)
        file.seek(start)
        table = file.read(size * count)
        needed = start + size * count
        for index in range(len(table) // size if size >= 32 else 0):
            offset, length = struct.unpack_from(
                order + ("8xQ16xQ" if wide else "4xI8xI"), table, index * size
            )  # fmt: skip
            needed = max(needed, offset + length)
        found = file.seek(0, os.SEEK_END)
    if found < needed:
        raise OSError(f"it is cut off after {found} bytes, expected {needed} or more")


def requirements(name: str, path: str, library: int, short: str) -> tuple[int, int, int]:
    """What the module needs: the ABI's major and minor version, and the size of the context in bytes, 0 if it is HPy's.

    Raises ImportError if the library is no module of this name.
    """
    found = _runtime.requirements(library, short.encode())
    if found is None:
        raise ImportError(
            f"cannot load {name} from {path}: it has no function HPyInit_{short}; expected a module for the handle API, "
            f"with HPy_MODINIT({short}, …)",
            name=name,
            path=path,
        )
    return found


def check(name: str, path: str, needed: tuple[int, int, int]) -> None:
    """Raises ImportError if the runtime cannot serve a module with these requirements."""
    major, minor, size = needed
    if major not in OFFERED:
        offered = " and ".join(map(str, OFFERED))
        message = f"it needs HPy ABI {major}.{minor}, this runtime offers {offered}"
    elif size > _runtime.CONTEXT_SIZE:
        message = (
            f"it was built with a context of {size} bytes, this runtime has {_runtime.CONTEXT_SIZE}: update cardan"
        )
    else:
        return
    raise ImportError(f"cannot load {name} from {path}: {message}", name=name, path=path)
