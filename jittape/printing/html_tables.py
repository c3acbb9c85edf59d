"""Tables as HTML, in the colours of what is around them."""

from html import escape

TABLE = "border-collapse:collapse;font-family:ui-monospace,Menlo,Consolas,monospace;font-size:12px;margin:0 0 1em"
CELL = "padding:1px 10px 1px 0;white-space:nowrap;text-align:"


def html_table(caption, head, rows, right=()):
    """A table; `right` are the heads of columns whose cells stand at the right."""
    sides = [CELL + ("right" if name in right else "left") for name in head]
    parts = [f'<table style="{TABLE}"><caption style="text-align:left;white-space:nowrap">{escape(caption)}</caption>']
    for tag, cells in [("th", head), *(("td", row) for row in rows)]:
        parts.append("<tr>" + "".join(f'<{tag} style="{s}">{escape(str(c))}</{tag}>' for c, s in zip(cells, sides)) + "</tr>")
    return "\n".join([*parts, "</table>"])
