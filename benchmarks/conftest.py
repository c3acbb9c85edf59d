"""What pytest collects here: tests.  The other modules are programs, and some need tools that may not be installed."""

import pathlib

collect_ignore = [path.name for path in pathlib.Path(__file__).parent.glob("*.py") if not path.name.startswith("test_")]
