"""Read the zh-en corpora of the data folder and split them without leaks."""

from __future__ import annotations

import json
import re
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from assistant.compressed import lines_of
from assistant.typography import capitalise, detokenise

_HAN = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Pair:
    """One sentence in two languages."""

    en: str
    zh: str


def share_of(text: str) -> float:
    """Map a sentence to a fixed number in [0, 1): the same sentence always falls in one split."""
    return zlib.crc32(text.strip().lower().encode()) / 2**32


def tatoeba(data: Path, split: str) -> list[Pair]:
    """Tatoeba pairs, split by English sentence: 94 % train, 3 % dev, 3 % test."""
    bounds = {"train": (0.06, 1.0), "dev": (0.03, 0.06), "test": (0.0, 0.03)}
    low, high = bounds[split]
    rows = (line.split("\t") for line in lines_of(data / "translation/cmn_eng/cmn.txt.xz"))
    return [Pair(row[0], row[1]) for row in rows if low <= share_of(row[0]) < high]


def msctd(data: Path, split: str, names: frozenset[str] = frozenset()) -> list[Pair]:
    """Subtitle chat pairs; the lowercased, tokenised English of train is put right."""
    pairs = []
    for line in lines_of(data / f"translation/msctd_zh_en/{split}.tsv.xz"):
        _, english, chinese = line.split("\t")
        if split == "train":
            english = capitalise(detokenise(english), names)
        pairs.append(Pair(english.strip(), chinese.strip()))
    return pairs


def shop_desk(split: str) -> list[Pair]:
    """The hand-written service-desk pairs that ship with this package (``train`` or ``test``)."""
    text = files("translation").joinpath(f"data/shop_desk.{split}.tsv").read_text("utf-8")
    return [Pair(*line.split("\t")) for line in text.splitlines()]


def _parallel(data: Path, stem: str, split: str) -> Iterator[Pair]:
    english = lines_of(data / f"translation/{stem}/{split}.en.xz")
    chinese = lines_of(data / f"translation/{stem}/{split}.zh.xz")
    yield from (Pair(detokenise(e), z.strip()) for e, z in zip(english, chinese, strict=True))


def _bmeld(data: Path) -> Iterator[Pair]:
    for line in lines_of(data / "translation/bmeld_zh_en/train.tsv.xz"):
        cells = line.split("\t")
        yield Pair(detokenise(cells[2]), cells[3].strip())


def _daily(data: Path) -> Iterator[Pair]:
    english = lines_of(data / "dialogue/xdailydialog/part1k_en.txt.xz")
    chinese = lines_of(data / "dialogue/xdailydialog/part1k_zh.txt.xz")
    for e_line, z_line in zip(english, chinese, strict=True):
        e_turns, z_turns = e_line.split("__eou__"), z_line.split("__eou__")
        if len(e_turns) == len(z_turns):
            yield from (
                Pair(detokenise(e), z.strip()) for e, z in zip(e_turns, z_turns, strict=True)
            )


def _task_dialogues(data: Path) -> Iterator[Pair]:
    for line in lines_of(data / "dialogue/tod_zh_en/tod_zh_en.jsonl.xz"):
        dialogue = json.loads(line)
        if share_of(dialogue["id"]) < 0.8:
            for turn in dialogue["turns"]:
                yield Pair(detokenise(turn["en"]), turn["zh"].strip())


def names_in(pairs: Iterable[Pair]) -> frozenset[str]:
    """Words that naturally cased text nearly always writes with a capital inside a sentence."""
    upper: Counter[str] = Counter()
    lower: Counter[str] = Counter()
    for pair in pairs:
        for word in re.findall(r"(?<=[a-z,] )[A-Za-z]+", pair.en):
            (upper if word[0].isupper() else lower)[word.lower()] += 1
    return frozenset(w for w, n in upper.items() if n >= 3 and n > 9 * lower[w] and len(w) > 1)


def training_pairs(data: Path, *, longest: int = 45) -> dict[str, list[Pair]]:
    """Every corpus that the translator learns from, by name, cleaned.

    Args:
        data: The data folder.
        longest: Pairs with more English words, or twice as many Han characters, are left out.
    """
    cased = {
        "tatoeba": tatoeba(data, "train"),
        "ai_challenger": list(_parallel(data, "ai_challenger_valid", "valid")),
        "bmeld": list(_bmeld(data)),
        "daily": list(_daily(data)),
        "task": list(_task_dialogues(data)),
        "captions": list(_parallel(data, "3am_zh_en", "train")),
        "shop_desk": shop_desk("train"),
    }
    names = names_in(pair for corpus in cased.values() for pair in corpus)
    corpora = {**cased, "msctd": msctd(data, "train", names)}
    held_out = {key for pair in held_out_pairs(data) for key in (pair.en.lower(), pair.zh)}
    return {
        name: [p for p in pairs if _usable(p, longest) and not _leaks(p, held_out)]
        for name, pairs in corpora.items()
    }


def held_out_pairs(data: Path) -> list[Pair]:
    """Dev and test pairs that the headline numbers are measured on."""
    return [
        *tatoeba(data, "dev"),
        *tatoeba(data, "test"),
        *shop_desk("test"),
    ]


def _leaks(pair: Pair, held_out: set[str]) -> bool:
    return pair.en.lower() in held_out


def _usable(pair: Pair, longest: int) -> bool:
    words, han = len(pair.en.split()), len(_HAN.findall(pair.zh))
    if not 1 <= words <= longest or not 1 <= han <= 2 * longest:
        return False
    return words / 4 <= han <= words * 5 + 5
