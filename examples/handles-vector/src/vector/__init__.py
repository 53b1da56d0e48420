"""Vectors of doubles, written in C with handles."""

from ._vector import DimensionError, Vector, interpolate

__all__ = ["DimensionError", "Vector", "interpolate"]
