"""What this interpreter says of itself, as one line of JSON. Runs on every Python 3, whatever its implementation."""

import json
import sys


def libc():
    """The C library and its version, such as ["glibc", "2.36"], or None where it does not say."""
    import os

    try:
        name, version = os.confstr("CS_GNU_LIBC_VERSION").split()
        return [name, version]
    except (AttributeError, OSError, ValueError):
        pass
    import sysconfig

    if "musl" in (sysconfig.get_config_var("HOST_GNU_TYPE") or ""):
        return ["musl", ""]
    return None


def found(name):
    """Whether a module of this name could be imported."""
    try:
        from importlib.util import find_spec

        return find_spec(name) is not None
    except Exception:
        return False


def path(text):
    """A path of the system as text: each byte that belongs to no letter becomes a character that no name has."""
    return "".join(chr(0x10FE00 + ord(c) - 0xDC00) if 0xDC80 <= ord(c) <= 0xDCFF else c for c in text or "")


def describe():
    """Everything that is reported."""
    try:
        from importlib.machinery import EXTENSION_SUFFIXES as suffixes
    except ImportError:
        suffixes = []
    try:
        import sysconfig

        platform = sysconfig.get_platform()
        free_threaded = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))
    except Exception:
        platform, free_threaded = sys.platform, False
    return {
        "implementation": sys.implementation.name,
        "version": list(sys.version_info),
        "implementation_version": list(sys.implementation.version),
        "free_threaded": free_threaded,
        "debug": hasattr(sys, "gettotalrefcount"),
        "extension_suffixes": list(suffixes),
        "platform": platform,
        "libc": libc(),
        "executable": path(sys.executable),
        "base_executable": path(getattr(sys, "_base_executable", None) or sys.executable),
        "prefix": path(sys.prefix),
        "base_prefix": path(getattr(sys, "base_prefix", sys.prefix)),
        "venv": found("venv"),
        "pip": found("pip"),
        # A process of a Java virtual machine takes seconds to start, and `venv` starts several.
        "java": "java" in sys.builtin_module_names,
    }


print(json.dumps(describe()))
