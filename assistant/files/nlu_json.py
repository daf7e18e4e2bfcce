"""Read NLU data in JSON: Rasa's own ``rasa_nlu_data``, and exports of LUIS and wit.ai."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from assistant.training_data import EntitySpan, Example, TrainingData

from .yaml_file import Faults, kind, name_of

Json = Mapping[str, Any]


def read_nlu_json(path: Path, faults: Faults, data: TrainingData) -> list[Path]:
    """Add a file's examples to ``data``; other JSON is left alone.

    Returns:
        The files that were read: none, or this one and its files of words.
    """
    name = name_of(path, faults)
    try:
        tree = json.loads(path.read_text(encoding="utf-8-sig"))
    except json.JSONDecodeError as error:
        faults.add(f"{name}:{error.lineno}", f"JSON: {error.msg}.")
        return []
    except (OSError, UnicodeDecodeError) as error:
        faults.add(name, f"cannot be read: {error}.")
        return []
    if not isinstance(tree, Mapping):
        return []
    reader = _JsonReader(name, path, faults, data)
    if "rasa_nlu_data" in tree:
        reader.read_rasa(tree["rasa_nlu_data"])
    elif "luis_schema_version" in tree:
        reader.read_luis(tree)
    elif "utterances" in tree:
        reader.read_wit(tree)
    else:
        return []
    return [path, *reader.word_files]


class _JsonReader:
    """Adds one file's parts to the training data; faults name the part by its path."""

    def __init__(self, name: str, path: Path, faults: Faults, data: TrainingData) -> None:
        self.name = name
        self.path = path
        self.faults = faults
        self.data = data
        self.word_files: list[Path] = []

    def read_rasa(self, tree: Any) -> None:  # noqa: ANN401
        """Rasa's own format."""
        if not isinstance(tree, Mapping):
            self.faults.add(self.name, f"rasa_nlu_data must be an object, not {kind(tree)}.")
            return
        for where, example in self._objects(tree, "common_examples"):
            self._add(where, example, str(example.get("intent") or ""))
        for _, item in self._objects(tree, "entity_synonyms"):
            for surface in item.get("synonyms") or []:
                self.data.synonyms[str(surface).lower()] = str(item.get("value"))
        for _, item in self._objects(tree, "regex_features"):
            patterns = self.data.regexes.setdefault(str(item.get("name")), [])
            patterns.append(str(item.get("pattern")))
        for where, item in self._objects(tree, "lookup_tables"):
            words = self._words(where, item.get("elements"))
            self.data.lookups.setdefault(str(item.get("name")), []).extend(words)

    def read_luis(self, tree: Json) -> None:
        """An app export of LUIS; its ends are inclusive."""
        for where, example in self._objects(tree, "utterances"):
            found = [
                {"start": e.get("startPos"), "end": (e.get("endPos") or 0) + 1,
                 "entity": e.get("entity"), "role": e.get("role")}
                for e in example.get("entities") or []
            ]  # fmt: skip
            self._add(where, {**example, "entities": found}, str(example.get("intent") or ""))
        for key, pattern in (("regex_features", "pattern"), ("regex_entities", "regexPattern")):
            for _, item in self._objects(tree, key):
                if item.get("activated", True):
                    patterns = self.data.regexes.setdefault(str(item.get("name")), [])
                    patterns.append(str(item.get(pattern)))

    def read_wit(self, tree: Json) -> None:
        """An export of wit.ai; an utterance without an intent is out of scope, as in Rasa."""
        for where, example in self._objects(tree, "utterances"):
            found = []
            for entity in example.get("entities") or []:
                name, _, role = str(entity.get("entity")).partition(":")
                found.append({**entity, "entity": name, "role": role or None,
                              "value": entity.get("body")})  # fmt: skip
            intent = str(example.get("intent") or "out_of_scope")
            self._add(where, {**example, "entities": found}, intent)

    def _objects(self, tree: Json, key: str) -> Iterator[tuple[str, Json]]:
        section = tree.get(key) or []
        if not isinstance(section, list):
            self.faults.add(self.name, f"{key} must be a list, not {kind(section)}.")
            return
        for i, item in enumerate(section):
            where = f"{self.name}: {key}[{i}]"
            if isinstance(item, Mapping):
                yield where, item
            else:
                self.faults.add(where, f"must be an object, not {kind(item)}.")

    def _add(self, where: str, example: Json, intent: str) -> None:
        text = example.get("text")
        if not isinstance(text, str) or not text.strip() or not intent:
            self.faults.notice(where, "an example without text or intent is not read.")
            return
        try:
            spans = tuple(_span(text, entity) for entity in example.get("entities") or [])
        except (KeyError, TypeError, ValueError) as error:
            self.faults.add(where, f"an entity needs start, end and entity ({error}).")
            return
        metadata = example.get("metadata")
        self.data.examples.append(
            Example(
                text=text,
                intent=intent,
                entities=tuple(sorted(spans, key=lambda span: span.start)),
                where=where,
                metadata=dict(metadata) if isinstance(metadata, Mapping) else {},
            )
        )
        for span in spans:
            if span.value != text[span.start : span.end]:
                self.data.synonyms[text[span.start : span.end].lower()] = span.value

    def _words(self, where: str, elements: object) -> list[str]:
        """The words of a lookup table: inline, or in a text file with one a line."""
        if isinstance(elements, list):
            return [str(each) for each in elements]
        for folder in (self.path.parent, self.faults.root):
            path = folder / str(elements)
            if path.is_file():
                self.word_files.append(path)
                lines = path.read_text(encoding="utf-8-sig").splitlines()
                return [line.strip() for line in lines if line.strip()]
        self.faults.add(where, f"the lookup table's file {elements!r} is missing.")
        return []


def _span(text: str, entity: Json) -> EntitySpan:
    start, end = int(entity["start"]), int(entity["end"])
    value, role, group = entity.get("value"), entity.get("role"), entity.get("group")
    return EntitySpan(
        start=start,
        end=end,
        entity=str(entity["entity"]),
        value=text[start:end] if value is None else str(value),
        role=None if role is None else str(role),
        group=None if group is None else str(group),
    )
