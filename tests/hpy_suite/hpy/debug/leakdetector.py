"""`hpy.debug.leakdetector`: Cardan's own, under HPy's names."""

from cardan.debug import DebugError as HPyDebugError
from cardan.debug import LeakDetector
from cardan.debug import LeakError as HPyLeakError

__all__ = ["HPyDebugError", "HPyLeakError", "LeakDetector"]
