"""Programs whose files are forged, a program for every operation of the table; run as a script, it tries the forgeries.

`tests/test_forged_programs.py` runs it in a process of its own, in which every slot of a program's memory lies between pages that
cannot be read or written, so that a program which leaves its memory ends the process.
"""

import ctypes
import faulthandler
import hashlib
import io
import json
import math
import mmap
import random
import resource
import sys
import zipfile
from importlib import import_module

import numpy as np

import jittape as jt
import jittape.scipy.linalg  # they declare operations
import jittape.scipy.signal
from jittape.errors import FileError
from jittape.ops.declare_elementwise import Elementwise
from jittape.ops.declare_structured import Structured
from jittape.ops.declare_view import View
from jittape.ops.domains import sample_operands
from jittape.ops.operation_table import BY_NAME
from jittape.ops.recorded_masks import Mask
from jittape.programs.calls import instance, program
from jittape.programs.lowering import assembly
from jittape.programs.persistence import program_files

PAGE = mmap.PAGESIZE
MOST_ELEMENTS = 64  # of operands

# --- programs -------------------------------------------------------------------------------------------------------

UNSAVED = dict.fromkeys(("custom_call", "native_call"), "calls a function of the user") | {
    "logm": "SciPy's draws random numbers",
    **dict.fromkeys(("sparse_product", "sparse_solve"), "has a matrix of the user, compared by identity"),
    **dict.fromkeys(("scipy_hyp2f1", "scipy_eval_jacobi"), "has no derivative by its first operand"),
}
UNDIFFERENTIATED = {"completing_vectors"}  # vectors that may turn among themselves
SHAPES = {
    **dict.fromkeys(("expm", "sqrtm", "sinm", "cosm", "tanm", "sinhm", "coshm", "tanhm", "lu_in_place"), [(2, 2)]),
    "solve_sylvester": [(2, 2), (2, 2), (2, 2)],
    **dict.fromkeys(("solve_continuous_are", "solve_discrete_are"), [(1, 1)] * 4),
    "inv": [(3, 3)],
    "det": [(2, 2, 2)],
    "logabsdet": [(3, 3)],
    "cholesky": [(2, 2)],
    "solve": [(3, 3), (3, 2)],
    "eigenvectors": [(2, 2)],
    "earlier": [(4,)],
    "recursive_filter": [(2,), (2, 5)],
}
OF_COMPLEX = (
    "lambertw",
    "wofz",
    "special_of_complex",
    "real",
    "imag",
    "abs_of_complex",
    "direction_of_complex",
    "angle_of_complex",
    "dft",
    "real_dft",
)  # operands
COMPLEX = ("complex", "half_dft", *OF_COMPLEX)  # operands or results
STATICS = {
    "solve_triangular": ([(3, 3), (3, 2)], (True, False, False)),
    "solve_banded": ([(3, 4), (4, 2)], (1, 1)),
    "cumprod": ([(3, 2)], (1,)),
    "einsum": ([(2, 3), (3, 4)], (("ij", "jk"), "ki")),
    "to": ([(3, 2)], (np.dtype(np.float32),)),
    "eigvalsh": ([(2, 3, 3)], ("L", True)),
    "symmetric_vectors": ([(3, 3)], ("U",)),
    "eigvals": ([(2, 2)], (False,)),  # of positive numbers: real ones
    "svdvals": ([(2, 3, 2)], (True,)),
    "left_vectors": ([(3, 2)], ()),
    "right_vectors": ([(2, 3)], ()),
    "completing_vectors": ([(2, 4)], (True,)),
    "pinv": ([(3, 2)], (1e-15,)),
    "lstsq": ([(3, 2), (3, 4)], (1e-15,)),
    "orthogonal_factor": ([(2, 3, 2)], ()),
    "triangle": ([(3, 2)], ()),
    **dict.fromkeys(OF_COMPLEX[1:-2], ([(2, 3)], ())),
    "lambertw": ([(2, 3)], (0,)),
    "special_of_complex": ([(2, 3)], ("erf",)),
    "half_dft": ([(3, 4)], (1, -1, 0)),
    "real_dft": ([(2, 3)], (1, 4, 1, 0)),
    "complex": ([(2, 3), (2, 3)], ()),
}
VIEWS = {
    "reshape": ((2, 6), ((3, 4),)),
    "permute": ((2, 3, 4), ((2, 0, 1),)),
    "transpose": ((2, 3, 4), (0, 2)),
    "t": ((2, 3), ()),
    "expand": ((2, 1), ((3, 2, 4),)),
    "unsqueeze": ((2, 3), (1,)),
    "squeeze": ((2, 1, 3), ((1,),)),
    "diagonal": ((3, 4), (1, 0, 1)),
    "select": ((3, 4), ((1, ("slice", 0, 3, 2)),)),
    "slice": ((5, 4), ((("slice", 1, 5, 2), None, ("slice", 0, 2, None)),)),
    "unfold": ((7,), (0, 3, 2)),
    "alias": ((3,), ()),
}


def programs():
    """Name and maker of each: the maker returns a compiled function and arguments."""
    for module in program_files.DECLARED_WHEN_ASKED_FOR:
        import_module(f"jittape.ops.{module}")
    found = {"mixed": mixed, "writes": writes, "run of numbers": run_of_numbers, "tensors": tensors}
    for operation in BY_NAME.values():
        if isinstance(operation, View):
            found[operation.name] = lambda o=operation: of_view(o)
        elif isinstance(operation, Elementwise) and not operation.library:  # which are declared when they are asked for
            found[operation.name] = lambda o=operation: of_elementwise(o)
        elif isinstance(operation, Structured) and operation.name not in UNSAVED:
            for k, (shapes, statics) in enumerate(examples(operation)):
                found[f"{operation.name} {k}" if k else operation.name] = lambda o=operation, s=shapes, t=statics: of_structured(
                    o, s, t
                )
    return found


def examples(operation):
    """Shapes and statics: up to five, of different numbers of axes or different flags."""
    if operation.examples is None or operation.name in STATICS:
        return [STATICS.get(operation.name, (SHAPES.get(operation.name), ()))]
    kept = {}
    for shapes, statics in operation.examples():
        if 0 < max(map(math.prod, shapes)) <= MOST_ELEMENTS:
            kept.setdefault((tuple(map(len, shapes)), *map(variety, statics)), (shapes, statics))
    return list(kept.values())[:5]


def variety(static):
    """What tells apart examples that are both of interest: flags, and labels with one weight or with many."""
    return static if type(static) is bool else getattr(static, "weights", None) is None


class Applied:
    """An operation with its statics, as a function of its operands; a trace compares nothing of it."""

    def __init__(self, operation, statics=()):
        self.operation, self.statics = operation, statics
        self.complex = BY_NAME["complex"] if operation.name in OF_COMPLEX else None  # what makes operands complex
        self.makes_complex = operation.name in COMPLEX

    @staticmethod
    def environment_of(value):
        return None

    def __call__(self, *xs):
        if self.complex is not None:
            xs = [self.complex.apply(x, 0.5 * x) for x in xs]
        value = self.operation.apply(*([list(xs)] if self.operation.arity < 0 else xs), *self.statics)
        return abs(value) if self.makes_complex else value


def differentiated(function, xs):
    return jt.compile(jt.value_and_grad(function, tuple(range(len(xs))))), xs


def of_view(operation):
    shape, statics = VIEWS[operation.name]
    f = Applied(operation, statics)
    return differentiated(lambda x: (f(x * 2.0) ** 2).sum(), [np.arange(1.0, 1 + math.prod(shape)).reshape(shape)])


def of_elementwise(operation):
    shapes, f = [(2, 3), (3,), (1, 3)][: operation.arity], Applied(operation)
    xs = sample_operands(operation, np.random.default_rng(0), *shapes, clear=False)
    if isinstance(operation, Mask):
        return differentiated(lambda *xs: jt.where(f(*xs), xs[0], 2.0).sum(), xs)
    return differentiated(lambda *xs: f(*xs).sum(), xs)


def of_structured(operation, shapes, statics):
    rng, f = np.random.default_rng(0), Applied(operation, statics)
    xs = [operation.domain.sample(rng, s) if hasattr(operation.domain, "sample") else rng.uniform(0.5, 1.5, s) for s in shapes]
    if f.complex is not None:
        xs = [np.real(x) for x in xs]  # which the function makes complex
    if operation.name in SHAPES and xs[0].ndim > 1:
        xs[0] = xs[0] @ np.swapaxes(xs[0], -2, -1) + np.eye(xs[0].shape[-1])
    if operation.name in UNDIFFERENTIATED:
        return jt.compile(lambda *xs: (f(*xs) ** 2).sum()), xs
    return differentiated(lambda *xs: (f(*xs) ** 2).sum(), xs)


def mixed():
    """Most of what a listing can hold: captured Tensors, positions, joins, writes, statics, a guard."""
    w = jt.tensor([1.0, 2.0, 3.0])

    def function(a, k):
        u = a.clone()
        u[1:] += w[1:] * a[0]
        joined = jt.cat([u * w, a[::2]])[[0, 2, 4]] * k
        return {"y": (joined, np.cumsum(a), a > 1), "z": a.max() if a[0] > 0 else a.min(), "n": (3, None, "text", 2.5)}

    return jt.compile(function), [np.array([1.0, 2.0, 3.0]), 2]


def writes():
    def function(x, y):
        u = x * 1.0
        u[1:, ::2] = y
        u[0] *= x[1]
        v = u.T
        v[2] += 3.0
        return (u * v.T).sum()

    return differentiated(function, [np.ones((3, 4)), np.ones((2, 2))])


def run_of_numbers():
    def function(x):
        s = x[0]
        for k in range(12):
            s = s * x[k % 4] + jt.sin(s)
        return s * (x * x)[2]

    return differentiated(function, [np.array([0.5, 0.25, 1.5, 1.25])])


def tensors():
    """Called with Tensors that require gradients: a call is a row, whose sweep runs a program with cotangents as inputs."""
    w = jt.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)

    def function(x, y):
        u = x @ w
        return u * y, (u.reshape(-1)[1:] ** 2).sum()

    return jt.compile(function), [jt.tensor([[1.0, 2.0]], requires_grad=True), jt.tensor([0.5, 2.0], requires_grad=True)]


# --- forgeries ------------------------------------------------------------------------------------------------------

NASTY = [
    -1,
    0,
    1,
    2,
    3,
    7,
    -5,
    64,
    2**20,
    2**31,
    2**40,
    2**62,
    2**63,
    -(2**63),
    2**64 + 1,
    1.5,
    math.nan,
    True,
    None,
    "x",
    [],
    {},
    [0],
]
NASTY_WORDS = [-1, 0, 1, 2, 3, 5, -2, -3, 40, 2**20, 2**31, 2**40, 2**62, -(2**62)]
DTYPES = [np.float32, np.float64, np.int32, np.uint8, np.complex128, ">i8", ">f8", "U3"]


def unpacked(file):
    """Manifest and arrays of a file."""
    with zipfile.ZipFile(file) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        arrays = [np.load(io.BytesIO(archive.read(f"arrays/{k}.npy"))) for k in range(len(manifest["arrays"]))]
    return manifest, arrays


def packed(manifest, arrays):
    """A file of them, with right checksums."""
    contents = []
    for array in arrays:
        buffer = io.BytesIO()
        np.save(buffer, array)
        contents.append(buffer.getvalue())
    text = json.dumps({**manifest, "arrays": [hashlib.sha256(c).hexdigest() for c in contents]}).encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("manifest.json", text)
        archive.writestr("manifest.sha256", hashlib.sha256(text).hexdigest().encode())
        for k, content in enumerate(contents):
            archive.writestr(f"arrays/{k}.npy", content)
    out.seek(0)
    return out


def places(node, path=()):
    """The paths of everything in a tree of JSON."""
    yield path
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in children:
        yield from places(child, (*path, key))


def json_forgeries(root):
    """(path, value): what stands at a place, or is a list, is replaced."""
    for path in places(root):
        if not path:
            continue
        value = found_at(root, path)
        for nasty in NASTY:
            yield path, nasty
        if type(value) is int:
            yield from ((path, value + d) for d in (-2, -1, 1, 2))
        if isinstance(value, dict) and "array" in value:
            yield from (
                (path, {"kind": kind, "data": {"requires_grad": True}, "parts": [value]}) for kind in ("tensor", "parameter")
            )
        if isinstance(value, list):
            yield from ((path, v) for v in (value[1:], value[:-1], value + value[-1:], value[::-1], [value]))
        if isinstance(value, str):
            names = (
                ["source", "view_of_storage", "write_into", "write_beside", *BY_NAME]
                if value in BY_NAME
                else ["<f4", "|O", "Tensor"]
            )
            yield from ((path, name) for name in names)


def found_at(node, path):
    for key in path:
        node = node[key]
    return node


def array_forgeries(arrays):
    """(number of an array, description, array)."""
    for k, array in enumerate(arrays):
        if array.dtype == np.int64:
            for place in range(array.size):
                values = {*NASTY_WORDS, *(int(array.flat[place]) + d for d in (-2, -1, 1, 2))}
                yield from ((k, f"[{place}] = {v}", replaced(array, place, v)) for v in sorted(values) if -(2**63) <= v < 2**63)
            for place in range(array.size - 1):
                yield k, f"swap at {place}", swapped(array, place)
        elif array.size and array.dtype.kind == "f":
            yield from ((k, f"[0] = {v}", replaced(array, 0, v)) for v in (math.nan, math.inf, -1e308))
        yield from ((k, f"dtype {d}", array.astype(d)) for d in DTYPES if array.dtype.kind != "U" and np.dtype(d) != array.dtype)
        yield from (
            (k, "shape", s) for s in (array.reshape(-1)[1:], array[None], np.resize(array, array.size + 1), array.reshape(-1))
        )


def replaced(array, place, value):
    array = array.copy()
    array.flat[place] = value
    return array


def swapped(array, place):
    array = array.copy()
    array.flat[[place, place + 1]] = array.flat[[place + 1, place]]
    return array


def forgeries(manifest, arrays):
    """Description of each, and a function from manifest and arrays to forged ones."""
    for path, value in json_forgeries(manifest["root"]):
        yield f"{path} = {value!r}", lambda m, a, p=path, v=value: ({**m, "root": with_value(m["root"], p, v)}, a)
    for k, what, array in array_forgeries(arrays):
        yield f"array {k} {what}", lambda m, a, k=k, new=array: (m, [*a[:k], new, *a[k + 1 :]])


def twice(one, other):
    """Two forgeries of one file; the first alone where the second finds nothing to change."""

    def forge(manifest, arrays):
        manifest, arrays = one(manifest, arrays)
        try:
            return other(manifest, arrays)
        except (KeyError, IndexError, TypeError, AttributeError):
            return manifest, arrays

    return forge


def with_value(node, path, value):
    """A copy of a tree with another value at a place."""
    if not path:
        return value
    if isinstance(node, dict):
        return {k: with_value(v, path[1:], value) if k == path[0] else v for k, v in node.items()}
    return [with_value(v, path[1:], value) if k == path[0] else v for k, v in enumerate(node)]


# --- memory between guard pages -------------------------------------------------------------------------------------


class Plan(dict):
    """Addresses of slots, and the pages between them."""

    guards = ()


def guarded_plan(schedule, order, pinned, external):
    """In the place of `plan_memory`: every slot ends, or by turns begins, beside a page that cannot be touched."""
    plan, top = Plan(), PAGE
    plan.guards = [0]
    for slot, (nbytes, _) in enumerate(schedule.slots):
        if slot in external:
            continue
        room = -(-max(nbytes, 1) // PAGE) * PAGE
        if room > 2**31:
            raise MemoryError("larger than what is tried here")
        plan[slot] = top + (room - nbytes if slot % 3 else 0)
        top += room
        plan.guards.append(top)
        top += PAGE
    return plan, top


class GuardedMemory:
    """In the place of `Buffer` of an instance."""

    guards = ()

    @classmethod
    def acquire(cls, n, dtype):
        memory = mmap.mmap(-1, max(8 * n, PAGE))
        array = np.frombuffer(memory, dtype)
        for guard in cls.guards:
            if libc.mprotect(ctypes.c_void_p(array.ctypes.data + guard), ctypes.c_size_t(PAGE), 0):
                raise OSError(ctypes.get_errno(), "mprotect")
        return array


def guard():
    """Put programs between guard pages from now on, and bound the memory of the process."""
    made = instance.Instance.__init__

    def init(self, program, threads=None):
        GuardedMemory.guards = program.assembly.addresses.guards
        made(self, program, threads)

    instance.Instance.__init__, instance.Buffer = init, GuardedMemory
    assembly.plan_memory, program.SMALL = guarded_plan, 2**60
    now = int(open("/proc/self/statm").read().split()[0]) * PAGE
    resource.setrlimit(resource.RLIMIT_AS, (now + 2**32, now + 2**32))


libc = ctypes.CDLL(None, use_errno=True)


# --- trying them ----------------------------------------------------------------------------------------------------


def same(a, b):
    """Whether two results are equal, nan and all."""
    return json.dumps(plain(a)) == json.dumps(plain(b))


def plain(value):
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, (tuple, list)):
        return [plain(v) for v in value]
    if isinstance(value, jt.Tensor):
        return value.tolist()
    return np.asarray(value).tolist() if value is not None else None


def use(program, args):
    """Call a program in every way that runs it."""
    answer = program(*args)
    if any(isinstance(a, jt.Tensor) for a in args):
        sum(y.sum() for y in answer if y.requires_grad).backward()
    else:
        program.buffer(*args)()


def try_program(name, make, keep, rng, counts):
    """Save, load, compare; then load and call `keep` forgeries, a third of them of two places at once."""
    compiled, args = make()
    compiled(*args)
    file = io.BytesIO()
    jt.save(compiled, file)
    manifest, arrays = unpacked(file)
    assert same(jt.load(packed(manifest, arrays))(*args), compiled(*args)), name
    use(jt.load(packed(manifest, arrays)), args)
    tried = list(forgeries(manifest, arrays))
    single, first, second = ([rng.choice(tried) for _ in range(n)] for n in (keep - keep // 3, keep // 3, keep // 3))
    pairs = [(f"{a[0]} and {b[0]}", twice(a[1], b[1])) for a, b in zip(first, second)]
    for what, forge in single + pairs:
        print(name, what, file=sys.stderr, flush=True)
        try:
            found = jt.load(packed(*forge(manifest, arrays)))
        except FileError:
            counts["refused"] += 1
            continue
        counts["loaded"] += 1
        try:
            use(found, args)
        except Exception:  # whatever Python raises is no harm
            counts["raised"] += 1


def main(seed, keep, unchecked, *names):
    """Try some programs; without the checks of listings, to see that the guard pages find what these prevent."""
    faulthandler.enable()
    guard()
    if unchecked == "unchecked":
        program_files.check = lambda listing: None
    everything, counts = programs(), {"refused": 0, "loaded": 0, "raised": 0}
    np.seterr(all="ignore")
    for name in names or everything:
        try_program(name, everything[name], int(keep), random.Random(f"{seed} {name}"), counts)
    print(json.dumps(counts))


if __name__ == "__main__":
    main(*sys.argv[1:])
