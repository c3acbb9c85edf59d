"""Memory by address: typed words, a pool of reusable blocks, and interned layouts."""
