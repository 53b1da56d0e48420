"""Makes this environment's Python answer build back ends as the interpreter that is called cardan.

`cardan build` puts this module and the .pth file that imports it into the build's environment. It does nothing
outside of a build.
"""

import json
import os
import sysconfig


def _apply(toolchain: dict) -> None:
    # setuptools, Meson and CMake all read sysconfig, each in its own way: the variables, and the paths by scheme.
    sysconfig.get_config_vars().update(toolchain["sysconfig"])
    # The schemes are str.format templates.
    include = toolchain["announced_include"].replace("{", "{{").replace("}", "}}")
    for scheme in sysconfig._INSTALL_SCHEMES.values():
        for key in ("include", "platinclude"):
            if key in scheme:
                scheme[key] = include


if os.environ.get("CARDAN_TOOLCHAIN"):
    with open(os.environ["CARDAN_TOOLCHAIN"], encoding="utf-8") as file:
        _apply(json.load(file))
