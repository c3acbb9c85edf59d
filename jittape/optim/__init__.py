"""Optimisers and learning rate schedules with PyTorch's names."""

from . import lr_scheduler, swa_utils
from .adam_family import Adam, Adamax, AdamW, NAdam, RAdam
from .algorithms import ASGD, SGD, Adadelta, Adagrad, RMSprop, Rprop
from .lbfgs import LBFGS
from .optimizer import Optimizer

__all__ = [
    "ASGD",
    "Adadelta",
    "Adagrad",
    "Adam",
    "AdamW",
    "Adamax",
    "LBFGS",
    "NAdam",
    "Optimizer",
    "RAdam",
    "RMSprop",
    "Rprop",
    "SGD",
    "lr_scheduler",
    "swa_utils",
]


def __dir__():
    return __all__
