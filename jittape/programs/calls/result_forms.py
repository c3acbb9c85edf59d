"""The form of what a compiled function returns, made of the arrays that its program computes."""

import numpy as np

from ...tensors.array import Array, array_for
from ...tensors.tensor import Tensor, wrap
from ...transforms.pytrees import ONE_LEAF


class ResultForms:
    """The form of the answers of one trace.

    Parameters
    ----------
    traced : Traced
        The trace.
    as_tensors : bool
        Whether callers get Tensors or Arrays, because one was an argument, or floats and arrays.
    face : type
        Which of the two.
    """

    def __init__(self, traced, as_tensors, face=Tensor):
        self.traced, self.as_tensors, self.face = traced, as_tensors, face

    @property
    def is_one_array(self):
        """Whether the answer is the program's first result itself, as a float or an array."""
        if self.traced.structure is not ONE_LEAF or self.as_tensors:
            return False
        output = self.traced.outputs[0]
        return output.number == 0 and not output.is_mask

    def answer(self, results):
        """What the function returned, made of copies of the results of the program."""
        leaves = []
        for output in self.traced.outputs:
            if output.number is None:
                leaves.append(self.constant(output))
            else:
                array = results[output.number]
                leaves.append(self._form(array != 0 if output.is_mask else array))
        return self.traced.build(leaves)

    def arrays(self, results):
        """What the function returned, made of the arrays of the results themselves."""
        return self.traced.build([o.constant if o.number is None else results[o.number] for o in self.traced.outputs])

    def _form(self, array):
        if self.as_tensors:
            return self.handle(wrap(np.asarray(array)))
        return number_of(array) if array.ndim == 0 else array

    def constant(self, output):
        """A leaf of the answer that depends on no input."""
        value = output.constant
        if not isinstance(value, np.ndarray):
            return value
        return self.handle(wrap(value.copy("K"))) if self.as_tensors else value.copy("K")

    def handle(self, tensor):
        """A Tensor as the caller gets it."""
        return array_for(tensor) if self.face is Array else tensor


def first_of(results):
    """The answer where it is one array (`ResultForms.is_one_array`), copied out of the memory of a program."""
    y = results[0]
    return y.copy("K") if y.ndim else number_of(y)


def number_of(array):
    """An array without axes as a number: Python's where that says the same, NumPy's for other dtypes."""
    value = array[()]
    return value if isinstance(value, np.floating) and not isinstance(value, float) else value.item()
