"""What the generator reads: the last turns of a conversation, as many as fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.messages import Utterance

from .dialogue_format import BOT, encode_dialogue, encode_text, special_ids

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_UNKNOWN_INTENTS = {"nlu_fallback", "out_of_scope"}


def plain_turns(history: Sequence[Utterance]) -> list[Utterance]:
    """Write turns as the generator was trained on them.

    What one speaker says in a row becomes one turn; a retrieval intent loses its slash; an intent
    that means "not understood" is left out.
    """
    turns: list[Utterance] = []
    for turn in history:
        intent = turn.intent
        if intent in _UNKNOWN_INTENTS or turn.speaker == "bot":
            intent = None
        plain = replace(turn, text=turn.text.strip(), intent=intent and intent.replace("/", " "))
        if turns and turns[-1].speaker == plain.speaker:
            plain = replace(plain, text=f"{turns[-1].text} {plain.text}")
            turns.pop()
        turns.append(plain)
    return turns


def encode_context(tokenizer: Tokenizer, history: Sequence[Utterance], *, room: int) -> list[int]:
    """Encode a conversation that ends with the user's line, then open the bot's turn.

    The oldest turns are left out where the whole does not fit; the user's last line never is: it
    is cut at its end instead.

    Args:
        tokenizer: From `open_tokenizer`.
        history: The conversation, the user's line last.
        room: Most tokens, at least 32.

    Returns:
        At most ``room`` token ids, the last one ``<|bot|>``.
    """
    special = special_ids(tokenizer)
    turns = plain_turns(history)
    last = _shortened(tokenizer, turns[-1], room - 1)
    ids = [*encode_dialogue(tokenizer, [last]), special[BOT]]
    for turn in reversed(turns[:-1]):
        earlier = encode_dialogue(tokenizer, [turn])
        if len(earlier) + len(ids) > room:
            break
        ids = earlier + ids
    return ids


def _shortened(tokenizer: Tokenizer, turn: Utterance, room: int) -> Utterance:
    """Cut a turn's text at its end until the turn fits."""
    over = len(encode_dialogue(tokenizer, [turn])) - room
    ids = encode_text(tokenizer, turn.text) if over > 0 else []
    while over > 0 and ids:
        ids = ids[:-over]
        turn = replace(turn, text=str(tokenizer.decode(ids)).rstrip("\ufffd"))
        over = len(encode_dialogue(tokenizer, [turn])) - room
    return turn
