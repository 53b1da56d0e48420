"""Stands in for the package `hpy` in HPy's own test suite: the same names, over `cardan`."""
