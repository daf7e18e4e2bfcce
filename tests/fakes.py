"""Models without weights: they keep the contract of assistant/component.py and answer at once.

Each class is one model; ``install`` puts all three behind the registry, so that a bot can be
trained, loaded and served for real with them.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from assistant import registry
from assistant.bot import Bot
from assistant.component import Engine, Tools
from assistant.errors import ModelError
from assistant.messages import Draft, Entity, Intent, Prompt, Sentiment, Turn

_WORD = re.compile(r"\w+")
_LITERAL = re.compile(r"/(?P<intent>[\w/]+)\s*(?P<entities>\{.*\})?")
_MOODS = {"terrible": "negative", "angry": "negative", "great": "positive", "love": "positive"}


@dataclass(kw_only=True)
class FakeUnderstanding:
    """Takes the intent of the example that shares the most words with the message.

    Attributes:
        keywords: Words (lower case) of each example, with its intent.
        entities: Regex to entity type.
        fails_on: A message with this word raises ``RuntimeError``, as a broken model would.
        seconds: How long a batch takes.
        batches: Sizes of the batches that were asked for.
    """

    keywords: list[tuple[frozenset[str], str]] = field(default_factory=list)
    entities: dict[str, str] = field(default_factory=dict)
    fails_on: str | None = None
    seconds: float = 0.0
    batches: list[int] = field(default_factory=list)

    def process(self, turns: Sequence[Turn]) -> list[Turn]:
        self.batches.append(len(turns))
        time.sleep(self.seconds)
        return [self._read(turn) for turn in turns]

    def _read(self, turn: Turn) -> Turn:
        text = turn.pivot or turn.text
        if self.fails_on and self.fails_on in text:
            raise RuntimeError("the fake model broke")
        if literal := _LITERAL.fullmatch(text):
            return _literal(turn, literal)
        words = frozenset(_WORD.findall(text.lower()))
        scored = sorted(
            ((len(words & known) / len(words | known), intent) for known, intent in self.keywords),
            reverse=True,
        )
        best: dict[str, float] = {}
        full: dict[str, dict[str, float]] = {}
        for score, intent in scored:
            base, _, key = intent.partition("/")
            best.setdefault(base, score)
            if key:
                full.setdefault(base, {}).setdefault(intent, score)
        mood = next((label for word, label in _MOODS.items() if word in words), "neutral")
        strength = {"negative": -0.9, "neutral": 0.0, "positive": 0.9}[mood]
        return replace(
            turn,
            intents=_intents(_sharpened(best)),
            retrieval={name: _intents(keys) for name, keys in full.items()},
            entities=self._entities(text),
            sentiment=Sentiment(label=mood, confidence=0.9, strength=strength),  # type: ignore[arg-type]
        )

    def _entities(self, text: str) -> tuple[Entity, ...]:
        return tuple(
            Entity(entity=kind, value=found[0], start=found.start(), end=found.end())
            for pattern, kind in self.entities.items()
            for found in re.finditer(pattern, text)
        )


def _literal(turn: Turn, found: re.Match[str]) -> Turn:
    values = json.loads(found["entities"] or "{}")
    entities = tuple(Entity(entity=k, value=v, start=0, end=0) for k, v in values.items())
    intent = Intent(name=found["intent"], confidence=1.0)
    return replace(turn, intents=(intent,), entities=entities, literal=True)


def _sharpened(scores: dict[str, float]) -> dict[str, float]:
    """A clear winner gets nearly all; a message without a known word stays unsure."""
    top = max(scores.values(), default=0.0)
    return {name: 0.95 if top and score == top else score / 10 for name, score in scores.items()}


def _intents(scores: dict[str, float]) -> tuple[Intent, ...]:
    ranked = sorted(scores.items(), key=lambda item: -item[1])
    return tuple(Intent(name=name, confidence=score) for name, score in ranked)


@dataclass(kw_only=True)
class FakeGenerator:
    """Says a fixed sentence about the last line, word by word.

    Attributes:
        words: How often ``word`` is said after the opening.
        seconds: How long each word takes.
        fails_on: A last line with this word raises ``RuntimeError`` for the whole batch.
        batches: Sizes of the batches that were asked for.
        written: Number of words that were written in all.
    """

    words: int = 3
    seconds: float = 0.0
    fails_on: str | None = None
    batches: list[int] = field(default_factory=list)
    written: int = 0

    def write(
        self, prompts: Sequence[Prompt], *, on_text: Callable[[int, str], bool] | None = None
    ) -> list[Draft]:
        self.batches.append(len(prompts))
        full = [self.reply_to(prompt).split(" ") for prompt in prompts]
        said: list[list[str]] = [[] for _ in prompts]
        stopped = [False] * len(prompts)
        for step in range(max(len(words) for words in full)):
            if all(stopped):
                break
            time.sleep(self.seconds)
            for row, words in enumerate(full):
                if step >= len(words) or stopped[row]:
                    continue
                said[row].append(words[step])
                self.written += 1
                piece = words[step] if step == 0 else " " + words[step]
                stopped[row] = bool(on_text and on_text(row, piece))
            if self.fails_on and any(self.fails_on in p.history[-1].text for p in prompts):
                raise RuntimeError("the fake model broke")
        return [Draft(text=" ".join(w), confidence=0.9, tokens=len(w)) for w in said]

    def reply_to(self, prompt: Prompt) -> str:
        """The whole reply, for comparison."""
        return f"You said {prompt.history[-1].text}" + " word" * self.words


@dataclass(kw_only=True)
class FakeTranslator:
    """Knows a few sentences by heart; all else is marked with the target language.

    Attributes:
        known: Sentence to its translation; works in both directions.
        batches: Sizes of the batches that were asked for.
    """

    known: dict[str, str] = field(
        default_factory=lambda: {
            "你好": "hello",
            "谢谢": "thank you",
            "给我讲个故事": "tell me a story",
            "我的订单在哪里": "where is my order",
            "You are welcome.": "不客气。",
        }
    )
    pairs: frozenset[tuple[str, str]] = frozenset({("zh", "en"), ("en", "zh")})
    batches: list[int] = field(default_factory=list)

    def detect(self, texts: Sequence[str], *, among: Sequence[str]) -> list[str]:
        latin = next((tag for tag in among if tag != "zh"), among[0])
        return [
            "zh" if "zh" in among and re.search(r"[\u4e00-\u9fff]", text) else latin
            for text in texts
        ]

    def translate(
        self,
        texts: Sequence[str],
        *,
        source: str,
        target: str,
        keep: Sequence[str] = (),  # noqa: ARG002 - nothing is changed, so all is kept
    ) -> list[str]:
        self.batches.append(len(texts))
        if (source, target) not in self.pairs:
            raise RuntimeError(f"no translator from {source} to {target}")
        back = {value: key for key, value in self.known.items()}
        return [self.known.get(t) or back.get(t) or f"[{target}] {t}" for t in texts]


def fake_understanding_of(bot: Bot) -> FakeUnderstanding:
    """A fake that knows a bot's examples, and numbers of four or five digits."""
    keywords = [
        (frozenset(_WORD.findall(example.text.lower())), example.intent)
        for example in bot.data.examples
    ]
    number = next((kind for kind in bot.domain.entities if "number" in kind), None)
    entities = {r"\b\d{4,5}\b": number} if number else {}
    return FakeUnderstanding(keywords=keywords, entities=entities)


class FakeUnderstandingPart:
    """Stands where ``nlu.part`` stands; saves its examples as JSON."""

    FORMAT = 1

    def __init__(self, **options: Any) -> None:  # noqa: ANN401
        self.options = options

    def train(self, bot: Bot, folder: Path, tools: Tools) -> None:  # noqa: ARG002
        fake = fake_understanding_of(bot)
        body = {"keywords": [[sorted(w), i] for w, i in fake.keywords], "entities": fake.entities}
        (folder / "fake.json").write_text(json.dumps(body), encoding="utf-8")

    def load(self, folder: Path, *, engine: Engine = "int8") -> FakeUnderstanding:  # noqa: ARG002
        try:
            body = json.loads((folder / "fake.json").read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise ModelError(f"{folder}: is damaged ({error}).") from error
        keywords = [(frozenset(words), intent) for words, intent in body["keywords"]]
        return FakeUnderstanding(keywords=keywords, entities=body["entities"], **self.options)


class FakeGeneratorPart:
    """Stands where ``generation.part`` stands."""

    FORMAT = 1

    def __init__(self, **options: Any) -> None:  # noqa: ANN401
        self.options = options

    def train(self, bot: Bot, folder: Path, tools: Tools) -> None:  # noqa: ARG002
        (folder / "fake.json").write_text("{}", encoding="utf-8")

    def load(self, folder: Path | None = None, *, engine: Engine = "int8") -> FakeGenerator:  # noqa: ARG002
        return FakeGenerator(**self.options)


class FakeTranslatorPart:
    """Stands where ``translation.part`` stands."""

    def load(self, name: str | None = None, *, engine: Engine = "int8") -> FakeTranslator:  # noqa: ARG002
        return FakeTranslator()


def install(
    *,
    understanding: dict[str, Any] | None = None,
    generator: dict[str, Any] | None = None,
    set_part: Callable[[Any, str, Any], None] = setattr,
) -> SimpleNamespace:
    """Put the fakes behind the registry.

    Args:
        understanding: Options of `FakeUnderstanding`.
        generator: Options of `FakeGenerator`.
        set_part: ``monkeypatch.setattr`` in a test, so that the real parts come back after it.
    """
    real = registry.part
    parts = {
        "understanding": FakeUnderstandingPart(**(understanding or {})),
        "generator": FakeGeneratorPart(**(generator or {})),
        "translator": FakeTranslatorPart(),
    }
    set_part(registry, "part", lambda name: parts.get(name) or real(name))
    return SimpleNamespace(**parts)
