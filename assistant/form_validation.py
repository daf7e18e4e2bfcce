"""Check and steer a form by a class, as ``FormValidationAction`` of rasa_sdk does.

.. code-block:: python

    from assistant.form_validation import FormValidation

    class OrderForm(FormValidation):
        form = "order_form"

        def required_slots(self, slots, turn):           # which slots are asked for now
            return [*slots, "street"] if turn.slots["delivered"] else slots

        def extract_note(self, turn):                    # fill a slot; None leaves it
            return turn.text if "note" in turn.text else None

        def validate_dish(self, value, turn):            # keep, tidy, or None to ask again
            return value.title()

Methods may be async; plain ones run on a thread. A class of this kind in the bot's ``actions/``
is its ``validate_FORM``.
"""

from __future__ import annotations

from typing import Any, ClassVar

from .actions import ActionTurn, action
from .author_code import call

REQUESTED = "requested_slot"


class FormValidation:
    """The checks of one form; a subclass is registered when its file is read."""

    form: ClassVar[str]

    def __init_subclass__(cls, **options: Any) -> None:  # noqa: ANN401
        super().__init_subclass__(**options)

        async def validate(turn: ActionTurn) -> None:
            await cls().run(turn)

        validate.__name__ = f"validate_{cls.form}"
        action(validate)

    def required_slots(self, slots: list[str], turn: ActionTurn) -> list[str]:  # noqa: ARG002
        """Return the slots that the form asks for now; ``slots`` are those of the domain."""
        return slots

    async def run(self, turn: ActionTurn) -> None:
        """Extract, check, and name the next slot where the required ones were changed."""
        known = dict(turn.slots)
        turn.slots = known
        named = list(turn.required)
        wanted = await call(self.required_slots, named, turn)
        filled = dict(turn.filled)
        for slot in wanted:
            extract = getattr(self, f"extract_{slot}", None)
            found = await call(extract, turn) if extract else None
            if found is not None:
                filled[slot] = known[slot] = found
        for slot, value in filled.items():
            check = getattr(self, f"validate_{slot}", None)
            kept = await call(check, value, turn) if check and value is not None else value
            known[slot] = kept
            turn.set(slot, kept)
        wanted = await call(self.required_slots, named, turn)
        if wanted != named:
            turn.set(REQUESTED, next((slot for slot in wanted if known.get(slot) is None), None))
