"""The model card of the generator base, written from what was measured."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import DataError

from .corpora import (
    Dialogue,
    customer_service,
    dailydialog,
    persona,
    role_dialogues,
    sgd,
    shop_desk,
    training_dialogues,
)
from .dialogue_score import Perplexity, perplexity, score_words
from .gpt2_folder import BUILT_IN
from .loading import load_writer
from .pretraining import COPIES


@dataclass(frozen=True, slots=True)
class Source:
    """A corpus: how it is called, and its folder below ``dialogue/`` (empty: written by us)."""

    name: str
    folder: str


SOURCES = {
    "dailydialog": Source("DailyDialog", "dailydialog"),
    "sgd": Source("Schema-Guided Dialogue, 164 of 208 files", "sgd_subset"),
    "multiwoz": Source("MultiWOZ 2.1, validation part", "multiwoz21_valtest"),
    "coffee": Source("Taskmaster-4, coffee", "taskmaster4_coffee"),
    "persona": Source("XPersona, English validation part", "xpersona"),
    "customer_service": Source("BConTrasT (WMT20 chat), English side", "bcontrast_en_de"),
    "shop_desk": Source("Trilogue shop desk", ""),
}

_LIMITS = """\
## Intended use

Small talk and short free answers of a service bot in English, behind Trilogue's guards: a reply
may hold no number, price, e-mail address, code or link that the conversation does not hold, and
may not claim acts. `trilogue train` adapts the base to a bot with LoRA.

## Limits

- It is small and was trained for minutes, not days. It knows no facts, reasons poorly, forgets
  what was said more than about ten turns ago, and often answers fluently beside the point.
- English only. Other languages reach it through the translator.
- It imitates dialogues of English lessons, of crowd workers and of wizard-of-oz studies, with
  their views and gaps. It was not tuned to refuse harmful requests; the bot's rules must do that.
- Do not let it advise on health, law or money, and do not take its words for the shop's.

## Terms

The code is Apache-2.0. These weights were trained on corpora that forbid commercial use
(see the table), so **use them for research and trial only**. For a commercial bot name another
GPT-2 in `config.yml`, and Trilogue adapts that one instead:

```yaml
generation:
  base: openai-community/gpt2     # MIT; or distilbert/distilgpt2, Apache-2.0
```
"""


def write_model_card(data: Path, folder: Path, *, minutes: float, most: int = 500) -> None:
    """Measure a base on every corpus that has a part set aside, and write its ``README.md``.

    Args:
        data: The data folder.
        folder: The base, as `pretraining.train_generator` saved it.
        minutes: How long it was trained.
        most: Dialogues per corpus that are measured.
    """
    writer = load_writer(folder, "float")
    measured = {}
    for name, dialogues in held_out_dialogues(data).items():
        rows = score_words(
            writer.engine, writer.tokenizer, dialogues[:most], context=writer.context
        )
        measured[name] = perplexity([score for row in rows for score in row])
    licences = {name: licence(data, source) for name, source in SOURCES.items()}
    card = model_card(training_dialogues(data), licences, measured, minutes=minutes)
    (folder / "README.md").write_text(card, encoding="utf-8")


def licence(data: Path, source: Source) -> str:
    """The terms of a corpus, as the ``README.md`` of its folder gives them."""
    if not source.folder:
        return "Apache-2.0"
    path = data / "dialogue" / source.folder / "README.md"
    found = re.search(r"^- Licence: *(.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return found[1] if found else "not stated"


def held_out_dialogues(data: Path) -> dict[str, list[Dialogue]]:
    """The parts of the corpora that the base never read; Taskmaster-4 has none.

    Raises:
        DataError: A corpus is missing.
    """
    dialogue = data / "dialogue"
    try:
        return {
            "dailydialog": dailydialog(data, "test"),
            "sgd": sgd(data, "test"),
            "multiwoz": list(role_dialogues(dialogue / "multiwoz21_valtest/test.jsonl.xz")),
            "persona": list(persona(data, "test")),
            "customer_service": list(customer_service(data, "dev")),
            "shop_desk": shop_desk("test"),
        }
    except FileNotFoundError as error:
        raise DataError(f"{error.filename}: this part of the data folder is missing.") from error


def model_card(
    corpora: dict[str, list[Dialogue]],
    licences: dict[str, str],
    measured: dict[str, Perplexity],
    *,
    minutes: float,
) -> str:
    """Write the card.

    Args:
        corpora: What the base was trained on, by name.
        licences: The terms of each.
        measured: Perplexity on the parts set aside, by name.
        minutes: How long it was trained.
    """
    rows = []
    for name, dialogues in corpora.items():
        source, score = SOURCES[name], measured.get(name)
        words = sum(len(turn.text.split()) for talk in dialogues for turn in talk)
        figures = f"{score.per_word:.1f} | {score.words:,}" if score else "– | none set aside"
        rows.append(
            f"| {source.name} | {licences[name]} | {len(dialogues):,} | {words:,} "
            f"| {COPIES[name]:g} | {figures} |"
        )
    return "\n".join([
        "---", "language: en", "license: cc-by-nc-sa-4.0", "library_name: transformers",
        "pipeline_tag: text-generation", "---", "",
        f"# {BUILT_IN}: the dialogue generator that ships with Trilogue", "",
        "A `GPT2LMHeadModel` of 6 layers, width 256, 8 heads, 256 tokens of context and a",
        "byte-level BPE vocabulary of 8,192, trained from nothing by `trilogue pretrain generator`",
        f"in {minutes:g} minutes of one core (Muon and AdamW). Weights in half precision.", "",
        "## Data, terms and perplexity", "",
        "| corpus | terms | dialogues | words | copies per pass | perplexity per word | of words |",
        "|---|---|--:|--:|--:|--:|--:|",
        *rows, "",
        "Perplexity is measured on parts that training never read, in float32, with both speakers'",
        "words counted, labels left out, and words split by GPT-2's rule; punctuation counts as",
        "words. DailyDialog's training part was cleared of every dialogue that also stands, letter",
        "for letter, in its validation or test part.", "",
        _LIMITS,
    ])  # fmt: skip
