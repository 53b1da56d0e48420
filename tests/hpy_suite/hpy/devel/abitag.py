"""`hpy.devel.abitag`: the suffixes of extension modules that HPy's build support gives."""

import sysconfig

from hpy import HPY_ABI_VERSION, HPY_ABI_VERSION_MINOR

__all__ = ["HPY_ABI_TAG", "HPY_ABI_VERSION", "HPY_ABI_VERSION_MINOR", "get_hpy_ext_suffix", "parse_ext_suffix"]

HPY_ABI_TAG = f"hpy{HPY_ABI_VERSION}"

# How many words of an interpreter's own suffix say which ABI it is; what follows is the platform.
_WORDS = {"cpython": 2, "cp": 1, "pypy": 2, "graalpy": 3}


def parse_ext_suffix(ext_suffix=None):
    """The ABI tag and the extension of a suffix: `.cpython-310-darwin.so` gives `cp310` and `so`."""
    suffix = ext_suffix or sysconfig.get_config_var("EXT_SUFFIX")
    _, abi, extension = suffix.split(".")
    words = abi.split("-")
    count = next((count for name, count in _WORDS.items() if words[0].startswith(name)), len(words))
    return "-".join(words[:count]).replace("cpython-", "cp"), extension


def get_hpy_ext_suffix(hpy_abi, ext_suffix=None):
    """The suffix of a module: `.hpy1.so` where it is universal, `.hpy1-cp310.so` where it is hybrid."""
    tag, extension = parse_ext_suffix(ext_suffix)
    return f".{HPY_ABI_TAG}.{extension}" if hpy_abi == "universal" else f".{HPY_ABI_TAG}-{tag}.{extension}"
