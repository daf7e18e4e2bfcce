"""Find a GPT-2 and make it ready for dialogues: any ``GPT2LMHeadModel`` folder or hub name."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.engines import cache_folder, check_weights, fingerprint
from assistant.errors import ModelError
from assistant.model_source import resolve_model

from .dialogue_format import END, PAD, SPECIAL_TOKENS, load_tokenizer

if TYPE_CHECKING:
    from tokenizers import Tokenizer

BUILT_IN = "trilogue-mini"


def is_built_in(name: str | None) -> bool:
    """Whether a name of ``config.yml`` means the base that ships with the package."""
    return name is None or name == BUILT_IN


def ready_folder(name: str | Path | None) -> Path:
    """Return a GPT-2 folder whose vocabulary holds our special tokens.

    A foreign GPT-2 does not know them: they are added at the end of its vocabulary, and the
    widened copy is kept in the cache. Before an adaptation they mean nothing to that model.

    Args:
        name: A folder, the built-in base's name (or ``None``), or a hub name.

    Raises:
        ModelError: Nothing is found, or what is found is damaged or is no GPT-2.
    """
    folder = resolve_model(
        None if name is None else str(name), built_in=BUILT_IN, package="generation"
    )
    if is_built_in(None if name is None else str(name)) and not folder.is_dir():
        raise ModelError(
            f"{folder}: the built-in generator is not installed. "
            "Make it: trilogue pretrain generator"
        )
    check_weights(folder)
    context_length(folder)
    tokenizer = _tokenizer(folder)
    if all(tokenizer.token_to_id(token) is not None for token in SPECIAL_TOKENS):
        return folder
    target = cache_folder() / f"gpt2-{fingerprint(folder)[:24]}"
    if not (target / "model.safetensors").exists():
        _widen(folder, tokenizer, target)
    return target


def context_length(folder: Path) -> int:
    """Number of tokens that a GPT-2 reads at most.

    Raises:
        ModelError: Its config is missing or damaged, or it is another model.
    """
    path = folder / "config.json"
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
        kind, length = config["model_type"], int(config.get("n_positions", 1024))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(
            f"{path}: is missing or damaged. Train or copy the model again."
        ) from error
    if kind != "gpt2":
        raise ModelError(f"{folder}: is a {kind!r}, and the generator must be a 'gpt2'.")
    return length


def _tokenizer(folder: Path) -> Tokenizer:
    """Read ``tokenizer.json``, or GPT-2's older pair ``vocab.json`` and ``merges.txt``.

    Raises:
        ModelError: Neither is there and whole.
    """
    if (folder / "tokenizer.json").exists():
        return open_tokenizer(folder)
    from tokenizers import ByteLevelBPETokenizer, Tokenizer

    try:
        pair = ByteLevelBPETokenizer.from_file(
            str(folder / "vocab.json"), str(folder / "merges.txt")
        )
        return Tokenizer.from_str(pair.to_str())
    except Exception as error:  # the tokenizers library raises bare Exception
        raise ModelError(f"{folder}: has no whole tokenizer.json. Copy the model again.") from error


def open_tokenizer(folder: Path) -> Tokenizer:
    """Load a folder's tokenizer; see `load_tokenizer`.

    Raises:
        ModelError: It is missing or damaged.
    """
    try:
        return load_tokenizer(folder)
    except Exception as error:  # the tokenizers library raises bare Exception
        path = folder / "tokenizer.json"
        raise ModelError(f"{path}: is missing or damaged. Copy the model again.") from error


def _widen(folder: Path, tokenizer: Tokenizer, target: Path) -> None:
    """Add the special tokens to the vocabulary and the embedding, and save in ``target``."""
    from tokenizers import AddedToken
    from transformers import PreTrainedTokenizerFast

    from .engine_torch import load_network

    tokenizer.add_special_tokens([AddedToken(token, special=True) for token in SPECIAL_TOKENS])
    model = load_network(folder)
    model.resize_token_embeddings(tokenizer.get_vocab_size(), mean_resizing=False)
    end, pad = tokenizer.token_to_id(END), tokenizer.token_to_id(PAD)
    model.config.update({"eos_token_id": end, "bos_token_id": end, "pad_token_id": pad})
    model.generation_config.update(eos_token_id=end, bos_token_id=end, pad_token_id=pad)
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(dir=target.parent, prefix="draft-"))
    try:
        model.half().save_pretrained(draft)
        PreTrainedTokenizerFast(
            tokenizer_object=tokenizer, bos_token=END, eos_token=END, unk_token=END, pad_token=PAD
        ).save_pretrained(draft)
        draft.rename(target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
