"""Optimisers and schedules."""

from . import lr_scheduler
from .algorithms import ASGD, SGD, Adadelta, Adagrad, Adam, Adamax, AdamW, NAdam, RMSprop, Rprop
from .lbfgs import LBFGS
from .optimizer import Optimizer
