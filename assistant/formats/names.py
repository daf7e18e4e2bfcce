"""The names of the formats, for the command line; nothing else is imported."""

from __future__ import annotations

from enum import Enum


class Format(str, Enum):
    """How examples are kept in files."""

    yaml = "yaml"
    rasa = "rasa-json"
    json = "json"
    jsonl = "jsonl"
    clinc = "clinc"
    csv = "csv"
    tsv = "tsv"
    conll = "conll"
    seq = "seq"
