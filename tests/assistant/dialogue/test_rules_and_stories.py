from __future__ import annotations

from conftest import WriteBot
from talks import Talk

from assistant.dialogue.events import SlotSet

DOMAIN = """\
    intents: [greet, bye, thank, ask, affirm, deny, complain]
    entities: [city]
    slots:
      vip: {type: bool, mappings: [{type: custom}]}
      mood: {type: categorical, values: [calm, upset, upset_again], mappings: [{type: custom}]}
    responses:
      utter_greet: [{text: Hello}]
      utter_bye: [{text: Bye}]
      utter_more: [{text: More}]
      utter_vip: [{text: Dear guest}]
      utter_city: [{text: A city}]
      utter_sorry: [{text: Sorry}]
      utter_human: [{text: A human}]
      utter_default: [{text: Pardon}]
    """


async def test_a_rule_answers_everywhere_and_a_story_only_where_it_goes_on(
    write_bot: WriteBot,
) -> None:
    talk = Talk(
        write_bot(
            domain=DOMAIN,
            data__all="""\
                rules:
                - rule: greet
                  steps: [{intent: greet}, {action: utter_greet}]
                stories:
                - story: after thanks
                  steps:
                  - intent: thank
                  - action: utter_more
                  - intent: affirm
                  - action: utter_bye
                """,
        )
    )

    assert await talk.say("affirm") == ["Pardon"]
    assert await talk.say("thank") == ["More"]
    assert await talk.say("greet") == ["Hello"]  # a rule's turn does not disturb the story
    assert await talk.say("affirm") == ["Bye"]
    assert talk.sources == ["story"]


async def test_checkpoints_join_stories_and_or_gives_alternatives(write_bot: WriteBot) -> None:
    root = write_bot(
        domain=DOMAIN,
        data__stories="""\
            stories:
            - story: begin
              steps:
              - or: [{intent: greet}, {intent: thank}]
              - action: utter_greet
              - checkpoint: joint
            - story: yes
              steps: [{checkpoint: joint}, {intent: affirm}, {action: utter_more}]
            - story: no
              steps: [{checkpoint: joint}, {intent: deny}, {action: utter_bye}]
            """,
    )
    for first in ("greet", "thank"):
        for second, answer in (("affirm", "More"), ("deny", "Bye")):
            talk = Talk(root)

            assert await talk.say(first) == ["Hello"]
            assert await talk.say(second) == [answer]


async def test_a_rule_may_stand_for_several_intents_with_or(write_bot: WriteBot) -> None:
    talk = Talk(
        write_bot(
            domain=DOMAIN,
            data__rules="""\
                rules:
                - rule: thanks and bye
                  steps: [{or: [{intent: thank}, {intent: bye}]}, {action: utter_bye}]
                """,
        )
    )

    assert await talk.say("thank") == ["Bye"]
    assert await talk.say("bye") == ["Bye"]


async def test_of_several_rules_the_one_that_says_most_wins(write_bot: WriteBot) -> None:
    talk = Talk(
        write_bot(
            domain=DOMAIN,
            data__rules="""\
                rules:
                - rule: anyone
                  steps: [{intent: greet}, {action: utter_greet}]
                - rule: a guest of honour
                  condition: [{slot_was_set: [{vip: true}]}]
                  steps: [{intent: greet}, {action: utter_vip}]
                - rule: with a city
                  steps: [{intent: greet, entities: [city]}, {action: utter_city}]
                """,
        )
    )

    assert await talk.say("greet") == ["Hello"]
    assert await talk.say("greet", city="Oslo") == ["A city"]
    talk.tracker.apply(SlotSet(name="vip", value=True))
    assert await talk.say("greet") == ["Dear guest"]


async def test_conversation_start_holds_only_for_the_first_message(write_bot: WriteBot) -> None:
    talk = Talk(
        write_bot(
            domain=DOMAIN,
            data__rules="""\
                rules:
                - rule: first
                  conversation_start: true
                  steps: [{intent: ask}, {action: utter_greet}, {action: utter_more}]
                """,
        )
    )

    assert await talk.say("ask") == ["Hello", "More"]
    assert await talk.say("ask") == ["Pardon"]


async def test_a_rule_that_does_not_wait_lets_another_go_on(write_bot: WriteBot) -> None:
    talk = Talk(
        write_bot(
            domain=DOMAIN,
            data__rules="""\
                rules:
                - rule: greet
                  wait_for_user_input: false
                  steps: [{intent: greet}, {action: utter_greet}]
                - rule: then
                  steps: [{action: utter_greet}, {action: utter_more}]
                """,
        )
    )

    assert await talk.say("greet") == ["Hello", "More"]


async def test_what_nothing_answers_gets_the_fallback_and_is_forgotten(
    write_bot: WriteBot,
) -> None:
    talk = Talk(
        write_bot(
            domain=DOMAIN,
            data__stories="""\
                stories:
                - story: one
                  steps:
                  - {intent: greet}
                  - {action: utter_greet}
                  - {intent: ask}
                  - {action: utter_more}
                """,
        )
    )

    await talk.say("greet")
    assert await talk.say("deny") == ["Pardon"]
    assert talk.sources == ["fallback"]
    assert await talk.say("ask") == ["More"]  # the story goes on as if nothing was said


async def test_an_unsure_message_is_answered_by_the_rule_of_the_fallback_intent(
    write_bot: WriteBot,
) -> None:
    rule = "rules: [{rule: a, steps: [{intent: nlu_fallback}, {action: utter_more}]}]\n"
    talk = Talk(write_bot(domain=DOMAIN, data__rules=rule))

    assert await talk.say("nlu_fallback") == ["More"]


async def test_an_upset_customer_is_met_with_an_apology_and_the_second_time_with_a_human(
    write_bot: WriteBot,
) -> None:
    talk = Talk(
        write_bot(
            config="sentiment: {slot: mood, upset_below: -0.4}\n",
            domain=DOMAIN,
            data__rules="""\
                rules:
                - rule: calm
                  steps: [{intent: complain}, {action: utter_more}]
                - rule: upset
                  condition: [{slot_was_set: [{mood: upset}]}]
                  steps: [{intent: complain}, {action: utter_sorry}]
                - rule: upset again
                  condition: [{slot_was_set: [{mood: upset_again}]}]
                  steps: [{intent: complain}, {action: utter_human}]
                """,
        )
    )

    assert await talk.say("complain", mood=0.1) == ["More"]
    assert await talk.say("complain", mood=-0.9) == ["Sorry"]
    assert await talk.say("complain", mood=-0.3) == ["More"]
    assert await talk.say("complain", mood=-0.9) == ["A human"]


async def test_restart_forgets_everything_and_back_the_last_message(write_bot: WriteBot) -> None:
    talk = Talk(
        write_bot(
            domain=DOMAIN,
            data__stories="""\
                stories:
                - story: one
                  steps:
                  - {intent: greet}
                  - {action: utter_greet}
                  - {intent: ask}
                  - {action: utter_more}
                  - {intent: bye}
                  - {action: utter_bye}
                """,
        )
    )
    await talk.say("greet")
    await talk.say("ask")

    await talk.say("back")
    assert await talk.say("ask") == ["More"]
    assert await talk.say("bye") == ["Bye"]
    talk.tracker.apply(SlotSet(name="vip", value=True))
    await talk.say("restart")

    assert talk.tracker.slots["vip"] is None
    assert await talk.say("greet") == ["Hello"]


async def test_back_after_a_restart_does_not_reach_behind_it(write_bot: WriteBot) -> None:
    talk = Talk(
        write_bot(
            config="sentiment: {slot: mood}\n",
            domain=DOMAIN,
            data__rules="rules: [{rule: a, steps: [{intent: complain}, {action: utter_sorry}]}]\n",
        )
    )
    await talk.say("complain", mood=-0.9)
    await talk.say("restart")
    await talk.say("complain", mood=0.5)
    await talk.say("back")

    await talk.say("complain", mood=-0.9)

    assert talk.tracker.slots["mood"] == "upset"  # the anger before the restart is forgotten


async def test_a_bot_that_never_comes_to_listen_is_stopped(
    write_bot: WriteBot,
) -> None:
    talk = Talk(
        write_bot(
            domain=DOMAIN,
            data__rules="""\
                rules:
                - rule: a
                  wait_for_user_input: false
                  steps: [{intent: greet}, {action: utter_greet}]
                - rule: b
                  wait_for_user_input: false
                  steps: [{action: utter_greet}, {action: utter_more}]
                - rule: c
                  wait_for_user_input: false
                  steps: [{action: utter_more}, {action: utter_greet}]
                """,
        )
    )

    assert len(await talk.say("greet")) == 10
