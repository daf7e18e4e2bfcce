"""A tiny bot of five intents and two entities, partly Chinese, trained once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assistant.bot import Bot
from assistant.component import Tools
from assistant.config import Config
from assistant.domain import Domain, IntentRule
from assistant.training_data import EntitySpan, Example, TrainingData
from nlu import part
from nlu.reader import Reader

_MARK = re.compile(r"\[(?P<surface>[^\]]+)\]\((?P<entity>\w+)\)")
SENTENCES = {
    "greet": ["hello", "hi there", "good morning", "hey bot", "hello again", "你好", "早上好"],
    "goodbye": ["bye", "see you later", "good night", "bye for now", "talk soon", "再见", "回头见"],
    "order_status": [
        "where is my order [A1042](order)",
        "has order [B2231](order) been shipped",
        "track [C7710](order) please",
        "when does [A9001](order) arrive",
        "what is the status of [D4455](order)",
        "我的订单[A1042](order)到哪了",
        "查一下[B8871](order)的物流",
    ],
    "delivery": [
        "do you deliver to [Paris](city)",
        "what does delivery to [Oslo](city) cost",
        "can you ship to [Berlin](city)",
        "shipping to [Rome](city)",
        "is [Madrid](city) in your delivery area",
        "送到[上海](city)要多少钱",
        "可以寄到[北京](city)吗",
    ],
    "faq/warranty": ["how long is the warranty", "is there a guarantee", "warranty period"],
    "faq/gift": ["do you wrap gifts", "can you gift wrap it", "is gift paper available"],
}


def example(text: str, intent: str) -> Example:
    spans, plain, last = [], "", 0
    for match in _MARK.finditer(text):
        plain += text[last : match.start()]
        start = len(plain)
        plain += match["surface"]
        value = match["surface"]
        spans.append(EntitySpan(start=start, end=len(plain), entity=match["entity"], value=value))
        last = match.end()
    return Example(text=plain + text[last:], intent=intent, entities=tuple(spans))


def tiny_bot(**nlu: object) -> Bot:
    data = TrainingData(
        examples=[example(text, intent) for intent, texts in SENTENCES.items() for text in texts],
        synonyms={"the city of light": "Paris", "paris": "Paris"},
        lookups={"city": ["Lisbon", "Vienna", "广州"]},
        regexes={"order": [r"\b[A-Z]\d{4}\b"]},
    )
    domain = Domain(intents={name.split("/")[0]: IntentRule() for name in SENTENCES})
    return Bot(root=Path("tiny"), config=Config(nlu=nlu), domain=domain, data=data)


@pytest.fixture(scope="session")
def frozen_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("nlu")
    part.train(tiny_bot(training="frozen"), folder, Tools())
    return folder


@pytest.fixture(scope="session")
def reader(frozen_folder: Path) -> Reader:
    return part.load(frozen_folder)
