from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from assistant.component import Tools
from assistant.errors import BotFileError, ModelError
from nlu import part
from nlu.adapters import merged_encoder
from nlu.encoder import encoder_folder, load_encoder
from nlu.settings import read_settings
from tests.nlu.conftest import tiny_bot


@pytest.fixture
def copy(frozen_folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(frozen_folder, tmp_path / "nlu"))


def one_line(error: BaseException) -> str:
    (line,) = str(error).splitlines()
    return line


@pytest.mark.parametrize("name", ["nlu.json", "nlu.safetensors"])
@pytest.mark.parametrize("damage", ["missing", "cut", "empty", "noise"])
def test_a_damaged_file_is_named_in_one_line(copy: Path, name: str, damage: str) -> None:
    path = copy / name
    content = path.read_bytes()
    if damage == "missing":
        path.unlink()
    else:
        new = {"cut": content[: len(content) // 2], "empty": b"", "noise": b"\xff\x00" * 50}
        path.write_bytes(new[damage])

    with pytest.raises(ModelError, match="Train again: trilogue train") as caught:
        part.load(copy)

    assert name in one_line(caught.value)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        pytest.param("format", 99, id="another-version"),
        pytest.param("intents", ["only one"], id="other-classes"),
        pytest.param("tags", ["O"], id="other-tags"),
        pytest.param("synonyms", [], id="wrong-kind"),
    ],
)
def test_a_description_that_does_not_fit_is_refused(copy: Path, key: str, value: object) -> None:
    path = copy / "nlu.json"
    described = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps(described | {key: value}), "utf-8")

    with pytest.raises(ModelError, match="Train again") as caught:
        part.load(copy)

    assert one_line(caught.value)


def test_a_missing_folder_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="is missing"):
        part.load(tmp_path / "nowhere")


def test_an_encoder_folder_without_weights_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="weights are missing"):
        load_encoder(tmp_path)


def test_an_unknown_encoder_folder_is_refused() -> None:
    with pytest.raises(ModelError, match="no such model folder"):
        encoder_folder("./no/such/encoder")


def test_a_damaged_adapter_is_refused(tmp_path: Path) -> None:
    (tmp_path / "adapter_config.json").write_text("{}")
    (tmp_path / "adapter_model.safetensors").write_bytes(b"cut")

    with pytest.raises(ModelError, match="is damaged"):
        merged_encoder(encoder_folder(None), [tmp_path])


def test_changed_weights_of_the_built_in_encoder_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("nlu.encoder._WEIGHTS_SHA256", "0" * 64)

    with pytest.raises(ModelError, match="SHA-256"):
        encoder_folder(None)


@pytest.mark.parametrize(
    ("block", "told"),
    [
        pytest.param({"enkoder": "x"}, "Did you mean 'encoder'", id="misspelt"),
        pytest.param({"training": "full"}, "nlu.training", id="unknown-way"),
        pytest.param({"rank": 0}, "nlu.rank", id="rank"),
    ],
)
def test_a_fault_in_the_block_is_told(block: dict[str, object], told: str) -> None:
    with pytest.raises(BotFileError, match=told):
        read_settings(block)


def test_a_bot_without_examples_is_told_what_to_write(tmp_path: Path) -> None:
    bot = tiny_bot()
    bot.data.examples.clear()

    with pytest.raises(BotFileError, match="has no examples"):
        part.train(bot, tmp_path, Tools())


def test_a_broken_regex_is_named(tmp_path: Path) -> None:
    bot = tiny_bot()
    bot.data.regexes["zip"] = ["[0-9"]

    with pytest.raises(BotFileError, match="regex 'zip'"):
        part.train(bot, tmp_path, Tools())
