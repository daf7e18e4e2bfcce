from __future__ import annotations

from pathlib import Path

import pytest
from conftest import WriteBot

from assistant.bot import load_bot, read_examples, read_test_stories
from assistant.errors import BotFileError, BotFilesError

DOMAIN = """
    intents: [greet]
    responses:
      utter_greet: [{text: Hello}]
    """


def faults_of(root: Path) -> list[str]:
    with pytest.raises(BotFilesError) as caught:
        load_bot(root)
    return str(caught.value).splitlines()


def test_a_folder_that_is_no_bot_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(BotFileError, match="trilogue init"):
        load_bot(tmp_path)
    with pytest.raises(BotFileError, match="no such folder"):
        load_bot(tmp_path / "nowhere")


def test_the_domain_is_merged_from_the_files_of_a_folder(write_bot: WriteBot) -> None:
    root = write_bot(
        domain__intents="intents: [greet]\n",
        domain__deep__answers="intents: [bye]\nresponses: {utter_greet: [{text: Hello}]}\n",
        data__nlu="responses: {utter_bye: [{text: Bye}]}\n",
    )

    bot = load_bot(root)

    assert set(bot.domain.intents) == {"greet", "bye"}
    assert set(bot.domain.responses) == {"utter_greet", "utter_bye"}


def test_all_faults_of_all_files_are_told_together_with_file_line_and_nearest_name(
    write_bot: WriteBot,
) -> None:
    root = write_bot(
        config="""\
            language: en
            generaton: {enabled: true}
            sentiment: {upset_bellow: -1}
            translation: {languages: zh}
            """,
        domain="""\
            intents: [greet]
            respones: {}
            slots:
              town: {type: texd}
            """,
        data__stories="""\
            stories:
            - story: one
              steps:
              - intnet: greet
            """,
    )

    found = faults_of(root)

    assert found[0].startswith("config.yml:2: generaton: no such key. Did you mean 'generation'?")
    assert "config.yml:3: sentiment.upset_bellow: no such key. Did you mean 'upset_below'?" in found
    assert any(line.startswith("config.yml:4: translation.languages: ") for line in found)
    assert any("domain.yml:2: no section is called 'respones'. Did you mean 'responses'" in line
               for line in found)  # fmt: skip
    assert any("domain.yml:4: slot town: no slot type is called 'texd'. Did you mean 'text'" in line
               for line in found)  # fmt: skip
    assert any("data/stories.yml:4: a step has no key 'intnet'. Did you mean 'intent'" in line
               for line in found)  # fmt: skip


def test_a_syntax_fault_is_told_with_its_line_and_other_files_are_still_read(
    write_bot: WriteBot,
) -> None:
    root = write_bot(domain='intents: [greet]\nslots:\n  a: "open\n', data__nlu="nlu: 5\n")

    found = faults_of(root)

    assert any(line.startswith(("domain.yml:3:", "domain.yml:4:")) for line in found)
    assert any(line.startswith("data/nlu.yml:1: nlu must be a list") for line in found)


def test_a_key_that_stands_twice_is_a_fault_with_its_line(write_bot: WriteBot) -> None:
    root = write_bot(domain="intents: [greet]\nentities: []\nintents: [bye]\n")

    (line,) = faults_of(root)

    assert line.startswith("domain.yml:3: ")
    assert "'intents'" in line or '"intents"' in line


@pytest.mark.parametrize("depth", [150, 700])
def test_deep_nesting_and_an_alias_in_its_own_anchor_give_no_traceback(
    depth: int, write_bot: WriteBot
) -> None:
    root = write_bot(domain=f"intents: &a\n- greet\n- *a\n- {'[' * depth}{']' * depth}\n")

    assert all(line.startswith("domain.yml") for line in faults_of(root))


def test_a_byte_order_mark_is_skipped(write_bot: WriteBot) -> None:
    root = write_bot(domain=DOMAIN)
    path = root / "domain.yml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())

    assert load_bot(root).domain.intents.keys() == {"greet"}


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param("intents: [greet]\n# Grüße\n".encode("latin-1"), id="latin-1"),
        pytest.param("intents: [greet]\n# 你好\n".encode("gbk"), id="gbk"),
    ],
)
def test_a_file_in_another_encoding_is_told_with_its_line(raw: bytes, write_bot: WriteBot) -> None:
    root = write_bot(domain=DOMAIN)
    (root / "domain.yml").write_bytes(raw)

    assert faults_of(root) == ["domain.yml:2: is not UTF-8 text. Save the file as UTF-8."]


@pytest.mark.parametrize("raw", [b"\x00\x01\x02", b"", b"- a\n- b\n", b"just text"])
def test_a_domain_that_holds_no_keys_never_gives_a_traceback(
    raw: bytes, write_bot: WriteBot
) -> None:
    root = write_bot(domain=DOMAIN)
    (root / "domain.yml").write_bytes(raw)

    try:
        assert not load_bot(root).domain.intents
    except BotFilesError as error:
        told = str(error)
        assert told.startswith("domain.yml")


def test_a_plain_text_must_find_its_variable(write_bot: WriteBot) -> None:
    root = write_bot(domain="intents: []\nresponses:\n  utter_a:\n  - text: at ${NOT_SET_HERE}\n")

    assert faults_of(root) == [
        "domain.yml:4: the environment variable NOT_SET_HERE is not set. Set it first."
    ]


def test_blocks_of_text_keep_what_looks_like_a_variable(
    write_bot: WriteBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOP_NAME", "Corner Shop")
    root = write_bot(
        domain="intents: [greet]\n",
        data__nlu="nlu:\n- intent: greet\n  examples: |\n    - what is ${SHOP_NAME} and ${X_Y}\n",
    )

    assert load_bot(root).data.examples[0].text == "what is ${SHOP_NAME} and ${X_Y}"


def test_environment_variables_are_put_in_and_unknown_ones_kept(
    write_bot: WriteBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOP_NAME", "Corner Shop")
    root = write_bot(domain="responses: {utter_a: [{text: '${SHOP_NAME} ${NOT_SET}'}]}\n")

    (variation,) = load_bot(root).domain.responses["utter_a"]

    assert variation.text == "Corner Shop ${NOT_SET}"


def test_an_emoji_in_two_escapes_is_one_character(write_bot: WriteBot) -> None:
    root = write_bot(domain='responses: {utter_a: [{text: "ok \\ud83d\\udc4d"}]}\n')

    (variation,) = load_bot(root).domain.responses["utter_a"]

    assert variation.text == "ok \N{THUMBS UP SIGN}"


def test_test_files_hold_conversations_and_held_out_examples(write_bot: WriteBot) -> None:
    root = write_bot(
        domain=DOMAIN,
        data__nlu="nlu: [{intent: greet, examples: '- hello'}]\n",
        tests__test_nlu="nlu: [{intent: greet, examples: '- good evening'}]\n",
        tests__test_stories="""\
            stories:
            - story: greeting
              steps: [{user: hello, intent: greet}, {action: utter_greet}]
            """,
    )

    bot = load_bot(root)

    assert [each.text for each in bot.data.examples] == ["hello"]
    assert [each.text for each in bot.held_out.examples] == ["good evening"]
    assert not bot.stories
    assert [story.name for story in bot.tests] == ["greeting"]


def test_models_results_and_failed_conversations_are_not_read(write_bot: WriteBot) -> None:
    odd = "intents: 5\n"
    root = write_bot(domain=DOMAIN, models__x__core__domain=odd, results__domain=odd,
                     other__failed_test_stories="stories: 5\n")  # fmt: skip

    assert set(load_bot(root).domain.intents) == {"greet"}


def test_other_yaml_in_the_folder_is_left_alone_but_not_below_data(write_bot: WriteBot) -> None:
    root = write_bot(domain=DOMAIN, docker_compose="services: {web: {}}\n")

    assert load_bot(root)

    root = write_bot(domain=DOMAIN, data__x="storys: []\n")
    assert faults_of(root)[0].startswith("data/x.yml:1: no section is called 'storys'.")


def test_stories_and_examples_are_read_from_a_file_or_a_folder(write_bot: WriteBot) -> None:
    story = "stories: [{story: NAME, steps: [{intent: greet}]}]\n"
    root = write_bot(more__a=story.replace("NAME", "a"), more__b=story.replace("NAME", "b"),
                     more__nlu="nlu: [{intent: greet, examples: '- hi'}]\n")  # fmt: skip

    assert [s.name for s in read_test_stories(root / "more", root)] == ["a", "b"]
    assert [s.name for s in read_test_stories(root / "more" / "a.yml", root)] == ["a"]
    assert [e.text for e in read_examples(root / "more", root).examples] == ["hi"]
