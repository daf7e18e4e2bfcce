from __future__ import annotations

import os
from pathlib import Path

import pytest

from assistant.engines import cache_folder, int8_name
from nlu.derived_encoder import derived_encoder


def source(root: Path, text: str) -> Path:
    folder = root / text
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(text, encoding="utf-8")
    return folder


def fill(draft: Path) -> None:
    (draft / "model.safetensors").write_bytes(os.urandom(8))


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRILOGUE_CACHE", str(tmp_path / "cache"))


def test_an_encoder_is_made_once_from_the_same_sources(tmp_path: Path) -> None:
    made: list[Path] = []

    def make(draft: Path) -> None:
        made.append(draft)
        fill(draft)

    first = derived_encoder([source(tmp_path, "a")], make)
    again = derived_encoder([source(tmp_path, "a")], make)
    other = derived_encoder([source(tmp_path, "b")], make)

    assert first == again != other
    assert len(made) == 2


def test_the_oldest_of_many_encoders_is_forgotten_with_its_conversion(tmp_path: Path) -> None:
    oldest = derived_encoder([source(tmp_path, "oldest")], fill)
    conversion = cache_folder() / int8_name(oldest)
    conversion.mkdir()
    os.utime(oldest, (1, 1))

    for number in range(8):
        derived_encoder([source(tmp_path, str(number))], fill)

    assert not oldest.exists()
    assert not conversion.exists()


def test_an_encoder_that_cannot_be_made_leaves_nothing(tmp_path: Path) -> None:
    def fail(draft: Path) -> None:
        (draft / "half").touch()
        raise OSError("no space left")

    with pytest.raises(OSError, match="no space"):
        derived_encoder([source(tmp_path, "a")], fail)

    assert list(cache_folder().iterdir()) == []
