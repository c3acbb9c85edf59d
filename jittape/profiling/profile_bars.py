"""A profile as bars."""

import matplotlib.pyplot as plt

COLOURS = {"forward": "#4477aa", "reverse": "#ee6677", "both": "#aa3377", "other": "#999999"}


def bars(profile, ax, most):
    """Draw the operations that took longest; returns the axes."""
    operations = profile.by_operation()
    totals = {}
    for w in operations:
        totals[w.operation] = totals.get(w.operation, 0.0) + w.seconds
    names = sorted(totals, key=totals.get)[-most:]
    if ax is None:
        _, ax = plt.subplots(figsize=(7.0, 1.0 + 0.35 * len(names)), layout="constrained")
    left, height = dict.fromkeys(names, 0.0), {name: k for k, name in enumerate(names)}
    for phase, colour in COLOURS.items():
        found = {w.operation: 1e3 * w.seconds for w in operations if w.phase == phase and w.operation in left}
        if found:
            ax.barh(
                [height[name] for name in found],
                [*found.values()],
                left=[left[name] for name in found],
                color=colour,
                label=phase,
            )
            left.update({name: left[name] + width for name, width in found.items()})
    ax.set_yticks(range(len(names)), names)
    ax.set_xlabel("milliseconds")
    ax.legend(loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=4, frameon=False)
    return ax
