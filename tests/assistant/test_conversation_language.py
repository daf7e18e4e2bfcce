"""In which language a message without words is answered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from assistant.agent import Agent
from assistant.assembly import build_engine
from assistant.bot import load_bot
from assistant.conversation_language import in_language_of
from assistant.conversations.store import ConversationStore
from assistant.messages import Draft, Intent, Prompt, Turn


@pytest.mark.parametrize("text", ["A1042", "#58213", "li@example.com", "20", "?!", "A1042 ."])
def test_a_value_takes_the_language_of_the_conversation(text: str) -> None:
    assert in_language_of(Turn(text=text, language="en"), "zh").language == "zh"


@pytest.mark.parametrize("text", ["hello", "it is A1042", "ok", "订单A1042"])
def test_words_keep_their_own_language(text: str) -> None:
    assert in_language_of(Turn(text=text, language="fr"), "zh").language == "fr"


def test_the_first_message_keeps_what_was_detected() -> None:
    assert in_language_of(Turn(text="A1042", language="en"), None).language == "en"


class Reader:
    """Takes Chinese characters for Chinese and all else for English."""

    async def understand(self, text: str) -> Turn:
        language = "en" if text.isascii() else "zh"
        intent = Intent(name="greet", confidence=1.0)
        return Turn(text=text, language=language, intents=(intent,), literal=text[0] == "/")

    async def translate(
        self, texts: Sequence[str], *, source: str, target: str, keep: Sequence[str] = ()
    ) -> list[str]:
        return [f"{source}>{target}:{text}" for text in texts if text not in keep]

    async def write(self, prompt: Prompt, on_text: Callable[[str], bool] | None = None) -> Draft:
        raise AssertionError(prompt, on_text)


async def test_a_button_is_answered_in_the_language_of_the_chat(
    write_bot: Callable[..., Path], tmp_path: Path
) -> None:
    root = write_bot(
        config="language: en\ntranslation: {languages: [en, zh]}\n",
        domain="""
            intents: [greet]
            responses:
              utter_greet: [{text: Hello, translation: {zh: 您好}}]
            rules:
            - rule: greet
              steps: [{intent: greet}, {action: utter_greet}]
        """,
    )
    bot = load_bot(root)
    store = ConversationStore(tmp_path / "chats.db")
    await store.open()
    agent = Agent(bot, Reader(), build_engine(bot), store)
    texts = ["hi", "你好", "/greet", "A1042", "hello"]
    said = [(await agent.handle("c", text)).replies[0].body["text"] for text in texts]
    await store.close()

    assert said == ["Hello", "您好", "您好", "您好", "Hello"]
