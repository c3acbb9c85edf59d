"""Random programs of loops, and their derivatives by numbers of Python's own that carry tangents.

A program has loops in loops with any step, branches on what changes, indirect and negative indices, variables that go on from
iteration to iteration, stores over what was read, rows of arrays, last values of loops, functions that it calls, loops that go on
while something holds, loops and functions that are left early, slices, expressions and sums of whole arrays, variables that name
one array and then another, functions of NumPy that make, shape and fold arrays, and loops that read neighbours.

`Tangents` runs the same text as Python, so it shares nothing with what is tested.
"""

import math
import random

import numpy as np

SIZE, COLUMNS = 5, 3


def _of_numbers(operator):
    """An operator that leaves arrays of numbers to NumPy."""

    def apply(self, other):
        return NotImplemented if isinstance(other, np.ndarray) else operator(self, Tangents.of(other))

    return apply


class Tangents:
    """A number with tangents."""

    def __init__(self, value, dot):
        self.value, self.dot = float(value), dot

    @staticmethod
    def of(x):
        return x if isinstance(x, Tangents) else Tangents(x, 0.0)

    @_of_numbers
    def __add__(self, other):
        return Tangents(self.value + other.value, self.dot + other.dot)

    @_of_numbers
    def __sub__(self, other):
        return Tangents(self.value - other.value, self.dot - other.dot)

    @_of_numbers
    def __mul__(self, other):
        return Tangents(self.value * other.value, self.dot * other.value + other.dot * self.value)

    @_of_numbers
    def __truediv__(self, other):
        value = self.value / other.value
        return Tangents(value, (self.dot - value * other.dot) / other.value)

    @_of_numbers
    def __rtruediv__(self, other):
        return other / self

    @_of_numbers
    def __rsub__(self, other):
        return other - self

    def __neg__(self):
        return Tangents(-self.value, -self.dot)

    def __pow__(self, n):
        return Tangents(self.value**n, n * self.value ** (n - 1) * self.dot)

    def __abs__(self):
        return -self if self.value < 0 else self

    @_of_numbers
    def __lt__(self, other):
        return self.value < other.value

    @_of_numbers
    def __gt__(self, other):
        return self.value > other.value

    __radd__, __rmul__ = __add__, __mul__


def _unary(function, derivative):
    def apply(x):
        x = Tangents.of(x)
        return Tangents(function(x.value), derivative(x.value) * x.dot)

    return apply


ON_TANGENTS = {
    "sin": _unary(math.sin, math.cos),
    "cos": _unary(math.cos, lambda x: -math.sin(x)),
    "tanh": _unary(math.tanh, lambda x: 1 - math.tanh(x) ** 2),
    "sqrt": _unary(math.sqrt, lambda x: 0.5 / math.sqrt(x)),
}
ON_FLOATS = {name: getattr(math, name) for name in ON_TANGENTS}


def array_of_tangents(values, first, count):
    """An array of numbers with tangents, number k in lane `first` + k."""
    out = np.empty(values.shape, object)
    for k, at in enumerate(np.ndindex(values.shape)):
        dot = np.zeros(count)
        dot[first + k] = 1.0
        out[at] = Tangents(values[at], dot)
    return out


class Writer:
    """Writes the text of one program."""

    def __init__(self, seed):
        self.random, self.lines, self.loops, self.left, self.whiles = random.Random(seed), [], [], 0, 0
        self.around = []  # the kinds of loops around
        self.has_arrays = self.random.choice((0, 3, 6))
        self.has_names = self.random.choice((0, 0, 2, 3))
        self.has_last = self.random.random() < 0.4  # loops set variables that are read after them
        self.has_choices = seed >= 700_000  # masks, bounds, lists, and arrays that outlast an iteration
        self.has_library = seed % 7 in (2, 3)  # the programs of other seeds stay what they were when this was added

    def pick(self, *choices):
        return self.random.choice(choices)

    def line(self, text):
        self.lines.append("    " * (1 + self.indent) + text)

    def index(self, size=SIZE):
        own = [f"{name} % {size}" if size < SIZE else name for name in self.loops]
        others = [str(self.random.randrange(-size, size)), f"p % {size}", f"(p * 3 + 1) % {size}"]
        if size == SIZE:
            others += ["k[p]", f"k[{self.random.randrange(SIZE)}]", "p"]
            others += [f"k[{name}]" for name in self.loops] + [f"{name} - 1" for name in self.loops] * 2
        if self.has_last and size == SIZE:
            others.append(self.pick("a", "b", "c"))
        return self.pick(*(own * 4 + others))

    def element(self):
        return self.pick(
            f"y[{self.index()}]",
            f"y[{self.index()}]",
            f"x[{self.index()}]",
            f"M[{self.index()}, {self.index(COLUMNS)}]",
            f"Z[{self.index()}, {self.index(COLUMNS)}]",
            f"r[{self.index(COLUMNS)}]",
            f"Z[{self.index()}][{self.index(COLUMNS)}]",
        )

    def scalar(self):
        return self.pick("s", "t", "u", "w")

    def expression(self, depth=2):
        if depth == 0:
            return self.pick(self.scalar(), self.element(), self.element(), "0.7", "float(p)", "p")
        a, b = self.expression(depth - 1), self.expression(depth - 1)
        return self.pick(
            f"{a} + {b}", f"{a} - {b}", f"({a}) * ({b}) * 0.5", f"sin({a})", f"cos({a})", f"tanh({a}) * ({b})",
            f"({a}) / (2.0 + ({b}) * ({b}))", f"sqrt(1.0 + ({a}) ** 2)", f"-({a})", f"abs({a})", f"({a}) ** 3 * 0.1",
            f"h({a}, {b})", f"j(y, {a})", a, b, f"({a} if {self.condition()} else {b})",
            f"max({a}, {b} * 1.0)", f"min({a} * 1.0, {b}, 0.9)",
        )  # fmt: skip

    def condition(self):
        one = self.pick(
            f"{self.scalar()} > {self.pick('0.1', 's', 't')}",
            f"{self.element()} < 0.2",
            "p > 1",
            f"p % 2 == {self.pick('0', '1')}",
        )
        return self.pick(one, one, one, f"{one} and {self.element()} > 0.0", f"{one} or u < 0.3", f"not {one}")

    def statement(self, depth):
        kind = self.pick(
            *["store"] * 5,
            *["set"] * 4,
            *["integer"] * 2,
            *["loop"] * 3,
            *["branch"] * 2,
            "while",
            "over",
            *["name"] * self.has_names,
            *["whole"] * self.has_arrays,
            *["sum", "new"] * (self.has_arrays // 2),
            *["library", "library", "together", "neighbours"] * self.has_library,
            *["mask", "list", "lasting"] * self.has_choices,
            "row",
            *["skip"] * 2,
            "helper",
            "local",
        )
        if self.left <= 0 or depth > 3:
            kind = self.pick("store", "set")
        self.left -= 1
        getattr(self, f"write_{kind}")(depth)

    def write_store(self, depth):
        target = self.pick(
            f"y[{self.index()}]", f"y[{self.index()}]", f"M[{self.index()}, {self.index(COLUMNS)}]", f"x[{self.index()}]",
            f"r[{self.index(COLUMNS)}]",
        )  # fmt: skip
        kind = self.pick("=", "=", "+=", "-=", "*=")
        if kind == "*=":
            return self.line(f"{target} = {target} * ({self.expression(1)}) * 0.5")
        return self.line(
            f"{target} {kind} tanh({self.expression()})" if kind == "=" else f"{target} {kind} 0.3 * ({self.expression()})"
        )

    def write_set(self, depth):
        name = self.scalar()
        self.line(
            self.pick(
                f"{name} = {self.expression()}",
                f"{name} = sin({name} * 0.9 + {self.element()})",
                f"{name} += 0.2 * {self.element()}",
            )
        )

    def write_integer(self, depth):
        self.line(
            self.pick(
                f"p = k[{self.index()}]", f"p = (p + {self.random.randrange(4)}) % {SIZE}", f"p = ({self.index()}) % {SIZE}"
            )
        )

    def write_row(self, depth):
        self.line(f"r = M[{self.index()}]")

    def write_helper(self, depth):
        self.line(f"g(y, {self.scalar()}, {self.random.randrange(SIZE)})")

    # --- whole arrays -----------------------------------------------------------------------------------------------------

    def part(self, name, length):
        """A view of so many elements of a vector of 5."""
        if length == SIZE:
            return self.pick(name, name, f"{name}[:]", f"{name}[::-1]", f"{name}[-5:]", f"{name}[:9]")
        first, last = self.random.randrange(SIZE + 1 - length), SIZE - length
        return self.pick(
            f"{name}[{first}:{first + length}]",
            f"{name}[{first - 5}:{first + length - 5 if first + length < 5 else ''}]",
            f"{name}[::-1][{first}:{first + length}]",
            f"{name}[{last}:]",
            f"{name}[:{length}]",
            f"{name}[:{-last}]" if last else name,
            f"{name}[::2]" if length == 3 else f"{name}[1:][:{length}]",
            f"{name}[4::-2]" if length == 3 else f"{name}[:0:-1][:{length}]",
        )

    def vector(self, length, depth=2):
        """An expression of so many elements."""
        if self.has_names and self.random.random() < 0.3:
            return self.part(self.pick("B", "B", "O"), length)
        if depth == 0:
            rows = [f"Z[{self.index()}]", f"M[{self.index()}, :]", "r", f"M[{self.index()}][::-1]"]
            columns = [
                f"{self.part(f'Z[:, {self.index(COLUMNS)}]', length)}",
                f"{self.part(f'M.T[{self.index(COLUMNS)}]', length)}",
            ]
            vectors = [self.part(name, length) for name in "xy"] * 2 + columns + rows * (length == COLUMNS)
            return self.pick(*vectors, *vectors, self.part("k", length))
        a = self.vector(length, depth - 1)
        b = self.pick(self.vector(length, depth - 1), self.vector(length, depth - 1), self.scalar(), self.element(), "0.7")
        return self.pick(
            f"{a} + {b}", f"{a} - {b}", f"({a}) * ({b}) * 0.5", f"np.sin({a})", f"np.tanh({a}) * ({b})", f"-({a})",
            f"({a}) / (2.0 + ({b}) * ({b}))", f"np.sqrt(1.0 + ({a}) ** 2)", f"({a}) ** 3 * 0.1",
            f"np.where({a} > {b}, {a}, 0.3 * ({a}))",
            f"hv({a}, {self.scalar()})", a,
        )  # fmt: skip

    def write_whole(self, depth):
        length = self.pick(2, 3, 4, 5, 5)
        whole = self.pick(self.part("y", length), self.part("y", length), self.part("x", length), f"M[:, {self.index(COLUMNS)}]")
        length = SIZE if whole.startswith("M") else length
        target = whole if whole.endswith("]") else f"{whole}[:]"
        row = self.pick("r[:]", f"M[{self.index()}]", f"M[{self.index()}, :]")
        i, j = self.index(COLUMNS), self.index()
        self.line(
            self.pick(
                f"{target} = np.tanh({self.vector(length)})",
                f"{target} = 0.4 * ({self.vector(length)})",
                f"{target} = {self.vector(length, 0)}",
                f"{target} = 0.4 * {self.scalar()}",
                f"{row} = np.tanh({self.vector(COLUMNS)})",
                f"{row} {self.pick('+=', '-=')} {self.part('x', COLUMNS)} * {self.pick(self.scalar(), self.part('x', COLUMNS))}",
                f"{target} {self.pick('*=', '+=')} 0.3 * {self.scalar()}",
                f"np.{self.pick('add', 'multiply')}({whole}, {self.pick(self.scalar(), whole)} * 0.3, {whole})",
                f"np.tanh({self.pick(whole, self.scalar())}, {whole})",
                f"M[:] = np.tanh({self.pick('M * Z', 'y[:, None] * Z', 'r + M', f'x[:, None] - r * {self.scalar()}', 'Z')})",
                f"M[1:4, ::2] = 0.3 * Z[:3, 1:] + {self.pick('x[1:4, None]', 'M[::2, 1:]', f'M[1:4, {i}:{i} + 1]', 'y[:2]')}",
                f"y[:] = np.tanh({self.pick(f'Z @ M[{j}]', 'np.dot(M, r)', '(M * Z).sum(axis=1)', 'np.sum(M * r, 1)')})",
                f"M[{j}] = np.tanh({self.pick('M.sum(axis=0)', f'(Z - {self.scalar()}).sum(0)', f'M.T @ x + Z[{j}]')})",
            )
        )

    def write_sum(self, depth):
        length, a = self.pick(2, 3, 4, 5, 5), self.pick(*self.loops, "p", "p")
        self.line(
            f"{self.scalar()} = "
            + self.pick(
                f"np.sum({self.vector(length)}) * 0.3",
                f"({self.vector(length)}).sum() * 0.3",
                f"np.mean({self.vector(length)})",
                f"({self.part('x', length)}) @ ({self.part('y', length)}) * 0.3",
                f"np.dot({self.vector(length, 1)}, {self.vector(length, 1)}) * 0.1",
                f"(Z[{self.index()}] * r).sum()",
                "np.sum(M * Z) * 0.2",
                f"np.sum(x[{a}:] * y[:5 - {a}]) * 0.3" if a in self.loops else f"np.sum(x[:{a}] * y[:{a}]) * 0.3",
                f"np.prod({self.part('x', length)}) * 0.3",
                f"({self.vector(length)})[{self.random.randrange(-length, length)}]",
                f"x[1:][{self.index(4)}] * y[::-1][{self.index()}]",
            )
        )

    def write_name(self, depth):
        """A variable names another array."""
        self.line(
            self.pick(
                f"B = np.tanh({self.vector(SIZE)})",
                f"B = B + 0.1 * ({self.vector(SIZE)})",
                f"B = rb(B, {self.index()} % 3) * {self.scalar()}",
                f"B = {self.part('B', SIZE)}",
                "O = B",
                "O = B",
                "B, O = O, B",
                f"O = np.sin({self.part('O', SIZE)}) * {self.part('B', SIZE)}",
                f"y[:] = B - {self.scalar()} * O",
                f"B[{self.index()}] = tanh({self.scalar()})" if self.has_names > 2 else f"O = {self.part('O', SIZE)} * 0.5",
            )
        )

    def write_new(self, depth):
        """An array of its own, made wherever it stands."""
        length, name, self.whiles = self.pick(3, 5, 5), f"v{self.whiles}", self.whiles + 1
        self.line(f"{name} = {self.pick(self.vector(length), self.part('y', length) + '.copy()', f'np.zeros({length})')}")
        self.line(f"{name}{self.pick('[1:]', '[:]', '[::2]')} {self.pick('*=', '+=')} {self.scalar()} * 0.5")
        self.line(f"{self.scalar()} = sin({name}[{self.random.randrange(length)}] * {name}[-1])")
        self.line(self.pick(f"y[:{length}] = np.sin({name})", f"u += np.sum({name} * {name}) * 0.1", f"y[0] = {name}[1:][0]"))

    def write_library(self, depth):
        """Functions of NumPy that make, shape and fold arrays."""
        length, i, j = self.pick(2, 3, 5), self.index(COLUMNS), self.index()
        a, b = self.vector(length, 1), self.part("x", length)
        self.line(
            self.pick(
                f"{self.scalar()} = np.max({a}) - 0.3 * np.min({b})",
                f"p = np.argmax({self.vector(SIZE, 1)})",
                f"p = np.argmin({b})",
                f"{self.scalar()} = np.var({a}) * 0.5 + np.std({b})",
                f"{self.scalar()} = np.linalg.norm({self.pick(a, b, 'Z', 'M * Z')}) * 0.2",
                f"y[1:] = np.diff({self.vector(SIZE, 1)}) * 0.3",
                f"y[:{length}] = np.tanh(np.cumsum({a}))",
                f"M[:] = np.outer(np.sin({self.vector(SIZE, 1)}), {self.part('x', COLUMNS)}) * 0.4",
                f"{self.scalar()} = np.trace(M.T @ Z) * 0.1",
                f"x[:] = np.sin(x[k]) * {self.scalar()}" if self.has_arrays else f"y[:] = x[k] * {self.scalar()}",
                f"M[:] = np.tanh({self.pick('Z[k]', 'M[k] * 0.7', 'Z @ (Z.T @ M) * 0.1', '(Z @ M.T @ Z) * 0.1')})",
                f"r[:] = np.tanh({self.pick('x @ M', '(x * 0.5) @ Z', 'np.dot(y, Z)')})",
                f"{self.scalar()} = np.reshape(Z[:4], (2, 6))[{self.pick('0', '1', '-1')}, {i}] * {self.element()}",
                f"{self.scalar()} = (M * Z).reshape(-1)[{j}] + Z.ravel()[{i}] - (Z - {self.scalar()}).flatten()[{j}]",
                f"y[:] = np.concatenate((r[1:] * {self.scalar()}, {self.part('x', 3)}))",
                f"y[:] = np.flip({self.vector(SIZE, 1)}) * np.linspace({self.scalar()}, 1.0, n) * 0.5",
                f"{self.scalar()} = np.sum(np.arange(1, 4) * r) * 0.2 + np.sum(np.eye(3)[{i}] * Z[{j}])",
                f"y[:] = np.roll({self.vector(SIZE, 1)}, {self.pick('1', '-1', 'p', 'q', '-7')}) * 0.7",
                f"u = {self.scalar()} if np.{self.pick('any', 'all')}({a} > {self.scalar()}) else t * 0.5",
            )
        )

    def write_mask(self, depth):
        """Masks, and values that are cut off at bounds."""
        length, bound = self.pick(3, 5), self.pick(self.scalar(), "0.1", "0.2 * w")
        self.line(
            self.pick(
                f"y[{self.vector(SIZE, 1)} > {bound}] = {self.scalar()} * 0.7",
                f"y[{self.part('x', SIZE)} < {bound}] *= {self.scalar()} * 0.5",
                f"y[x > {bound}] = np.sin(x[x > {bound}]) * 0.4",
                f"{self.scalar()} = np.sum(x[{self.part('y', SIZE)} < {bound}]) * 0.3",
                f"{self.part('y', length)}[:] = np.clip({self.vector(length)}, {self.pick('-0.45', 'w - 1.0')}, 0.83)",
            )
        )

    def write_list(self, depth):
        """A list of numbers."""
        name, self.whiles = f"v{self.whiles}", self.whiles + 1
        self.line(f"{name} = {self.pick(f'[{self.scalar()} * 1.0, {self.element()} * 1.0, 0.3]', '[0.25] * 3')}")
        self.line(f"{name}[{self.index(COLUMNS)}] {self.pick('=', '+=', '*=')} {self.scalar()} * 0.5")
        self.line(f"u = sin({name}[{self.index(COLUMNS)}] * {name}[-1]) + {name}[p % len({name})]")

    def write_lasting(self, depth):
        """An array of the first iteration that another name keeps."""
        name, other, m, self.whiles = f"v{self.whiles}", f"o{self.whiles}", f"m{self.whiles}", self.whiles + 1
        self.line(f"for {m} in range(3):")
        self.line(f"    {name} = {self.pick('np.tanh(x * s)', 'np.zeros(n)', 'x[k]', 'y.copy()')}")
        self.line(f"    {name}[{m}] = {self.scalar()} * 0.5")
        self.line(f"    if {m} == 0:")
        self.line(f"        {other} = {self.pick(name, f'{name}[::-1]', f'({name}, 1.0)[0]')}")
        self.line(f"    {self.scalar()} += {other}[{self.index()}] * {name}[{m}] * 0.3")

    def write_together(self, depth):
        name, other, self.whiles = f"v{self.whiles}", f"m{self.whiles}", self.whiles + 1
        arrays = self.pick("x", "y", "x[1:]", "Z[:, 1]", "M[:, 0]"), self.pick("y", "k", "x[::-1]", "r")
        self.line(
            self.pick(
                f"for {other}, {name} in enumerate({arrays[0]}):",
                f"for {other}, {name} in enumerate({arrays[0]}, 1):",
                f"for {name}, {other} in zip({arrays[0]}, {arrays[1]}):",
            )
        )
        self.around.append("over")
        self.line(f"    {self.pick('s', 't', 'u')} += sin({name} * {self.element()}) * {other}")
        self.body(depth, 1)
        self.around.pop()

    def write_neighbours(self, depth):
        name = next((name for name in "abcd" if name not in self.loops), None)
        if name is None:
            return self.write_set(depth)
        to, of, factor = self.pick("y[{}]", "x[{}]", "M[{}, 1]"), self.pick("y[{}]", "x[{}]", "Z[{}, 2]"), self.scalar()
        near = [of.format(f"{name} {shift}") for shift in ("- 1", "+ 1")]
        self.line(f"for {name} in range({self.pick('1, n - 1', 'n - 2, 0, -1', '1, n - 1, 2')}):")
        self.line(f"    {to.format(name)} = tanh({near[0]} * {near[1]} - {of.format(name)}) * {factor}")
        if self.random.random() < 0.3:
            self.line(f"    {self.pick('t', 'u')} += {near[0]} * {factor}")

    def write_local(self, depth):
        if self.around:
            return self.write_set(depth)
        self.line(f"{self.scalar()} = e({self.scalar()}, {self.scalar()}, {self.pick('x', 'y')}, {self.pick('2', '3', 'p + 1')})")

    def write_over(self, depth):
        name, self.whiles = f"v{self.whiles}", self.whiles + 1
        over = self.pick("x", "y", f"Z[{self.index()}]", f"M[{self.index()}]", "r", "k")
        self.line(f"for {name} in {over}:")
        self.around.append("over")
        self.line(f"    {self.pick('s', 't', 'u')} += sin({name} * {self.element()})")
        self.body(depth, self.random.randrange(1, 3))
        self.around.pop()

    def write_skip(self, depth):
        if self.around:
            self.line(f"if {self.condition()}:")
            self.line("    " + self.pick("continue", "break", "break", f"return t + {self.element()}"))
        elif self.random.random() < 0.3:
            self.line(f"if {self.condition()}:")
            self.line(f"    return s + {self.element()}")

    def write_while(self, depth):
        count, self.whiles = f"m{self.whiles}", self.whiles + 1
        self.line(f"{count} = 0")
        self.line(self.pick(f"while {count} < 3 and {self.condition()}:", "while True:"))
        self.around.append("while")
        self.line(f"    {count} += 1")
        self.line(f"    if {count} > {self.random.randrange(1, 6)}:")
        self.line("        break")
        self.body(depth, self.random.randrange(1, 4))
        self.around.pop()

    def write_branch(self, depth):
        self.line(f"if {self.condition()}:")
        self.body(depth, self.random.randrange(1, 3))
        if self.random.random() < 0.6:
            self.line("else:")
            self.body(depth, self.random.randrange(1, 3))

    def write_loop(self, depth):
        free = [name for name in "abcd" if name not in self.loops]
        if not free:
            return self.write_set(depth)
        name = self.random.choice(free)
        outer = self.pick(*self.loops, "p", "p")
        n = self.random.randrange(2, SIZE + 1)
        bounds = self.pick(
            f"{n}",
            "n",
            f"1, {n}",
            f"{outer}, n",
            f"{n - 1}, -1, -1",
            f"0, {SIZE}, 2",
            f"n - 1, {outer}, -2",
            f"{outer} + 1",
            "0, n, q",
        )
        self.line(f"for {name} in range({bounds}):")
        self.loops.append(name)
        self.around.append("for")
        self.body(depth, self.random.randrange(1, 4))
        self.loops.pop()
        self.around.pop()
        if self.random.random() < 0.15:
            self.line("else:")
            self.body(depth, 1)

    def body(self, depth, count):
        self.indent += 1
        for _ in range(count):
            self.statement(depth + 1)
        if self.lines[-1].rstrip().endswith(":"):
            self.line("pass")
        self.indent -= 1

    def text(self, more=""):
        """The program; `more` follows every number that its function returns."""
        self.indent, self.left = 0, self.random.randrange(6, 16)
        self.lines = ["def h(a, b):", "    if a > b:", "        return sin(a) * b", "    return a - 0.5 * b", "", ""]
        self.lines += ["def g(v, a, m):", "    for i in range(m):", "        v[i] = v[i] * 0.5 + sin(a * v[i + 1 - m])", "", ""]
        self.lines += ["def e(a, b, x, m):", "    v = np.zeros(m)", "    z = x.copy()", "    for i in range(len(v)):"]
        self.lines += ["        v[i] = sin(a * v[i - 1] + z[i]) * b", "        z[i + 1 - m] *= v[i]"]
        self.lines += ["        if i == 3:", "            break", "    return v[-1] * v[1 - m] + z[0] * 0.1", "", ""]
        self.lines += ["def hv(v, a):", "    return v * a + np.cos(v) * 0.5", "", ""]
        self.lines += ["def rb(v, n):", "    for i in range(n):", "        v = np.sin(v) + v[::-1] * 0.1", "    return v", "", ""]
        self.lines += ["def j(v, a):", "    for i in range(4):", "        if v[i] > a:", "            return v[i] * a"]
        self.lines += ["    return a - v[0]", "", ""]
        self.lines += ["def f(x, Z, w, k, n, q):"]
        first = len(self.lines)
        for start in ("s, t, u = 0.5, x[0], w * x[1]", "p = 1", "y = np.zeros(n)", "M = np.zeros((n, 3))", "r = M[2]"):
            self.line(start)
        if self.has_last:
            self.line("a = b = c = 0")
        if self.has_names:
            self.line("B = " + self.pick("x", "x * 1.0", "y + w"))
            self.line("O = " + self.pick("B", "x - w", "y.copy()"))
        for _ in range(self.random.randrange(3, 7)):
            self.statement(0)
        self.line("total = s + 0.1 * t - u * 0.3 + w")
        self.line("for d in range(n):")
        self.line("    total += y[d] * (d + 1) * 0.3 + x[d] * y[-1] + M[d, 0] * M[d, 2]")
        self.line("return total + np.sum(B * x) - O[1]" if self.has_names else "return total")
        own = [line + more * line.strip().startswith("return ") for line in self.lines[first:]]
        return "\n".join(self.lines[:first] + own) + "\n"


def arguments(seed):
    """Arguments of a program."""
    rng = np.random.default_rng(seed)
    k = rng.integers(0, SIZE, SIZE)
    return rng.normal(size=SIZE), rng.normal(size=(SIZE, COLUMNS)), float(rng.normal()), k, SIZE, int(rng.integers(1, 4))


def by_tangents(text, args, weighed=None):
    """The value of a program and its derivatives by ``x``, ``Z`` and ``w``, computed by Python.

    Of a program with several outputs the value is what `weighed` makes of them.
    """
    x, Z, w, *rest = args
    count = x.size + Z.size + 1
    lane = np.zeros(count)
    lane[-1] = 1.0
    numbers = NumpyOfTangents(count)
    space = {**ON_TANGENTS, "np": numbers, "float": float_of, "max": larger, "min": smallest}
    exec(compile(text, "<program>", "exec"), space)
    result = space["f"](array_of_tangents(x, 0, count), array_of_tangents(Z, x.size, count), Tangents(w, lane), *rest)
    result = Tangents.of(result if weighed is None else weighed(result))
    dot = np.zeros(count) + result.dot
    return result.value, (dot[: x.size], dot[x.size : -1].reshape(Z.shape), dot[-1])


def float_of(x):
    """Python's `float`, which here keeps tangents."""
    return Tangents.of(x)


def larger(a, b):
    """The larger of two numbers; the first where they are equal."""
    return b if Tangents.of(b) > a else a


def smallest(first, *others):
    """The smallest of some numbers; the first of equal ones."""
    for other in others:
        first = other if Tangents.of(other) < first else first
    return first


class NumpyOfTangents:
    """The functions of NumPy that programs call, on numbers with tangents."""

    def __init__(self, count):
        self.count = count
        self.sin, self.cos, self.tanh, self.sqrt = (np.frompyfunc(function, 1, 1) for function in ON_TANGENTS.values())
        self.sum, self.mean, self.prod, self.dot, self.where = np.sum, np.mean, np.prod, np.dot, np.where
        self.add, self.multiply, self.concatenate, self.cumsum = np.add, np.multiply, np.concatenate, np.cumsum
        self.diff, self.outer, self.flip, self.trace = np.diff, np.outer, np.flip, np.trace
        self.roll, self.any, self.all = np.roll, np.any, np.all
        self.reshape, self.arange, self.eye, self.linalg = np.reshape, np.arange, np.eye, self

    def argmax(self, array):
        return int(np.argmax([Tangents.of(number).value for number in array]))

    def argmin(self, array):
        return int(np.argmin([Tangents.of(number).value for number in array]))

    def max(self, array):
        return array[self.argmax(array)]

    def min(self, array):
        return array[self.argmin(array)]

    def var(self, array):
        return np.mean((array - np.mean(array)) ** 2)

    def std(self, array):
        return self.sqrt(self.var(array))

    def clip(self, array, low, high):
        return np.frompyfunc(lambda value: smallest(larger(value, low), high), 1, 1)(array)

    def norm(self, array):
        return self.sqrt(np.sum(array * array))

    def linspace(self, start, stop, count):
        return np.array([start + k * ((stop - start) / (count - 1)) for k in range(count - 1)] + [stop], object)

    def zeros(self, shape):
        out = np.empty(shape, object)
        for at in np.ndindex(out.shape):
            out[at] = Tangents(0.0, np.zeros(self.count))
        return out
