"""Intervals with values, written in C++ with handles."""

from ._intervals import IntervalMap

__all__ = ["IntervalMap"]
