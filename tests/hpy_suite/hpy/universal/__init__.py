"""`hpy.universal` over `cardan`: loads modules, and gives the suite the debug and trace modes under HPy's names.

The suite checks HPy's own words for two errors, and that the file's name carries the ABI's number. Cardan has other words
and no such rule, so both are here.
"""

import re
from types import SimpleNamespace

import cardan
from cardan import _loading, _runtime
from cardan import debug as _cardan_debug
from cardan import trace as _cardan_trace

from .. import HPY_ABI_VERSION, HPY_ABI_VERSION_MINOR

MODE_UNIVERSAL, MODE_DEBUG, MODE_TRACE = range(3)

# The suite expects a process that reads what it must not to end without a word.
_cardan_debug.explain_faults(False)


def load(name, path, spec, debug=False, mode=-1):
    """Loads a module and returns it; a mode above 0 counts more than `debug`."""
    if mode <= 0:
        mode = MODE_DEBUG if debug else MODE_UNIVERSAL
    _check(name, path)
    return cardan.load(name, path, debug=mode == MODE_DEBUG, trace=mode == MODE_TRACE, spec=spec)


def _check(name, path):
    library, short = _loading.opened(name, path)
    major, minor, _ = _loading.requirements(name, path, library, short)
    if major not in _loading.OFFERED:
        raise RuntimeError(
            f"HPy extension module '{short}' requires unsupported version of the HPy runtime. Requested version: "
            f"{major}.{minor}. Current HPy version: {HPY_ABI_VERSION}.{HPY_ABI_VERSION_MINOR}."
        )
    tag = re.search(r"\.hpy(\d+)", path)
    if tag is None:
        raise RuntimeError(
            f"HPy extension module '{short}' at path '{path}': could not find HPy ABI tag encoded in the filename. The "
            f"extension claims to be compiled with HPy ABI version: {major}.{minor}."
        )
    if int(tag[1]) != major:
        raise RuntimeError(
            f"HPy extension module '{short}' at path '{path}': mismatch between the HPy ABI tag encoded in the filename "
            f"and the major version requested by the HPy extension itself. Major version tag parsed from filename: "
            f"{tag[1]}. Requested version: {major}.{minor}."
        )


def _load_bootstrap(name, ext_name, package, file, loader, spec, env):
    """What the Python file beside a module calls."""
    mode = {"debug": MODE_DEBUG, "trace": MODE_TRACE}.get(env.get("HPY"), MODE_UNIVERSAL)
    module = load(name, file, spec, mode=mode)
    module.__file__ = file
    module.__loader__ = loader
    module.__name__ = ext_name
    module.__package__ = package
    spec.origin = file
    module.__spec__ = spec
    return module


def get_version():
    """The version and the revision."""
    return cardan.__version__, ""


class DebugHandle:
    """`cardan.debug.DebugHandle` with HPy's names."""

    def __init__(self, handle):
        self._handle = handle

    def __getattr__(self, name):
        return getattr(self._handle, name)

    def _force_close(self):
        self._handle.close()

    def __eq__(self, other):
        return self._handle == other._handle if isinstance(other, DebugHandle) else NotImplemented

    def __repr__(self):
        return repr(self._handle)


_debug = SimpleNamespace(
    new_generation=_cardan_debug.new_generation,
    get_open_handles=lambda generation: [DebugHandle(handle) for handle in _cardan_debug.open_handles(generation)],
    get_closed_handles=lambda generation=0: [
        DebugHandle(handle) for handle in _cardan_debug.closed_handles(generation)
    ],
    get_closed_handles_queue_max_size=_cardan_debug.closed_limit,
    set_closed_handles_queue_max_size=_cardan_debug.set_closed_limit,
    get_protected_raw_data_max_size=_cardan_debug.raw_data_limit,
    set_protected_raw_data_max_size=_cardan_debug.set_raw_data_limit,
    set_on_invalid_handle=_cardan_debug.on_invalid_handle,
    set_on_invalid_builder_handle=_cardan_debug.on_invalid_builder,
    set_handle_stack_trace_limit=_cardan_debug.set_stack_limit,
)

_trace = SimpleNamespace(
    get_call_counts=lambda: {entry.name: entry.calls for entry in _cardan_trace.entries()},
    get_durations=lambda: {entry.name: entry.nanoseconds for entry in _cardan_trace.entries()},
    set_trace_functions=_cardan_trace.set_functions,
    get_frequency=_cardan_trace.resolution,
)

assert _runtime.CONTEXT_SIZE
