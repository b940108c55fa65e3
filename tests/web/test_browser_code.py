"""The browser's pure code, tested by Node's own runner."""

import shutil
import subprocess
from pathlib import Path

import pytest

JS = Path(__file__).parent / "js"


def test_the_browsers_pure_code():
    node = shutil.which("node")
    if node is None:
        pytest.skip("needs Node 20 or later: apt-get install nodejs")
    files = sorted(str(path) for path in JS.glob("*.test.js"))
    ran = subprocess.run([node, "--test", *files], capture_output=True, text=True, check=False)
    assert files
    assert ran.returncode == 0, ran.stdout + ran.stderr
