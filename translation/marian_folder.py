"""A Marian model's folder: which languages it serves, and its SentencePiece vocabulary.

Read without ``transformers``, whose import takes seconds that an 8-bit server need not spend.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from assistant.errors import ModelError

_TOKEN = re.compile(r">>([A-Za-z]{2,3})(?:[_-][A-Za-z]+)?<<")
_NAMED = re.compile(r"opus-mt(?:[_-]tc-(?:big|base))?[_-]([a-z]{2,3})[_-]([a-z]{2,3})\b")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:[-_].*)?")  # else a family, such as ROMANCE
# ISO 639-3 codes in the tokens of OPUS-MT models, as BCP 47 writes them.
_SHORT = {
    "cmn": "zh", "zho": "zh", "chi": "zh", "eng": "en", "deu": "de", "fra": "fr", "spa": "es",
    "ita": "it", "por": "pt", "nld": "nl", "rus": "ru", "ukr": "uk", "pol": "pl", "ces": "cs",
    "jpn": "ja", "jap": "ja", "kor": "ko", "vie": "vi", "tha": "th", "ind": "id", "tur": "tr",
    "ara": "ar", "hin": "hi", "ron": "ro", "swe": "sv", "dan": "da", "fin": "fi", "ell": "el",
}  # fmt: skip
_PREFERRED = (">>cmn_Hans<<", ">>zho_Hans<<", ">>cmn<<", ">>zho<<")


@dataclass(frozen=True, slots=True, kw_only=True)
class MarianFolder:
    """What a decoder and a translator need of a folder besides the weights.

    Attributes:
        folder: As ``save_pretrained`` wrote it.
        pairs: The (source, target) languages.
        target_tokens: First token of a source sentence, by target language; may be empty.
        vocabulary: Number of each piece.
        longest: Positions of the encoder and of the decoder.
        start: Number of the token that the decoder starts with.
        end: Number of ``</s>``.
    """

    folder: Path
    pairs: frozenset[tuple[str, str]]
    target_tokens: Mapping[str, str]
    vocabulary: Mapping[str, int]
    longest: int
    start: int
    end: int
    _source: Any
    _target: Any

    def encode(self, text: str, target: str) -> list[str]:
        """Return the pieces of a sentence, the target's token first and ``</s>`` last."""
        prefix = [self.target_tokens[target]] if target in self.target_tokens else []
        pieces: list[str] = self._source.encode(text, out_type=str)
        return [*prefix, *pieces[: self.longest - len(prefix) - 1], "</s>"]

    def decode(self, pieces: Iterable[str]) -> str:
        """Return the text of pieces that a decoder wrote; special tokens are dropped."""
        special = {"</s>", "<pad>", "<unk>", "<s>"}
        text: str = self._target.decode_pieces(
            [piece for piece in pieces if piece not in special and not _TOKEN.fullmatch(piece)]
        )
        return text.replace("▁", " ").strip()

    @property
    def never(self) -> list[str]:
        """Pieces that no translation may hold."""
        tokens = [piece for piece in self.vocabulary if _TOKEN.fullmatch(piece)]
        return ["<unk>", "<pad>", *tokens]


def read_marian_folder(folder: Path) -> MarianFolder:
    """Read a folder's configuration and vocabulary.

    Raises:
        ModelError: A file is missing or damaged, it is no Marian model, or it does not say which
            languages it serves.
    """
    config = _json(folder / "config.json")
    if config.get("model_type") != "marian":
        raise ModelError(
            f"{folder / 'config.json'}: model_type is {config.get('model_type')!r}; a translator "
            "must be a Marian model, such as the built-in base or Helsinki-NLP/opus-mt-zh-en."
        )
    vocabulary = _json(folder / "vocab.json")
    tokens = _target_tokens(vocabulary)
    pairs = _pairs(folder, config, tokens)
    return MarianFolder(
        folder=folder,
        pairs=pairs,
        target_tokens=tokens,
        vocabulary=vocabulary,
        longest=int(config.get("max_position_embeddings", 512)),
        start=int(config.get("decoder_start_token_id", vocabulary.get("<pad>", 0))),
        end=int(config.get("eos_token_id", 0)),
        _source=_sentencepiece(folder / "source.spm"),
        _target=_sentencepiece(folder / "target.spm"),
    )


def _target_tokens(vocabulary: Mapping[str, int]) -> dict[str, str]:
    found: dict[str, str] = {}
    rest = (piece for piece in vocabulary if piece not in _PREFERRED)
    for piece in [*(piece for piece in _PREFERRED if piece in vocabulary), *rest]:
        if match := _TOKEN.fullmatch(piece):
            found.setdefault(_tag(match[1]), piece)
    return found


def _pairs(
    folder: Path, config: Mapping[str, Any], tokens: Mapping[str, str]
) -> frozenset[tuple[str, str]]:
    """The languages by the tokenizer's configuration, else the name, else the tokens."""
    settings_file = folder / "tokenizer_config.json"
    settings = _json(settings_file) if settings_file.exists() else {}
    source, target = settings.get("source_lang"), settings.get("target_lang")
    if not source or not target:
        name = f"{config.get('_name_or_path') or ''} {folder.resolve()}"
        if named := _NAMED.search(name):
            source, target = named.groups()
    sources = [_tag(source)] if source and _LANGUAGE.fullmatch(source) else list(tokens)
    targets = [_tag(target)] if target and _LANGUAGE.fullmatch(target) else list(tokens)
    found = frozenset((one, other) for one, other in product(sources, targets) if one != other)
    if not found:
        raise ModelError(
            f"{folder}: says nowhere which languages it translates. Write source_lang and "
            f"target_lang into {settings_file.name}, e.g. zh and en."
        )
    return found


def _tag(name: str) -> str:
    code = re.split("[-_]", name.lower(), maxsplit=1)[0]
    return _SHORT.get(code, code)


def _json(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ModelError(
            f"{path}: the file is missing. Copy the model again, or make it with: "
            "trilogue pretrain translator"
        ) from error
    except (ValueError, OSError) as error:
        raise ModelError(f"{path}: the file is damaged ({error}). Copy the model again.") from error
    if not isinstance(found, dict):
        raise ModelError(f"{path}: must hold a JSON object. Copy the model again.")
    return found


def _sentencepiece(path: Path) -> Any:  # noqa: ANN401 - the library has no types
    import sentencepiece

    if not path.exists():
        raise ModelError(f"{path}: the file is missing. Copy the model again.")
    try:
        return sentencepiece.SentencePieceProcessor(model_file=str(path))
    except (RuntimeError, OSError) as error:
        raise ModelError(f"{path}: the file is damaged. Copy the model again.") from error
