r"""Compile a bot's regular expressions so that they work in Chinese as well.

Python counts Han characters as parts of words, so ``\b[A-Z]\d+\b`` would miss the number in
"订单A1042到了". Here a place between a Han character and a letter or digit is a boundary too.
"""

from __future__ import annotations

import re

from assistant.errors import BotFileError

from ..ngrams import HAN

_BOUNDARY = rf"(?:\b|(?<=[{HAN}])(?=\w)|(?<=\w)(?=[{HAN}]))"
# Escapes, and classes in brackets, where \b is a backspace.
_PART = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)


def compile_expression(name: str, expression: str, *, case_sensitive: bool) -> re.Pattern[str]:
    """Compile one expression of the entry ``regex: name``.

    Raises:
        BotFileError: It is no regular expression.
    """
    bounded = _PART.sub(
        lambda part: _BOUNDARY if part[0] == r"\b" else part[0],
        expression,
    )
    try:
        return re.compile(bounded, 0 if case_sensitive else re.IGNORECASE)
    except re.error as error:
        raise BotFileError(
            f"regex {name!r}", f"{error}. Mend the expression in the NLU file."
        ) from error
