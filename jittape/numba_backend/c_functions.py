"""Machine code as a function of Python: an object that the interpreter calls through its C interface.

Numba makes such objects, too, of code that takes its arguments in a tuple and keywords in a dictionary.  Code that takes an array
of arguments (``METH_FASTCALL`` in Python's C API) saves the tuple.
"""

import ctypes

METH_FASTCALL = 0x0080


class _MethodDefinition(ctypes.Structure):
    """``PyMethodDef`` of Python's C API."""

    _fields_ = [("name", ctypes.c_char_p), ("code", ctypes.c_void_p), ("flags", ctypes.c_int), ("doc", ctypes.c_char_p)]


_new_function = ctypes.PYFUNCTYPE(ctypes.py_object, ctypes.POINTER(_MethodDefinition), ctypes.py_object, ctypes.py_object)(
    ("PyCFunction_NewEx", ctypes.pythonapi)
)


def c_function(name, address, owner):
    """The function of Python whose code lies at an address.

    Parameters
    ----------
    name : str
    address : int
        Of a C function ``PyObject *(PyObject *self, PyObject *const *args, Py_ssize_t nargs)``.
    owner : object
        What has to live as long as the function: it owns the code.

    Returns
    -------
    builtin_function_or_method
        It takes arguments by position only.
    """
    definition = _MethodDefinition(name.encode(), address, METH_FASTCALL, None)
    return _new_function(ctypes.byref(definition), (definition, owner), None)
