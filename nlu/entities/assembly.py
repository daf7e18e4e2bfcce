"""Build the steps of a bot from what its model stores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..entity_reader import EntityReader
from ..patterns import Patterns
from ..tagger import Tagger
from .duckling_extractor import DucklingExtractor
from .options import DucklingOptions, Options, RegexOptions, TaggerOptions
from .regex_extractor import RegexExtractor
from .step import Step
from .synonyms import SynonymMapper
from .trained_extractor import TrainedExtractor


def entity_reader(
    options: Sequence[Options],
    *,
    tagger: Tagger | None,
    regexes: Mapping[str, Sequence[str]],
    lookups: Mapping[str, Sequence[str]],
    synonyms: Mapping[str, str],
    language: str,
) -> EntityReader:
    """Return the steps, in order.

    Args:
        options: Of the steps; that of the tagger is left out where there is none.
        tagger: ``None`` for a bot whose examples hold no entities.
        regexes: Name to expressions.
        lookups: Entity type to words.
        synonyms: Lowercase surface to value.
        language: The bot's own.
    """
    steps: list[Step] = []
    for each in options:
        if isinstance(each, TaggerOptions):
            if tagger is not None:
                patterns = Patterns.compile(regexes, lookups, each.patterns)
                steps.append(TrainedExtractor(each, tagger, patterns))
        elif isinstance(each, RegexOptions):
            steps.append(RegexExtractor.of(each, regexes, lookups))
        elif isinstance(each, DucklingOptions):
            steps.append(DucklingExtractor.of(each, language))
        else:
            steps.append(SynonymMapper(each.name, synonyms))
    return EntityReader(tuple(steps))
