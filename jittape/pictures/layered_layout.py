"""Where the nodes of a graph stand: in layers, the inputs above, so that few edges cross.

Reference: K. Sugiyama, S. Tagawa, M. Toda, Methods for visual understanding of hierarchical system structures, 1981; places in a
layer follow the medians of neighbours, as in E. R. Gansner et al., A technique for drawing directed graphs, 1993.
"""

from typing import NamedTuple

SWEEPS = 8
GAP, LAYER_HEIGHT, HEIGHT, LETTER, MARGIN = 18.0, 64.0, 28.0, 7.4, 20.0


class GraphLayout(NamedTuple):
    """Places in units of pixels.

    Attributes
    ----------
    places : dict of key -> (x, y, width)
        Centres of nodes.
    edges : list of (from, to, points)
        Of keys; points between, where an edge passes layers.
    width, height : float
    """

    places: dict
    edges: list
    width: float
    height: float


def laid_out(nodes):
    """Lay out a graph.

    Parameters
    ----------
    nodes : dict of key -> PictureNode
        Operands before what is computed from them.
    """
    layers, chains = _with_passages(nodes, _layer_numbers(nodes))
    widths = {key: LETTER * len(nodes[key].label) + 24.0 if key in nodes else 8.0 for layer in layers for key in layer}
    above, below = _neighbours(chains)
    for sweep in range(SWEEPS):
        if sweep % 2 == 0:
            for layer in layers[1:]:
                _sort_by_neighbours(layer, above, _ranks(layers))
        else:
            for layer in layers[-2::-1]:
                _sort_by_neighbours(layer, below, _ranks(layers))
    x = _placed(layers, widths, above, below)
    left = min((x[key] - 0.5 * widths[key] for key in x), default=0.0) - MARGIN
    right = max((x[key] + 0.5 * widths[key] for key in x), default=0.0) + MARGIN
    at = {key: (x[key] - left, MARGIN + 0.5 * HEIGHT + k * LAYER_HEIGHT) for k, layer in enumerate(layers) for key in layer}
    places = {key: (*at[key], widths[key]) for key in nodes}
    edges = [(chain[0], chain[-1], [at[key] for key in chain[1:-1]]) for chain in chains]
    return GraphLayout(places, edges, right - left, 2.0 * MARGIN + HEIGHT + LAYER_HEIGHT * (len(layers) - 1))


def _layer_numbers(nodes):
    """The longest way from an input, and inputs and constants just above what needs them first."""
    number = {}
    for key, node in nodes.items():
        number[key] = 1 + max((number[a] for a in node.operands), default=-1)
    first = {}
    for key, node in nodes.items():
        for a in node.operands:
            first[a] = min(first.get(a, number[key]), number[key])
    return {key: first[key] - 1 if not node.operands and key in first else number[key] for key, node in nodes.items()}


def _with_passages(nodes, number):
    """Layers of keys, and every edge as a chain that has a passage in each layer between its ends."""
    layers = [[] for _ in range(max(number.values(), default=-1) + 1)]
    for key in nodes:
        layers[number[key]].append(key)
    chains = []
    for key, node in nodes.items():
        for a in dict.fromkeys(node.operands):
            passages = [("passage", a, key, k) for k in range(number[a] + 1, number[key])]
            for passage in passages:
                layers[passage[-1]].append(passage)
            chains.append([a, *passages, key])
    return layers, chains


def _neighbours(chains):
    above, below = {}, {}
    for chain in chains:
        for a, b in zip(chain, chain[1:]):
            above.setdefault(b, []).append(a)
            below.setdefault(a, []).append(b)
    return above, below


def _ranks(layers):
    return {key: k for layer in layers for k, key in enumerate(layer)}


def _sort_by_neighbours(layer, neighbours, rank):
    def middle(key):
        near = [rank[a] for a in neighbours.get(key, ())]
        return sum(near) / len(near) if near else rank[key]

    layer.sort(key=middle)


def _placed(layers, widths, above, below):
    """Centres: first side by side, then as near to the mean of the neighbours as the order in the layer allows."""
    x = {}
    for layer in layers:
        _set_apart(layer, [0.0] * len(layer), widths, x)
    for sweep in range(SWEEPS):
        near = (above, below)[sweep % 2]
        for layer in layers if sweep % 2 == 0 else layers[::-1]:
            wanted = [_mean([x[a] for a in near.get(key, ())], x[key]) for key in layer]
            _set_apart(layer, wanted, widths, x)
    return x


def _mean(values, otherwise):
    return sum(values) / len(values) if values else otherwise


def _set_apart(layer, wanted, widths, x):
    """Put nodes of a layer where they want to be, in their order and without overlap: blocks that meet share their mean.

    This is isotonic regression of the places less the room that the nodes before take.
    """
    blocks, before = [], 0.0  # of [sum of wanted places, number of nodes]
    offsets = []
    for key, place in zip(layer, wanted):
        offsets.append(before + 0.5 * widths[key])
        before += widths[key] + GAP
        blocks.append([place - offsets[-1], 1])
        while len(blocks) > 1 and blocks[-2][0] / blocks[-2][1] >= blocks[-1][0] / blocks[-1][1]:
            total, n = blocks.pop()
            blocks[-1][0] += total
            blocks[-1][1] += n
    k = 0
    for total, n in blocks:
        for _ in range(n):
            x[layer[k]] = total / n + offsets[k]
            k += 1
