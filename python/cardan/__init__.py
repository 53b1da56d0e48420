"""Cardan: one extension binary per platform, for every Python.

This package carries the `cardan` command, and a build back end (PEP 517) that makes universal wheels: `cardan.backend`.
"""

__version__ = "0.1.0"
