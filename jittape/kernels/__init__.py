"""The loops of operations, the table of their addresses, and the engine functions that are called by address."""
