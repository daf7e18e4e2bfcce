"""Draw how sure the right and the wrong guesses were, back to back as Rasa does."""

from __future__ import annotations

import io
from collections.abc import Sequence

BINS = 20


def confidence_picture(right: Sequence[float], wrong: Sequence[float], title: str) -> bytes:
    """Return a PNG: right guesses to the left, wrong ones to the right, by confidence.

    Args:
        right: Confidences of right guesses, in [0, 1].
        wrong: Confidences of wrong guesses, in [0, 1].
        title: What was guessed.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 5), dpi=110, layout="constrained")
    FigureCanvasAgg(figure)
    left, other = figure.subplots(1, 2, sharey=True)
    edges = [i / BINS for i in range(BINS + 1)]
    left.hist(right, bins=edges, orientation="horizontal", color="#2f6fb5")
    other.hist(wrong, bins=edges, orientation="horizontal", color="#b3261e")
    left.invert_xaxis()
    left.set_title(f"right ({len(right)})", fontsize=10)
    other.set_title(f"wrong ({len(wrong)})", fontsize=10)
    left.set_ylabel("confidence")
    for axes in (left, other):
        axes.set_ylim(0, 1)
        axes.set_xlabel("samples")
        axes.xaxis.get_major_locator().set_params(integer=True)
        axes.grid(axis="x", color="#e3e6ea", linewidth=0.5)
        for spine in axes.spines.values():
            spine.set_visible(False)
    figure.suptitle(title, fontsize=12, x=0.02, ha="left")
    png = io.BytesIO()
    figure.savefig(png, format="png")
    return png.getvalue()
