"""A reply is streamed from scripted tokens: one token per word, or per byte."""

from __future__ import annotations

import math

import pytest

from assistant.messages import Utterance
from generation.guards import Guard
from generation.reply_stream import ReplyStream

END = 999
ASKED = (Utterance("user", "My number is 48213."),)


class Script:
    """Feeds the words of a reply to a stream and notes what is passed on."""

    def __init__(
        self, text: str, *, probability: float = 0.5, floor: float = 0.2, stop_after: int = 99
    ) -> None:
        self.words = [word if i == 0 else f" {word}" for i, word in enumerate(text.split(" "))]
        self.passed: list[str] = []
        self.passed_at: list[int] = []
        self.fed = 0
        self._log_prob = math.log(probability)
        self._stop_after = stop_after
        self.stream = ReplyStream(
            decode=lambda ids: "".join(self.words[i] for i in ids),
            ends={END},
            guard=Guard(ASKED),
            floor=floor,
            pass_on=self._take,
        )

    def _take(self, piece: str) -> bool:
        self.passed.append(piece)
        self.passed_at.append(self.fed)
        return len(self.passed) >= self._stop_after

    def play(self, *, end: bool = True) -> str:
        for token in [*range(len(self.words)), *([END] if end else [])]:
            self.fed += 1
            if self.stream.feed(token, self._log_prob):
                break
        return self.stream.finish().text


def test_a_reply_comes_word_by_word_and_whole() -> None:
    script = Script("Thank you, 48213 it is! Now tell me more about it.")

    text = script.play()

    assert text == "Thank you, 48213 it is! Now tell me more about it."
    assert "".join(script.passed) == text
    assert len(script.passed) == len(text.split())


def test_the_first_sentence_is_passed_on_before_the_second_is_written() -> None:
    script = Script("Thank you for that, it helps me a lot. Now tell me more about it.")
    script.play()

    assert script.passed_at[0] < len(script.words)


def test_nothing_of_a_forbidden_sentence_is_passed_on() -> None:
    script = Script("That is good to know, thank you! Please call 0800 1234 now. Bye bye.")

    assert script.play() == "That is good to know, thank you!"
    assert "".join(script.passed) == "That is good to know, thank you!"
    assert script.fed < len(script.words)  # decoding stops there


def test_a_reply_that_is_forbidden_from_its_start_is_empty() -> None:
    script = Script("Please call 0800 1234 now.")

    assert script.play() == ""
    assert script.passed == []


def test_below_the_floor_nothing_is_passed_on_and_decoding_stops() -> None:
    script = Script("One. Two. " * 10, probability=0.1, floor=0.2)

    assert script.play() == ""
    assert script.passed == []
    assert script.fed == 8
    assert script.stream.finish().confidence == pytest.approx(0.1)


def test_a_sentence_that_the_limit_breaks_off_is_left_out() -> None:
    script = Script("That is good to know, thank you! And now I would like")

    assert script.play(end=False) == "That is good to know, thank you!"


def test_a_last_sentence_that_is_whole_at_the_limit_is_kept() -> None:
    assert Script("That is good to know, thank you!").play(end=False) != ""


def test_a_reply_without_a_full_stop_is_whole_when_it_ends_by_itself() -> None:
    assert Script("sure no problem").play() == "sure no problem"


def test_the_listener_can_stop_a_reply() -> None:
    script = Script("That is good to know, thank you! More to come.", stop_after=3)

    assert script.play() == "That is good"


def test_a_character_of_several_bytes_is_passed_on_whole() -> None:
    data = "Schön, dass es Ihnen gefällt! 😀".encode()
    passed: list[str] = []

    def take(piece: str) -> bool:
        passed.append(piece)
        return False

    stream = ReplyStream(
        decode=lambda ids: bytes(ids).decode("utf-8", errors="replace"),
        ends={END},
        guard=Guard(()),
        floor=0.0,
        pass_on=take,
    )
    for byte in (*data, END):
        stream.feed(byte, -0.1)

    assert "".join(passed) == stream.finish().text == data.decode()
    assert not any("\ufffd" in piece for piece in passed)


def test_a_broken_character_is_never_said() -> None:
    stream = ReplyStream(
        decode=lambda ids: bytes(ids).decode("utf-8", errors="replace"),
        ends={END},
        guard=Guard(()),
        floor=0.0,
    )
    for byte in (*"Nice! 😀".encode()[:-1], END):
        stream.feed(byte, -0.1)

    assert stream.finish().text == "Nice!"


def test_invisible_characters_are_taken_out() -> None:
    assert Script("Hello\u200b there\u202e friend.").play() == "Hello there friend."
