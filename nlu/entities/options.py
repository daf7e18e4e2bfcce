"""Which steps find a bot's entities, in the order of its pipeline, and how each is set.

A step has the options that Rasa's component of that name has; the pipeline that Rasa writes for
a bot without one stands in `DEFAULT`. Keys that concern training networks have no meaning here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, field_validator

from assistant.errors import BotFileError, nearest

DEFAULT: tuple[Mapping[str, Any], ...] = (
    {"name": "RegexFeaturizer"},
    {"name": "DIETClassifier"},
    {"name": "EntitySynonymMapper"},
)
BUILT_IN = "BuiltinEntityExtractor"
DIMENSIONS = (
    "amount-of-money", "credit-card-number", "distance", "duration", "email", "number", "ordinal",
    "phone-number", "quantity", "temperature", "time", "url", "volume",
)  # fmt: skip


class _Options(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    name: str


class PatternOptions(BaseModel):
    """How expressions and tables become features of words; without any they are not used.

    Attributes:
        case_sensitive: Rasa's is true; a table then helps less, so only a bot that says so gets it.
        use_lookup_tables: Whether tables count.
        use_regexes: Whether expressions count.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    case_sensitive: bool = False
    use_lookup_tables: bool = True
    use_regexes: bool = True


class TaggerOptions(_Options):
    """The trained tagger, under the name of the first trained extractor of the pipeline.

    Attributes:
        split_entities_by_comma: Whether "soup, tea" is two values; one answer, or one by type.
        patterns: ``None`` where the pipeline has no RegexFeaturizer.
    """

    kind: Literal["tagger"] = "tagger"
    split_entities_by_comma: bool | dict[str, bool] = True
    patterns: PatternOptions | None = None

    def splits(self, entity: str) -> bool:
        """Whether values of a type end at a comma."""
        chosen = self.split_entities_by_comma
        return chosen.get(entity, True) if isinstance(chosen, dict) else chosen


class RegexOptions(_Options):
    """RegexEntityExtractor: expressions and tables that bear an entity's name.

    Attributes:
        entities: The bot's entity types.
    """

    kind: Literal["regex"] = "regex"
    case_sensitive: bool = False
    use_lookup_tables: bool = True
    use_regexes: bool = True
    use_word_boundaries: bool = True
    entities: tuple[str, ...] = ()


class DucklingOptions(_Options):
    """DucklingEntityExtractor: amounts, numbers, dates and the like.

    Attributes:
        url: Of a Duckling server; ``None`` reads in this process.
        dimensions: What to find; ``None`` for all.
        locale: E.g. ``"en_GB"``; ``None`` follows the message's language.
        timezone: IANA name, for what "tomorrow" means; `zone` says what ``None`` stands for.
        reftime: ISO moment that counts as now; ``None`` for the time of the message.
        timeout: Seconds that a server may take.
    """

    kind: Literal["duckling"] = "duckling"
    url: str | None = None
    dimensions: tuple[str, ...] | None = None
    locale: str | None = None
    timezone: str | None = None
    reftime: str | None = None
    timeout: float = Field(default=3.0, gt=0.0)

    @property
    def zone(self) -> str:
        """The time zone; Duckling's own default is that of California, ours is UTC."""
        return self.timezone or ("UTC" if self.name == BUILT_IN else "America/Los_Angeles")

    @field_validator("timezone", mode="before")
    @classmethod
    def _known_zone(cls, value: object) -> object:
        from zoneinfo import available_timezones

        zones = available_timezones()
        if isinstance(value, str) and zones and value not in zones:
            raise ValueError(f"no such time zone as {value!r}. {nearest(value, zones)[:80]}")
        return value

    @field_validator("dimensions")
    @classmethod
    def _known_dimensions(cls, value: tuple[str, ...] | None) -> tuple[str, ...] | None:
        for each in value or ():
            if each not in DIMENSIONS:
                raise ValueError(f"no such dimension as {each!r}. {nearest(each, DIMENSIONS)}")
        return value or None

    @field_validator("url")
    @classmethod
    def _web_address(cls, value: str | None) -> str | None:
        if value and urlsplit(value).scheme not in {"http", "https"}:
            raise ValueError(f"{value!r} must begin with http:// or https://")
        return value or None

    @field_validator("reftime")
    @classmethod
    def _moment(cls, value: str | None) -> str | None:
        from datetime import datetime

        if value is not None:
            datetime.fromisoformat(value)
        return value


class SynonymOptions(_Options):
    """EntitySynonymMapper: maps what the steps before it found."""

    kind: Literal["synonyms"] = "synonyms"


Options = TaggerOptions | RegexOptions | DucklingOptions | SynonymOptions
_ADAPTER: TypeAdapter[list[Options]] = TypeAdapter(
    list[Annotated[Options, Field(discriminator="kind")]]
)


KINDS: Mapping[str, type[Options]] = {
    "DIETClassifier": TaggerOptions,
    "CRFEntityExtractor": TaggerOptions,
    "MitieEntityExtractor": TaggerOptions,
    "SpacyEntityExtractor": TaggerOptions,
    "RegexEntityExtractor": RegexOptions,
    "DucklingEntityExtractor": DucklingOptions,
    "DucklingHTTPExtractor": DucklingOptions,  # Rasa 1's name, which many bots still have
    BUILT_IN: DucklingOptions,
    "EntitySynonymMapper": SynonymOptions,
}


def read_options(
    pipeline: Sequence[Mapping[str, Any]] | None, entities: Collection[str]
) -> list[Options]:
    """Return the steps that a pipeline names; one tagger does the work of all trained ones.

    Args:
        pipeline: Of ``config.yml``; ``None`` or empty for the default one.
        entities: The bot's entity types.

    Raises:
        BotFileError: An option has a value that it cannot have.
    """
    found: list[Options] = []
    components = list(pipeline or DEFAULT)
    for entry in components:
        name = str(entry.get("name", "")).split(".")[-1]
        kind = KINDS.get(name)
        if kind is None or entry.get("entity_recognition") is False:
            continue
        if kind is TaggerOptions and any(isinstance(each, TaggerOptions) for each in found):
            continue
        settings: dict[str, Any] = {**entry, "name": name}
        if kind is TaggerOptions:
            settings["patterns"] = _pattern_settings(components)
        if kind is RegexOptions:
            settings["entities"] = sorted(entities)
        found.append(_checked(kind, settings))
    return found


def _pattern_settings(components: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    named = (c for c in components if str(c.get("name", "")).endswith("RegexFeaturizer"))
    return next(named, None)


def _checked(kind: type[Options], settings: Mapping[str, Any]) -> Options:
    try:
        return kind.model_validate(settings)
    except ValidationError as error:
        fault = error.errors()[0]
        key = ".".join(str(part) for part in fault["loc"])
        what = fault["msg"].removeprefix("Value error, ")
        raise BotFileError("config.yml", f"{settings['name']}.{key}: {what}.") from error


def options_json(options: Sequence[Options]) -> list[dict[str, Any]]:
    """Return the steps as a model stores them."""
    return [each.model_dump() for each in options]


def options_of(stored: object) -> list[Options]:
    """Undo `options_json`; a ``ValueError`` says that it is none."""
    return _ADAPTER.validate_python(stored)
