"""Merge LoRA adapters into an encoder once.

An adapter is kept as peft writes it (``adapter_model.safetensors``, ``adapter_config.json``).
Source: Hu et al. 2021, "LoRA", arXiv:2106.09685.
"""

from __future__ import annotations

import logging
import shutil
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from assistant.errors import ModelError

from .derived_encoder import derived_encoder
from .tensors import read_object, read_tensors

_WEIGHTS = "adapter_model.safetensors"
_CONFIG = "adapter_config.json"


def merged_encoder(folder: Path, adapters: Sequence[Path]) -> Path:
    """Return a folder with the encoder of ``folder`` and all adapters merged in, in order.

    Raises:
        ModelError: An adapter is damaged or does not fit the encoder.
    """
    if not adapters:
        return folder
    for adapter in adapters:
        read_object(adapter / _CONFIG)
        read_tensors(adapter / _WEIGHTS, ())
    return derived_encoder([folder, *adapters], lambda draft: _merge(folder, adapters, draft))


def _merge(folder: Path, adapters: Sequence[Path], target: Path) -> None:
    from transformers import AutoModel
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()
    model = AutoModel.from_pretrained(str(folder), dtype="float32")
    for adapter in adapters:
        try:
            with third_party_warnings_off():
                from peft import PeftModel

                model = PeftModel.from_pretrained(model, str(adapter)).merge_and_unload()
        except (ValueError, RuntimeError, KeyError, TypeError) as error:
            reason = str(error).splitlines()[0]
            raise ModelError(
                f"{adapter}: does not fit its encoder ({reason}). Train again: trilogue train"
            ) from error
    model.save_pretrained(str(target))
    for path in folder.glob("*"):
        if path.is_file() and path.name.startswith(("tokenizer", "vocab", "special_tokens")):
            shutil.copy(path, target / path.name)


@contextmanager
def third_party_warnings_off() -> Iterator[None]:
    """Hide that bitsandbytes lacks a kernel no one asked for, and what transformers renames."""
    logging.getLogger("bitsandbytes").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        yield
