"""What the generator may not say; each sentence is judged before any of it is shown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from assistant.messages import Utterance

from .facts import facts_of, plain

_MARKUP = re.compile(r"[<>{}\[\]|\\`*_#^~=]|&#?\w+;|\ufffd")
_SENTENCE_END = re.compile(r"[.!?…]+[\"')]*\s+|[。！？]+|\n+")
_TITLES = re.compile(r"\b(?:mr|mrs|ms|dr|st|e\.g|i\.e|etc|vs)\.\s*$", re.IGNORECASE)
# Shorter sentences ("Thank you.", "How are you?") may be said again and again.
_ECHO_WORDS = 4


@cache
def claims() -> tuple[re.Pattern[str], ...]:
    """The patterns of ``data/claims.txt``."""
    lines = files("generation").joinpath("data/claims.txt").read_text("utf-8").splitlines()
    kept = [line for line in lines if line.strip() and not line.startswith("#")]
    return tuple(re.compile(line, re.IGNORECASE) for line in kept)


def split_sentences(text: str) -> tuple[list[str], str]:
    """Split off the whole sentences; what follows the last end mark is returned apart.

    A sentence keeps the space behind it, so that the pieces joined are the text again.
    """
    sentences: list[str] = []
    start = 0
    for match in _SENTENCE_END.finditer(text):
        if match.end() == len(text) or _TITLES.search(text[start : match.end()]):
            continue
        sentences.append(text[start : match.end()])
        start = match.end()
    return sentences, text[start:]


class Guard:
    """Judges the sentences of one reply against its conversation."""

    def __init__(self, history: Sequence[Utterance]) -> None:
        self._facts = facts_of("\n".join(turn.text for turn in history))
        last = [turn.text for turn in history if turn.speaker == "user"][-1:]
        earlier = [turn.text for turn in history if turn.speaker == "bot"]
        self._said = {words for text in (*earlier, *last) for words in _sentence_words(text)}

    def fault(self, sentence: str, *, before: str = "") -> str | None:
        """Say why a sentence may not be said; ``None``: it may.

        Args:
            sentence: One sentence of the reply.
            before: What the reply has said already; a link may not be put together from both.
        """
        if _MARKUP.search(sentence) or _MARKUP.search(plain(sentence)):
            return "markup"
        invented = facts_of(f"{before} {sentence}") - self._facts
        if invented:
            return f"not in the conversation: {min(invented)}"
        straight = plain(sentence).replace("’", "'")
        if any(claim.search(straight) for claim in claims()):
            return "claims an act or makes a promise"
        for words in _sentence_words(sentence):
            if words in self._said:
                return "said already"
            self._said.add(words)
        return None


def _sentence_words(text: str) -> list[tuple[str, ...]]:
    """The words of each sentence of a text; short sentences are left out."""
    sentences, rest = split_sentences(text)
    found = [tuple(re.findall(r"\w+", plain(each))) for each in (*sentences, rest)]
    return [words for words in found if len(words) >= _ECHO_WORDS]
