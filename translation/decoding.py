"""Run a Marian model: CTranslate2 in 8 bit, transformers in float, or bitsandbytes in 8 bit."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

from assistant.component import Engine
from assistant.engines import bytes_of, check_weights, int8_folder
from assistant.errors import ModelError

if TYPE_CHECKING:
    from .marian_folder import MarianFolder

BEAM = 4
# How long CTranslate2 looks on; transformers too goes on until nothing better can come.
PATIENCE = 2.0


class Decoder(Protocol):
    """Beam search over pieces."""

    @property
    def bytes(self) -> int:
        """Size of the weights as they are held, in bytes."""
        ...

    def decode(
        self, sources: Sequence[Sequence[str]], *, most: int, no_repeat: int = 0
    ) -> list[list[str]]:
        """Translate sentences of the same length.

        Equal lengths need no padding, so that a sentence's answer does not depend on the batch.

        Args:
            sources: Pieces with the target's token and ``</s>``.
            most: Pieces that a translation may have.
            no_repeat: Forbid n-grams of this size from occurring twice; 0 forbids none.

        Returns:
            Pieces without ``</s>``, in the same order.
        """
        ...


def load_decoder(folder: MarianFolder, engine: Engine) -> Decoder:
    """Load the weights of a folder.

    Raises:
        ModelError: They are missing or damaged, or the engine is not installed.
    """
    if engine == "int8":
        return Int8Decoder(folder)
    check_weights(folder.folder)
    return TransformersDecoder(folder, in_8_bit=engine == "bnb")


class Int8Decoder:
    """CTranslate2 on the CPU."""

    def __init__(self, folder: MarianFolder) -> None:
        import ctranslate2

        with warnings.catch_warnings():
            # The converter's tokenizer recommends a package that is not used here.
            warnings.filterwarnings("ignore", message="Recommended: pip install sacremoses")
            converted = int8_folder(folder.folder)
        try:
            self._model = ctranslate2.Translator(str(converted), device="cpu", compute_type="int8")
        except RuntimeError as error:
            raise ModelError(
                f"{converted}: the converted model is damaged. Delete the folder and try again."
            ) from error
        # The converter takes <pad> out of the vocabulary.
        self._never = [
            [piece] for piece in folder.never if piece in folder.vocabulary and piece != "<pad>"
        ]
        self.bytes = bytes_of(converted)

    def decode(
        self, sources: Sequence[Sequence[str]], *, most: int, no_repeat: int = 0
    ) -> list[list[str]]:
        """See `Decoder.decode`."""
        results = self._model.translate_batch(
            [list(source) for source in sources],
            beam_size=BEAM,
            patience=PATIENCE,
            max_decoding_length=most,
            no_repeat_ngram_size=no_repeat,
            suppress_sequences=self._never,
            max_batch_size=32,
        )
        return [list(result.hypotheses[0]) for result in results]


class TransformersDecoder:
    """``MarianMTModel.generate``, in float32 or with bitsandbytes' 8-bit layers."""

    def __init__(self, folder: MarianFolder, *, in_8_bit: bool = False) -> None:
        self._folder = folder
        self._pieces = {number: piece for piece, number in folder.vocabulary.items()}
        self._never = [
            [folder.vocabulary[piece]] for piece in folder.never if piece in folder.vocabulary
        ]
        self._model = _load_marian(folder, in_8_bit=in_8_bit)
        self.bytes = int(self._model.get_memory_footprint())

    def decode(
        self, sources: Sequence[Sequence[str]], *, most: int, no_repeat: int = 0
    ) -> list[list[str]]:
        """See `Decoder.decode`."""
        import torch

        known = self._folder.vocabulary
        answers: list[list[str]] = []
        for start in range(0, len(sources), 32):
            rows = [[known.get(p, known["<unk>"]) for p in s] for s in sources[start : start + 32]]
            ids = torch.tensor(rows, device=self._model.device)
            with torch.inference_mode():
                written = self._model.generate(
                    input_ids=ids,
                    attention_mask=torch.ones_like(ids),
                    num_beams=BEAM,
                    max_new_tokens=most,
                    max_length=None,
                    no_repeat_ngram_size=no_repeat,
                    bad_words_ids=self._never,
                )
            answers += [
                [self._pieces[n] for n in row if n not in (self._folder.end, self._folder.start)]
                for row in written.tolist()
            ]
        return answers


def _load_marian(folder: MarianFolder, *, in_8_bit: bool) -> Any:  # noqa: ANN401
    import torch
    from transformers import BitsAndBytesConfig, MarianMTModel
    from transformers.utils import logging

    options: dict[str, Any] = {"dtype": torch.float32}
    if in_8_bit:
        _silence_bitsandbytes()
        options["quantization_config"] = BitsAndBytesConfig(load_in_8bit=True)
        options["device_map"] = "cuda" if torch.cuda.is_available() else "cpu"
    shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()
    try:
        model = MarianMTModel.from_pretrained(folder.folder, local_files_only=True, **options)
    except (OSError, ValueError, RuntimeError) as error:
        reason = str(error).splitlines()[0]
        raise ModelError(f"{folder.folder}: cannot be loaded: {reason}") from error
    finally:
        if shown:
            logging.enable_progress_bar()
    return model.eval()


def _silence_bitsandbytes() -> None:
    """One line per matrix product is written at its default level."""
    import logging
    from importlib.util import find_spec

    if find_spec("bitsandbytes") is None:
        raise ModelError(
            "The engine bnb needs bitsandbytes. Install it with: pip install 'trilogue[bnb]'"
        )
    logging.getLogger("bitsandbytes").setLevel(logging.ERROR)
