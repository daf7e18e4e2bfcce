"""What the policies see of slots, as numbers."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.dialogue.slot_features import slot_feature
from assistant.domain import Slot
from assistant.errors import BotFileError

LEVEL = Slot(name="s", type="categorical", values=("low", "high"))
SIZE = Slot(name="s", type="float", low=0.0, high=10.0)


@pytest.mark.parametrize(
    ("slot", "value", "expected"),
    [
        pytest.param(Slot(name="s"), "x", (1.0,), id="text"),
        pytest.param(Slot(name="s"), "", (1.0,), id="empty-text-is-set"),
        pytest.param(Slot(name="s"), None, None, id="unset"),
        pytest.param(Slot(name="s", influences=False), "x", None, id="not-seen"),
        pytest.param(Slot(name="s", type="bool"), True, (1.0, 1.0), id="true"),
        pytest.param(Slot(name="s", type="bool"), "False", (1.0, 0.0), id="false-as-text"),
        pytest.param(Slot(name="s", type="bool"), "maybe", None, id="no-truth-value"),
        pytest.param(SIZE, 4, (1.0, 0.4), id="float"),
        pytest.param(SIZE, "25", (1.0, 1.0), id="float-beyond-its-range"),
        pytest.param(SIZE, "many", None, id="no-number"),
        pytest.param(Slot(name="s", type="list"), ["a"], (1.0,), id="list"),
        pytest.param(Slot(name="s", type="list"), [], None, id="empty-list"),
        pytest.param(LEVEL, "High", (0.0, 1.0, 0.0), id="category"),
        pytest.param(LEVEL, "medium", (0.0, 0.0, 1.0), id="other-category"),
        pytest.param(Slot(name="s", type="any", influences=True), {"a": 1}, None, id="any"),
    ],
)
def test_a_value_becomes_the_numbers_that_rasa_makes_of_it(
    slot: Slot, value: object, expected: tuple[float, ...] | None
) -> None:
    assert slot_feature(slot, value) == expected


OWN = """
from {module} import Slot

class HeadCount(Slot):
    def __init__(self, *args, crowd=5, **kwargs):
        super().__init__(*args, **kwargs)
        self.crowd = crowd

    def feature_dimensionality(self):
        return 2

    def as_feature(self):
        return [1.0, float(self.value > self.crowd)]
"""


@pytest.mark.parametrize("module", ["rasa.shared.core.slots", "assistant.dialogue.slot_types"])
def test_a_slot_class_of_the_bots_own_says_its_features(tmp_path: Path, module: str) -> None:
    (tmp_path / "addons").mkdir()
    (tmp_path / "addons" / "slots.py").write_text(OWN.format(module=module), encoding="utf-8")
    slot = Slot(name="people", type="addons.slots.HeadCount", extra={"crowd": 2})

    assert slot_feature(slot, 3, tmp_path) == (1.0, 1.0)
    assert slot_feature(slot, 1, tmp_path) == (1.0, 0.0)


def test_a_slot_class_that_is_not_there_is_told_in_one_line(tmp_path: Path) -> None:
    slot = Slot(name="people", type="nowhere.slots.HeadCount")

    with pytest.raises(BotFileError, match=r"Put the class HeadCount into nowhere/slots\.py"):
        slot_feature(slot, 3, tmp_path)
