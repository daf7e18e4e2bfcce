from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from assistant.bot import Bot
from assistant.component import Tools
from assistant.config import Config
from assistant.domain import Domain, IntentRule
from assistant.files.entity_syntax import parse_marked
from assistant.messages import Entity, Turn
from assistant.training_data import Example, TrainingData
from nlu import part
from nlu.entities.options import TaggerOptions
from nlu.entities.step import Message
from nlu.entities.synonyms import SynonymMapper
from nlu.entities.trained_extractor import TrainedExtractor
from nlu.entity_reader import EntityReader, once
from nlu.patterns import Patterns
from nlu.reader import Reader
from nlu.tagger import Tagger
from nlu.tags import Kind
from nlu.word_features import BUCKETS

CITIES = ["Oslo", "Rome", "Paris", "Madrid", "Vienna", "Lisbon", "New York", "Berlin"]
FROM, TO = '{"entity": "city", "role": "from"}', '{"entity": "city", "role": "to"}'
ONE, TWO = '{"entity": "food", "group": "1"}', '{"entity": "food", "group": "2"}'


def city(start: int = 5, **fields: str) -> Entity:
    values = {"extractor": "DIETClassifier", "value": "Oslo", "entity": "city", **fields}
    return Entity(start=start, end=start + 4, **values)


def marked() -> list[str]:
    pairs = [(a, b) for a in CITIES for b in CITIES if a < b]
    trips = [f"fly from [{a}]{FROM} to [{b}]{TO}" for a, b in pairs]
    trips += [f"a flight to [{b}]{TO} from [{a}]{FROM} please" for a, b in pairs]
    dishes = [("soup", "tea"), ("rice", "fish"), ("bread", "soup"), ("tea", "cake")]
    meals = [f"first [{a}]{ONE} and then [{b}]{TWO}" for a, b in dishes * 3]
    return trips + meals


def trip_bot(*pipeline: dict[str, object]) -> Bot:
    examples = []
    for text in [*marked(), "hello", "hi there", "good morning", "hey"]:
        plain, spans = parse_marked(text)
        examples.append(
            Example(text=plain, intent="trip" if spans else "greet", entities=tuple(spans))
        )
    data = TrainingData(
        examples=examples,
        synonyms={"big apple": "New York"},
        regexes={"code": [r"\b[A-Z]{2}\d{3}\b"]},
        lookups={"city": ["Big Apple", "Oslo"]},
    )
    return Bot(
        root=Path("trip"),
        config=Config(pipeline=list(pipeline) or None, nlu={"training": "frozen"}),
        domain=Domain(intents={"trip": IntentRule(), "greet": IntentRule()}),
        data=data,
    )


@pytest.fixture(scope="module")
def trips(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    folder = tmp_path_factory.mktemp("trips")
    steps = ["RegexFeaturizer", "DIETClassifier", "RegexEntityExtractor", "EntitySynonymMapper"]
    part.train(trip_bot(*({"name": each} for each in steps)), folder, Tools())
    return part.load(folder)


def entities(reader: Reader, text: str) -> tuple[Entity, ...]:
    return reader.process([Turn(text=text)])[0].entities


def test_roles_are_learned_with_their_confidence(trips: Reader) -> None:
    origin, target = entities(trips, "fly from Dublin to Oslo")

    assert (origin.value, origin.role) == ("Dublin", "from")
    assert (target.value, target.role) == ("Oslo", "to")
    assert origin.confidence is not None
    assert origin.confidence_role is not None
    assert 0.5 < origin.confidence_role <= origin.confidence <= 1.0
    assert origin.confidence_group is None


def test_groups_are_learned(trips: Reader) -> None:
    found = entities(trips, "first cake and then bread")

    assert [(each.value, each.group) for each in found] == [("cake", "1"), ("bread", "2")]


def test_a_value_that_two_extractors_find_is_told_once_with_its_role(trips: Reader) -> None:
    (target,) = [each for each in entities(trips, "fly to Oslo") if each.value == "Oslo"]

    assert (target.role, target.extractor) == ("to", "DIETClassifier")


def test_synonyms_map_what_every_extractor_found(trips: Reader) -> None:
    found = [each for each in entities(trips, "the Big Apple") if each.start == 4]

    assert [each.value for each in found] == ["New York"] * len(found)
    assert all(each.processors == ("EntitySynonymMapper",) for each in found)
    assert {each.entity for each in found} == {"city"}


def test_a_pipeline_of_expressions_alone_trains_no_tagger(tmp_path: Path) -> None:
    bot = trip_bot({"name": "RegexEntityExtractor"}, {"name": "KeywordIntentClassifier"})
    notices: list[str] = []
    part.train(bot, tmp_path, Tools(notice=notices.append))

    reader = part.load(tmp_path)

    assert "Training the entities" not in notices
    assert reader.entities.trained is None
    assert [each.value for each in entities(reader, "big apple to Dublin")] == ["big apple"]


def test_a_mapper_maps_only_what_stands_before_it() -> None:
    class Finds:
        def process(self, message: Message, found: Sequence[Entity]) -> list[Entity]:
            del message
            return [*found, city(len(found) * 10)]

    mapper = SynonymMapper("EntitySynonymMapper", {"oslo": "Kristiania"})

    found = EntityReader((Finds(), mapper, Finds())).read(Message("x"))

    assert [each.value for each in found] == ["Kristiania", "Oslo"]


@pytest.mark.parametrize(
    ("one", "other", "kept"),
    [
        pytest.param(city(), city(extractor="R"), ["DIETClassifier"], id="same"),
        pytest.param(city(), city(extractor="R", role="to"), ["R"], id="role-wins"),
        pytest.param(city(), city(9, extractor="R"), ["DIETClassifier", "R"], id="place"),
        pytest.param(city(), city(extractor="R", entity="x"), ["DIETClassifier", "R"], id="type"),
        pytest.param(city(), city(extractor="R", value="x"), ["DIETClassifier", "R"], id="value"),
        pytest.param(
            city(role="from"), city(extractor="R", role="to"), ["DIETClassifier", "R"], id="roles"
        ),
    ],
)
def test_only_what_is_the_same_is_told_once(one: Entity, other: Entity, kept: list[str]) -> None:
    assert [each.extractor for each in once([one, other])] == kept


def extractor(*, split: bool | dict[str, bool]) -> TrainedExtractor:
    """Marks every word as food: a list is one long span until it is split."""
    kind = str(Kind("food"))
    tensors = {
        "tagger.sparse": np.zeros((BUCKETS, 3), np.float32),
        "tagger.dense": np.zeros((2, 3), np.float32),
        "tagger.start": np.array([0, 5, 0], np.float32),
        "tagger.follow": np.array([[0, 0, 0], [0, 0, 5], [0, 0, 5]], np.float32),
    }
    options = TaggerOptions(name="CRFEntityExtractor", split_entities_by_comma=split)
    return TrainedExtractor(
        options, Tagger.of(("O", f"B-{kind}", f"I-{kind}"), tensors), Patterns()
    )


@pytest.mark.parametrize(
    ("text", "split", "values"),
    [
        pytest.param("soup, green tea", True, ["soup", "green tea"], id="split"),
        pytest.param("soup, green tea", False, ["soup, green tea"], id="whole"),
        pytest.param("soup, tea", {"food": False}, ["soup, tea"], id="by-type"),
        pytest.param("soup, tea", {"address": False}, ["soup", "tea"], id="other-type"),
        pytest.param("汤、茶，米", True, ["汤", "茶", "米"], id="Chinese"),
        pytest.param("1,000 beans", True, ["1,000 beans"], id="in-a-number"),
        pytest.param(", soup,", True, ["soup"], id="edges"),
    ],
)
def test_lists_are_split_at_commas(
    text: str, split: bool | dict[str, bool], values: list[str]
) -> None:
    found = extractor(split=split).process(Message(text), [])

    assert [each.value for each in found] == values
    assert {each.extractor for each in found} == {"CRFEntityExtractor"}
