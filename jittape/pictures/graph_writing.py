"""A graph as text: SVG, and the language of Graphviz."""

from xml.sax.saxutils import escape

from .layered_layout import HEIGHT

LIGHT = {"input": "#d1fae5", "constant": "#f3f4f6", "operation": "#ffffff", "fold": "#fef3c7", "output": "#dbeafe"}
DARK = {"input": "#065f46", "constant": "#374151", "operation": "#1f2937", "fold": "#78350f", "output": "#1e3a8a"}


def _colours(fills, ink, line):
    """Rules of CSS, without variables, which few programs but browsers know."""
    rules = [f".jt-picture .jt-{kind} rect {{ fill: {fill}; }}" for kind, fill in fills.items()]
    rules += [f".jt-picture text {{ fill: {ink}; }}", f".jt-picture rect, .jt-picture path {{ stroke: {line}; }}"]
    return " ".join([*rules, f".jt-picture marker path {{ fill: {line}; stroke: none; }}"])


STYLE = f"""
.jt-picture {{ font-family: ui-monospace, Menlo, Consolas, monospace; font-size: 12px; }}
.jt-picture text {{ text-anchor: middle; dominant-baseline: central; }}
.jt-picture path {{ fill: none; }}
{_colours(LIGHT, "#1f2937", "#6b7280")}
@media (prefers-color-scheme: dark) {{ {_colours(DARK, "#e5e7eb", "#9ca3af")} }}
"""
SHAPES = {"input": "box, style=rounded", "constant": "plaintext", "operation": "box", "fold": "box3d"}


def svg_of(nodes, layout):
    """The picture as SVG, in colours for light and dark surroundings; what is known of a node is shown when one points at it."""
    size = f'width="{layout.width:.0f}" height="{layout.height:.0f}" viewBox="0 0 {layout.width:.1f} {layout.height:.1f}"'
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" class="jt-picture" {size}>', f"<style>{STYLE}</style>"]
    arrow = 'viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"'
    parts.append(f'<defs><marker id="jt-arrow" {arrow}><path d="M0,0 L8,4 L0,8 z"/></marker></defs>')
    parts += [_edge(layout, *edge) for edge in layout.edges]
    parts += [_node(node, *layout.places[key]) for key, node in nodes.items()]
    return "\n".join([*parts, "</svg>"])


def _edge(layout, start, end, between):
    (x, y, _), (to_x, to_y, _) = layout.places[start], layout.places[end]
    points = [(x, y + 0.5 * HEIGHT), *between, (to_x, to_y - 0.5 * HEIGHT - 1.0)]
    path = [f"M{points[0][0]:.1f},{points[0][1]:.1f}"]
    for (a, b), (c, d) in zip(points, points[1:]):
        middle = 0.5 * (b + d)
        path.append(f"C{a:.1f},{middle:.1f} {c:.1f},{middle:.1f} {c:.1f},{d:.1f}")
    return f'<path d="{" ".join(path)}" marker-end="url(#jt-arrow)"/>'


def _node(node, x, y, width):
    fill, round_ = "output" if node.is_output else node.kind, 0.5 * HEIGHT if node.kind == "input" else 4.0
    box = f'x="{x - 0.5 * width:.1f}" y="{y - 0.5 * HEIGHT:.1f}" width="{width:.1f}" height="{HEIGHT}" rx="{round_}"'
    title, label = escape("\n".join([node.label, *node.about])), escape(node.label)
    text = f'<text x="{x:.1f}" y="{y:.1f}">{label}</text>'
    return f'<g class="jt-{fill}"><title>{title}</title><rect {box}/>{text}</g>'


def dot_of(nodes):
    """The picture in the language of Graphviz."""
    numbers = {key: k for k, key in enumerate(nodes)}
    lines = ["digraph {", '  node [fontname="monospace", fontsize=11];']
    for key, node in nodes.items():
        about = ", penwidth=2" if node.is_output else ""
        tip = _quoted("\n".join(node.about))
        lines.append(f"  n{numbers[key]} [label={_quoted(node.label)}, tooltip={tip}, shape={SHAPES[node.kind]}{about}];")
    for key, node in nodes.items():
        lines += [f"  n{numbers[a]} -> n{numbers[key]};" for a in dict.fromkeys(node.operands)]
    return "\n".join([*lines, "}"])


def _quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
