from __future__ import annotations

import pytest

from assistant.errors import BotFileError
from nlu.entities.options import (
    DucklingOptions,
    RegexOptions,
    TaggerOptions,
    options_json,
    options_of,
    read_options,
)


def names(*components: dict[str, object]) -> list[str]:
    return [each.name for each in read_options(components, {"city"})]


def test_a_bot_without_a_pipeline_gets_rasa_s_default() -> None:
    tagger, mapper = read_options(None, {"city"})

    assert isinstance(tagger, TaggerOptions)
    assert (tagger.name, mapper.name) == ("DIETClassifier", "EntitySynonymMapper")
    assert tagger.patterns is not None


@pytest.mark.parametrize(
    ("components", "expected"),
    [
        pytest.param(["RegexEntityExtractor"], ["RegexEntityExtractor"], id="regex-alone"),
        pytest.param(["CRFEntityExtractor"], ["CRFEntityExtractor"], id="crf"),
        pytest.param(["SpacyEntityExtractor"], ["SpacyEntityExtractor"], id="spacy"),
        pytest.param(["DIETClassifier", "CRFEntityExtractor"], ["DIETClassifier"], id="one-tagger"),
        pytest.param(
            ["rasa.nlu.extractors.duckling_entity_extractor.DucklingEntityExtractor"],
            ["DucklingEntityExtractor"],
            id="class-path",
        ),
        pytest.param(["DucklingHTTPExtractor"], ["DucklingHTTPExtractor"], id="older-name"),
        pytest.param(["KeywordIntentClassifier"], [], id="none"),
    ],
)
def test_a_pipeline_gets_the_steps_that_it_names(
    components: list[str], expected: list[str]
) -> None:
    assert names(*({"name": each} for each in components)) == expected


def test_diet_without_entities_trains_no_tagger() -> None:
    assert names({"name": "DIETClassifier", "entity_recognition": False}) == []


def test_patterns_are_features_only_where_the_pipeline_has_them() -> None:
    (without,) = read_options([{"name": "CRFEntityExtractor"}], ())
    (with_case,) = read_options(
        [{"name": "RegexFeaturizer", "case_sensitive": True}, {"name": "CRFEntityExtractor"}], ()
    )

    assert isinstance(without, TaggerOptions)
    assert without.patterns is None
    assert isinstance(with_case, TaggerOptions)
    assert with_case.patterns is not None
    assert with_case.patterns.case_sensitive


def test_lists_are_split_for_all_types_or_for_each() -> None:
    every = TaggerOptions(name="DIETClassifier", split_entities_by_comma=False)
    some = TaggerOptions(name="DIETClassifier", split_entities_by_comma={"address": False})

    assert not every.splits("food")
    assert some.splits("food")
    assert not some.splits("address")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        pytest.param({"dimensions": ["tme"]}, "Did you mean 'time'", id="dimension"),
        pytest.param({"timezone": "Europe/Berln"}, "Did you mean 'Europe/Berlin'", id="zone"),
        pytest.param({"url": "localhost:8000"}, "must begin with http", id="url"),
        pytest.param({"timeout": 0}, "timeout", id="timeout"),
        pytest.param({"reftime": "soon"}, "reftime", id="reftime"),
    ],
)
def test_a_wrong_option_is_told_in_one_line(options: dict[str, object], told: str) -> None:
    with pytest.raises(BotFileError, match=told) as caught:
        read_options([{"name": "DucklingEntityExtractor", **options}], ())

    assert "DucklingEntityExtractor" in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


def test_options_come_back_from_a_model() -> None:
    steps = read_options(
        [
            {"name": "DIETClassifier", "split_entities_by_comma": {"a": False}},
            {"name": "RegexEntityExtractor", "case_sensitive": True},
            {"name": "DucklingEntityExtractor", "dimensions": ["time"], "timezone": None},
            {"name": "EntitySynonymMapper"},
        ],
        {"city"},
    )

    assert options_of(options_json(steps)) == steps
    assert isinstance(steps[1], RegexOptions)
    assert steps[1].entities == ("city",)


@pytest.mark.parametrize(
    ("name", "zone"),
    [("DucklingEntityExtractor", "America/Los_Angeles"), ("BuiltinEntityExtractor", "UTC")],
)
def test_without_a_time_zone_duckling_s_own_holds(name: str, zone: str) -> None:
    (step,) = read_options([{"name": name}], ())

    assert isinstance(step, DucklingOptions)
    assert step.zone == zone
