"""Read the dialogue corpora that the generator base learns from."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from assistant.compressed import lines_of
from assistant.messages import Utterance
from assistant.typography import capitalise, detokenise

_ACTS = {"1": "inform", "2": "question", "3": "request", "4": "promise"}
_EMOTIONS = {"1": "negative", "2": "negative", "3": "negative", "4": "positive", "5": "negative"}


Dialogue = list[Utterance]


def dailydialog(data: Path, split: str) -> list[Dialogue]:
    """DailyDialog; train leaves out every dialogue that stands in validation or test too."""
    folder = data / "dialogue/dailydialog"
    held_out = (
        {line for part in ("validation", "test") for line in _daily_lines(folder, part)}
        if split == "train"
        else set()
    )
    suffix = ".txt.xz" if split == "train" else ".txt"
    acts = lines_of(folder / f"dialogues_act_{split}{suffix}")
    emotions = lines_of(folder / f"dialogues_emotion_{split}{suffix}")
    rows = zip(_daily_lines(folder, split), acts, emotions, strict=True)
    return [_daily_dialogue(*row) for row in rows if row[0] not in held_out]


def _daily_lines(folder: Path, split: str) -> list[str]:
    return lines_of(folder / f"dialogues_{split}.txt.xz")


def _daily_dialogue(line: str, acts: str, emotions: str) -> Dialogue:
    texts = [detokenise(text) for text in line.split("__eou__") if text.strip()]
    rows = zip(texts, acts.split(), emotions.split(), strict=False)
    return [
        Utterance("bot" if i % 2 else "user", text, _ACTS[act], _EMOTIONS.get(emotion, "neutral"))
        for i, (text, act, emotion) in enumerate(rows)
    ]


def sgd(data: Path, split: str) -> list[Dialogue]:
    """Schema-Guided Dialogue; the user's stated intent becomes the intent label."""
    return [
        [_sgd_turn(turn) for turn in json.loads(line)["turns"]]
        for line in lines_of(data / f"dialogue/sgd_subset/{split}.jsonl.xz")
    ]


def _sgd_turn(turn: dict[str, object]) -> Utterance:
    intent = None
    acts = turn.get("act") or []
    assert isinstance(acts, list)
    for _, act, _, values in acts:
        if act == "INFORM_INTENT" and values:
            intent = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", values[0]).lower()
        elif act in {"AFFIRM", "NEGATE", "THANK_YOU", "GOODBYE"}:
            intent = act.lower()
    return Utterance(
        "user" if turn["role"] == "user" else "bot", detokenise(str(turn["text"])), intent
    )


def role_dialogues(path: Path) -> Iterator[Dialogue]:
    """MultiWOZ and Taskmaster-4: lines of turns with a role; their capitals are restored."""
    for line in lines_of(path):
        yield [
            Utterance("user" if t["role"] == "user" else "bot", capitalise(detokenise(t["text"])))
            for t in json.loads(line)["turns"]
        ]


def persona(data: Path, split: str) -> Iterator[Dialogue]:
    """XPersona's English chit-chat; its training part is not among the data."""
    text = "\n".join(lines_of(data / f"dialogue/xpersona/En_persona_{split}.json.xz"))
    for item in json.loads(text):
        turns: Dialogue = []
        for user, bot in item["dialogue"]:
            if user != "__SILENCE__":
                turns.append(Utterance("user", capitalise(detokenise(user))))
            turns.append(Utterance("bot", capitalise(detokenise(bot))))
        yield turns


def customer_service(data: Path, split: str) -> Iterator[Dialogue]:
    """The English side of BConTrasT's customer-service chats."""
    text = "\n".join(lines_of(data / f"dialogue/bcontrast_en_de/{split}.json.xz"))
    for dialogue in json.loads(text).values():
        turns = [
            Utterance(
                "user" if row["speaker"] == "customer" else "bot",
                row["target" if row["speaker"] == "customer" else "source"],
            )
            for row in dialogue
        ]
        yield _joined(turns)


def _joined(turns: Dialogue) -> Dialogue:
    """Join what one speaker says in a row."""
    joined: Dialogue = []
    for turn in turns:
        if joined and joined[-1].speaker == turn.speaker:
            joined[-1] = Utterance(turn.speaker, f"{joined[-1].text} {turn.text}")
        else:
            joined.append(turn)
    return joined


def shop_desk(split: str) -> list[Dialogue]:
    """The hand-written service-desk dialogues that ship with this package."""
    text = files("generation").joinpath(f"data/shop_desk.{split}.jsonl").read_text("utf-8")
    return [
        [
            Utterance("bot" if i % 2 else "user", turn)
            for i, turn in enumerate(json.loads(line)["turns"])
        ]
        for line in text.splitlines()
    ]


def training_dialogues(data: Path) -> dict[str, list[Dialogue]]:
    """Every corpus that the generator base learns from, by name."""
    return {
        "dailydialog": dailydialog(data, "train"),
        "sgd": sgd(data, "train"),
        "multiwoz": list(role_dialogues(data / "dialogue/multiwoz21_valtest/val.jsonl.xz")),
        "coffee": list(role_dialogues(data / "dialogue/taskmaster4_coffee/tm4.jsonl.xz")),
        "persona": list(persona(data, "valid")),
        "customer_service": list(customer_service(data, "train")),
        "shop_desk": shop_desk("train"),
    }
