from __future__ import annotations

import json
import lzma
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.errors import ModelError
from assistant.messages import Prompt, Utterance
from generation import gpt2_folder
from generation.dialogue_format import SPECIAL_TOKENS
from generation.gpt2_folder import open_tokenizer, ready_folder
from generation.loading import load_writer


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


@pytest.mark.parametrize(
    ("harm", "message"),
    [
        pytest.param(lambda f: cut(f / "model.safetensors"), "damaged", id="cut-weights"),
        pytest.param(lambda f: (f / "model.safetensors").unlink(), "missing", id="no-weights"),
        pytest.param(
            lambda f: (f / "model.safetensors").write_text("version https://git-lfs"),
            "damaged",
            id="pointer-file",
        ),
        pytest.param(lambda f: (f / "tokenizer.json").write_text("{"), "damaged", id="tokenizer"),
        pytest.param(lambda f: (f / "config.json").write_text("{"), "damaged", id="config"),
        pytest.param(
            lambda f: (f / "config.json").write_text('{"model_type": "bert"}'), "'bert'", id="bert"
        ),
        pytest.param(
            lambda f: (f / "writer.json").write_text('{"floor": 0.2}'), "damaged", id="settings"
        ),
    ],
)
def test_a_damaged_model_is_one_line(
    tiny_gpt2: Path, tmp_path: Path, harm: Callable[[Path], object], message: str
) -> None:
    folder = tmp_path / "model"
    shutil.copytree(tiny_gpt2, folder)
    harm(folder)

    with pytest.raises(ModelError, match=message) as caught:
        load_writer(folder)

    assert "\n" not in str(caught.value)


def test_a_missing_folder_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no such model folder"):
        load_writer(tmp_path / "nowhere")


def test_a_missing_built_in_base_says_how_to_make_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(gpt2_folder, "resolve_model", lambda *_a, **_k: tmp_path / "base")

    with pytest.raises(ModelError, match="trilogue pretrain generator"):
        load_writer(None)


@pytest.fixture(scope="module")
def foreign_gpt2(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A GPT-2 with OpenAI's own vocabulary, as old folders have it, and random weights."""
    from transformers import GPT2Config, GPT2LMHeadModel

    data = Path(os.environ.get("TRILOGUE_DATA", "../shared/data")) / "dialogue/gpt2_bpe_vocab"
    if not data.is_dir():
        pytest.skip("the data folder is not here")
    folder = tmp_path_factory.mktemp("foreign")
    (folder / "vocab.json").write_bytes(lzma.decompress((data / "encoder.json.xz").read_bytes()))
    (folder / "merges.txt").write_bytes(lzma.decompress((data / "vocab.bpe.xz").read_bytes()))
    GPT2LMHeadModel(GPT2Config(n_embd=16, n_layer=1, n_head=2)).save_pretrained(folder)
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["int8", "float"])
def test_a_foreign_gpt2_gets_our_special_tokens(foreign_gpt2: Path, engine: str) -> None:
    folder = ready_folder(str(foreign_gpt2))
    tokenizer = open_tokenizer(folder)

    assert tokenizer.get_vocab_size() == 50257 + len(SPECIAL_TOKENS)
    assert json.loads((folder / "config.json").read_text())["vocab_size"] == 50263
    assert ready_folder(str(foreign_gpt2)) == folder  # made once
    writer = load_writer(foreign_gpt2, engine)  # type: ignore[arg-type]
    (draft,) = writer.write([Prompt(history=(Utterance("user", "hello <|bot|>"),))])
    assert draft.tokens >= 0
