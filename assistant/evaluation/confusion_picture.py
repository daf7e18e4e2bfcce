"""Draw a confusion matrix as a picture that stays readable with thirty labels and more."""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence

from .classification import NOTHING, Pair

_FONTS = (
    "DejaVu Sans", "Noto Sans", "Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Sans SC",
    "Source Han Sans SC", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "Droid Sans Fallback",
    "Microsoft YaHei", "SimHei", "PingFang SC", "Hiragino Sans GB", "Arial Unicode MS",
    "Noto Sans Arabic", "Noto Sans Devanagari",
)  # fmt: skip
MOST_LABELS = 80
_NUMBERED = "numbered as in the report's table"


def confusion_picture(pairs: Sequence[Pair], title: str) -> bytes:
    """Return a PNG: rows are expected labels, columns predicted ones.

    A cell's shade is its share of its row; its number is a count. Of more than `MOST_LABELS`
    labels the ones with the most confusions are drawn.
    """
    from matplotlib import font_manager, rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    labels = _labels(pairs)
    counts = _counts(pairs, labels)
    installed = set(font_manager.get_font_names())
    families = [name for name in _FONTS if name in installed] or ["sans-serif"]
    legible = legible_labels(labels, families, numbered=_every(pairs))
    side = 3.2 + 0.34 * len(labels)
    with rc_context({"font.family": families}), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        figure = Figure(figsize=(side + 1.0, side), dpi=110, layout="constrained")
        FigureCanvasAgg(figure)
        _draw(figure, legible, counts, title if legible == labels else f"{title} ({_NUMBERED})")
        png = io.BytesIO()
        figure.savefig(png, format="png")
    return png.getvalue()


def legible_labels(
    labels: Sequence[str], families: Sequence[str], numbered: Sequence[str]
) -> list[str]:
    """Labels as the installed fonts can draw them: one without its glyphs is its number.

    The numbers are places in ``numbered``, from 1, which is the order of the report's table.
    """
    from matplotlib import font_manager

    paths = [font_manager.findfont(name) for name in families]
    fonts = [font_manager.get_font(path) for path in paths]
    number = {label: i for i, label in enumerate(numbered, start=1)}

    def has(character: str) -> bool:
        return any(font.get_char_index(ord(character)) for font in fonts)

    return [label if all(map(has, label)) else f"no. {number.get(label, 0)}" for label in labels]


def _every(pairs: Sequence[Pair]) -> list[str]:
    """All labels that have a line in the report."""
    return sorted({label for pair in pairs for label in pair} - {NOTHING, "none"})


def _labels(pairs: Sequence[Pair]) -> list[str]:
    labels = sorted({label for pair in pairs for label in pair})
    if len(labels) <= MOST_LABELS:
        return labels
    wrong = dict.fromkeys(labels, 0)
    for expected, predicted in pairs:
        if expected != predicted:
            wrong[expected] += 1
            wrong[predicted] += 1
    return sorted(sorted(labels, key=lambda label: -wrong[label])[:MOST_LABELS])


def _counts(pairs: Sequence[Pair], labels: Sequence[str]) -> list[list[int]]:
    place = {label: i for i, label in enumerate(labels)}
    counts = [[0] * len(labels) for _ in labels]
    for expected, predicted in pairs:
        if expected in place and predicted in place:
            counts[place[expected]][place[predicted]] += 1
    return counts


def _draw(figure, labels: list[str], counts: list[list[int]], title: str) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    shares = [[n / max(sum(row), 1) for n in row] for row in counts]
    axes = figure.add_subplot()
    axes.imshow(shares, cmap="Blues", vmin=0.0, vmax=1.0, aspect="equal")
    size = 9 if len(labels) <= 20 else 8 if len(labels) <= 40 else 6
    axes.set_xticks(range(len(labels)), labels, rotation=90, fontsize=size)
    axes.set_yticks(range(len(labels)), labels, fontsize=size)
    axes.set_xticks([x - 0.5 for x in range(1, len(labels))], minor=True)
    axes.set_yticks([y - 0.5 for y in range(1, len(labels))], minor=True)
    axes.grid(which="minor", color="#e3e6ea", linewidth=0.5)
    axes.tick_params(which="both", length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.set_xlabel("predicted")
    axes.set_ylabel("expected")
    axes.set_title(title, fontsize=12, loc="left", pad=12)
    for y, row in enumerate(counts):
        for x, n in enumerate(row):
            if n:
                wrong = "#b3261e" if x != y else "#123"
                colour = "white" if shares[y][x] > 0.6 else wrong
                axes.text(x, y, str(n), ha="center", va="center", fontsize=size, color=colour)
