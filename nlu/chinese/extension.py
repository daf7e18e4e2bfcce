"""Teach an English encoder to read Chinese by adding word pieces and their embedding rows.

The pieces are words and characters that the tokenizer takes before all others, the longest
first; every layer of the encoder stays as it is. How the rows are learned: `nlu.chinese.recipe`.

Shapes: n = pieces, d = width of the encoder.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import ModelError
from nlu.derived_encoder import derived_encoder
from nlu.tensors import Tensors, read_tensors, write_tensors

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

PIECES = "pieces.txt"
ROWS = "rows.safetensors"
BASE = Path(__file__).parent / "base"


def chinese_encoder(folder: Path, extension: Path = BASE) -> Path:
    """Return a folder with the encoder of ``folder`` and the rows of an extension.

    Raises:
        ModelError: The extension is missing, damaged, or of another width.
    """
    pieces, rows = read_extension(extension)
    return derived_encoder([folder, extension], lambda draft: _extend(folder, pieces, rows, draft))


def read_extension(folder: Path) -> tuple[list[str], NDArray[np.float32]]:
    """Read the pieces and their rows ``[n, d]``.

    Raises:
        ModelError: A file is missing or damaged.
    """
    rows = read_tensors(folder / ROWS, ["rows"])["rows"].astype("float32")
    try:
        pieces = (folder / PIECES).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError(f"{folder / PIECES}: cannot be read ({error}).") from error
    if rows.ndim != 2 or len(rows) != len(pieces):
        raise ModelError(f"{folder / ROWS}: has not one row for each line of {PIECES}.")
    return pieces, rows


def write_extension(folder: Path, pieces: list[str], rows: NDArray[np.float32]) -> None:
    """Write the pieces and, in half precision, their rows."""
    folder.mkdir(parents=True, exist_ok=True)
    tensors: Tensors = {"rows": rows.astype("float16")}
    write_tensors(folder / ROWS, tensors)
    (folder / PIECES).write_text("\n".join(pieces) + "\n", encoding="utf-8")


def add_pieces(tokenizer: Tokenizer, pieces: list[str]) -> list[int]:
    """Let the tokenizer take the pieces before its own; returns the number of each."""
    from tokenizers import AddedToken

    tokenizer.add_tokens([AddedToken(piece, normalized=False) for piece in pieces])
    numbers = tokenizer.get_vocab(with_added_tokens=True)
    return [numbers[piece] for piece in pieces]


def _extend(folder: Path, pieces: list[str], rows: NDArray[np.float32], target: Path) -> None:
    import torch
    from transformers import AutoModel
    from transformers.utils.logging import disable_progress_bar

    from nlu.encoder import load_tokenizer

    disable_progress_bar()
    tokenizer = load_tokenizer(folder)
    places = add_pieces(tokenizer, pieces)
    model = AutoModel.from_pretrained(str(folder), dtype="float32")
    if model.config.hidden_size != rows.shape[1]:
        raise ModelError(
            f"{folder}: has width {model.config.hidden_size}; the Chinese rows {rows.shape[1]}."
        )
    model.resize_token_embeddings(tokenizer.get_vocab_size(), mean_resizing=False)
    with torch.no_grad():
        model.get_input_embeddings().weight[places] = torch.from_numpy(rows)
    model.save_pretrained(str(target))
    tokenizer.no_truncation()
    tokenizer.save(str(target / "tokenizer.json"))
