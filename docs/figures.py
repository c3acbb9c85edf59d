"""Draw the figures of the documentation: ``python docs/figures.py``."""

from pathlib import Path

import jittape as jt

FOLDER = Path(__file__).parent


def autograd_graph():
    """The graph of the tutorial's first program."""

    x, w, b = (jt.tensor(value, requires_grad=True) for value in (2.0, 3.0, 1.0))
    with jt.Tape():  # rows are counted from 0
        return jt.show((w * x + b) ** 2, names={"x": x, "w": w, "b": b})


FIGURES = {"autograd_graph.svg": autograd_graph}


def main():
    for name, figure in FIGURES.items():
        figure().save(FOLDER / name)
        print(f"wrote docs/{name}")


if __name__ == "__main__":
    main()
