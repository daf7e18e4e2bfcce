"""Bots of Rasa 2, read in place and rewritten."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import WriteBot

from assistant.bot import load_bot
from assistant.domain import Condition, Form, Mapping
from assistant.errors import BotFileError, BotFilesError
from assistant.files.migration import migrate_bot

OLD = """\
    version: "2.0"
    intents: [book, {faq: {is_retrieval_intent: true}}]
    entities: [city, {drink: {roles: [hot]}}, mood]
    slots:
      # where to
      city: {type: text}
      drink: {type: text, auto_fill: false}
      note: {type: unfeaturized}
      mood: {type: text, influence_conversation: false}
    forms:
      trip_form:
        ignored_intents: [faq]
        required_slots:
          city:
          - {type: from_entity, entity: city}
          note:
          - {type: from_text, intent: book}
      drink_form:
        city:
        - {type: from_entity, entity: city}
        drink:
        - {type: from_entity, entity: drink, role: hot}
        - {type: from_intent, intent: book, value: tea}
    """
CITY = Mapping(type="from_entity", entity="city")


def test_mappings_move_from_forms_to_slots_as_rasas_own_migration_moves_them(
    write_bot: WriteBot,
) -> None:
    bot = load_bot(write_bot(domain=OLD))

    slots = {name: slot.mappings for name, slot in bot.domain.slots.items()}
    in_trip, in_drink = Condition(active_loop="trip_form"), Condition(active_loop="drink_form")
    asked_note = Condition(active_loop="trip_form", requested_slot="note")
    asked_drink = Condition(active_loop="drink_form", requested_slot="drink")
    assert slots["city"] == (
        Mapping(type="from_entity", entity="city", conditions=(in_trip, in_drink)), CITY,
    )  # fmt: skip
    assert slots["note"] == (
        Mapping(type="from_text", intents=("book",), conditions=(asked_note,)),
    )
    assert slots["drink"] == (
        Mapping(type="from_entity", entity="drink", role="hot", conditions=(in_drink,)),
        Mapping(type="from_intent", intents=("book",), value="tea", conditions=(asked_drink,)),
    )
    assert slots["mood"] == (Mapping(type="from_entity", entity="mood"),)
    assert bot.domain.slots["note"].type == "any"
    assert bot.domain.forms == {
        "trip_form": Form(name="trip_form", required=("city", "note"), ignored_intents=("faq",)),
        "drink_form": Form(name="drink_form", required=("city", "drink")),
    }
    assert bot.notices == [
        ("domain.yml: read as Rasa 3 would, in the format of Rasa 2: 2 forms and 4 slots. "
         "To rewrite them: trilogue data migrate")
    ]  # fmt: skip


def test_slots_without_entity_or_form_are_filled_by_actions(write_bot: WriteBot) -> None:
    root = write_bot(domain="version: '2.0'\nslots: {a: {type: text}}\n")

    assert load_bot(root).domain.slots["a"].mappings == (Mapping(type="custom"),)


def test_forms_slots_and_entities_may_stand_in_different_files(write_bot: WriteBot) -> None:
    root = write_bot(
        domain__a="version: '2.0'\nforms: {f: {town: [{type: from_entity, entity: city}]}}\n",
        domain__b="version: '2.0'\nslots: {town: {type: text}, city: {type: text}}\n",
        domain__c="version: '2.0'\nentities: [city]\n",
    )

    slots = load_bot(root).domain.slots

    condition = Condition(active_loop="f")
    assert slots["town"].mappings == (
        Mapping(type="from_entity", entity="city", conditions=(condition,)),
    )
    assert slots["city"].mappings == (CITY,)


def test_a_slot_with_its_own_mappings_is_left_alone_whatever_the_version(
    write_bot: WriteBot,
) -> None:
    root = write_bot(
        domain="version: '2.0'\nentities: [a]\n"
        "slots: {a: {type: text, mappings: [{type: custom}]}}\n"
    )

    bot = load_bot(root)

    assert bot.domain.slots["a"].mappings == (Mapping(type="custom"),)
    assert not bot.notices


def test_a_misspelt_key_of_a_form_is_no_slot(write_bot: WriteBot) -> None:
    root = write_bot(domain="forms:\n  f:\n    requird_slots: [a]\n")

    with pytest.raises(BotFilesError, match="Did you mean 'required_slots'"):
        load_bot(root)


def test_a_migrated_bot_reads_like_the_old_one_and_keeps_comments_and_originals(
    write_bot: WriteBot,
) -> None:
    root = write_bot(
        domain=OLD,
        data__nlu='version: "2.0"\nnlu:\n- intent: book   # the trip\n  examples: |\n    - book\n',
        data__stories="stories: []\n",
    )
    before = load_bot(root, validate=False)
    original = (root / "domain.yml").read_text()

    done = migrate_bot(root)

    after = load_bot(root, validate=False)
    assert after.domain.slots == before.domain.slots
    assert after.domain.forms == before.domain.forms
    assert after.domain.intents == before.domain.intents
    assert not after.notices
    assert done.written == [Path("domain.yml"), Path("data/nlu.yml")]
    assert "# where to" in (root / "domain.yml").read_text()
    assert (
        (root / "data/nlu.yml").read_text().startswith('version: "3.1"\nnlu:\n- intent: book   #')
    )
    assert (root / "original_files/domain.yml").read_text() == original
    assert (root / "data/stories.yml").read_text() == "stories: []\n"


def test_a_second_migration_has_nothing_to_do_once_the_backup_is_away(
    write_bot: WriteBot,
) -> None:
    root = write_bot(domain=OLD)
    migrate_bot(root)

    with pytest.raises(BotFileError, match="exists already"):
        migrate_bot(root)
    (root / "original_files").rename(root / "models")

    assert migrate_bot(root).written == []


def test_a_migration_may_write_elsewhere(write_bot: WriteBot, tmp_path: Path) -> None:
    root = write_bot(domain=OLD)
    original = (root / "domain.yml").read_text()

    done = migrate_bot(root, tmp_path / "new")

    assert (root / "domain.yml").read_text() == original
    assert (tmp_path / "new/domain.yml").exists()
    assert done.backup is None
    with pytest.raises(BotFileError, match="is not empty"):
        migrate_bot(root, tmp_path / "new")


def test_a_folder_that_is_no_bot_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BotFileError, match="holds no config"):
        migrate_bot(tmp_path)


def test_variables_stay_variables(write_bot: WriteBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP", "Corner")
    root = write_bot(
        domain="version: '2.0'\nslots: {a: {type: text}}\n"
        "responses: {utter_a: [{text: '${SHOP}'}]}\n"
    )

    migrate_bot(root)

    assert "${SHOP}" in (root / "domain.yml").read_text()
