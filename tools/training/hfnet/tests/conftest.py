"""Makes the package importable from a plain `pytest` run."""

import sys
from pathlib import Path

here = Path(__file__).resolve()
sys.path[:0] = [str(here.parents[2]), str(here.parents[3])]
