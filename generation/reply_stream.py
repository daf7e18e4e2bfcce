"""One reply on its way from tokens to text that is certain to be said."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Collection

from assistant.messages import Draft

from .guards import Guard, split_sentences

OPENING = 8
"""Tokens of the opening, whose mean probability is the draft's confidence."""


class ReplyStream:
    """Takes tokens, passes on words.

    A sentence is held back until it is whole and judged; then its words are passed on. At a
    sentence that may not be said the reply ends, without it. Nothing is passed on before the
    opening has reached the floor.
    """

    def __init__(
        self,
        *,
        decode: Callable[[list[int]], str],
        ends: Collection[int],
        guard: Guard,
        floor: float,
        pass_on: Callable[[str], bool] | None = None,
    ) -> None:
        """Begin a reply.

        Args:
            decode: Turns token ids into text.
            ends: Special tokens, which end the reply.
            guard: Judges the sentences.
            floor: Least mean probability of the opening, in [0, 1].
            pass_on: Told each word with the space before it; true stops the reply.
        """
        self._decode = decode
        self._ends = ends
        self._guard = guard
        self._floor = floor
        self._pass_on = pass_on
        self._ids: list[int] = []
        self._probabilities: list[float] = []
        self._judged = 0  # characters of the decoded text that were judged
        self._said = ""
        self._gap = ""  # the space behind the last sentence, held back with it
        self._ended = self._stopped = False

    @property
    def confidence(self) -> float:
        """Mean probability of the opening's tokens, the end token included, in [0, 1]."""
        opening = self._probabilities[:OPENING]
        return sum(opening) / len(opening) if opening else 0.0

    @property
    def _over(self) -> bool:
        return self._stopped or self._ended

    def feed(self, token: int, log_prob: float) -> bool:
        """Take the next token; returns whether the reply ends here."""
        if self._over:
            return True
        self._probabilities.append(min(1.0, math.exp(log_prob)))
        if token in self._ends:
            self._ended = True
        else:
            self._ids.append(token)
        if self._ended or len(self._probabilities) >= OPENING:
            self._release()
        return self._over

    def finish(self) -> Draft:
        """Give the reply; a sentence that the token limit broke off is left out."""
        if not self._over:
            self._release(at_limit=True)
        text = self._said.rstrip()
        return Draft(text=text, confidence=self.confidence, tokens=len(self._ids))

    def _release(self, *, at_limit: bool = False) -> None:
        if self.confidence < self._floor:
            self._stopped = True
            return
        text = _shown(self._decode(self._ids))
        sentences, rest = split_sentences(text[self._judged :])
        if self._ended or (at_limit and rest.rstrip().endswith((".", "!", "?", "…"))):
            sentences.append(rest)
        for sentence in sentences:
            if self._stopped:
                return
            self._judged += len(sentence)
            if sentence.strip():
                self._say(sentence)

    def _say(self, sentence: str) -> None:
        if self._guard.fault(sentence, before=self._said):
            self._stopped = True
            return
        gap = self._gap if self._said else ""
        self._gap = " " if sentence[-1].isspace() else ""
        for word in re.findall(r" ?[^ ]+", gap + " ".join(sentence.split())):
            self._said += word
            if self._pass_on and self._pass_on(word):
                self._stopped = True
                return


def _shown(text: str) -> str:
    """Take out what nobody can see: control and format characters."""
    return "".join(c for c in text if c == "\n" or unicodedata.category(c) not in {"Cc", "Cf"})
