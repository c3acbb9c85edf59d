"""Captured Tensors: those that a traced function finds in its environment, and whether that environment is unchanged."""

from ...tape.tape import current


class CapturedTensors:
    """Tensors of floats from closures, globals and attributes: inputs of the program, read at every call.

    Parameters
    ----------
    environment : EnvironmentSnapshot
        What the function could see when it was traced.

    Attributes
    ----------
    tensors : list of Tensor
        The captured Tensors.
    unchanged_without_graph : callable
        Whether a trace still fits calls whose arguments need no gradients: the environment is unchanged, and no captured
        Tensor requires gradients.
    """

    def __init__(self, environment):
        self.tensors, self._environment = environment.tensors, environment
        self._forms = [_form_of(t) for t in self.tensors]
        # it is part of the trace that these require no gradients
        self._constants = [t for t in self.tensors if not t.requires_grad]
        self.unchanged_without_graph = self._unchanged_without_graph if self.tensors else environment.unchanged

    def unchanged(self):
        """Whether everything that the function sees beside its arguments is as it was."""
        if not self._environment.unchanged():
            return False
        for t, form in zip(self.tensors, self._forms):
            if _form_of(t) != form:
                return False
        return not (self._constants and current().enabled and any(t.requires_grad for t in self._constants))

    def _unchanged_without_graph(self):
        return self.unchanged() and not (current().enabled and any(t.requires_grad for t in self.tensors))


def _form_of(tensor):
    return tuple(tensor.shape), tensor.dtype
