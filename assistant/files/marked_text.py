"""Write an example with its entities marked: the other way round than `entity_syntax`."""

from __future__ import annotations

import json
from collections.abc import Sequence

from assistant.training_data import EntitySpan


def marked(text: str, spans: Sequence[EntitySpan]) -> str:
    """Return ``"from [Oslo]{"entity": "city", "role": "from"}"`` for a text and its entities.

    The short form ``[Oslo](city)`` is used where it says everything; several entities on one
    span are written as a list; a span that overlaps an earlier one is left out.
    """
    places: dict[tuple[int, int], list[EntitySpan]] = {}
    for span in sorted(spans, key=lambda each: (each.start, each.end)):
        places.setdefault((span.start, span.end), []).append(span)
    written, last = "", 0
    for (start, end), here in places.items():
        if start < last:
            continue
        written += text[last:start] + f"[{text[start:end]}]" + _mark(here, text[start:end])
        last = end
    return written + text[last:]


def _mark(spans: Sequence[EntitySpan], surface: str) -> str:
    if len(spans) > 1:
        return "[" + ", ".join(_json(span, surface) for span in spans) + "]"
    (span,) = spans
    if span.role is None and span.group is None and str(span.value) == surface:
        return f"({span.entity})"
    return _json(span, surface)


def _json(span: EntitySpan, surface: str) -> str:
    found = {"entity": span.entity, "role": span.role, "group": span.group}
    if str(span.value) != surface:
        found["value"] = str(span.value)
    return json.dumps({key: each for key, each in found.items() if each}, ensure_ascii=False)
