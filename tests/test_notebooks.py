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


CELLS = {
    "a picture": "import numpy as np, numba, jittape as jt\njt.show(lambda x: np.sin(x) * 2.0, 1.0)",
    "a table": "jt.nn.Linear(2, 3)",
    "definitions": """
def f(x):
    return np.sum(x**2)

@numba.njit
def g(x):
    return np.sum(x**2)

program, gradient = jt.compile(f), jt.compile(jt.grad(lambda x: f(x)))
print(program(np.ones(2)), gradient(np.ones(2)), jt.grad(g)(np.ones(2)))""",
    "definitions, changed": """
def f(x):
    return np.sum(x**3)

@numba.njit
def g(x):
    return np.sum(x**3)

print(gradient(np.ones(2)), jt.grad(f)(np.ones(2)), jt.grad(g)(np.ones(2)))""",
    "autoreload": """
%load_ext autoreload
%autoreload 2
import pathlib, sys, time
sys.path.insert(0, FOLDER)
sys.dont_write_bytecode = True
path = pathlib.Path(FOLDER, "reloaded_model.py")
path.write_text("import numpy as np\\ndef h(x):\\n    return np.sum(x) * 2.0\\n")
import reloaded_model
fast = jt.compile(lambda x: reloaded_model.h(x))
print(jt.grad(reloaded_model.h)(1.0), fast(1.0))""",
    "the file, changed": """
path.write_text("import numpy as np\\ndef h(x):\\n    return np.sum(x) * 5.0  # longer\\n")""",
    "autoreload, again": "print(jt.grad(reloaded_model.h)(1.0), fast(1.0))",
    "interrupts": """
import os, signal, threading

def interrupted(call):
    threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
    start = time.perf_counter()
    try:
        while True:
            call()
    except KeyboardInterrupt:
        return time.perf_counter() - start < 3.0

def chain(x):
    for _ in range(2000):
        x = np.sin(x)
    return np.sum(x)

v = np.ones(100)
replayed = jt.compile(jt.grad(chain))
replayed(v)
print(interrupted(lambda: jt.grad(chain)(v)), interrupted(lambda: replayed(v)), jt.grad(f)(v)[0], replayed(v).shape)""",
}


@pytest.mark.sampled(0)
def test_a_notebook(tmp_path):
    """Pictures are seen, redefinition and autoreload are followed by gradients and programs, interrupts are heard soon."""
    pytest.importorskip("nbclient", reason="nbclient is not installed: notebooks are not run")
    pytest.importorskip("ipykernel", reason="ipykernel is not installed: notebooks are not run")
    nbformat = pytest.importorskip("nbformat", reason="nbformat is not installed: notebooks are not run")
    from nbclient import NotebookClient

    cells = [nbformat.v4.new_code_cell(source.replace("FOLDER", repr(str(tmp_path))).strip()) for source in CELLS.values()]
    NotebookClient(nbformat.v4.new_notebook(cells=cells), timeout=300).execute()
    outputs = dict(zip(CELLS, ([*cell.outputs] for cell in cells)))
    assert "<svg" in outputs["a picture"][-1].data["image/svg+xml"]
    assert "9 numbers in 2 parameters" in outputs["a table"][-1].data["text/html"]
    printed = {name: "".join(o.text for o in found if o.get("name") == "stdout").strip() for name, found in outputs.items()}
    assert printed["definitions"] == "2.0 [2. 2.] [2. 2.]"
    assert printed["definitions, changed"] == "[3. 3.] [3. 3.] [3. 3.]"
    assert (printed["autoreload"], printed["autoreload, again"]) == ("2.0 2.0", "5.0 5.0")
    assert printed["interrupts"] == "True True 3.0 (100,)"
