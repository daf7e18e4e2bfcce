"""Read text files that may be compressed with xz."""

from __future__ import annotations

import lzma
from pathlib import Path


def lines_of(path: Path) -> list[str]:
    """Read a UTF-8 text file, compressed with xz or not, without its line ends."""
    if path.suffix == ".xz":
        text = lzma.decompress(path.read_bytes()).decode("utf-8-sig")
    else:
        text = path.read_text(encoding="utf-8-sig")
    return text.rstrip("\n").split("\n")
