"""Stands in for the package `hpy` in HPy's own test suite: the same names, over `cardan`."""

# Here, so that loading a module does not import what compiles one.
HPY_ABI_VERSION = 1
HPY_ABI_VERSION_MINOR = 0
