"""Numba at arm's length: its private parts, and llvmlite's, are imported in one folder and one module."""

import ast
import functools
import pathlib

import jittape

PACKAGE = pathlib.Path(jittape.__file__).parent
BACKEND, NATIVE = "numba_backend/", "native/compat.py"

# What Numba documents for its users and for libraries that extend it.
PUBLIC_MODULES = {"numba.types", "numba.extending"}
PUBLIC_NAMES = {"extending", "guvectorize", "jit", "literal_unroll", "njit", "prange", "typed", "typeof", "types", "vectorize"}


@functools.cache
def modules(root=PACKAGE):
    return {path.relative_to(root).as_posix(): ast.parse(path.read_text()) for path in sorted(root.rglob("*.py"))}


def is_of_numba(module):
    return module.partition(".")[0] in ("numba", "llvmlite")


def is_public(module, name):
    return module in PUBLIC_MODULES or (module == "numba" and name in PUBLIC_NAMES)


def imports(tree):
    """(module, name) of all imports in a module; the name is None where the module is imported itself."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, None) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield from ((node.module, alias.name) for alias in node.names)


def private_uses(tree):
    """What a module uses of Numba and llvmlite beside their public names."""
    for module, name in imports(tree):
        if is_of_numba(module) and not is_public(module, name) and (module, name) != ("numba", None):
            yield f"{module}.{name}" if name else module
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "numba":
            if node.attr not in PUBLIC_NAMES:
                yield f"numba.{node.attr}"


def imported_from(tree, ending):
    """Names that a module imports from one whose name ends so."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level and (node.module or "").endswith(ending):
            yield from (alias.name for alias in node.names)


def test_private_uses_are_found():
    found = private_uses(
        ast.parse(
            "import numba, llvmlite.binding\nfrom numba import njit, types, core\nfrom numba.core import errors\n"
            "from numba.extending import overload\nnumba.njit\nnumba.core.config\ndef f():\n    from llvmlite import ir"
        )
    )
    assert set(found) == {"llvmlite.binding", "numba.core", "numba.core.errors", "llvmlite.ir"}


def test_private_parts_are_imported_in_one_folder_and_one_module():
    found = {name: set(private_uses(tree)) for name, tree in modules().items()}
    inside = {name for name, uses in found.items() if uses}
    assert NATIVE in inside and len([name for name in inside if name.startswith(BACKEND)]) > 3
    assert not {name: found[name] for name in inside if name != NATIVE and not name.startswith(BACKEND)}


def test_what_is_imported_for_other_modules_is_used_by_them():
    trees = modules()
    wanted = {name for file, tree in trees.items() if file.startswith("native/") for name in imported_from(tree, "compat")}
    tree = trees[NATIVE]
    given = {alias.asname or alias.name for node in tree.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    given |= {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    used_inside = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert wanted <= given
    assert given - used_inside == wanted - used_inside, "a name that no module imports any more"
