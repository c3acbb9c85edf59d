"""Compiling the library's own functions with Numba, and keeping their machine code on disk.

All that this package uses of Numba's and llvmlite's private parts is in this folder and in ``native/compat``; other modules
import from here. Read in this order:

* ``decorators`` and ``entry_points``: how a function is declared, by who calls it (Python, compiled code, an address);
* ``pointers`` and ``word_intrinsics``: what compiled code reads and writes memory with;
* ``compiler_choice``: which of two compilers compiles, ``pipeline`` (the library's own, with ``type_inference`` and
  ``llvm_codegen``; 5 s for a first gradient) or ``numba_pipeline`` (Numba's as it stands; 13 s, and the same results at the same
  speed). ``JITTAPE_COMPILER=numba`` asks for the second; a Numba that was not tested gets it by itself;
* ``fingerprint`` and ``disk_cache``: under which name machine code lies on disk, and when it is used;
* ``frozen_values``: what Numba has compiled into users' functions that can change afterwards; ``kept_with_functions``: where that
  is kept;
* ``c_functions`` and ``collector_pause``: what these need of Python.
"""
