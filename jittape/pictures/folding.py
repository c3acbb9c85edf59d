"""Folding: what is repeated in a long graph is drawn once, with the number of times."""

import numpy as np

from .graph_nodes import PictureNode

LONGEST_BLOCK = 64


def folded(nodes, most):
    """A graph of few nodes, if repetitions allow it, in the place of one of more than so many.

    A stretch of nodes, in the order of recording, that is repeated three times or more (the same operations in the same shapes)
    becomes one node. The longest saving is folded first, and folds are repeated too: a loop in a loop becomes one node as well.

    Parameters
    ----------
    nodes : dict of key -> PictureNode
    most : int
    """
    few = len(nodes) if len(nodes) <= most else most // 4  # what is folded in part only shows no structure
    while len(nodes) > few:
        found = _largest_repetition(nodes)
        if found is None:
            return nodes
        nodes = _with_one_node(nodes, *found)
    return nodes


def _largest_repetition(nodes):
    """(start, period, times) of the repetition whose folding saves most nodes; None if there is none."""
    numbers = {}
    words = [(node.label, node.about[1:2], node.kind) if _may_fold(node) else key for key, node in nodes.items()]
    words = np.array([numbers.setdefault(word, len(numbers)) for word in words])
    best, saved = None, 1
    for period in range(1, min(LONGEST_BLOCK, len(words) // 3) + 1):
        differs = np.flatnonzero(np.append(words[period:] != words[:-period], True))
        runs = np.diff(differs, prepend=-1) - 1  # of places that equal the one a period before, up to each that does not
        k = int(np.argmax(runs // period))
        times = int(runs[k]) // period + 1
        if times >= 3 and times * period - 1 > saved:
            best, saved = (int(differs[k] - runs[k]), period, times), times * period - 1
    return best


def _may_fold(node):
    return node.kind != "input" and not node.is_output


def _with_one_node(nodes, start, period, times):
    keys = list(nodes)
    inside = keys[start : start + period * times]
    within, block = set(inside), [nodes[key] for key in inside[:period]]
    operands = dict.fromkeys(a for key in inside for a in nodes[key].operands if a not in within)
    names = [node.label for node in block]
    label = f"{times} x " + (names[0] if period == 1 else f"({', '.join(names[:3])}{', ...' if period > 3 else ''})")
    fold = PictureNode(label, "fold", (f"{times} times {period} rows", *names[:20]), tuple(operands))
    new_key, result = ("fold", inside[0]), {}
    for key in keys:
        if key == inside[-1]:
            result[new_key] = fold
        if key not in within:
            node = nodes[key]
            moved = tuple(dict.fromkeys(new_key if a in within else a for a in node.operands))
            result[key] = node if moved == node.operands else node._replace(operands=moved)
    return result
