"""One bot in conversation: accept a message, understand, decide, answer, store."""

from __future__ import annotations

import logging
import unicodedata
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from .bot import Bot
from .conversation_language import in_language_of
from .conversations.store import Accepted, Conflict, ConversationStore, StoredReply
from .dialogue.action_runner import Writer
from .dialogue.engine import Engine, mood_events
from .dialogue.events import Event, ReminderScheduled, UserSaid
from .dialogue.history import history_of
from .dialogue.tracker import Tracker
from .errors import RejectedMessage, nearest
from .external_intent import Entities, ExternalIntent, is_stale, said_externally
from .messages import Prompt, Reply, Turn
from .models import Models
from .parse_result import parse_result, reply_json
from .reply_translation import in_language
from .response_selection import ResponseSelection
from .turn_locks import TurnLocks

LONGEST_MESSAGE = 4000
MOST_CACHED = 2000
MOST_TRIES = 5
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

    Attributes:
        on_reminders: Told what is pending in a conversation when that has changed.
    """

    def __init__(self, bot: Bot, models: Models, engine: Engine, store: ConversationStore) -> None:
        self.bot = bot
        self.selection = ResponseSelection.of(bot)
        self.models = models
        self.engine = engine
        self.store = store
        self.on_reminders: Callable[[str, Iterable[ReminderScheduled]], None] = lambda *_: None
        self._locks = TurnLocks()
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
        body = {
            "text": clean_message(text),
            "channel": channel,
            "metadata": metadata or {},
            "id": message_id,
        }
        return await self._take(conversation, body, listener or Listener())

    async def react(
        self, conversation: str, external: ExternalIntent, *, listener: Listener | None = None
    ) -> Answer:
        """Let the bot react to an intent that no user said.

        A reminder that is not pending any more is passed over; each comes once.

        Raises:
            RejectedMessage: The bot has no such intent (404).
        """
        known = self.bot.intents
        if external.reminder is None and external.intent not in known:
            what = f"no intent is called {external.intent!r}. {nearest(external.intent, known)}"
            raise RejectedMessage("unknown_intent", what, status=404)
        return await self._take(conversation, external.body(), listener or Listener())

    async def trigger(
        self, conversation: str, intent: str, entities: Entities | None = None
    ) -> Answer:
        """Let the bot react as if the user had said something of an intent; see `react`."""
        return await self.react(conversation, ExternalIntent(intent=intent, entities=entities))

    async def remind(self, conversation: str, reminder: ReminderScheduled) -> Answer:
        """Trigger what a reminder is about; see `react`."""
        return await self.react(conversation, ExternalIntent.of(reminder))

    async def _take(self, conversation: str, body: dict[str, Any], listener: Listener) -> Answer:
        """Store a message, wait for its turn and answer it."""
        accepted = await self.store.accept(conversation, body["id"], body)
        listener.on_accepted(accepted)
        async with self._locks.turn_of(conversation):
            if accepted.repeated:
                stored = await self.store.replies_to(conversation, accepted.seq)
                if await self.store.is_answered(conversation, accepted.seq):
                    return Answer(seq=accepted.seq, replies=stored)
            return await self._answer(conversation, accepted.seq, body, listener)

    async def _answer(
        self, conversation: str, seq: int, body: dict[str, Any], listener: Listener
    ) -> Answer:
        read = await self._understood(body, listener)
        for _ in range(MOST_TRIES):
            tracker, epoch = await self.tracker(conversation)
            pending = tracker.reminders
            turn = in_language_of(read, tracker.language)
            events, replies = await self.play(tracker, turn, body, listener)
            bodies = [reply_json(each) for each in await self._translated(replies, turn, tracker)]
            try:
                finished = await self.store.finish(
                    conversation, seq, epoch=epoch, events=events, replies=bodies,
                    reminders=_changed(pending, tracker),
                )  # fmt: skip
            except Conflict:
                if await self.store.is_answered(conversation, seq):  # another server was faster
                    stored = await self.store.replies_to(conversation, seq)
                    return Answer(seq=seq, replies=stored)
                listener = replace(listener, on_text=None)  # what was streamed stays said
                continue
            self._keep(tracker, finished.last_seq, pending)
            parse = {} if "external" in body else parse_result(turn, self.selection)
            return Answer(seq=seq, replies=finished.replies, parse=parse)
        raise RejectedMessage("busy", "The conversation is busy. Send it again.", status=503)

    async def _understood(self, body: dict[str, Any], listener: Listener) -> Turn:
        if "external" in body:
            return Turn(text=body["text"], language=self.bot.config.language, literal=True)
        turn = await self.models.understand(body["text"])
        listener.on_understood(turn)
        return turn

    async def record(self, conversation: str, events: Sequence[Event]) -> Tracker:
        """Add events that no turn brought, such as a pause; returns the state after them.

        Raises:
            RejectedMessage: The conversation is busy (503).
        """
        async with self._locks.turn_of(conversation):
            for _ in range(MOST_TRIES):
                tracker, epoch = await self.tracker(conversation)
                pending = tracker.reminders
                began = len(tracker.events)
                await self.engine.begin_session(tracker, {}, only_first=True)
                for event in events:
                    tracker.apply(event)
                try:
                    finished = await self.store.finish(
                        conversation, None, epoch=epoch, events=tracker.events[began:],
                        reminders=_changed(pending, tracker),
                    )  # fmt: skip
                except Conflict:
                    continue
                self._keep(tracker, finished.last_seq, pending)
                return tracker
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

    def _keep(self, tracker: Tracker, last_seq: int, pending: dict[str, ReminderScheduled]) -> None:
        """Keep a conversation's state for its next turn; tell of reminders that are new or gone."""
        self._trackers[tracker.conversation] = (tracker, last_seq)
        while len(self._trackers) > MOST_CACHED:
            self._trackers.popitem(last=False)
        changed = _changed(pending, tracker)
        if changed is not None:
            self.on_reminders(tracker.conversation, changed)

    async def play(
        self, tracker: Tracker, turn: Turn, body: dict[str, Any], listener: Listener
    ) -> tuple[list[Event], list[Reply]]:
        """Run one turn on a tracker; returns its events and replies, untranslated."""
        if is_stale(body, tracker):
            return [], []
        external = "external" in body
        metadata = {} if external else body.get("metadata") or {}
        begun = await self.engine.begin_session(tracker, metadata)
        events, replies = list(begun.events), list(begun.replies)
        if external:
            said = said_externally(body, tracker, turn.language)
        else:
            said = UserSaid(
                text=turn.text,
                parse_data=parse_result(turn, self.selection),
                input_channel=body.get("channel"),
                message_id=body.get("id"),
                metadata={**metadata, "language": turn.language},
            )
        strength = turn.sentiment.strength if turn.sentiment and not turn.literal else None
        mood = mood_events(self.bot, tracker, strength)
        events += self.engine.hear(tracker, said, mood)
        async for step in self.engine.act(tracker, self._writer(turn, listener)):
            events += step.events
            replies += step.replies
        return events, replies

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

    async def _translated(
        self, replies: Sequence[Reply], turn: Turn, tracker: Tracker
    ) -> list[Reply]:
        keep = [str(v) for v in tracker.slots.values() if isinstance(v, (str, int, float))]
        own = self.bot.config.language
        return await in_language(replies, turn.language, self.models, own=own, keep=keep)

    async def recover(self) -> int:
        """Answer what was accepted before a crash and never answered; returns how many.

        A message that fails is left, so that it keeps no other from its answer.
        """
        answered = 0
        for conversation, seq, body in await self.store.unanswered():
            async with self._locks.turn_of(conversation):
                try:
                    await self._answer(conversation, seq, body, Listener())
                    answered += 1
                except Exception as error:  # noqa: BLE001 - the next start tries it again
                    log.error("message %d cannot be answered: %s", seq, type(error).__name__)
        return answered


def _changed(
    before: dict[str, ReminderScheduled], tracker: Tracker
) -> list[ReminderScheduled] | None:
    """What is pending now, where that is not what was pending before."""
    return None if tracker.reminders == before else list(tracker.reminders.values())


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
