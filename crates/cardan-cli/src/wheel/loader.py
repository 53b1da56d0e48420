"""Loads {file}, the extension module beside this file.

Most Pythons find {file} themselves and never read this file. It is for those whose extension modules have to carry
the interpreter's own name in their suffix.
"""

if "__extension_spec__" in globals():
    # importlib.reload runs this file in the extension module, which is made once: it is left as it was.
    globals().update(__spec__=globals()["__extension_spec__"])
    globals().update(__doc__=__spec__.loader_state, __file__=__spec__.origin, __loader__=__spec__.loader)
    globals().pop("__cached__", None)
else:

    def __getattr__(name: str):
        # Tells tools that read this file that it is not the source: the extension module has the names, of any type.
        return globals()[name]

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
        # Another thread that imports this name waits until the module is whole.
        spec._initializing = True
        try:
            # The import system returns what it finds here, so the extension module takes this one's place.
            sys.modules[__name__] = module
            spec.loader.exec_module(module)
        finally:
            spec._initializing = False
        spec.loader_state = getattr(module, "__doc__", None)
        if isinstance(module, type(sys)):  # What was made may be something else, which cannot be reloaded.
            module.__extension_spec__ = spec

    _load()
