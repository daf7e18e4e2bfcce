"""Read and write examples in any format that is known here."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from assistant.errors import BotFileError, BotFilesError, nearest
from assistant.files.nlu_file import read_nlu
from assistant.files.yaml_file import Faults, read_yaml
from assistant.training_data import TrainingData

from .conll import read_conll, write_conll
from .json_rows import read_clinc, read_json_rows, write_clinc, write_json_rows
from .layout import Layout
from .names import Format
from .parallel import TEXTS, read_parallel, write_parallel
from .rasa_json import read_rasa_json, write_rasa_json
from .rasa_yaml import write_rasa_yaml
from .source import Source
from .table import read_table, write_table

_ENDINGS = {
    ".yml": Format.yaml, ".yaml": Format.yaml, ".json": Format.json, ".jsonl": Format.jsonl,
    ".csv": Format.csv, ".tsv": Format.tsv, ".tab": Format.tsv, ".conll": Format.conll,
    ".bio": Format.conll, ".iob": Format.conll, ".iob2": Format.conll, ".conllu": Format.conll,
    ".in": Format.seq,
}  # fmt: skip


def format_of(path: Path) -> Format:
    """Tell a file's format by its ending, and by its content for JSON.

    Raises:
        BotFileError: The ending says nothing.
    """
    if path.is_dir():
        return Format.seq if (path / TEXTS).exists() else Format.yaml
    found = _ENDINGS.get(path.suffix.lower())
    if found is None:
        raise BotFileError(
            str(path),
            f"{path.suffix or 'no ending'} names no format. {nearest(path.suffix, _ENDINGS)} "
            "Or say it with --from or --to.",
        )
    if found is Format.json and path.is_file():
        return _kind_of_json(path)
    return found


def _kind_of_json(path: Path) -> Format:
    begin = path.read_bytes()[:4096].decode("utf-8-sig", errors="ignore").lstrip()
    if not begin.startswith("{"):
        return Format.json
    rasa = ('"rasa_nlu_data"', '"luis_schema_version"', '"utterances"')
    if any(key in begin for key in rasa):
        return Format.rasa
    rest = begin[1:].lstrip()
    is_line = "\n" in begin and begin.split("\n", 1)[0].rstrip().endswith("}")
    return Format.jsonl if is_line and rest else Format.clinc


def read_examples(
    path: Path, *, layout: Layout | None = None, known_as: Format | None = None
) -> TrainingData:
    """Read examples, whatever the format.

    Args:
        path: A file; a folder of YAML files; a folder with ``seq.in`` and ``label``.
        layout: What the format leaves open.
        known_as: The format; told by the file's ending and content when ``None``.

    Raises:
        BotFileError: The file is missing or of no known format.
        BotFilesError: All faults in it, each with file and line.
    """
    if not path.exists():
        raise BotFileError(str(path), "no such file or folder.")
    kind = known_as or format_of(path)
    source = Source(
        path / TEXTS if kind is Format.seq and path.is_dir() else path, layout or Layout()
    )
    match kind:
        case Format.yaml:
            return _read_yaml(path)
        case Format.rasa:
            return read_rasa_json(source)
        case Format.json | Format.jsonl:
            return read_json_rows(source)
        case Format.clinc:
            return read_clinc(source)
        case Format.csv | Format.tsv:
            return read_table(source, tabs=kind is Format.tsv)
        case Format.conll:
            return read_conll(source)
        case Format.seq:
            return read_parallel(source)


def _read_yaml(path: Path) -> TrainingData:
    root = path if path.is_dir() else path.parent
    faults, data = Faults(root), TrainingData()
    for each in sorted(path.rglob("*.y*ml")) if path.is_dir() else [path]:
        if (file := read_yaml(each, faults)) and isinstance(file.data, Mapping):
            read_nlu(file, data)
    if not faults.found and not data.examples:
        faults.add(path.name, "holds no examples under nlu:")
    if faults.found:
        raise BotFilesError(faults.found)
    return data


def write_examples(
    data: TrainingData, path: Path, *, layout: Layout | None = None, known_as: Format | None = None
) -> list[str]:
    """Write examples in a format.

    Returns:
        Notices: what the format cannot hold.

    Raises:
        BotFileError: The path names no format, or the format cannot hold an example.
    """
    kind = known_as or format_of(path)
    layout = layout or Layout()
    path.parent.mkdir(parents=True, exist_ok=True)
    if kind is Format.seq:
        write_parallel(data, path.parent if path.name == TEXTS else path)
    else:
        path.write_text(_text(data, kind, layout), encoding="utf-8", newline="")
    return _lost(data, kind)


def _text(data: TrainingData, kind: Format, layout: Layout) -> str:
    match kind:
        case Format.yaml:
            return write_rasa_yaml(data)
        case Format.rasa:
            return write_rasa_json(data)
        case Format.clinc:
            return write_clinc(data)
        case Format.csv | Format.tsv:
            return write_table(data, layout, tabs=kind is Format.tsv)
        case Format.conll:
            return write_conll(data)
        case _:
            return write_json_rows(data, layout, one_a_line=kind is Format.jsonl)


def _lost(data: TrainingData, kind: Format) -> list[str]:
    """Say what a format has no place for."""
    if kind in {Format.yaml, Format.rasa}:
        return []
    counts = {
        "synonyms": len(data.synonyms),
        "regexes": len(data.regexes),
        "lookup tables": len(data.lookups),
    }
    if kind in {Format.clinc, Format.seq}:
        counts["metadata of examples"] = sum(
            bool(set(e.metadata) - {"split"}) for e in data.examples
        )
    if kind is Format.clinc:
        counts["entities of examples"] = sum(bool(e.entities) for e in data.examples)
    return [
        f"{kind.value} has no place for the {what} ({count}); they are left out."
        for what, count in counts.items()
        if count
    ]
