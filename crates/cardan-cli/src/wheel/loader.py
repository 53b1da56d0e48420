"""Loads {file}, the extension module beside this file.

Most Pythons find {file} themselves and never read this file. It is for those whose extension modules have to carry
the interpreter's own name in their suffix.
"""


def _load():
    import os
    import sys
    from importlib import _bootstrap  # importlib.util has its function from here, and takes far longer to import
    from importlib.machinery import ExtensionFileLoader, ModuleSpec

    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "{file}")
    spec = ModuleSpec(__name__, ExtensionFileLoader(__name__, path), origin=path)
    spec.submodule_search_locations = __spec__.submodule_search_locations
    spec.has_location = True
    module = _bootstrap.module_from_spec(spec)
    # The import system returns what it finds here, so the extension module takes this one's place.
    sys.modules[__name__] = module
    spec.loader.exec_module(module)


_load()
