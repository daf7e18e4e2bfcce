"""Remember encoded texts, so that folds and repeated trainings encode a text once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path

from .encoder import Encoded, Encoder

_MOST = 4000
_known: OrderedDict[tuple[Path, str], Encoded] = OrderedDict()


def encode_once(
    encoder: Encoder,
    folder: Path,
    texts: Sequence[str],
    *,
    tick: Callable[[int, int], None] | None = None,
) -> dict[str, Encoded]:
    """Encode texts that were not encoded before with the encoder of ``folder``.

    Returns:
        Text to states. At most 4,000 texts are remembered, the last used ones.
    """
    wanted = list(dict.fromkeys(texts))
    found = {text: _known[folder, text] for text in wanted if (folder, text) in _known}
    new = [text for text in wanted if text not in found]
    found |= zip(new, encoder.encode(new, tick=tick), strict=True)
    for text in wanted:
        _known[folder, text] = found[text]
        _known.move_to_end((folder, text))
    while len(_known) > _MOST:
        _known.popitem(last=False)
    return found
