"""The tool: ``python -m benchmarks.gradbench`` answers GradBench's messages, a line of JSON each."""

import os
import sys

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

from .tool_session import serve

if __name__ == "__main__":
    serve(sys.stdin, sys.stdout)
