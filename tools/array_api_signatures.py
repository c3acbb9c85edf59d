"""Write down the functions of the array API standard and their parameters, as `array_api_strict` has them.

    pip install array-api-strict && python tools/array_api_signatures.py > tests/array_api_signatures.txt

`tests/test_array_api.py` calls `jittape.numpy` by them.
"""

import inspect

import array_api_strict


def written(name, function):
    """A signature without annotations."""
    parameters = [
        p.replace(
            annotation=p.empty,
            default=p.default if isinstance(p.default, (int, float, str, type(None))) or p.default is p.empty else None,
        )
        for p in inspect.signature(function).parameters.values()
    ]
    return f"{name}{inspect.Signature(parameters)}"


def signatures():
    """Those of the main namespace, of `linalg` and of `fft`."""
    for prefix, module in (("", array_api_strict), ("linalg.", array_api_strict.linalg), ("fft.", array_api_strict.fft)):
        for name in sorted(module.__all__):
            function = getattr(module, name)
            if inspect.isfunction(function) and not name.startswith(("_", "set_array_api", "get_array_api", "reset_array_api")):
                yield written(prefix + name, function)


print("\n".join(signatures()))
