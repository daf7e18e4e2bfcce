"""The contract between the assistant and the models.

What every model keeps (``tests/test_contract.py`` checks it):

1. Lists in, lists out: the same length, the same order.
2. Values are frozen; a model answers with new ones (`dataclasses.replace`).
3. The size of a batch changes the speed, never an answer.
4. Calls are synchronous and open no file or socket: that is the work of ``load``.
5. A model may be called from any one thread at a time.

A part is a module named by an entry point of the group ``assistant.components``. It has
``train`` and ``load``, and imports its heavy libraries inside them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from .dialogue.action_runner import RemoteActions
from .dialogue.wording import RemoteWords
from .messages import Draft, Prompt, Turn

if TYPE_CHECKING:
    from .bot import Bot
    from .endpoints import Address

Engine = Literal["int8", "float", "bnb"]
Notice = Callable[[str], None]
Tick = Callable[[str, float, float], None]


class Understanding(Protocol):
    """Reads intent, entities and sentiment."""

    def process(self, turns: Sequence[Turn]) -> list[Turn]:
        """Return the turns, in order, with what was understood added."""
        ...


class Translator(Protocol):
    """Tells languages apart and translates between them."""

    @property
    def pairs(self) -> frozenset[tuple[str, str]]:
        """The (source, target) languages that can be translated."""
        ...

    def detect(self, texts: Sequence[str], *, among: Sequence[str]) -> list[str]:
        """Return for each text the most probable language of ``among``."""
        ...

    def translate(
        self, texts: Sequence[str], *, source: str, target: str, keep: Sequence[str] = ()
    ) -> list[str]:
        """Translate; order numbers, e-mails, links, amounts and ``keep`` stay unchanged."""
        ...


class Generator(Protocol):
    """Writes a reply where no rule or template has one."""

    def write(
        self,
        prompts: Sequence[Prompt],
        *,
        on_text: Callable[[int, str], bool] | None = None,
    ) -> list[Draft]:
        """Write one reply to each prompt.

        Args:
            prompts: The conversations.
            on_text: Called with the prompt's index and the next piece of its reply as soon as
                it is certain to be said; returning true stops that reply there.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What a training may use besides the bot's files.

    Attributes:
        translator: Brings examples of other languages into the bot's own; may be ``None``.
        notice: Told in plain words what is being done.
        tick: Told ``(what, done, of)`` while long work advances.
    """

    translator: Translator | None = None
    notice: Notice = lambda _text: None
    tick: Tick = lambda _what, _done, _of: None


class UnderstandingPart(Protocol):
    """The module behind the entry point ``understanding``.

    Attributes:
        FORMAT: Number of the layout that ``train`` writes and ``load`` reads; importing the module
            to look at it loads nothing heavy.
    """

    FORMAT: int

    def train(self, bot: Bot, folder: Path, tools: Tools) -> None:
        """Train on the bot's examples and save in ``folder``."""
        ...

    def load(self, folder: Path, *, engine: Engine = "int8") -> Understanding:
        """Load what ``train`` saved; raises `ModelError` for a damaged folder."""
        ...


class TranslatorPart(Protocol):
    """The module behind the entry point ``translator``."""

    def load(self, name: str | None = None, *, engine: Engine = "int8") -> Translator:
        """Load a local folder, the built-in base (``None``), or a hub model."""
        ...

    def parallel_sentences(self, data: Path) -> dict[str, list[tuple[str, str]]]:
        """Return the (English, Chinese) sentences of the data folder to learn from, by corpus."""
        ...


class GeneratorPart(Protocol):
    """The module behind the entry point ``generator``.

    Attributes:
        FORMAT: As that of `UnderstandingPart`.
    """

    FORMAT: int

    def train(self, bot: Bot, folder: Path, tools: Tools) -> None:
        """Adapt the base to the bot with LoRA and save in ``folder``."""
        ...

    def load(self, folder: Path | None = None, *, engine: Engine = "int8") -> Generator:
        """Load what ``train`` saved, or the built-in base for ``None``."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineFigures:
    """What one way to hold a model's numbers costs and gives.

    Attributes:
        model: Which model, in words.
        engine: How its numbers are held.
        bytes: Size of the files, or of the weights in memory where there are no files.
        quality: Named measures; all but losses and perplexities are better when higher.
        speed: Pieces of work per second.
        unit: What a piece of work is, e.g. ``"tokens"``.
    """

    model: str
    engine: Engine
    bytes: int
    quality: dict[str, float]
    speed: float
    unit: str


class ModelRecipes(Protocol):
    """What every model part offers to those who make and compare models."""

    def pretrain(self, data: Path, folder: Path, *, minutes: float, tick: Tick) -> None:
        """Train a base from the data folder; a run that was cut off goes on where it was.

        Args:
            data: The data folder.
            folder: Receives the base and its model card.
            minutes: Wall-clock minutes of training, where the recipe counts time.
            tick: Told ``(what, done, of)`` as training advances.
        """
        ...

    def compare_engines(
        self, folder: Path | None, engines: Sequence[Engine]
    ) -> list[EngineFigures]:
        """Measure size, quality and speed of a model (``None``: the built-in) in each engine."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerSettings:
    """How a trained bot is served.

    Attributes:
        models: The folder of models, or one model.
        store: An SQLAlchemy address or the path of an SQLite file.
        host: Address to listen on.
        port: Port to listen on; 0 takes a free one.
        engine: How the models' numbers are held.
        actions: Of an action server: what ``endpoints.yml`` says of it, or only its URL.
        nlg: Of a server that words responses; ``None``: what the model's ``endpoints.yml`` says.
        cors: Origins of websites, besides the server's own, that may open a chat.
        website: Folder of the page at ``/`` and of the widget; ``None`` serves none.
        api: Whether Rasa's HTTP API is served too: parsing, and the trackers of conversations.
        auth_token: What that API asks for; ``None`` asks for nothing.
    """

    models: Path
    store: str | Path
    host: str = "127.0.0.1"
    port: int = 5005
    engine: Engine = "int8"
    actions: Address | str | None = None
    nlg: Address | None = None
    cors: tuple[str, ...] = ()
    website: Path | None = None
    api: bool = False
    auth_token: str | None = None


class ClosingActions(RemoteActions, Protocol):
    """Actions on another server, with connections that are closed after use."""

    async def close(self) -> None:
        """Close the connections."""
        ...


class ClosingWords(RemoteWords, Protocol):
    """Responses worded by another server, with connections that are closed after use."""

    async def close(self) -> None:
        """Close the connections."""
        ...


class ServerPart(Protocol):
    """The module behind the entry point ``server``."""

    def serve(self, settings: ServerSettings, *, on_ready: Callable[[str], None]) -> None:
        """Serve until interrupted; ``on_ready`` gets the address once the models are warm."""
        ...

    def remote_actions(self, address: Address | str, bot: Bot) -> ClosingActions:
        """Return what runs a bot's actions at an action server; it is closed after use."""
        ...

    def remote_words(self, address: Address) -> ClosingWords:
        """Return what has responses worded by an NLG server; it is closed after use."""
        ...

    def running(self, settings: ServerSettings) -> AbstractContextManager[str]:
        """Serve on a thread of this process while the context is open; gives the address."""
        ...


class PagePart(Protocol):
    """The module behind the entry point ``page``."""

    def serve(self, server: str, *, host: str, port: int, on_ready: Callable[[str], None]) -> None:
        """Serve the chat page until interrupted; it talks to the chat server at ``server``."""
        ...

    def website(self) -> Path:
        """The folder of the plain website page and the widget."""
        ...
