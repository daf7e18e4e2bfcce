from __future__ import annotations

from matplotlib import font_manager

from assistant.evaluation.confidence_picture import confidence_picture
from assistant.evaluation.confusion_picture import confusion_picture, legible_labels
from assistant.evaluation.curve_picture import curve_picture


def test_a_label_that_no_font_can_draw_becomes_its_number_in_the_table() -> None:
    latin = [font_manager.FontProperties(family="DejaVu Sans").get_name()]

    shown = legible_labels(
        ["greet", "问候", "再见"], latin, numbered=["a", "greet", "再见", "问候"]
    )

    assert shown == ["greet", "no. 4", "no. 3"]


def test_pictures_are_png_files() -> None:
    pictures = [
        confusion_picture([("问候", "问候"), ("a", "b")], "Intents"),
        confidence_picture([0.9, 0.8], [0.4], "Intents"),
        confidence_picture([], [], "nothing"),
        curve_picture({"a": [[0.9, 0.8], [0.7, 0.6]]}, [10, 5], label="F1", title="Compared"),
    ]

    assert all(each.startswith(b"\x89PNG") for each in pictures)
