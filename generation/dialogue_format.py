"""How a conversation is written for the generator: speaker tokens, labels, text.

``<|user|>hi there<|intent|>greet<|sentiment|>positive<|bot|>Hello!<|end|><|user|>…``

The labels are optional. ``<|end|>`` closes each bot turn and is the end-of-text token.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.messages import Utterance

if TYPE_CHECKING:
    from tokenizers import Tokenizer

USER, BOT, INTENT, SENTIMENT, END, PAD = (
    "<|user|>", "<|bot|>", "<|intent|>", "<|sentiment|>", "<|end|>", "<|pad|>",
)  # fmt: skip
SPECIAL_TOKENS = (END, PAD, USER, BOT, INTENT, SENTIMENT)


def load_tokenizer(folder: Path) -> Tokenizer:
    """Load ``tokenizer.json`` so that text can never turn into a special token.

    With ``encode_special_tokens`` a typed ``<|bot|>`` is read as ordinary characters; special
    tokens enter a sequence only through :func:`encode_dialogue`.
    """
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.encode_special_tokens = True
    return tokenizer


def special_ids(tokenizer: Tokenizer) -> dict[str, int]:
    """Return the vocabulary index of each special token."""
    found = {token: tokenizer.token_to_id(token) for token in SPECIAL_TOKENS}
    return {token: index for token, index in found.items() if index is not None}


def encode_text(tokenizer: Tokenizer, text: str) -> list[int]:
    """Encode plain text; nothing in it has a special meaning."""
    ids: list[int] = tokenizer.encode(text, add_special_tokens=False).ids
    return ids


def encode_dialogue(
    tokenizer: Tokenizer, turns: Sequence[Utterance], *, labels: bool = True
) -> list[int]:
    """Encode a dialogue, oldest turn first.

    Args:
        tokenizer: From :func:`load_tokenizer`.
        turns: The utterances.
        labels: Whether the user's intent and sentiment are written after the text.
    """
    special = special_ids(tokenizer)
    ids: list[int] = []
    for turn in turns:
        if turn.speaker == "bot":
            ids += [special[BOT], *encode_text(tokenizer, turn.text), special[END]]
            continue
        ids += [special[USER], *encode_text(tokenizer, turn.text)]
        if labels and turn.intent:
            ids += [special[INTENT], *encode_text(tokenizer, turn.intent.replace("_", " "))]
        if labels and turn.sentiment:
            ids += [special[SENTIMENT], *encode_text(tokenizer, turn.sentiment)]
    return ids
