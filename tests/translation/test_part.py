"""Models are found, loaded in each engine, and refused in one line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from safetensors.numpy import save_file

from assistant.component import Engine
from assistant.engines import int8_folder
from assistant.errors import ModelError
from translation import loading, part
from translation.decoding import load_decoder
from translation.marian_folder import read_marian_folder
from translation.translator import MarianTranslator
from translation.vocabulary import train_vocabulary

SENTENCES = ("Where is my order?", "我的订单在哪里？", "Thank you, Tom.", "谢谢你，汤姆。")


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRILOGUE_CACHE", str(tmp_path / "cache"))


def save_tiny_marian(folder: Path, **settings: str) -> Path:
    """Save a random model of two languages, with a start vector that is not zero."""
    import torch
    from transformers import MarianConfig, MarianMTModel

    torch.manual_seed(3)
    train_vocabulary(SENTENCES * 50, folder, size=35)
    size = len(json.loads((folder / "vocab.json").read_text(encoding="utf-8")))
    config = MarianConfig(
        vocab_size=size, d_model=32, encoder_layers=1, decoder_layers=1, pad_token_id=size - 1,
        encoder_attention_heads=2, decoder_attention_heads=2, encoder_ffn_dim=64,
        decoder_ffn_dim=64, max_position_embeddings=64, eos_token_id=0, forced_eos_token_id=0,
        decoder_start_token_id=size - 1, bos_token_id=None, scale_embedding=True, init_std=0.3,
    )  # fmt: skip
    model = MarianMTModel(config)
    model.model.shared.weight.data[size - 1] = torch.randn(32)
    model.generation_config.update(bad_words_ids=[[size - 1]], num_beams=4)
    model.save_pretrained(folder)
    tokenizer = {"tokenizer_class": "MarianTokenizer", "separate_vocabs": False, **settings}
    (folder / "tokenizer_config.json").write_text(json.dumps(tokenizer))
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["float", "int8"])
def test_a_batch_changes_no_answer(tmp_path: Path, engine: Engine) -> None:
    texts = ["Tom", "my", "you", "Tom Tom", "order"]
    model = part.load(str(save_tiny_marian(tmp_path / "tiny")), engine=engine)
    assert isinstance(model, MarianTranslator)
    together = model.translate(texts, source="en", target="zh")
    alone = MarianTranslator(model.directions)  # it remembers nothing

    assert together == [alone.translate([t], source="en", target="zh")[0] for t in texts]
    assert model.directions["en", "zh"].decoder.bytes > 0


@pytest.mark.slow
def test_8_bit_gives_a_translation_the_probability_that_float_gives_it(tmp_path: Path) -> None:
    import ctranslate2
    import torch
    from transformers import MarianMTModel

    folder = read_marian_folder(save_tiny_marian(tmp_path / "tiny"))
    load_decoder(folder, "int8")
    source, written = folder.encode("Thank you, Tom.", "zh"), list("谢谢你汤姆。")
    ids = [[folder.vocabulary[piece] for piece in row] for row in (source, [*written, "</s>"])]
    labels = torch.tensor([ids[1]])
    with torch.inference_mode():
        logits = MarianMTModel.from_pretrained(folder.folder)(
            input_ids=torch.tensor([ids[0]]), labels=labels
        ).logits[..., : folder.vocabulary["<pad>"]]  # which the 8-bit form does not have
    exact = logits.log_softmax(-1).gather(-1, labels[..., None]).flatten().tolist()

    int8 = ctranslate2.Translator(str(int8_folder(folder.folder)), compute_type="int8")
    scored = int8.score_batch([source], [written])[0].log_probs

    assert scored == pytest.approx(exact, abs=0.5)


@pytest.mark.slow
def test_bitsandbytes_translates(tmp_path: Path) -> None:
    pytest.importorskip("bitsandbytes")
    model = part.load(str(save_tiny_marian(tmp_path / "tiny")), engine="bnb")

    (answer,) = model.translate(["订单A1042在哪里"], source="zh", target="en")

    assert "A1042" in answer


@pytest.mark.slow
def test_two_folders_of_one_direction_each_serve_both(tmp_path: Path) -> None:
    one = save_tiny_marian(tmp_path / "both/zh-en", source_lang="zh", target_lang="en")
    other = save_tiny_marian(tmp_path / "both/en-zh", source_lang="en", target_lang="zh")

    assert part.load(str(one)).pairs == {("zh", "en")}
    assert part.load(f"{one},{other}").pairs == {("zh", "en"), ("en", "zh")}
    assert part.load(str(tmp_path / "both")).pairs == {("zh", "en"), ("en", "zh")}


def _bare_folder(folder: Path, vocabulary: dict[str, int], **settings: str) -> Path:
    train_vocabulary(SENTENCES * 50, folder, size=35)
    (folder / "vocab.json").write_text(json.dumps(vocabulary))
    (folder / "config.json").write_text(json.dumps({"model_type": "marian"}))
    (folder / "tokenizer_config.json").write_text(json.dumps(settings))
    return folder


@pytest.mark.parametrize(
    ("name", "vocabulary", "settings", "pairs"),
    [
        ("opus-mt-zh-en", [], {}, {("zh", "en")}),
        ("any", [], {"source_lang": "zho", "target_lang": "eng"}, {("zh", "en")}),
        ("opus-mt-en-zh", [">>cmn<<", ">>cmn_Hans<<", ">>yue<<"], {}, {("en", "zh")}),
        ("any", [">>fra<<", ">>spa<<"], {"source_lang": "en", "target_lang": "ROMANCE"},
         {("en", "fr"), ("en", "es")}),
    ],
)  # fmt: skip
def test_languages_are_read_from_name_settings_or_tokens(
    tmp_path: Path,
    name: str,
    vocabulary: list[str],
    settings: dict[str, str],
    pairs: set[tuple[str, str]],
) -> None:
    pieces = {piece: i for i, piece in enumerate(["</s>", "<unk>", *vocabulary, "<pad>"])}
    folder = read_marian_folder(_bare_folder(tmp_path / name, pieces, **settings))

    assert folder.pairs == pairs
    if ">>cmn_Hans<<" in vocabulary:
        assert folder.encode("Tom", "zh")[0] == ">>cmn_Hans<<"


def test_a_folder_that_names_no_language_is_refused(tmp_path: Path) -> None:
    folder = _bare_folder(tmp_path / "model", {"</s>": 0, "<unk>": 1, "<pad>": 2})

    with pytest.raises(ModelError, match="source_lang and target_lang"):
        part.load(str(folder))


def test_a_missing_base_is_one_line_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "resolve_model", lambda *_a, **_k: tmp_path / "base")

    with pytest.raises(ModelError, match="trilogue pretrain translator") as caught:
        part.load(None)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda f: (f / "vocab.json").unlink(), "vocab.json: the file is missing"),
        (lambda f: (f / "config.json").write_text("{"), "config.json: the file is damaged"),
        (lambda f: (f / "config.json").write_text('{"model_type": "gpt2"}'), "must be a Marian"),
        (lambda f: (f / "source.spm").write_bytes(b"x"), "source.spm: the file is damaged"),
        (lambda f: (f / "model.safetensors").unlink(), "weights are missing"),
        (lambda f: (f / "model.safetensors").write_bytes(b"cut"), "damaged"),
    ],
)
@pytest.mark.parametrize("engine", ["int8", "float"])
def test_a_damaged_folder_is_one_line(
    tmp_path: Path, damage: object, said: str, engine: Engine
) -> None:
    import numpy as np

    pieces = {"</s>": 0, "<unk>": 1, ">>zh<<": 2, ">>en<<": 3, "<pad>": 4}
    folder = _bare_folder(tmp_path / "model", pieces)
    save_file({"a": np.zeros(2, dtype=np.float32)}, folder / "model.safetensors")
    assert callable(damage)
    damage(folder)

    with pytest.raises(ModelError, match=said) as caught:
        part.load(str(folder), engine=engine)
    assert "\n" not in str(caught.value)


def test_detection_needs_no_model() -> None:
    assert part.detector().detect(["你好", "thanks a lot"], among=("en", "zh")) == ["zh", "en"]
