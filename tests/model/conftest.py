"""The hand-written worlds stand beside the tests of the detectors; these tests read them too."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "detect"))
