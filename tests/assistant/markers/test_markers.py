from __future__ import annotations

import csv
from pathlib import Path

import pytest

from assistant.dialogue.events import ActionDone, Event, SlotSet, UserSaid
from assistant.errors import BotFileError, BotFilesError
from assistant.markers.marker_file import read_markers
from assistant.markers.sessions import mark_sessions, write_marks
from assistant.markers.statistics import write_statistics
from assistant.stored_conversations import StoredConversation


def said(intent: str, full: str | None = None) -> UserSaid:
    return UserSaid(text=intent, parse_data={"intent": {"name": intent, "full": full}})


def done(name: str) -> ActionDone:
    return ActionDone(name=name)


TALK: tuple[Event, ...] = (
    done("action_session_start"),  # 0
    done("action_listen"),  # 1
    said("greet"),  # 2
    done("utter_greet"),  # 3
    SlotSet(name="city", value="Oslo"),  # 4
    said("faq", "faq/hours"),  # 5
    SlotSet(name="city", value=None),  # 6
    done("utter_greet"),  # 7
)


def places(text: str, tmp_path: Path, events: tuple[Event, ...] = TALK) -> list[tuple[int, int]]:
    """Where a marker applies: event and user turns before it."""
    path = tmp_path / "markers.yml"
    path.write_text(f"m: {text}\n", encoding="utf-8")
    conversation = StoredConversation(id="a", events=events)
    (session,) = mark_sessions([conversation], read_markers(path))
    return [(place.event, place.turns_before) for place in session.places["m"]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{action: utter_greet}", [3, 7]),
        ("{not_action: utter_greet}", [0, 1, 2, 4, 5, 6]),
        ("{intent: greet}", [2]),
        ("{intent: faq}", [5]),
        ("{intent: faq/hours}", [5]),
        ("{not_intent: greet}", [0, 1, 3, 4, 5, 6, 7]),
        ("{slot_was_set: city}", [4, 5]),
        ("{slot_was_not_set: city}", [0, 1, 2, 3, 6, 7]),
        ("{and: [{slot_was_set: city}, {intent: faq}]}", [5]),
        ("{or: [{intent: greet}, {intent: faq}]}", [2, 5]),
        ("{not: [{not_intent: faq}]}", [5]),
        ("{seq: [{intent: greet}, {action: utter_greet}]}", [3]),
        ("{seq: [{action: utter_greet}, {intent: faq}, {action: utter_greet}]}", [7]),
        ("{at_least_once: [{action: utter_greet}]}", [3]),
        ("{never: [{intent: bye}]}", [0]),
        ("{never: [{action: action_session_start}]}", []),
    ],
)
def test_each_word_applies_where_it_does_in_rasa(
    text: str, expected: list[int], tmp_path: Path
) -> None:
    assert [event for event, _ in places(text, tmp_path)] == expected


def test_the_user_turns_before_a_place_are_counted(tmp_path: Path) -> None:
    assert places("{intent: faq}", tmp_path) == [(5, 1)]
    assert places("{action: utter_greet}", tmp_path) == [(3, 1), (7, 2)]


def test_a_sequence_begins_anew_after_it_applied(tmp_path: Path) -> None:
    twice = (said("a"), done("x"), done("x"), said("a"), done("x"))

    assert places("{seq: [{intent: a}, {action: x}]}", tmp_path, twice) == [(1, 1), (4, 2)]


def test_sessions_are_told_apart_and_written_with_rasas_columns(tmp_path: Path) -> None:
    path = tmp_path / "markers.yml"
    path.write_text("b: {intent: greet}\na: {description: any, action: utter_bye}\n", "utf-8")
    conversation = StoredConversation(id="li", events=(*TALK, *TALK[:3]))
    other = StoredConversation(id="anna", events=(done("utter_bye"),))
    sessions = mark_sessions([conversation, other], read_markers(path))

    write_marks(sessions, tmp_path / "out.csv")
    overall, per_session = write_statistics(sessions, tmp_path / "stats")

    assert rows(tmp_path / "out.csv") == [
        ["sender_id", "session_idx", "marker", "event_idx", "num_preceding_user_turns"],
        ["li", "0", "b", "2", "0"],
        ["li", "1", "b", "10", "0"],
        ["anna", "0", "a", "0", "0"],
    ]
    assert overall.name == "stats-overall.csv"
    at_least = "sessions_where_marker_applies_at_least_once"
    assert rows(overall)[1:6] == [
        ["all", "nan", "-", "total_number_of_sessions", "3"],
        ["all", "nan", "a", f"number_of_{at_least}", "1"],
        ["all", "nan", "a", f"percentage_of_{at_least}", "33.333"],
        ["all", "nan", "b", f"number_of_{at_least}", "2"],
        ["all", "nan", "b", f"percentage_of_{at_least}", "66.667"],
    ]
    assert per_session.name == "stats-per-session.csv"
    assert rows(per_session)[1] == ["li", "0", "a", "count(number of preceding user turns)", "0"]


def rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "out.csv").write_text("mine", encoding="utf-8")

    with pytest.raises(BotFileError, match="is there already"):
        write_marks([], tmp_path / "out.csv")


def test_all_faults_of_a_file_of_markers_are_told_with_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "markers.yml"
    path.write_text(
        "one: {acton: utter_greet}\n"
        "two:\n  and: []\n"
        "seq: [{action: utter_greet}]\n"
        "three: {intent: gret}\n"
        "four: {not: [{intent: greet}, {intent: greet}]}\n",
        encoding="utf-8",
    )
    known = {"action": {"utter_greet"}, "intent": {"greet"}, "slot": {"city"}}

    with pytest.raises(BotFilesError) as caught:
        read_markers(path, known)

    assert str(caught.value).splitlines() == [
        "markers.yml:1: no operator or condition is called 'acton'. Did you mean 'action'?",
        "markers.yml:3: and has at least one part.",
        "markers.yml:4: 'seq' is an operator or a condition; give the marker a name above it.",
        "markers.yml:5: no intent is called 'gret'. Did you mean 'greet'?",
        "markers.yml:6: not has exactly one part.",
    ]
