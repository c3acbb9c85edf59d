"""What notebooks show: pictures of tapes, tables of modules and optimisers; and whole notebooks, run without a browser."""

from xml.etree import ElementTree

import numpy as np
import pytest

import jittape as jt


def texts(svg):
    return [t.text for t in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]


def test_tapes():
    """All rows, also those that nothing reads."""
    with jt.Tape() as tape:
        x = jt.tensor([1.0, 2.0], requires_grad=True)
        y = (x.sin() * 3.0).sum()
        z = x.exp()
    assert texts(tape.to_svg()) == texts(tape._repr_svg_()) == ["leaf", "sin", "mul 3", "sum", "exp"]
    nodes = jt.show(tape).nodes.values()
    assert [node.label for node in nodes if node.is_output] == ["sum", "exp"]
    assert tape.to_dot().count(" -> ") == 4
    assert y.item() > 0.0 and z.numel() == 2


def test_values_and_gradients_of_nodes():
    x = jt.tensor(np.linspace(-1.0, 2.0, 7), requires_grad=True)
    y = jt.log(x)
    y.sum().backward(retain_graph=True)
    leaf, log = jt.show(y, names={"x": x}).nodes.values()
    assert leaf.about[2:] == ("from -1 to 2", "gradient from -2 to 2", "gradient 1 not finite")
    assert log.about[2:] == ("from -0.6931 to 0.6931", "3 not finite")


def test_recorded_lines():
    """Of what is recorded in the block and only there; programs are run as functions, so that their lines are seen."""
    x = jt.tensor(2.0, requires_grad=True)
    before = x.cos()
    with jt.record_lines(), jt.record_lines():
        y = x.sin() * before  # the line of two rows
    after = y.exp()
    last = {node.label: node.about[-1] for node in jt.show(after).nodes.values()}
    assert last["sin"] == last["mul"] and last["sin"].startswith("test_notebooks.py:") and "y = x.sin()" in last["sin"]
    assert "test_notebooks" not in last["cos"] + last["exp"] + last["leaf"]
    program = jt.compile(lambda x: x.tan())
    assert program(x).item() == np.tan(2.0)
    with jt.record_lines():
        z = program(x)
    assert "x.tan()" in [*jt.show(z).nodes.values()][-1].about[-1]
    with jt.autograd.detect_anomaly(), jt.record_lines(), pytest.raises(jt.errors.AnomalyError):
        (x * 0.0).sqrt().backward()


def test_tables():
    model = jt.nn.Sequential(jt.nn.Linear(4, 8), jt.nn.ReLU(), jt.nn.Linear(8, 2))
    model[0].weight.requires_grad_(False)
    page = model._repr_html_()
    assert "58 numbers in 4 parameters" in page and page.count("frozen") == 1 and "0.weight" in page and "[8, 4]" in page
    assert "<table" not in jt.nn.ReLU()._repr_html_()
    page = jt.optim.Adam([{"params": model[0].parameters()}, {"params": model[2].parameters(), "lr": 0.5}])._repr_html_()
    assert "group 1" in page and "2 of 18 numbers" in page and ">0.5</td>" in page
    program = jt.compile(lambda x: np.sum(x < 2.0) * x)
    program(np.ones(3))
    assert "traced because of the first call" in program._repr_html_() and "<lambda>" not in program._repr_html_()
