"""The checks of examples, forms, slots, responses, checkpoints, rules and configuration."""

from __future__ import annotations

import pytest
from conftest import WriteBot

from assistant.bot import load_bot
from assistant.validation import Findings, validate_bot

SOUND = {
    "config": "assistant_id: shop\nlanguage: en\n",
    "domain": """
        intents: [greet, order]
        entities: [size]
        slots:
          size: {type: text, mappings: [{type: from_entity, entity: size}]}
          vip: {type: bool, mappings: [{type: custom}]}
        forms: {order_form: {required_slots: [size]}}
        responses:
          utter_hello: [{text: Hello}]
          utter_ask_size:
          - {text: Which?, buttons: [{title: Big, payload: '/order{"size": "big"}'}]}
        """,
    "data__nlu": """
        nlu:
        - intent: greet
          examples: |
            - hi
        - intent: order
          examples: |
            - a [big](size) one
        """,
    "data__rules": """
        rules:
        - rule: hello
          steps: [{intent: greet}, {action: utter_hello}]
        - rule: order
          steps: [{intent: order}, {action: order_form}, {active_loop: order_form}]
        """,
}


def check(write_bot: WriteBot, **files: str) -> Findings:
    """Validate the sound bot with some files more, or others."""
    return validate_bot(load_bot(write_bot(**{**SOUND, **files}), validate=False))


def test_a_sound_bot_has_no_fault(write_bot: WriteBot) -> None:
    assert [str(each) for each in check(write_bot)] == []


@pytest.mark.parametrize(
    ("name", "text", "check_name", "expected"),
    [
        pytest.param(
            "data__more", "nlu:\n- intent: order\n  examples: |\n    - hi\n",
            "example-of-two-intents", "data/nlu.yml:5: warning: 'hi' is an example of 'greet' here "
            "and of 'order' in data/more.yml:4. Keep one.", id="one-example-two-intents",
        ),
        pytest.param(
            "domain__more", "intents: [bye]\n", "intent-without-examples",
            "warning: intent 'bye' has no examples. Add some under nlu:, or take it out.",
            id="intent-without-examples",
        ),
        pytest.param(
            "domain__more", "intents: [bye]\n", "unused-intent",
            "warning: intent 'bye' is not used in any story or rule. Say there what the bot does.",
            id="unused-intent",
        ),
        pytest.param(
            "domain__more", "actions: [action_old]\n", "action-without-code",
            "domain/more.yml:1: warning: nothing runs the action 'action_old'. Write it in "
            "actions/ with @action, or name an action server in endpoints.yml.",
            id="action-without-code",
        ),
        pytest.param(
            "domain__more", "responses:\n  utter_more: [{text: 'A {sise} one'}]\n", "unknown-slot",
            "domain/more.yml:2: warning: utter_more: {sise} stays as it is, no slot is called "
            "'sise'. Did you mean 'size'?",
            id="slot-in-a-response",
        ),
        pytest.param(
            "domain__more", "responses:\n  utter_more: [{text: 'A {size} {{sise}} one {1}'}]\n",
            "unknown-slot", None, id="slot-in-a-response-that-is-there",
        ),
        pytest.param(
            "domain__more",
            "responses:\n  utter_more:\n  - text: Big\n"
            "    condition: [{type: slot, name: sise, value: big}]\n",
            "unknown-slot",
            "domain/more.yml:2: warning: utter_more: a condition names the slot 'sise', which is "
            "not in the domain. Did you mean 'size'?",
            id="slot-of-a-responses-condition",
        ),
        pytest.param(
            "domain__more",
            "slots:\n  note:\n    type: text\n    mappings:\n    - type: from_text\n"
            "      conditions: [{active_loop: null, requested_slot: sise}]\n",
            "unknown-slot",
            "domain/more.yml:2: warning: slot note: a condition names the slot 'sise', which is "
            "not in the domain. Did you mean 'size'?",
            id="slot-of-a-mappings-condition",
        ),
        pytest.param(
            "domain__more",
            "slots:\n  level:\n    type: categorical\n    values: [low, High]\n"
            "    initial_value: middle\n    mappings: [{type: custom}]\n",
            "initial-value",
            "domain/more.yml:2: warning: slot level: the initial value 'middle' is not among its "
            "values: low, high.",
            id="initial-value",
        ),
        pytest.param(
            "domain__more",
            "slots:\n  level:\n    type: categorical\n    values: [low, High]\n"
            "    initial_value: HIGH\n    mappings: [{type: custom}]\n",
            "initial-value", None, id="initial-value-in-other-case",
        ),
        pytest.param(
            "domain__more", "intents:\n- bye: {use_entities: [sise]}\n", "unknown-entity",
            "domain/more.yml:2: warning: intent bye: entity 'sise' is not in the domain. "
            "Did you mean 'size'?",
            id="use-entities",
        ),
        pytest.param(
            "domain__more", "intents:\n- bye: {ignore_entities: [sise]}\n", "unknown-entity",
            "warning: intent bye: entity 'sise' is not in the domain.", id="ignore-entities",
        ),
        pytest.param(
            "domain__more", "actions: [action_old]\n", "unused-action",
            "warning: action 'action_old' is not used in any story or rule.",
            id="unused-action",
        ),
        pytest.param(
            "domain__more", "responses:\n  utter_old: [{text: Old}]\n", "unused-response",
            "domain/more.yml:2: warning: response 'utter_old' is not used in any story or rule. "
            "Use it, or take it out.", id="unused-response",
        ),
        pytest.param(
            "domain__more", "entities: [colour]\n", "unused-entity",
            "warning: entity 'colour' is in no example, lookup or regex. Mark it in examples, or "
            "take it out.", id="unused-entity",
        ),
        pytest.param(
            "domain__more", "forms:\n  lost_form: {required_slots: [size]}\n", "unreachable-form",
            "domain/more.yml:2: warning: no story and no rule starts the form 'lost_form'. Add a "
            "rule with '- action: lost_form', or take it out.", id="unreachable-form",
        ),
        pytest.param(
            "domain__more", "forms:\n  lost_form: {required_slots: [vip]}\n", "missing-prompt",
            "domain/more.yml:2: warning: form lost_form: nothing asks for the slot 'vip'. Add the "
            "response utter_ask_vip.", id="missing-prompt",
        ),
        pytest.param(
            "domain__more", "forms:\n  lost_form: {required_slots: [vip]}\n", "unfillable-slot",
            "domain.yml:6: warning: nothing can fill the slot 'vip', which the form lost_form asks "
            "for: the domain has no action that could set it. List one under actions:",
            id="unfillable-custom-slot",
        ),
        pytest.param(
            "data__nlu", "nlu:\n- intent: greet\n  examples: |\n    - hi\n- intent: order\n"
            "  examples: |\n    - a big one\n", "unfillable-slot", None, id="buttons-fill-slots",
        ),
        pytest.param(
            "domain__more", "responses:\n  utter_hello:\n  - text: Hi\n    buttons:\n"
            "    - {title: A, payload: '/order{size}}'}\n", "button-payload", None,
            id="payload-that-an-action-fills-in",
        ),
        pytest.param(
            "data__more", "stories:\n- story: a\n  steps: [{checkpoint: lost}, {intent: greet}]\n",
            "checkpoint-never-reached", "data/more.yml:3: warning: no story ends with the "
            "checkpoint 'lost', so this one is never reached. Known: none.", id="lost-checkpoint",
        ),
        pytest.param(
            "data__more", "stories:\n- story: a\n  steps: [{intent: greet}, {checkpoint: end}]\n",
            "checkpoint-never-used", "data/more.yml:3: warning: no story begins with the "
            "checkpoint 'end'. Known: none.", id="unused-checkpoint",
        ),
        pytest.param(
            "data__more", "rules:\n- rule: a\n  condition: [{slot_was_set: [{vip: maybe}]}]\n"
            "  steps: [{intent: greet}, {action: utter_hello}]\n", "rule-never-applies",
            "data/more.yml:3: warning: rule 'a' can never apply: vip is never 'maybe'. Change it.",
            id="impossible-value",
        ),
        pytest.param(
            "data__more", "rules:\n- rule: a\n  condition:\n  - active_loop: order_form\n"
            "  - active_loop: null\n  steps: [{intent: greet}, {action: utter_hello}]\n",
            "rule-never-applies", "data/more.yml:5: warning: rule 'a' can never apply: two forms "
            "cannot be active at once. Change it.", id="two-loops",
        ),
        pytest.param(
            "config", "language: en\n", "missing-key", "config.yml: warning: the key "
            "'assistant_id' is missing. It names the bot in every event, e.g. assistant_id: shop",
            id="missing-key",
        ),
        pytest.param(
            "config", "language: en\nassistant_id: x\npolicies:\n- {name: RulePolicy, "
            "core_fallback_action_name: action_fall}\n", "unknown-action",
            "core_fallback_action_name: no action is called 'action_fall'.", id="fallback-action",
        ),
    ],
)  # fmt: skip
def test_a_check_tells_what_is_wrong_and_where(
    name: str, text: str, check_name: str, expected: str | None, write_bot: WriteBot
) -> None:
    found = check(write_bot, **{name: text})

    told = [str(each) for each in found if each.check == check_name]
    if expected is None:
        assert told == []
    else:
        assert any(expected in each for each in told), list(map(str, found))


def test_what_the_code_of_actions_names_counts_as_used(write_bot: WriteBot) -> None:
    more = "responses:\n  utter_say: [{text: A}]\n  utter_order_sent: [{text: B}]\n"
    more += "  utter_old: [{text: C}]\nactions: [action_say, action_next]\n"
    rule = "rules:\n- rule: say\n  steps: [{intent: greet}, {action: action_say}]\n"
    root = write_bot(**{**SOUND, "domain__more": more, "data__rules": rule})
    (root / "actions.py").write_text(
        'class Say:\n    def name(self) -> str:\n        return "action_say"\n'
        "    def run(self, dispatcher):\n"
        '        dispatcher.utter_message(response="utter_say")\n'
        '        dispatcher.utter_message(response=f"utter_order_{self.state}")\n'
        '        return [FollowupAction("action_next")]\n',
        encoding="utf-8",
    )

    found = validate_bot(load_bot(root))

    unused = {each.what.split("'")[1] for each in found if each.check.startswith("unused-")}
    assert unused == {"order", "utter_hello", "utter_old"}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("endpoints.yml", "action_endpoint: {url: 'http://localhost:5055/webhook'}\n"),
        ("actions/all.py", "@action\ndef action_old(turn):\n    pass\n"),
        ("actions.py", "class Old:\n    def name(self):\n        return 'action_old'\n"),
    ],
)
def test_an_action_that_something_runs_is_no_fault(
    write_bot: WriteBot, name: str, text: str
) -> None:
    root = write_bot(**SOUND, domain__more="actions: [action_old]\n")
    (root / name).parent.mkdir(exist_ok=True)
    (root / name).write_text(text, encoding="utf-8")

    found = validate_bot(load_bot(root, validate=False))

    assert "action-without-code" not in {each.check for each in found}


def test_an_action_may_give_the_values_of_the_response_that_it_says(write_bot: WriteBot) -> None:
    root = write_bot(**SOUND, domain__more="responses: {utter_found: [{text: 'It is {state}'}]}\n")
    (root / "actions.py").write_text("turn.say('utter_found', state='here')\n", encoding="utf-8")

    found = validate_bot(load_bot(root, validate=False))

    assert "unknown-slot" not in {each.check for each in found}


def test_findings_are_sorted_by_file_and_line_and_counted_once() -> None:
    found = Findings()
    for where in ("b.yml:2", "a.yml:10", "a.yml:9", "a.yml:9"):
        found.warning("x", where, "is odd.")
    found.error("y", "a.yml:10", "is wrong.")

    assert [str(each) for each in found] == [
        "a.yml:9: warning: is odd.",
        "a.yml:10: error: is wrong.",
        "a.yml:10: warning: is odd.",
        "b.yml:2: warning: is odd.",
    ]
