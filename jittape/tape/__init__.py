"""The Wengert list: rows and storages as columns of arrays, how they are appended, read, written in place and dropped."""
