"""The modules that the documents show compile, and do what they say."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT


@pytest.mark.parametrize("document", ["README.md", "docs/reference/hpy-h.md"])
def test_a_module_that_is_shown_works(compile_module, tmp_path: Path, document: str):
    [text] = re.findall(r"^```c\n(#include.*?)^```$", (ROOT / document).read_text(), re.DOTALL | re.MULTILINE)
    (tmp_path / "sums.c").write_text(text)
    compile_module(tmp_path / "sums.so", tmp_path / "sums.c")
    code = "import sums; print(sums.add(1, 2) == 3, sums.__doc__)"
    shown = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True, capture_output=True, text=True)
    assert shown.stdout == "True Sums.\n"
