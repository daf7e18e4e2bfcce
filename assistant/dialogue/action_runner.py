"""Run an action by its name: Python, responses, action servers, default actions, forms.

A bot's own action stands before a default action or a form of the same name.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from itertools import takewhile
from typing import Any, Protocol

from assistant.actions import ActionBook, ActionFunction, ActionTurn
from assistant.author_code import SECONDS, call_within
from assistant.domain import Domain
from assistant.errors import ActionError
from assistant.messages import Reply, Source

from .default_actions.acting import Acting
from .default_actions.registry import DEFAULTS
from .events import WORDS, ActionDone, Event, SlotSet
from .forms import FormHelp, run_form
from .outcome import Outcome
from .responses import Responder, filled
from .slot_actions import CHECK_ALL, slots_by_actions
from .slot_filling import extract_slots
from .tracker import Tracker
from .wording import RemoteWords, worded


class RemoteActions(Protocol):
    """A server that runs custom actions."""

    async def run(self, name: str, tracker: Tracker) -> Outcome:
        """Run an action there; raises `ActionError`."""
        ...


Writer = Callable[[Tracker], Awaitable[Reply | None]]


class ActionRunner:
    """Runs actions for one bot.

    Args:
        domain: The bot's domain.
        responder: Says its responses.
        book: Its Python actions.
        remote: Its action server, if it has one.
        fallback: The response that answers where the generator has nothing to say.
        seconds: How long an action or check of ``book`` may take.
    """

    def __init__(
        self,
        domain: Domain,
        responder: Responder,
        book: ActionBook,
        *,
        remote: RemoteActions | None = None,
        fallback: str = "utter_default",
        seconds: float = SECONDS,
    ) -> None:
        self.domain = domain
        self.responder = responder
        self.book = book
        self.remote = remote
        self.fallback = fallback
        self.seconds = seconds
        self.words: RemoteWords | None = None

    async def run(
        self,
        name: str,
        tracker: Tracker,
        *,
        source: Source = "story",
        write: Writer | None = None,
    ) -> Outcome:
        """Run one action; the tracker is not changed.

        Args:
            name: The action.
            tracker: The conversation.
            source: Who is named as the author of what a response says.
            write: Asks the generator; ``None`` from it means that nothing fit to say came.

        Raises:
            ActionError: A custom action failed or nothing runs it.
            ActionTimeout: It was not done in time.
        """
        outcome = await self._run(name, tracker, source=source, write=write)
        if self.words is not None:
            if not outcome.replies and name.startswith("utter_"):
                outcome.replies = [Reply(name=name, source=source)]
            outcome.replies = await worded(self.words, outcome.replies, tracker)
        return outcome

    async def _run(
        self, name: str, tracker: Tracker, *, source: Source = "story", write: Writer | None = None
    ) -> Outcome:
        """Run one action; its responses have the bot's own wording."""
        if name in self.book.actions:
            return await self._own(self.book.actions[name], name, tracker)
        if name.startswith("utter_"):
            return self.utter(name, tracker, source=source)
        if self.remote is not None and name in self.domain.actions:
            return await self.remote.run(name, tracker)
        if name in DEFAULTS:
            return await DEFAULTS[name](self._acting(tracker, write))
        if name in self.domain.forms:
            return await run_form(self.domain.forms[name], tracker, helps=self._form_help(name))
        if name.startswith(WORDS):
            said = Reply(text=name.removeprefix(WORDS), language=self.responder.language)
            return Outcome(replies=[said])
        if self.remote is not None:
            return await self.remote.run(name, tracker)
        raise ActionError(f"nothing runs the action {name!r}. {self._way_out()}")

    def _way_out(self) -> str:
        if self.book.for_server:
            return (
                f"{self.book.for_server[0]} is written for rasa_sdk: start its server (python -m "
                "rasa_sdk --actions actions) and name it in endpoints.yml under action_endpoint."
            )
        return "Write it in actions/ with @action, or name an action server in endpoints.yml."

    def utter(self, name: str, tracker: Tracker, *, source: Source = "story") -> Outcome:
        """Say a response; a retrieval intent's response says the best answer."""
        key, author = name, source
        if name not in self.domain.responses:
            best = _best_answer(tracker, name.removeprefix("utter_"))
            key, author = best or name, "faq"
        language = tracker.language or self.responder.language
        channel = tracker.latest.input_channel if tracker.latest else None
        reply = self.responder.say(
            key, tracker.slots, language=language, channel=channel, source=author
        )
        return Outcome(replies=[reply] if reply else [])

    async def _own(self, function: ActionFunction, name: str, tracker: Tracker) -> Outcome:
        turn = action_turn(tracker, self.responder.language)
        await call_within(self.seconds, f"action {name}", function, turn)
        return self._answered(turn, tracker)

    def _answered(self, turn: ActionTurn, tracker: Tracker) -> Outcome:
        outcome = Outcome(events=turn.events)
        slots = {**tracker.slots}
        slots.update({e.name: e.value for e in turn.events if isinstance(e, SlotSet)})
        for said, values in turn.said:
            known = {**slots, **values}
            if said in self.domain.responses:
                reply = self.responder.say(said, known, language=turn.language, source="action")
                outcome.replies += [reply] if reply else []
            else:
                text = filled(said, known)
                outcome.replies.append(
                    Reply(text=text, language=self.responder.language, source="action")
                )
        return outcome

    async def extract(self, tracker: Tracker) -> Outcome:
        """Fill slots from the last message, by mappings and by actions."""
        filled = extract_slots(tracker)
        more = await self.slots_by_actions(tracker, filled)
        return Outcome(events=[*filled, *more.events], replies=more.replies)

    async def slots_by_actions(self, tracker: Tracker, filled: Sequence[Event] = ()) -> Outcome:
        """Let actions fill and check slots after a message, beside those of ``filled``."""
        return await slots_by_actions(
            tracker,
            filled,
            run=self._run,
            checks_all=CHECK_ALL in self.domain.actions or CHECK_ALL in self.book.actions,
        )

    def _form_help(self, form: str) -> FormHelp:
        validator = f"validate_{form}"
        checks = (
            validator in self.domain.actions
            or validator in self.book.actions
            or any(checked == form for checked, _ in self.book.checks)
        )
        return FormHelp(
            extract=self.extract,
            check=(lambda values, now: self._check(form, values, now)) if checks else None,
            ask=lambda slot, now: self._ask(form, slot, now),
        )

    async def _check(self, form: str, values: dict[str, Any], tracker: Tracker) -> Outcome:
        """Check newly filled slots by Python checks, or by ``validate_FORM``."""
        outcome = Outcome()
        validator = f"validate_{form}"
        if validator in self.book.actions or validator in self.domain.actions:
            return await self._run(validator, tracker)
        for slot, value in values.items():
            check = self.book.checks.get((form, slot))
            if check is None:
                continue
            turn = action_turn(tracker, self.responder.language)
            what = f"check of {slot} in {form}"
            kept = await call_within(self.seconds, what, check, value, turn)
            turn.set(slot, kept)
            done = self._answered(turn, tracker)
            outcome.events += done.events
            outcome.replies += done.replies
        return outcome

    async def _ask(self, form: str, slot: str, tracker: Tracker) -> Outcome:
        """Ask for a slot by the first of Rasa's four lookup names that exists."""
        for name in (
            f"action_ask_{form}_{slot}", f"utter_ask_{form}_{slot}",
            f"action_ask_{slot}", f"utter_ask_{slot}",
        ):  # fmt: skip
            if name in self.domain.responses or name in self.book.actions:
                done = await self._run(name, tracker)
                form_source: Source = "form"
                replies = [replace(reply, source=form_source) for reply in done.replies]
                return Outcome(events=done.events, replies=replies)
            if name in self.domain.actions and self.remote is not None:
                return await self.remote.run(name, tracker)
        return Outcome()

    def _acting(self, tracker: Tracker, write: Writer | None) -> Acting:
        return Acting(
            tracker=tracker,
            domain=self.domain,
            language=self.responder.language,
            say=lambda response: self.utter(response, tracker, source="fallback"),
            run=lambda action: self._run(action, tracker, source="fallback", write=write),
            extract=self.extract,
            generate=lambda: self._generate(tracker, write),
            generates=write is not None,
        )

    async def _generate(self, tracker: Tracker, write: Writer | None) -> Outcome:
        reply = await write(tracker) if write else None
        if reply is not None:
            return Outcome(replies=[reply])
        for name in (f"utter_{tracker.intent}", self.fallback, "utter_default"):
            said = self.utter(name, tracker, source="fallback")
            if said.replies:
                return said
        return Outcome()


def _best_answer(tracker: Tracker, intent: str) -> str | None:
    if tracker.latest is None:
        return None
    found = tracker.latest.parse_data.get("response_selector", {}).get(intent)
    return str(found["response"]["utter_action"]) if found else None


def action_turn(tracker: Tracker, language: str) -> ActionTurn:
    """What a Python action sees of a conversation."""
    latest = tracker.latest
    form = tracker.domain.forms.get(tracker.loop or "")
    fresh = takewhile(lambda event: isinstance(event, SlotSet), reversed(tracker.events))
    filled = {e.name: e.value for e in reversed(list(fresh)) if isinstance(e, SlotSet)}
    filled.pop("requested_slot", None)
    return ActionTurn(
        conversation=tracker.conversation,
        text=(latest.text or "") if latest else "",
        language=tracker.language or language,
        intent=tracker.intent,
        entities=tracker.entities,
        slots=dict(tracker.slots),
        required=form.required if form else (),
        filled=filled,
    )


def done(name: str, policy: str, confidence: float, *, hidden: bool) -> ActionDone:
    """The event that an action was executed."""
    return ActionDone(name=name, policy=policy, confidence=confidence, hide_rule_turn=hidden)
