"""Lists and dicts that a function makes: which of them hold numbers with derivatives from the start.

A typed list or dict gets its type from the first element that is put in, which may be a plain float. Nor does the type of a
list in brackets change when an element is replaced. So what goes into them goes in as a number with derivatives, as in arrays
that ``np.zeros`` makes.
"""

import operator

from numba import typed

from ..compat import Dispatcher, numba_ir as ir

TYPED = (typed.List, typed.Dict, dict)
WITH_KEYS = ("get", "pop", "setdefault")  # methods of dicts whose first argument is a key
MAKERS = (*TYPED, list, set)  # Numba finds out what these hold from what is put in, by the variable that the call is assigned to


class MadeContainers:
    """The expressions of a function that make containers, known by the variables that refer to them.

    Parameters
    ----------
    func_ir : FunctionIR
        The code, with single assignments.
    """

    def __init__(self, func_ir):
        self._ir = func_ir
        self._written = set()  # ids of expressions that make lists whose elements are replaced, or which are repeated
        for block in func_ir.blocks.values():
            for statement in block.body:
                if isinstance(statement, (ir.SetItem, ir.StaticSetItem)):
                    self._mark(statement.target)
                elif isinstance(statement, ir.Assign) and self._hands_on(statement.value):
                    for variable in statement.value.list_vars():
                        self._mark(variable)
                elif isinstance(statement, ir.Assign) and self._is_of_lists(statement.value):
                    self._mark_unlike(statement.value)

    def _is_of_lists(self, value):
        """Whether an expression is a list of lists in brackets."""
        return isinstance(value, ir.Expr) and value.op == "build_list" and any(self._rows(value))

    def _rows(self, value):
        """The lists in brackets in one."""
        return [root for item in value.items for root in self.roots(item) if root.op == "build_list"]

    def _mark_unlike(self, value):
        """Note the lists in a list, unless all hold constants: they are of one type, though some may hold plain floats only."""
        rows = self._rows(value)
        if any(self.roots(item) for row in rows for item in row.items):
            self._written.update(map(id, rows))

    def _mark(self, variable):
        """Note what may be written to by a variable: a list, the lists in it, and the list that it is an element of."""
        for root in self.roots(variable):
            if id(root) in self._written:  # as in a loop with x = x[1:]
                continue
            self._written.add(id(root))
            if root.op in ("getitem", "static_getitem"):
                self._mark(root.value)
            for item in root.items if root.op == "build_list" else ():
                self._mark(item)

    def _hands_on(self, value):
        """Whether an expression repeats a list, or is a call of a function that may replace elements."""
        if not isinstance(value, ir.Expr):
            return False
        if value.op == "call":
            return isinstance(constant_of(self._ir, value.func), Dispatcher)
        return value.op in ("binop", "inplace_binop") and value.fn in (operator.mul, operator.imul)

    def roots(self, variable):
        """The expressions whose value a variable may have."""
        found, queue, seen = [], [variable], set()
        while queue:
            name = queue.pop().name
            if name in seen:
                continue
            seen.add(name)
            for value in self._ir._definitions.get(name, ()):
                if isinstance(value, ir.Var):
                    queue.append(value)
                elif isinstance(value, ir.Expr) and value.op == "phi":
                    queue.extend(v for v in value.incoming_values if isinstance(v, ir.Var))
                elif isinstance(value, ir.Expr):
                    found.append(value)
        return found

    def records(self, expression):
        """Whether an expression makes a container whose elements are numbers with derivatives from the start."""
        if expression.op == "build_list":
            return id(expression) in self._written
        return expression.op == "build_map" or self._calls(expression, TYPED)

    def makes(self, expression):
        """Whether an expression is a call that makes a container, of a type that is not known yet."""
        return self._calls(expression, MAKERS)

    def holds(self, variable):
        """Whether a variable may refer to such a container."""
        return any(map(self.records, self.roots(variable)))

    def receiver(self, call):
        """The object whose method is called; None for calls of functions."""
        method = self._method(call)
        return None if method is None else method.value

    def takes_key(self, call):
        """Whether a call is of a method whose first argument is a key of a dict, or a place in a list."""
        method = self._method(call)
        return method is not None and method.attr in WITH_KEYS

    def declares_dict(self, call):
        """Whether a call is ``typed.Dict.empty(key_type, value_type)``."""
        method = self._method(call)
        return (
            method is not None and method.attr == typed.Dict.empty.__name__ and constant_of(self._ir, method.value) is typed.Dict
        )

    def _method(self, call):
        return next((root for root in self.roots(call.func) if root.op == "getattr"), None)

    def _calls(self, expression, functions):
        value = constant_of(self._ir, expression.func) if expression.op == "call" else None
        return any(value is function for function in functions)


def constant_of(func_ir, variable):
    """The value of a variable that stands for a global or a captured variable; None for others."""
    try:
        return func_ir.infer_constant(variable)
    except Exception:  # Numba's own, of a private class: the variable is no constant
        return None
