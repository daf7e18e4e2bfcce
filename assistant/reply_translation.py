"""Bring replies into the user's language where their author did not write them in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from .messages import Button, Reply
from .models import Models


async def in_language(
    replies: Sequence[Reply], language: str, models: Models, *, own: str, keep: Sequence[str]
) -> list[Reply]:
    """Translate what is in another language; one call for all texts and buttons.

    Args:
        replies: What the bot says.
        language: The user's.
        models: Translate.
        own: The bot's language.
        keep: Words that stay as they are.
    """
    foreign = [i for i, reply in enumerate(replies) if reply.language != language]
    done = list(replies)
    if not foreign:
        return done
    texts = [replies[i].text for i in foreign]
    titles = [button.title for i in foreign for button in _choices(replies[i])]
    translated = await models.translate([*texts, *titles], source=own, target=language, keep=keep)
    named = iter(translated[len(texts) :])
    for i, text in zip(foreign, translated[: len(texts)], strict=True):
        buttons, quick = (
            tuple(replace(button, title=next(named)) for button in choices)
            for choices in (replies[i].buttons, replies[i].quick_replies)
        )
        done[i] = replace(
            replies[i], text=text, buttons=buttons, quick_replies=quick, language=language
        )
    return done


def _choices(reply: Reply) -> tuple[Button, ...]:
    return (*reply.buttons, *reply.quick_replies)
