"""Random programs of NumPy code: made while they run on plain arrays, so that every statement is one that NumPy takes.

A program is the text of a function. It runs on floats, on complex numbers (for complex steps), on Arrays, and compiled by Numba.
"""

import random

import numpy as np

UNARY = ("sin", "cos", "tanh", "negative", "square", "arctan")
BINARY = IN_PLACE = ("+", "-", "*")
NUMBERS = ("0.5", "-1.5", "2", "3.0", "np.float64(0.25)", "np.float32(0.5)", "np.int32(2)", "True")


class Program:
    """A random program on one array.

    Parameters
    ----------
    seed : int
    x : ndarray
        What the statements fit.
    length : int
        Number of statements.
    kinds : sequence of callables, optional
        What statements are made by.

    Attributes
    ----------
    variables, value : callables
        Functions of an array: all variables after the program, and one number that depends on all of them.
    """

    def __init__(self, seed, x, length=12, kinds=None):
        choose = random.Random(seed)
        self.statements = []
        variables = Variables(x.copy())
        while len(self.statements) < length:
            text = choose.choice(kinds or KINDS)(choose, variables)
            if text is None:
                continue
            self._add(variables, text)
            if not all(np.all(np.isfinite(v)) and np.max(np.abs(v), initial=0) < 1e3 and np.size(v) < 60 for v in variables):
                self._add(variables, shrink(variables))
        self._weights = [np.cos(np.arange(np.size(v)) + k).reshape(np.shape(v)) for k, v in enumerate(variables)]
        self.make_functions()

    def _add(self, variables, text):
        self.statements.append(text)
        variables.run(text)

    def make_functions(self, **names):
        """Make the functions of the statements, which see some more names."""
        names |= {f"weights{k}": w if w.shape else float(w) for k, w in enumerate(self._weights)}
        values = [f"v{k}" for k in range(len(self._weights))]
        summed = [f"np.sum(weights{k} * v{k})" if w.shape else f"weights{k} * v{k}" for k, w in enumerate(self._weights)]
        self.variables = self._function(f"return [{', '.join(values)}]", names)
        self.value = self._function(f"return {' + '.join(summed)}", names)

    def _function(self, last, names):
        lines = [line for text in (*self.statements, last) for line in text.split("\n")]
        text = "\n    ".join(["def program(v0):", *lines])
        names = {"np": np, **names}
        exec(text, names)
        return names["program"]

    def __str__(self):
        return "\n".join(self.statements)


class Variables(list):
    """The values of the variables v0, v1, ... so far."""

    def __init__(self, *values):
        super().__init__(values)

    def names(self):
        return {"np": np} | {f"v{k}": v for k, v in enumerate(self)}

    def run(self, text):
        """Run a statement, which may bind one more variable."""
        names = self.names()
        exec(text, names)
        self[:] = [names[f"v{k}"] for k in range(len(self) + 1) if f"v{k}" in names]

    def shape(self, text):
        """The shape of an expression."""
        return np.shape(eval(text, self.names()))


def shrink(variables):
    """Values that stay small: what grows is cut off, and large arrays are taken apart."""
    parts = ["" if np.size(v) < 60 else ".reshape(-1)[:7]" for v in variables]
    return "\n".join(f"v{k} = np.tanh(v{k}{part} * 0.01)" for k, part in enumerate(parts))


def pick(choose, variables, ndim=None):
    """The number of a variable with at least so many axes, None if there is none."""
    found = [k for k, v in enumerate(variables) if ndim is None or np.ndim(v) >= ndim and np.size(v)]
    return choose.choice(found) if found else None


def place_for(choose, variables):
    return len(variables) if len(variables) < 6 else choose.randrange(1, 6)


def fits(shape, target):
    try:
        return np.broadcast_shapes(shape, target) == target
    except ValueError:
        return False


def partner(choose, variables, shape):
    """The name of a variable that broadcasts to a shape, or a number."""
    found = [k for k, v in enumerate(variables) if fits(np.shape(v), shape)]
    number = choose.choice(NUMBERS)
    return f"v{choose.choice(found)}" if found and choose.random() < 0.8 else number


def lines(*texts):
    """A statement of several lines."""
    return "\n".join(texts)


def of_arrays(kind):
    """A kind of statements on a variable with axes."""

    def made(choose, variables, **options):
        a = pick(choose, variables, 1)
        return None if a is None else kind(choose, variables, a, f"v{a}", **options)

    made.__name__ = kind.__name__
    return made


def turned(choose, operator, x, y):
    """A binary expression, with the operands one way or the other."""
    return f"{y} {operator} {x}" if choose.random() < 0.5 else f"{x} {operator} {y}"


# --- statements -------------------------------------------------------------------------------------------------------


def of_one(choose, variables):
    return f"v{place_for(choose, variables)} = np.{choose.choice(UNARY)}(v{pick(choose, variables)})"


def of_two(choose, variables):
    a, to = pick(choose, variables), place_for(choose, variables)
    other = partner(choose, variables, np.shape(variables[a]))
    return f"v{to} = {turned(choose, choose.choice(BINARY), f'v{a}', other)}"


CONSTANTS = (
    "np.arange({n})",
    "np.arange({n}, dtype=np.int32)",
    "np.ones({n}, dtype=np.float32)",
    "(np.arange({n}) % 2 == 0)",
    "list(range({n}))",
    "([0.5] * {n})",
)


@of_arrays
def with_constant(choose, variables, a, x, constants=CONSTANTS):
    """Arithmetic with an array of another dtype, or a list."""
    operator, kind, to = choose.choice(BINARY), choose.choice(constants), place_for(choose, variables)
    if operator == "-" and "==" in kind:
        return None
    return f"v{to} = {turned(choose, operator, x, kind.format(n=variables[a].shape[-1]))}"


def with_array(choose, variables):
    return with_constant(choose, variables, constants=CONSTANTS[:4])


@of_arrays
def converted(choose, variables, a, x):
    """The other dtype, and back when what is differentiated has it."""
    is_single = variables[0].dtype == np.float32
    if not is_single and choose.random() < 0.7:
        return None
    dtype = choose.choice(("float32", "float64")) if is_single else "float64"
    return f"v{place_for(choose, variables)} = {x}.astype(np.{dtype} if v0.dtype.kind == 'f' else v0.dtype)"


@of_arrays
def whole_numbers(choose, variables, a, x):
    """Positions are read, written and used."""
    return lines(
        f"x = {x}.reshape(-1)",
        "k = np.argsort(np.real(x), kind='stable')",
        "first = k[0]",
        "k[0], k[-1] = k[-1], first",
        "k[0] += 0",
        f"v{place_for(choose, variables)} = x[k] + x[first]",
    )


def alias(choose, variables):
    return f"v{place_for(choose, variables)} = v{pick(choose, variables)}"


def in_place(choose, variables):
    a = pick(choose, variables)
    return f"v{a} {choose.choice(IN_PLACE)}= {partner(choose, variables, np.shape(variables[a]))}"


def key_of(choose, shape, elements=False):
    """An index of numbers and slices."""
    key = []
    for n in shape[: choose.randint(1, len(shape))] if not elements else shape:
        if elements or choose.random() < 0.5:
            key.append(str(choose.randrange(-n, n)))
        elif choose.random() < 0.3:
            key.append(choose.choice(("::-1", f"{choose.randrange(n)}::-1", "::-2")))
        else:
            start = choose.randrange(n)
            step = choose.choice(("", ":1", ":2"))
            key.append(f"{start}:{choose.randint(start + 1, n)}{step}")
    return ", ".join(key)


@of_arrays
def get(choose, variables, a, x):
    return f"v{place_for(choose, variables)} = {x}[{key_of(choose, np.shape(variables[a]), choose.random() < 0.4)}]"


@of_arrays
def put(choose, variables, a, x):
    place = f"{x}[{key_of(choose, np.shape(variables[a]), choose.random() < 0.4)}]"
    return f"{place} = {partner(choose, variables, variables.shape(place))}"


@of_arrays
def put_in_place(choose, variables, a, x):
    place = f"{x}[{key_of(choose, np.shape(variables[a]))}]"
    return f"{place} {choose.choice(IN_PLACE)}= {partner(choose, variables, variables.shape(place))}"


@of_arrays
def swap(choose, variables, a, x):
    i, j = (f"{x}[{key_of(choose, np.shape(variables[a]), True)}]" for _ in range(2))
    return f"{i}, {j} = {j}, {i}"


def _places(choose, x, many):
    return [choose.randrange(-len(x), len(x)) for _ in range(many)]


@of_arrays
def get_many(choose, variables, a, x):
    return f"v{place_for(choose, variables)} = {x}[np.array({_places(choose, variables[a], 3)})]"


@of_arrays
def get_listed(choose, variables, a, x):
    return f"v{place_for(choose, variables)} = {x}[{_places(choose, variables[a], 3)}]"


@of_arrays
def put_many(choose, variables, a, x):
    place = f"{x}[{_places(choose, variables[a], 2)}]"
    return f"{place} = {partner(choose, variables, variables.shape(place))}"


@of_arrays
def put_masked(choose, variables, a, x):
    return f"{x}[{x}.real > {choose.choice((0.0, 0.3))}] = {choose.choice(NUMBERS)}"


def chosen(choose, variables):
    a, to = pick(choose, variables), place_for(choose, variables)
    return f"v{to} = np.where(np.real(v{a}) > 0, v{a}, {partner(choose, variables, np.shape(variables[a]))})"


@of_arrays
def iterate(choose, variables, a, x):
    return lines(
        "total = 0.5",
        f"for w in {x}:",
        "    total = total * 0.5",
        "    total += w * w",
        f"v{place_for(choose, variables)} = total",
    )


@of_arrays
def iterate_by_position(choose, variables, a, x):
    if np.ndim(variables[a]) != 1:
        return None
    return lines(
        f"for i in range(1, len({x})):",
        f"    if {x}[i].real > {x}[i - 1].real:",
        f"        {x}[i] = {x}[i - 1] * 0.5 + {x}[i]",
        "    else:",
        f"        {x}[i - 1] -= {x}[i] * {x}[0]",
    )


@of_arrays
def unpack(choose, variables, a, x):
    swaps = f"{x}[0] = rest[-1] if rest else first" if np.ndim(variables[a]) == 1 else "rest = None"
    return lines(f"first, *rest = {x}", swaps, f"v{place_for(choose, variables)} = first")


@of_arrays
def write_while_iterating(choose, variables, a, x):
    if np.ndim(variables[a]) != 1:
        return None
    return lines(f"for i, w in enumerate({x}):", f"    if i + 1 < len({x}):", f"        {x}[i + 1] = {x}[i + 1] * 0.5 + w")


@of_arrays
def reduce_(choose, variables, a, x):
    name, axis, to = choose.choice(("sum", "mean")), choose.choice((None, 0, -1, ())), place_for(choose, variables)
    return f"v{to} = {x}.{name}(axis={axis}, keepdims={choose.random() < 0.3})"


@of_arrays
def reduce_all(choose, variables, a, x):
    return f"v{place_for(choose, variables)} = {choose.choice((f'{x}.sum()', f'np.mean({x})', f'{x}.sum(0)', f'np.prod({x})'))}"


@of_arrays
def copy_(choose, variables, a, x):
    return f"v{place_for(choose, variables)} = {x}.{choose.choice(('copy', 'flatten'))}({choose.choice('CFAK')!r})"


PLAIN_VIEWS = ("{x}.T", "{x}.ravel()", "{x}.reshape(-1)", "np.ascontiguousarray({x}).reshape(-1, 1)", "{x}.copy()", "{x}[::-1]")
VIEWS = (
    "{x}.T",
    "{x}[None]",
    "{x}.ravel()",
    "{x}.ravel('F')",
    "{x}.ravel('K')",
    "{x}.reshape(-1, 1)",
    "{x}.reshape(1, -1, order='F')",
    "{x}.reshape(-1, order='A')",
    "(np.squeeze({x}) if {x}.size > 1 else np.sum({x}))",
    "{x}.swapaxes(0, -1)",
    "{x}.transpose()",
    "np.moveaxis({x}, 0, -1)",
    "{x}.view()",
    "np.flip({x})",
    "np.flip({x}, axis=-1)",
    "np.rot90({x}[None], 3)",
    "np.flipud({x})",
)


@of_arrays
def view(choose, variables, a, x, ways=VIEWS):
    """Whether it is a view or a copy depends on how the array lies in memory."""
    return f"v{place_for(choose, variables)} = {choose.choice(ways).format(x=x)}"


def plain_view(choose, variables):
    return view(choose, variables, ways=PLAIN_VIEWS)


@of_arrays
def join(choose, variables, a, x):
    if np.ndim(variables[a]) > 2:
        return None
    return f"v{place_for(choose, variables)} = np.{choose.choice(('concatenate', 'stack', 'vstack', 'hstack'))}(({x}, 2 * {x}))"


ARRANGED = (
    "{x}.repeat(2)",
    "np.roll({x}, shift=1)",
    "np.tile({x}, reps=2)",
    "np.flip({x}).copy()",
    "np.swapaxes({x}, axis1=0, axis2=-1).copy()",
    "{x}.cumsum()",
    "np.take({x}, indices=[0, -1], axis=0)",
)


PLAINLY_ARRANGED = (
    "np.repeat({x}, 2)",
    "np.roll({x}, 1)",
    "np.flip({x}).copy()",
    "{x}.cumsum()",
    "np.take({x}, np.array([0, -1]))",
)


@of_arrays
def arrange(choose, variables, a, x, ways=ARRANGED):
    return f"v{place_for(choose, variables)} = {choose.choice(ways).format(x=x)}"


def arrange_plainly(choose, variables):
    return arrange(choose, variables, ways=PLAINLY_ARRANGED)


@of_arrays
def out_(choose, variables, a, x, keywords=("", "out=")):
    f = choose.choice(("add", "multiply"))
    return f"np.{f}({x}, {partner(choose, variables, np.shape(variables[a]))}, {choose.choice(keywords)}{x})"


def out_by_position(choose, variables):
    return out_(choose, variables, keywords=("",))


@of_arrays
def flat(choose, variables, a, x):
    i = choose.randrange(np.size(variables[a]))
    return lines(f"found = {x}.flat[{i}]", f"{x}.flat[0] = 0.5", f"v{place_for(choose, variables)} = found")


@of_arrays
def fill(choose, variables, a, x):
    return f"{x}.fill({choose.choice(NUMBERS)})" if choose.random() < 0.3 else None


MADE = (
    "np.zeros_like(v{a})",
    "np.ones_like(v{a})",
    "np.full_like(v{a}, 0.25)",
    "np.zeros_like(v{a})[()]",
    "np.ones_like(v{a}) * 0.5",
    "np.zeros_like(v{a}).T",
)


def made_inside(choose, variables):
    """An array that nothing was written to yet, which depends on no argument."""
    return f"v{place_for(choose, variables)} = {choose.choice(MADE).format(a=pick(choose, variables))}"


@of_arrays
def accumulate(choose, variables, a, x):
    """Numbers are added up in elements of a new array, as loops do."""
    made, number = choose.choice(MADE[:3]).format(a=a), choose.choice(("", "[i]"))
    if np.ndim(variables[a]) != 1 and number:
        return None
    return lines(
        f"made = {made}",
        f"for i in range(len({x})):",
        "    before = made[-1]",
        f"    made[i] {choose.choice(IN_PLACE)}= {x}[i] * {choose.choice(('0.5', 'made[0]', 'before'))}",
        "    before += 1.0",
        f"v{place_for(choose, variables)} = made * 0.5 + before",
    )


def accumulate_number(choose, variables):
    """An array without axes, or a number, that all are added to."""
    a = pick(choose, variables)
    return lines(
        f"total = np.{choose.choice(('zeros_like', 'ones_like'))}(np.sum(v{a})){choose.choice(('', '[()]'))}",
        "kept = total",
        f"total {choose.choice(IN_PLACE)}= np.sum(v{a})",
        f"v{place_for(choose, variables)} = total * 0.5 + kept",
    )


def call_with_default(choose, variables):
    x = f"v{pick(choose, variables)}"
    return lines(
        f"kept = {x}",
        "def helper(y, scale=v0):",
        "    y = y + 0.5 * kept",
        "    y *= 0.5",
        "    return y + np.sum(scale) * 0.1",
        f"v{place_for(choose, variables)} = helper({x})",
    )


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
    get_listed,
    put_many,
    put_masked,
    chosen,
    iterate,
    iterate_by_position,
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
    made_inside,
    accumulate,
    accumulate_number,
    call_with_default,
)
# those that Numba compiles, or most of their statements
COMPILED_KINDS = (
    of_one,
    of_two,
    of_two,
    with_array,
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
    put_masked,
    chosen,
    iterate_by_position,
    write_while_iterating,
    reduce_all,
    plain_view,
    plain_view,
    join,
    arrange_plainly,
    out_by_position,
    flat,
    fill,
)
