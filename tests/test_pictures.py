"""Pictures: every row and edge is there, nodes do not overlap, repetitions are folded without losing a dependence."""

import math
import re
from xml.etree import ElementTree

import numba
import numpy as np
import pytest

import jittape as jt
from jittape.pictures.folding import folded
from jittape.pictures.graph_nodes import PictureNode
from jittape.pictures.layered_layout import GAP, LAYER_HEIGHT, laid_out

X = np.array([0.3, 1.2, 2.0])


def perceptron(x, p):
    return np.logaddexp(np.tanh(p["w"] @ x + p["b"]), 0.01 * p["b"]).sum()


PARAMETERS = {"w": np.ones((2, 3)), "b": np.ones(2)}


def edges_of(nodes):
    return {(a, key) for key, node in nodes.items() for a in node.operands}


def random_nodes(rng, n):
    nodes = {}
    for k in range(n):
        operands = rng.choice(k, size=min(k, int(rng.integers(0, 4))), replace=False) if k else ()
        nodes[k] = PictureNode("n" * int(rng.integers(1, 12)), "operation", (), tuple(int(a) for a in operands))
    return nodes


def reaches(nodes):
    """All pairs of a node and what it depends on."""
    found = {}
    for key, node in nodes.items():
        found[key] = set().union({key}, *(found[a] for a in node.operands))
    return found


@pytest.mark.parametrize("seed", range(20))
def test_layouts(seed):
    """Edges lead downwards, and nodes of a layer stand apart."""
    nodes = random_nodes(np.random.default_rng(seed), 1 + 3 * seed)
    layout = laid_out(nodes)
    assert set(layout.places) == set(nodes) and {(a, b) for a, b, _ in layout.edges} == edges_of(nodes)
    for a, b, between in layout.edges:
        heights = [layout.places[a][1], *(y for _, y in between), layout.places[b][1]]
        assert np.allclose(np.diff(heights), LAYER_HEIGHT)
    layers = {}
    for x, y, width in layout.places.values():
        assert width / 2 <= x <= layout.width - width / 2 and 0.0 < y < layout.height
        layers.setdefault(y, []).append((x - width / 2, x + width / 2))
    for spans in layers.values():
        spans.sort()
        assert all(right + GAP <= left + 1e-9 for (_, right), (left, _) in zip(spans, spans[1:]))


@numba.njit
def helper(a):
    return a * a


@numba.njit
def compiled(x):
    total = 0.0
    for k in range(len(x)):
        if x[k] > 0.5:
            total += math.sin(x[k]) * helper(x[k])
    return total


def test_compiled_functions(monkeypatch):
    """Statements and their lines, of what is called as well; one node where the code does not run in Python."""
    nodes = [*jt.show(compiled, X).nodes.values()]
    assert sorted(n.label for n in nodes if n.label in ("sin", "mul", "x")) == ["mul", "mul", "mul", "mul", "sin", "sin", "x"]
    lines = {n.about[-1].partition(": ")[2] for n in nodes if n.label == "mul"}
    assert lines == {"return a * a", "total += math.sin(x[k]) * helper(x[k])"}
    monkeypatch.setattr("jittape.native.derivatives.python_forms.python_form", lambda function: lambda x: float(x[0]))
    assert [n.label for n in jt.show(compiled, X).nodes.values()] == ["x", "native_call"]


def test_functions():
    picture = jt.show(perceptron, X, PARAMETERS)
    labels = [node.label for node in picture.nodes.values()]
    assert {"x", "p['w']", "p['b']", "mul 0.01"} <= set(labels)
    assert [node.label for node in picture.nodes.values() if node.is_output] == ["sum"]
    assert ["float64[2, 3]" in node.about for node in picture.nodes.values() if node.label == "p['w']"] == [True]
    texts = ElementTree.fromstring(picture.svg).iter("{http://www.w3.org/2000/svg}text")
    assert sorted(t.text for t in texts) == sorted(labels)
    assert len(re.findall(" -> ", picture.dot)) == len(edges_of(picture.nodes))
    assert picture._repr_svg_() is picture.svg and f"{len(labels)} nodes" in repr(picture)


def test_tensors():
    """What they depend on, on their tape; leaves that need no gradients are constants."""
    x, c = jt.tensor([1.0, 2.0], requires_grad=True), jt.tensor([3.0, 4.0])
    y, z = (x * c).sum(), jt.exp(x)
    nodes = jt.show({"y": y, "z": [z]}).nodes
    assert sorted(node.kind for node in nodes.values()) == ["constant", "input", "operation", "operation", "operation"]
    assert sum(node.is_output for node in nodes.values()) == 2
    y.backward()
    assert [node.label for node in jt.show(z).nodes.values()] == ["leaf", "exp"]
    assert [node.label for node in jt.show(z, names={"x": x, "c": c}).nodes.values()] == ["x", "exp"]
    with pytest.raises(TypeError, match="got Tensor, expected a function, or a Tensor that requires gradients"):
        jt.show(c)


def test_programs():
    """As they are replayed: equal rows are one; of a gradient, the function's."""
    for program in (jt.compile(lambda x, p: perceptron(x, p) * perceptron(x, p)), jt.compile(jt.grad(perceptron, argnums=1))):
        nodes = jt.show(program, X, p=PARAMETERS).nodes if program.transform is None else jt.show(program, X, PARAMETERS).nodes
        labels = [node.label for node in nodes.values()]
        assert {"x", "p['w']", "p['b']"} <= set(labels) and labels.count("tanh") == 1
        assert sum(node.is_output for node in nodes.values()) == 1


def stepped(x):
    for k in range(300):
        x = x + 0.001 * np.sin(x)
    return x * 2.0


def test_repetitions_are_folded():
    whole, small = jt.show(stepped, 1.0, most=2000), jt.show(stepped, 1.0)
    assert len(whole.nodes) == 902
    assert [node.label for node in small.nodes.values()] == ["x", "300 x (sin, mul 0.001, add)", "mul 2"]


@pytest.mark.parametrize("seed", range(10))
def test_folding_loses_no_dependence(seed):
    """An output depends on the same inputs, whatever is folded between."""
    rng = np.random.default_rng(seed)
    nodes = {k: PictureNode("x", "input") for k in range(3)}
    for k in range(3, 200):
        operands = tuple(int(a) for a in (k - 1, rng.integers(0, k)) if rng.random() < 0.8)
        nodes[k] = PictureNode("ab"[k % 2] if rng.random() < 0.95 else "c", "operation", (), operands, k % 50 == 0)
    found = folded(nodes, 40)
    assert len(found) < len(nodes) and all(list(found).index(a) < list(found).index(k) for a, k in edges_of(found))
    before, after = reaches(nodes), reaches(found)
    for key, node in nodes.items():
        if node.is_output:
            assert {a for a in before[key] if a < 3} <= after[key]


def test_files(tmp_path):
    picture = jt.show(lambda x: x * x, 3.0)
    for ending, text in ((".svg", picture.svg), (".dot", picture.dot), (".gv", picture.dot)):
        picture.save(tmp_path / f"graph{ending}")
        assert (tmp_path / f"graph{ending}").read_text(encoding="utf-8") == text
    with pytest.raises(ValueError, match="ends with '.png', expected '.svg', '.dot' or '.gv'"):
        picture.save(tmp_path / "graph.png")


def test_labels_with_special_characters():
    node = PictureNode('<a & "b">', "operation", ('say "x"\nhere',), ())
    from jittape.pictures.graph_writing import dot_of, svg_of

    ElementTree.fromstring(svg_of({0: node}, laid_out({0: node})))
    assert 'label="<a & \\"b\\">"' in dot_of({0: node})
