from __future__ import annotations

from assistant.conversations.store import StoredReply
from deploy import frames


def test_a_reply_has_all_choices_as_buttons_and_names_those_that_vanish() -> None:
    big, small = {"title": "Big", "payload": "/big"}, {"title": "Small", "payload": "/small"}
    body = {
        "text": "Which?", "buttons": [big], "quick_replies": [small], "button_type": "vertical",
        "elements": [{"title": "Tea"}], "metadata": {"mood": 1},
    }  # fmt: skip

    frame = frames.reply(StoredReply(seq=2, reply_to=1, body=body))

    assert (frame["buttons"], frame["quick_replies"]) == ([big, small], [small])
    assert frame["button_type"] == "vertical"
    assert (frame["elements"], frame["metadata"]) == ([{"title": "Tea"}], {"mood": 1})


def test_what_a_reply_does_not_have_is_empty_in_its_frame() -> None:
    frame = frames.reply(StoredReply(seq=2, reply_to=1, body={"text": "Hello"}))

    assert (frame["buttons"], frame["quick_replies"], frame["elements"]) == ([], [], [])
    for key in ("button_type", "image", "custom", "attachment", "metadata", "parse"):
        assert frame[key] is None
