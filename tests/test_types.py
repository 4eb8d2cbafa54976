"""The rooms that `pyproject.toml` lists for mypy keep to their signatures."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_the_checker_finds_no_fault():
    """What it has read is kept in ``.mypy_cache``, so that only the first run takes long."""
    done = subprocess.run([sys.executable, "-m", "mypy"], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
