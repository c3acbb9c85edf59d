"""Random programs of NumPy code: made while they run on plain arrays, so that every statement is one that NumPy takes.

A program is a list of statements; a statement is a function of the variables, which may rebind or change them. The same list
runs on floats, on complex numbers (for complex steps) and on Arrays.
"""

import operator
import random

import numpy as np

UNARY = (np.sin, np.cos, np.tanh, np.negative, np.square, np.arctan)
BINARY = (operator.add, operator.sub, operator.mul)
IN_PLACE = (operator.iadd, operator.isub, operator.imul)
NUMBERS = (0.5, -1.5, 2, 3.0, np.float64(0.25), np.float32(0.5), np.int32(2), True)


class Program:
    """A random program on one array.

    Parameters
    ----------
    seed : int
    x : ndarray
        What the statements fit.
    length : int
        Number of statements.
    """

    def __init__(self, seed, x, length=12):
        choose = random.Random(seed)
        self.statements = []
        variables = [x.copy()]
        while len(self.statements) < length:
            kind = choose.choice(KINDS)
            statement = kind(choose, variables)
            if statement is None:
                continue
            self.statements.append(statement)
            statement(variables)
            if not all(np.all(np.isfinite(v)) and np.max(np.abs(v), initial=0) < 1e3 and np.size(v) < 60 for v in variables):
                self.statements.append(shrink)
                shrink(variables)

    def variables(self, x):
        """All variables after the program."""
        variables = [x]
        for statement in self.statements:
            statement(variables)
        return variables

    def value(self, x):
        """One number that depends on all variables."""
        total = 0.0
        for k, v in enumerate(self.variables(x)):
            weights = np.cos(np.arange(np.size(v)) + k).reshape(np.shape(v))
            total = total + np.sum(weights * v)
        return total

    def __str__(self):
        return "\n".join(s.__name__ for s in self.statements)


def shrink(variables):
    """Values that stay small: what grows is cut off, and large arrays are taken apart."""
    for k, v in enumerate(variables):
        variables[k] = np.tanh(v * 0.01) if np.size(v) < 60 else np.tanh(v.reshape(-1)[:7] * 0.01)


def named(name):
    def name_it(statement):
        statement.__name__ = name
        return statement

    return name_it


def pick(choose, variables, ndim=None):
    """The number of a variable with at least so many axes, None if there is none."""
    found = [k for k, v in enumerate(variables) if ndim is None or np.ndim(v) >= ndim and np.size(v)]
    return choose.choice(found) if found else None


def keep(variables, place, value):
    """Bind a variable: a new one at the end, or another in its place."""
    if place >= len(variables):
        variables.append(value)
    else:
        variables[place] = value


def place_for(choose, variables):
    return len(variables) if len(variables) < 6 else choose.randrange(1, 6)


def fits(shape, target):
    try:
        return np.broadcast_shapes(shape, target) == target
    except ValueError:
        return False


def partner(choose, variables, shape):
    """The number of a variable that broadcasts to a shape, or a number."""
    found = [k for k, v in enumerate(variables) if fits(np.shape(v), shape)]
    return choose.choice(found) if found and choose.random() < 0.8 else None


def read(variables, k, number):
    return number if k is None else variables[k]


# --- statements -------------------------------------------------------------------------------------------------------


def of_one(choose, variables):
    f, k, to = choose.choice(UNARY), pick(choose, variables), place_for(choose, variables)

    @named(f"v{to} = np.{f.__name__}(v{k})")
    def statement(v):
        keep(v, to, f(v[k]))

    return statement


def of_two(choose, variables):
    f, a, to = choose.choice(BINARY), pick(choose, variables), place_for(choose, variables)
    b, number, turned = partner(choose, variables, np.shape(variables[a])), choose.choice(NUMBERS), choose.random() < 0.5

    @named(f"v{to} = {f.__name__}(v{a}, {number if b is None else f'v{b}'}) turned={turned}")
    def statement(v):
        other = read(v, b, number)
        keep(v, to, f(other, v[a]) if turned else f(v[a], other))

    return statement


CONSTANTS = {
    "np.arange(n)": lambda n: np.arange(n),
    "np.arange(n, dtype=np.int32)": lambda n: np.arange(n, dtype=np.int32),
    "np.ones(n, np.float32)": lambda n: np.ones(n, np.float32),
    "np.arange(n) % 2 == 0": lambda n: np.arange(n) % 2 == 0,
    "list(range(n))": lambda n: list(range(n)),
    "[0.5] * n": lambda n: [0.5] * n,
}


def with_constant(choose, variables):
    """Arithmetic with an array of another dtype, or a list."""
    f, a, to, kind = (
        choose.choice(BINARY),
        pick(choose, variables, 1),
        place_for(choose, variables),
        choose.choice(list(CONSTANTS)),
    )
    turned = choose.random() < 0.5
    if a is None or f is operator.sub and "==" in kind:
        return None

    @named(f"v{to} = {f.__name__}(v{a}, {kind}) turned={turned}")
    def statement(v):
        other = CONSTANTS[kind](v[a].shape[-1])
        keep(v, to, f(other, v[a]) if turned else f(v[a], other))

    return statement


def converted(choose, variables):
    """The other dtype, and back when what is differentiated has it."""
    a, to = pick(choose, variables, 1), place_for(choose, variables)
    if a is None or variables[0].dtype != np.float32 and choose.random() < 0.7:
        return None
    dtype = choose.choice((np.float32, np.float64)) if variables[0].dtype == np.float32 else np.float64

    @named(f"v{to} = v{a}.astype({dtype.__name__})")
    def statement(v):
        keep(v, to, v[a].astype(dtype if v[0].dtype.kind == "f" else v[0].dtype))

    return statement


def whole_numbers(choose, variables):
    """Positions are read, written and used."""
    a, to = pick(choose, variables, 1), place_for(choose, variables)
    if a is None:
        return None

    @named(
        f"k = argsort(v{a}); first = k[0]; k[0], k[-1] = k[-1], first; k[0] += 0; v{to} = v{a}.ravel()[k] + v{a}.ravel()[first]"
    )
    def statement(v):
        x = v[a].reshape(-1)
        k = np.argsort(np.real(x), kind="stable")
        first = k[0]
        k[0], k[-1] = k[-1], first
        k[0] += 0
        keep(v, to, x[k] + x[first])

    return statement


def alias(choose, variables):
    a, to = pick(choose, variables), place_for(choose, variables)

    @named(f"v{to} = v{a}")
    def statement(v):
        keep(v, to, v[a])

    return statement


def in_place(choose, variables):
    f, a = choose.choice(IN_PLACE), pick(choose, variables)
    b, number = partner(choose, variables, np.shape(variables[a])), choose.choice(NUMBERS)

    @named(f"v{a} {f.__name__} {number if b is None else f'v{b}'}")
    def statement(v):
        v[a] = f(v[a], read(v, b, number))

    return statement


def key_of(choose, shape, elements=False):
    """An index of numbers and slices."""
    key = []
    for n in shape[: choose.randint(1, len(shape))] if not elements else shape:
        if elements or choose.random() < 0.5:
            key.append(choose.randrange(-n, n))
        else:
            start = choose.randrange(n)
            key.append((start, choose.randint(start + 1, n), choose.choice((None, 1, 2))))
    return tuple(key)


def index(key):
    """A key with its slices: what a closure keeps has to be comparable."""
    key = tuple([slice(*k) if isinstance(k, tuple) else k for k in key])
    return key if len(key) > 1 else key[0]


def get(choose, variables):
    a, to = pick(choose, variables, 1), place_for(choose, variables)
    if a is None:
        return None
    key = key_of(choose, np.shape(variables[a]), choose.random() < 0.4)

    @named(f"v{to} = v{a}[{key}]")
    def statement(v):
        keep(v, to, v[a][index(key)])

    return statement


def put(choose, variables):
    a = pick(choose, variables, 1)
    if a is None:
        return None
    key = key_of(choose, np.shape(variables[a]), choose.random() < 0.4)
    b, number = partner(choose, variables, np.shape(variables[a][index(key)])), choose.choice(NUMBERS)

    @named(f"v{a}[{key}] = {number if b is None else f'v{b}'}")
    def statement(v):
        v[a][index(key)] = read(v, b, number)

    return statement


def put_in_place(choose, variables):
    a = pick(choose, variables, 1)
    if a is None:
        return None
    key, f = key_of(choose, np.shape(variables[a])), choose.choice(IN_PLACE)
    b, number = partner(choose, variables, np.shape(variables[a][index(key)])), choose.choice(NUMBERS)

    @named(f"v{a}[{key}] {f.__name__} {number if b is None else f'v{b}'}")
    def statement(v):
        v[a][index(key)] = f(v[a][index(key)], read(v, b, number))

    return statement


def swap(choose, variables):
    a = pick(choose, variables, 1)
    if a is None:
        return None
    i, j = (key_of(choose, np.shape(variables[a]), True) for _ in range(2))

    @named(f"v{a}[{i}], v{a}[{j}] = v{a}[{j}], v{a}[{i}]")
    def statement(v):
        v[a][index(i)], v[a][index(j)] = v[a][index(j)], v[a][index(i)]

    return statement


def get_many(choose, variables):
    a, to = pick(choose, variables, 1), place_for(choose, variables)
    if a is None:
        return None
    places = [choose.randrange(-len(variables[a]), len(variables[a])) for _ in range(3)]

    @named(f"v{to} = v{a}[{places}]")
    def statement(v):
        keep(v, to, v[a][places])

    return statement


def put_many(choose, variables):
    a = pick(choose, variables, 1)
    if a is None:
        return None
    places = [choose.randrange(-len(variables[a]), len(variables[a])) for _ in range(2)]
    b, number = partner(choose, variables, np.shape(variables[a][places])), choose.choice(NUMBERS)

    @named(f"v{a}[{places}] = {number if b is None else f'v{b}'}")
    def statement(v):
        v[a][places] = read(v, b, number)

    return statement


def put_masked(choose, variables):
    a, number, bound = pick(choose, variables, 1), choose.choice(NUMBERS), choose.choice((0.0, 0.3))
    if a is None:
        return None

    @named(f"v{a}[v{a}.real > {bound}] = {number}")
    def statement(v):
        v[a][v[a].real > bound] = number

    return statement


def chosen(choose, variables):
    a, to = pick(choose, variables), place_for(choose, variables)
    b, number = partner(choose, variables, np.shape(variables[a])), choose.choice(NUMBERS)

    @named(f"v{to} = np.where(v{a}.real > 0, v{a}, {number if b is None else f'v{b}'})")
    def statement(v):
        keep(v, to, np.where(np.real(v[a]) > 0, v[a], read(v, b, number)))

    return statement


def iterate(choose, variables):
    a, to = pick(choose, variables, 1), place_for(choose, variables)
    if a is None:
        return None

    @named(f"for w in v{a}: ...; v{to} = total")
    def statement(v):
        total = 0.5
        for w in v[a]:
            total = total * 0.5
            total += w * w
        keep(v, to, total)

    return statement


def unpack(choose, variables):
    a, to = pick(choose, variables, 1), place_for(choose, variables)
    if a is None:
        return None

    @named(f"first, *rest = v{a}; v{a}[0] = rest[-1]; v{to} = first")
    def statement(v):
        first, *rest = v[a]
        if np.ndim(first) == 0:
            v[a][0] = rest[-1] if rest else first
        keep(v, to, first)

    return statement


def write_while_iterating(choose, variables):
    a = pick(choose, variables, 1)
    if a is None or np.ndim(variables[a]) != 1:
        return None

    @named(f"for i, w in enumerate(v{a}): v{a}[i+1] += w")
    def statement(v):
        for i, w in enumerate(v[a]):
            if i + 1 < len(v[a]):
                v[a][i + 1] = v[a][i + 1] * 0.5 + w

    return statement


def reduce_(choose, variables):
    name, a = choose.choice("sum mean prod std var max min".split()), pick(choose, variables, 1)
    if a is None:
        return None
    to, axis = place_for(choose, variables), choose.choice((None, 0, -1, ()))
    keepdims = choose.random() < 0.3
    if name in ("std", "var", "max", "min") or axis == () and name == "prod":  # not analytic: take something near to them
        name = choose.choice(("sum", "mean"))

    @named(f"v{to} = v{a}.{name}(axis={axis}, keepdims={keepdims})")
    def statement(v):
        keep(v, to, getattr(v[a], name)(axis=axis, keepdims=keepdims))

    return statement


def copy_(choose, variables):
    a, to = pick(choose, variables, 1), place_for(choose, variables)
    if a is None:
        return None
    name, order = choose.choice("copy flatten".split()), choose.choice("CFAK")

    @named(f"v{to} = v{a}.{name}({order!r})")
    def statement(v):
        keep(v, to, getattr(v[a], name)(order))

    return statement


VIEWS = {
    "x.T": lambda x: x.T,
    "x[None]": lambda x: x[None],
    "x.ravel()": lambda x: x.ravel(),
    "x.ravel('F')": lambda x: x.ravel("F"),
    "x.ravel('K')": lambda x: x.ravel("K"),
    "x.reshape(-1, 1)": lambda x: x.reshape(-1, 1),
    "x.reshape(1, -1, order='F')": lambda x: x.reshape(1, -1, order="F"),
    "x.reshape(-1, order='A')": lambda x: x.reshape(-1, order="A"),
    "np.squeeze(x)": lambda x: np.squeeze(x) if x.size > 1 else np.sum(x),
    "x.swapaxes(0, -1)": lambda x: x.swapaxes(0, -1),
    "x.transpose()": lambda x: x.transpose(),
    "np.moveaxis(x, 0, -1)": lambda x: np.moveaxis(x, 0, -1),
    "x.view()": lambda x: x.view(),
}


def view(choose, variables):
    """Whether it is a view or a copy depends on how the array lies in memory."""
    a, to, kind = pick(choose, variables, 1), place_for(choose, variables), choose.choice(list(VIEWS))
    if a is None:
        return None

    @named(f"v{to} = {kind} of v{a}")
    def statement(v):
        keep(v, to, VIEWS[kind](v[a]))

    return statement


def join(choose, variables):
    a, to = pick(choose, variables, 1), place_for(choose, variables)
    if a is None or np.ndim(variables[a]) > 2:
        return None
    kind = choose.choice((np.concatenate, np.stack, np.vstack, np.hstack))

    @named(f"v{to} = np.{kind.__name__}([v{a}, 2 * v{a}])")
    def statement(v):
        keep(v, to, kind([v[a], 2 * v[a]]))

    return statement


def arrange(choose, variables):
    a, to = pick(choose, variables, 1), place_for(choose, variables)
    if a is None:
        return None
    kind = choose.choice("repeat roll tile flip swapaxes cumsum take".split())

    @named(f"v{to} = {kind} of v{a}")
    def statement(v):
        x = v[a]
        made = {
            "repeat": lambda: x.repeat(2),
            "roll": lambda: np.roll(x, shift=1),
            "tile": lambda: np.tile(x, reps=2),
            "flip": lambda: np.flip(x).copy(),
            "swapaxes": lambda: np.swapaxes(x, axis1=0, axis2=-1).copy(),
            "cumsum": lambda: x.cumsum(),
            "take": lambda: np.take(x, indices=[0, -1], axis=0),
        }[kind]()
        keep(v, to, made)

    return statement


def out_(choose, variables):
    a = pick(choose, variables, 1)
    if a is None:
        return None
    b, number = partner(choose, variables, np.shape(variables[a])), choose.choice(NUMBERS)
    f = choose.choice((np.add, np.multiply))

    @named(f"np.{f.__name__}(v{a}, {number if b is None else f'v{b}'}, out=v{a})")
    def statement(v):
        f(v[a], read(v, b, number), out=v[a])

    return statement


def flat(choose, variables):
    a, to = pick(choose, variables, 1), place_for(choose, variables)
    if a is None:
        return None
    i = choose.randrange(np.size(variables[a]))

    @named(f"v{to} = v{a}.flat[{i}]; v{a}.flat[0] = 0.5")
    def statement(v):
        found = v[a].flat[i]
        v[a].flat[0] = 0.5
        keep(v, to, found)

    return statement


def fill(choose, variables):
    a = pick(choose, variables, 1)
    number = choose.choice(NUMBERS)
    if a is None or choose.random() < 0.7:
        return None

    @named(f"v{a}.fill({number})")
    def statement(v):
        v[a].fill(number)

    return statement


def call_with_default(choose, variables):
    a, to = pick(choose, variables), place_for(choose, variables)

    @named(f"v{to} = helper(v{a}), which has a default and a closure")
    def statement(v):
        kept = v[a]

        def helper(y, scale=v[0]):
            y = y + 0.5 * kept
            y *= 0.5
            return y + np.sum(scale) * 0.1

        keep(v, to, helper(v[a]))

    return statement


KINDS = (
    of_one,
    of_two,
    of_two,
    with_constant,
    converted,
    whole_numbers,
    alias,
    in_place,
    in_place,
    get,
    get,
    put,
    put,
    put_in_place,
    swap,
    get_many,
    put_many,
    put_masked,
    chosen,
    iterate,
    unpack,
    write_while_iterating,
    reduce_,
    copy_,
    view,
    view,
    join,
    arrange,
    out_,
    flat,
    fill,
    call_with_default,
)
