"""Shapes and paths, written in Cython."""

from .paths import Path, accumulator, centroid, grid, length, parse, scale, settle, visits, walk
from .shapes import Circle, Point, Rectangle, Shape, Square, total_area

__all__ = [
    "Circle",
    "Path",
    "Point",
    "Rectangle",
    "Shape",
    "Square",
    "accumulator",
    "centroid",
    "grid",
    "length",
    "parse",
    "scale",
    "settle",
    "total_area",
    "visits",
    "walk",
]
