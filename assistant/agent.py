"""One bot in conversation: accept a message, understand, decide, answer, store."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
import unicodedata
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from .bot import Bot
from .conversation_language import in_language_of
from .conversations.store import Accepted, Conflict, ConversationStore, StoredReply
from .dialogue.action_runner import Writer
from .dialogue.engine import Engine, mood_events
from .dialogue.events import ActionDone, BotSaid, Event, UserSaid
from .dialogue.tracker import LISTEN, Tracker
from .errors import RejectedMessage
from .messages import Button, Prompt, Reply, Turn, Utterance
from .models import Models
from .parse_result import parse_result, reply_json
from .response_selection import ResponseSelection

LONGEST_MESSAGE = 4000
MOST_CACHED = 2000
SESSION_START = "action_session_start"
log = logging.getLogger(__name__)


@dataclass(kw_only=True)
class Listener:
    """Whom the agent tells how a turn goes; every call is optional.

    Attributes:
        on_accepted: The message is stored, with its sequence number.
        on_text: The next piece of a streamed reply; returning true stops it.
        on_understood: What was understood.
    """

    on_accepted: Callable[[Accepted], None] = lambda _accepted: None
    on_text: Callable[[str], bool] | None = None
    on_understood: Callable[[Turn], None] = lambda _turn: None


@dataclass(kw_only=True)
class Answer:
    """The outcome of one message.

    Attributes:
        seq: The message's number in its conversation.
        replies: What the bot says, as stored.
        parse: What was understood; empty for a message that was answered before.
    """

    seq: int
    replies: list[StoredReply]
    parse: dict[str, Any] = field(default_factory=dict)


class Agent:
    """Answers messages; one turn at a time in each conversation.

    Args:
        bot: The bot's files.
        models: Its models.
        engine: Its dialogue engine.
        store: Where conversations live.
    """

    def __init__(self, bot: Bot, models: Models, engine: Engine, store: ConversationStore) -> None:
        self.bot = bot
        self.selection = ResponseSelection.of(bot)
        self.models = models
        self.engine = engine
        self.store = store
        self._locks: dict[str, asyncio.Lock] = {}
        self._waiting: dict[str, int] = {}
        self._trackers: OrderedDict[str, tuple[Tracker, int]] = OrderedDict()

    async def handle(
        self,
        conversation: str,
        text: object,
        *,
        message_id: str | None = None,
        channel: str = "rest",
        metadata: dict[str, Any] | None = None,
        listener: Listener | None = None,
    ) -> Answer:
        """Answer one message; it is stored before anything is said.

        Raises:
            RejectedMessage: The message is empty, too long, not text, or its id was reused.
        """
        listener = listener or Listener()
        body = {
            "text": clean_message(text),
            "channel": channel,
            "metadata": metadata or {},
            "id": message_id,
        }
        accepted = await self.store.accept(conversation, message_id, body)
        listener.on_accepted(accepted)
        async with self._turn_of(conversation):
            if accepted.repeated:
                stored = await self.store.replies_to(conversation, accepted.seq)
                again = await self.store.accept(conversation, message_id, body)
                if again.answered:
                    return Answer(seq=accepted.seq, replies=stored)
            return await self._answer(conversation, accepted.seq, body, listener)

    @contextlib.asynccontextmanager
    async def _turn_of(self, conversation: str):  # type: ignore[no-untyped-def]  # noqa: ANN202
        """Wait until earlier turns of the conversation are done."""
        lock = self._locks.setdefault(conversation, asyncio.Lock())
        self._waiting[conversation] = self._waiting.get(conversation, 0) + 1
        try:
            async with lock:
                yield
        finally:
            self._waiting[conversation] -= 1
            if not self._waiting[conversation]:
                del self._waiting[conversation], self._locks[conversation]

    async def _answer(
        self, conversation: str, seq: int, body: dict[str, Any], listener: Listener
    ) -> Answer:
        read = await self.models.understand(body["text"])
        listener.on_understood(read)
        for _ in range(5):
            tracker, epoch = await self.tracker(conversation)
            turn = in_language_of(read, tracker.language)
            events, replies = await self.play(tracker, turn, body, listener)
            replies = await self._in_language(replies, turn.language, tracker)
            bodies = [reply_json(reply) for reply in replies]
            try:
                finished = await self.store.finish(
                    conversation, seq, epoch=epoch, events=events, replies=bodies
                )
            except Conflict:
                if await self.store.is_answered(conversation, seq):  # another server was faster
                    stored = await self.store.replies_to(conversation, seq)
                    return Answer(seq=seq, replies=stored)
                listener = replace(listener, on_text=None)  # what was streamed stays said
                continue
            self._keep(conversation, tracker, finished.last_seq)
            parse = parse_result(turn, self.selection)
            return Answer(seq=seq, replies=finished.replies, parse=parse)
        raise RejectedMessage("busy", "The conversation is busy. Send it again.", status=503)

    async def tracker(self, conversation: str) -> tuple[Tracker, int]:
        """Return a conversation's state and how many turns it had."""
        tracker, known = self._trackers.pop(
            conversation, (Tracker(conversation, self.bot.domain), 0)
        )
        news = await self.store.read(conversation, after=known)
        for event in news.events:
            tracker.apply(event)
        return tracker, news.epoch

    def _keep(self, conversation: str, tracker: Tracker, last_seq: int) -> None:
        self._trackers[conversation] = (tracker, last_seq)
        while len(self._trackers) > MOST_CACHED:
            self._trackers.popitem(last=False)

    async def play(
        self, tracker: Tracker, turn: Turn, body: dict[str, Any], listener: Listener
    ) -> tuple[list[Event], list[Reply]]:
        """Run one turn on a tracker; returns its events and replies, untranslated."""
        events = await self._session_start(tracker)
        said = UserSaid(
            text=turn.text,
            parse_data=parse_result(turn, self.selection),
            input_channel=body.get("channel"),
            message_id=body.get("id"),
            metadata={**body.get("metadata", {}), "language": turn.language},
        )
        strength = turn.sentiment.strength if turn.sentiment and not turn.literal else None
        mood = mood_events(self.bot, tracker, strength)
        events += self.engine.hear(tracker, said, mood)
        replies: list[Reply] = []
        async for step in self.engine.act(tracker, self._writer(turn, listener)):
            events += step.events
            replies += step.replies
        return events, replies

    async def _session_start(self, tracker: Tracker) -> list[Event]:
        """Begin a conversation, or a new session after a long silence."""
        minutes = self.bot.domain.session_minutes
        carried: list[Event] = []
        if tracker.events:
            silence = time.time() - tracker.events[-1].timestamp
            if minutes <= 0 or silence < 60 * minutes:
                return []
            carried = (await self.engine.runner.run(SESSION_START, tracker)).events
        events = [ActionDone(name=SESSION_START), *carried, ActionDone(name=LISTEN)]
        for event in events:
            tracker.apply(event)
        return events

    def _writer(self, turn: Turn, listener: Listener) -> Writer | None:
        """Return what asks the generator; it streams where its language is the user's."""
        generation = self.bot.config.generation
        if generation is None or not generation.enabled:
            return None
        own = self.bot.config.language
        on_text = listener.on_text if turn.language == own else None

        async def write(tracker: Tracker) -> Reply | None:
            draft = await self.models.write(Prompt(history=history_of(tracker)), on_text)
            if not draft.text:
                return None
            return Reply(
                text=draft.text, language=own, source="generator", name="action_generate_reply"
            )

        return write

    async def _in_language(
        self, replies: Sequence[Reply], language: str, tracker: Tracker
    ) -> list[Reply]:
        """Translate what the author did not write in the user's language."""
        foreign = [i for i, reply in enumerate(replies) if reply.language != language]
        texts = [replies[i].text for i in foreign]
        titles = [button.title for i in foreign for button in replies[i].buttons]
        done = list(replies)
        if not foreign:
            return done
        keep = [str(v) for v in tracker.slots.values() if isinstance(v, (str, int, float))]
        translated = await self.models.translate(
            [*texts, *titles], source=self.bot.config.language, target=language, keep=keep
        )
        named = iter(translated[len(texts) :])
        for i, text in zip(foreign, translated[: len(texts)], strict=True):
            buttons = tuple(
                Button(title=next(named), payload=button.payload) for button in replies[i].buttons
            )
            done[i] = replace(replies[i], text=text, buttons=buttons, language=language)
        return done

    async def recover(self) -> int:
        """Answer what was accepted before a crash and never answered; returns how many.

        A message that fails is left, so that it keeps no other from its answer.
        """
        answered = 0
        for conversation, seq, body in await self.store.unanswered():
            async with self._turn_of(conversation):
                try:
                    await self._answer(conversation, seq, body, Listener())
                    answered += 1
                except Exception as error:  # noqa: BLE001 - the next start tries it again
                    log.error("message %d cannot be answered: %s", seq, type(error).__name__)
        return answered


def history_of(tracker: Tracker, *, most: int = 12) -> tuple[Utterance, ...]:
    """The last lines of a conversation in the bot's language, the user's last."""
    lines: list[Utterance] = []
    for event in tracker.events:
        if isinstance(event, UserSaid) and event.text:
            parse = event.parse_data
            lines.append(
                Utterance(
                    "user",
                    parse.get("pivot") or event.text,
                    (parse.get("intent") or {}).get("name"),
                    (parse.get("sentiment") or {}).get("label"),
                )
            )
        elif isinstance(event, BotSaid) and event.text:
            lines.append(Utterance("bot", event.metadata.get("pivot") or event.text))
    while lines and lines[-1].speaker == "bot":
        lines.pop()
    return tuple(lines[-most:])


def clean_message(text: object) -> str:
    """Check a message and bring it into Unicode NFC.

    Raises:
        RejectedMessage: It is not text, empty, too long, or holds control characters only.
    """
    if not isinstance(text, str):
        raise RejectedMessage("not_text", "The message must be a text.")
    if len(text) > LONGEST_MESSAGE:
        raise RejectedMessage(
            "too_long",
            f"The message has {len(text)} characters; at most {LONGEST_MESSAGE} are read.",
            status=413,
        )
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise RejectedMessage("not_unicode", "The message is not valid Unicode text.") from error
    kept = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) != "Cc")
    kept = unicodedata.normalize("NFC", kept).strip()
    if not kept:
        raise RejectedMessage("empty", "The message is empty.")
    return kept
