from __future__ import annotations

import pytest

from assistant.fallback import FALLBACK, Fallback
from assistant.messages import Intent, Turn


@pytest.mark.parametrize(
    ("confidences", "expected"),
    [
        pytest.param([0.90, 0.05], "a", id="sure"),
        pytest.param([0.29, 0.05], FALLBACK, id="below-threshold"),
        pytest.param([0.48, 0.44], FALLBACK, id="two-too-close"),
        pytest.param([0.5], "a", id="one-guess"),
        pytest.param([], FALLBACK, id="no-guess-at-all"),
    ],
)
def test_an_unsure_turn_gets_the_fallback_intent(confidences: list[float], expected: str) -> None:
    guesses = tuple(Intent(name=n, confidence=c) for n, c in zip("ab", confidences, strict=False))

    (judged,) = Fallback(threshold=0.3, margin=0.1).process([Turn(text="hi", intents=guesses)])

    assert judged.intents[0].name == expected
    assert set(guesses) <= set(judged.intents)  # no guess is thrown away


def test_a_literal_message_is_never_unsure() -> None:
    turn = Turn(text="/greet", intents=(Intent(name="greet", confidence=0.1),), literal=True)

    assert Fallback().process([turn]) == [turn]
