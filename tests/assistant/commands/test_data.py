"""``trilogue data validate``, ``split`` and ``convert`` on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import WriteBot
from typer.testing import CliRunner

from assistant.bot import load_bot
from assistant.command_line import app
from assistant.errors import BotFileError
from assistant.formats.formats import read_examples

TINY = Path(__file__).parents[2] / "bots" / "tiny"
STARTER_BOT = Path(__file__).parents[3] / "assistant" / "starter_bot"
BOTS = Path(__file__).parents[3].parent / "shared" / "bots"
DOMAIN = """
    intents: [greet, faq]
    entities: [city]
    slots: {city: {type: text, mappings: [{type: from_entity, entity: city}]}}
    responses:
      utter_hello: [{text: Hello}]
      utter_faq/price: [{text: "It is {city}."}, {text: Ten, channel: slack}]
      utter_faq/hours: [{text: Nine}]
    """
NLU = """
    nlu:
    - intent: greet
      examples: |
        - hi from [Oslo](city)
        - hello from [the apple]{"entity": "city", "value": "New York"}
        - hey
    - intent: faq/price
      examples:
      - text: how much
        metadata: {by: me}
      - text: the price
    - intent: faq/hours
      examples: |
        - when
        - how late
    - lookup: city
      examples: |
        - Oslo
    """
RULES = """
    rules:
    - rule: hello
      steps: [{intent: greet}, {action: utter_hello}]
    - rule: faq
      steps: [{intent: faq}, {action: utter_faq}]
    """


def run(*words: str) -> tuple[int, str, str]:
    """Run a verb of ``trilogue data``; returns status, stdout, stderr."""
    result = CliRunner().invoke(app, ["data", *words])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture
def bot(write_bot: WriteBot) -> Path:
    """A small sound bot with retrieval intents."""
    config = "assistant_id: x\nlanguage: en\n"
    return write_bot(config=config, domain=DOMAIN, data__nlu=NLU, data__rules=RULES)


@pytest.mark.parametrize("verb", ["validate", "split", "convert"])
def test_help_shows_an_example(verb: str) -> None:
    status, out, _ = run(verb, "--help")

    assert status == 0
    assert "Example:" in out
    assert f"trilogue data {verb}" in out


def test_a_sound_bot_is_told_so(bot: Path) -> None:
    assert run("validate", "--bot", str(bot)) == (0, "No faults found.\n", "")


def test_warnings_fail_only_when_asked_and_errors_always(bot: Path) -> None:
    (bot / "data" / "more.yml").write_text(
        "nlu:\n- intent: greet\n  examples: |\n    - when\n", encoding="utf-8"
    )
    status, out, _ = run("validate", "--bot", str(bot))
    assert status == 0
    assert "data/nlu.yml" in out
    assert out.endswith("1 warning. The bot can be trained.\n")
    assert run("validate", "--bot", str(bot), "--fail-on-warnings")[0] == 1
    assert run("validate", "stories", "--bot", str(bot), "--fail-on-warnings")[0] == 0

    (bot / "data" / "more.yml").write_text(
        "rules:\n- rule: b\n  steps: [{intent: greet}, {action: utter_faq}]\n", encoding="utf-8"
    )
    status, out, _ = run("validate", "--bot", str(bot))
    assert status == 1
    assert out.endswith("1 error. Mend the errors before training.\n")


def test_other_files_can_stand_in_for_those_of_the_bot(bot: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.yml"
    other.write_text("rules:\n- rule: b\n  steps: [{action: utter_no}]\n", encoding="utf-8")

    status, out, _ = run("validate", "--bot", str(bot), "--data", str(other), str(TINY / "data"))

    assert status == 1
    assert "data/other.yml:3: error: no action is called 'utter_no'." in out


def test_findings_come_as_json_with_file_and_line(bot: Path) -> None:
    (bot / "data" / "more.yml").write_text(
        "rules:\n- rule: b\n  steps:\n  - intent: greet\n  - action: utter_helo\n", encoding="utf-8"
    )

    status, out, _ = run("validate", "--bot", str(bot), "--json")

    found = json.loads(out)
    assert status == 1
    assert found["errors"] >= 1
    first = found["findings"][0]
    assert (first["file"], first["line"], first["check"]) == ("data/more.yml", 5, "unknown-action")


def test_what_cannot_be_read_or_is_passed_over_is_told_in_the_same_way(bot: Path) -> None:
    more = bot / "data" / "more.yml"
    more.write_text("nlu:\n- intent: greet\n  examples: |\n    - ahoy\n    oh\n", encoding="utf-8")
    _, out, _ = run("validate", "--bot", str(bot))
    assert "data/more.yml:5: warning: is not read, as it does not begin with '- '" in out

    more.write_text("nlu:\n- intnt: greet\n", encoding="utf-8")
    status, out, _ = run("validate", "--bot", str(bot), "--json")
    found = json.loads(out)
    assert status == 1
    assert {(each["file"], each["line"]) for each in found["findings"]} == {("data/more.yml", 2)}
    assert found["findings"][0]["check"] == "unreadable"


@pytest.mark.parametrize("root", [TINY, STARTER_BOT], ids=["tiny", "starter"])
def test_our_own_bots_have_no_error(root: Path) -> None:
    status, out, _ = run("validate", "--bot", str(root), "--json")

    assert (status, json.loads(out)["errors"]) == (0, 0)


@pytest.mark.parametrize("name", ["moodbot", "financial-demo", "helpdesk-assistant", "carbon-bot"])
def test_published_bots_have_no_error(name: str) -> None:
    if not (BOTS / name).is_dir():
        pytest.skip(f"no bot in {BOTS / name}")

    status, out, _ = run("validate", "--bot", str(BOTS / name), "--json")

    assert (status, json.loads(out)["errors"]) == (0, 0)


def test_examples_are_split_with_their_answers_and_read_back(bot: Path, tmp_path: Path) -> None:
    out = tmp_path / "parts"

    status, told, _ = run(
        "split", "nlu", "--bot", str(bot), "--random-seed", "1", "--training-fraction", "0.5",
        "--out", str(out),
    )  # fmt: skip

    assert status == 0
    assert told.count("examples\n") == 2
    whole = load_bot(bot).data
    train, test = (read_examples(out / f"{name}.yml") for name in ("training_data", "test_data"))
    kept = {(e.text, e.intent, e.entities, str(e.metadata)) for e in whole.examples}
    both = [*train.examples, *test.examples]
    assert {(e.text, e.intent, e.entities, str(e.metadata)) for e in both} == kept
    assert len(both) == len(whole.examples)
    assert train.lookups == whole.lookups
    assert train.synonyms == whole.synonyms
    text = (out / "test_data.yml").read_text(encoding="utf-8")
    assert "utter_faq/price" in text
    assert "utter_hello" not in text
    assert "channel: slack" in text


def test_stories_are_split(bot: Path, tmp_path: Path) -> None:
    stories = "stories:\n" + "".join(
        f"- story: s{i}\n  steps: [{{intent: greet}}, {{action: utter_hello}}]\n" for i in range(5)
    )
    (bot / "data" / "stories.yml").write_text(stories, encoding="utf-8")

    status, _, _ = run(
        "split", "stories", "--bot", str(bot), "--out", str(tmp_path), "--random-seed", "1"
    )

    assert status == 0
    assert (tmp_path / "train_stories.yml").read_text(encoding="utf-8").count("- story:") == 4
    assert (tmp_path / "test_stories.yml").read_text(encoding="utf-8").count("- story:") == 1


def test_a_bot_without_stories_cannot_be_split(bot: Path, tmp_path: Path) -> None:
    with pytest.raises(BotFileError, match="holds no stories"):
        run("split", "stories", "--bot", str(bot), "--out", str(tmp_path))


def test_a_table_becomes_yaml_and_comes_back(tmp_path: Path) -> None:
    table, yaml, back = (tmp_path / name for name in ("a.csv", "data/nlu.yml", "b.csv"))
    table.write_text("text,category\nhi,greet\nbye now,bye\n", encoding="utf-8")

    status, told, _ = run("convert", str(table), str(yaml))
    assert status == 0
    assert told.endswith("nlu.yml: 2 examples of 2 intents, 0 entities.\n")
    assert run("convert", str(yaml), str(back), "--label-column", "category")[0] == 0

    assert back.read_text(encoding="utf-8") == table.read_text(encoding="utf-8")


def test_the_formats_can_be_named_and_the_counts_come_as_json(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("to O\nOslo B-city\n", encoding="utf-8")

    status, told, _ = run(
        "convert", str(tmp_path / "a.txt"), str(tmp_path / "b.dat"), "--from", "conll", "--to",
        "rasa-json", "--intent", "fly", "--json",
    )  # fmt: skip

    assert status == 0
    counts = json.loads(told)
    assert (counts["examples"], counts["intents"], counts["entities"]) == (1, 1, 1)
    tree = json.loads((tmp_path / "b.dat").read_text(encoding="utf-8"))
    assert tree["rasa_nlu_data"]["common_examples"][0]["entities"][0]["entity"] == "city"
