"""Functions of the user's that a user's function calls, read in the place of the call."""

import inspect

from numba import types

from .typed_code import unconverted_code

MOST_CALLS = 12  # of functions in functions
UNRELATED = ("nopython", "nogil", "cache", "inline", "no_cpython_wrapper", "no_cfunc_wrapper", "parallel", "pipeline_class")


class FunctionReading:
    """The part of a `TreeReader` that reads functions that are called."""

    def called(self, dispatcher, given):
        """A function of the user's, read in the place of its call."""
        name, code = dispatcher.py_func.__name__, dispatcher.py_func.__code__
        options = [{k: v for k, v in d.targetoptions.items() if k not in UNRELATED} for d in (dispatcher, self.dispatcher)]
        if options[0] != options[1]:
            self.refuse(f"a call of {name}, which is compiled with other options")
        if code.co_flags & (inspect.CO_VARARGS | inspect.CO_VARKEYWORDS) or code.co_kwonlyargcount:
            self.refuse(f"a call of {name}, which has *arguments")
        variables, defaults = given_and_defaults(dispatcher, given)
        if not all(isinstance(default, (bool, int, float)) for default in defaults.values()):
            self.refuse(f"a call of {name} with defaults")
        known = {p: self.looked_up(variable.name) for p, variable in variables.items()}
        known |= {p: self.constant(default, None) for p, default in defaults.items()}
        kinds = [types.unliteral(self.type_of(variables[p].name) if p in variables else v.type) for p, v in known.items()]
        return self.read_in_place(dispatcher, dict(zip(known, kinds)), known)

    def read_in_place(self, dispatcher, kinds, known):
        """What a function returns.

        Parameters
        ----------
        kinds, known : dict
            By parameter, the types and what they are.
        """
        depth, reader = 0, self
        while reader is not None:
            depth, reader = depth + 1, reader.outer
        if depth > MOST_CALLS:
            self.refuse(f"a call of {dispatcher.py_func.__name__}, which is recursive")
        given = dict(zip(known, self.in_memory(known.values())))
        kinds = tuple(kinds.values())
        if (dispatcher, kinds) not in self.program.codes:
            self.program.codes[dispatcher, kinds] = unconverted_code(dispatcher, kinds)
        code = self.program.codes[dispatcher, kinds]
        parameters = dispatcher.py_func.__code__.co_varnames[: len(kinds)]
        prefix = f"{len(self.program.types)}:{self.prefix}"
        reader = type(self)(self.program, dispatcher, code, [given[p] for p in parameters], prefix, self)
        reader.read()
        reader.give_up()
        found = reader.known.get(self.program.result)
        return self.again(found) if isinstance(found, str) else found


def given_and_defaults(dispatcher, given):
    """The variables of the parameters that are given, and the values of the others."""
    code, values = dispatcher.py_func.__code__, dispatcher.py_func.__defaults__ or ()
    parameters = code.co_varnames[: code.co_argcount]
    found = {p: given.take(p) for p in parameters}
    defaults = dict(zip(parameters[len(parameters) - len(values) :], values))
    return {p: v for p, v in found.items() if v is not None}, {p: defaults[p] for p, v in found.items() if v is None}
