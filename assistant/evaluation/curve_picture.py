"""Draw learning curves: a score against the number of training examples."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from statistics import mean, pstdev


def curve_picture(
    results: Mapping[str, Sequence[Sequence[float]]],
    counts: Sequence[int],
    *,
    label: str,
    title: str,
) -> bytes:
    """Return a PNG with one line for each name: the mean over its runs, its deviation shaded.

    Shapes: r = runs, s = shares of the training examples.

    Args:
        results: Scores ``[r, s]`` by name.
        counts: Numbers of training examples ``[s]``.
        label: What the score is.
        title: Of the picture.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 5), dpi=110, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    order = sorted(range(len(counts)), key=lambda i: counts[i])
    at = [counts[i] for i in order]
    for name, runs in results.items():
        middle = [mean(run[i] for run in runs) for i in order]
        spread = [pstdev(run[i] for run in runs) for i in order]
        axes.plot(at, middle, marker="o", label=name)
        low = [m - s for m, s in zip(middle, spread, strict=True)]
        high = [m + s for m, s in zip(middle, spread, strict=True)]
        axes.fill_between(at, low, high, alpha=0.15)
    axes.set_xlabel("training examples")
    axes.set_ylabel(label)
    axes.set_title(title, loc="left", fontsize=12)
    axes.grid(color="#e3e6ea", linewidth=0.5)
    axes.legend(frameon=False)
    png = io.BytesIO()
    figure.savefig(png, format="png")
    return png.getvalue()
