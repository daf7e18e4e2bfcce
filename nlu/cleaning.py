"""Bring social-media spelling nearer to what an encoder knows; the same in training and serving."""

from __future__ import annotations

import html
import re
import unicodedata

_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")
_LINK = re.compile(r"(?:https?://|www\.)\S*|\bhttps?\b", re.IGNORECASE)
_USER = re.compile(r"(?<![\w.])@\w+")
_HASHTAG = re.compile(r"#(\w*[^\W\d_]\w*)")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|_+")
_REPEATED = re.compile(r"([^\W\d_])\1{2,}")
_MARKS = re.compile(r"([!?！？。.])\1+")
_SPACE = re.compile(r"\s+")
_EMOJI = re.compile(
    "[\U0001f300-\U0001faff\u2600-\u27bf\u2b50\u2b55\u2764]"  # pictures, symbols, dingbats
)
_SKIN_AND_JOINERS = re.compile("[\U0001f3fb-\U0001f3ff\ufe0e\ufe0f\u200d]")


def clean(text: str) -> str:
    """Return ``text`` with names, links, emoji, HTML and stretched words made plain.

    ``@anyone`` becomes ``@user``, a link ``http``, an emoji its Unicode name, ``sooooo`` ``soo``,
    ``!!!!`` ``!!``, ``#GreatDay`` ``Great Day``. A text without any of these stays as it is, up
    to its spaces, so that it is encoded only once.
    """
    text = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    text = _TAG.sub(" ", html.unescape(text))
    text = _USER.sub("@user", _LINK.sub("http", text))
    text = _HASHTAG.sub(lambda match: _CAMEL.sub(" ", match[1]), text)
    text = _SKIN_AND_JOINERS.sub("", text)
    text = _EMOJI.sub(_name_of, text)
    text = _REPEATED.sub(r"\1\1", text)
    text = _MARKS.sub(r"\1\1", text)
    return _SPACE.sub(" ", text).strip()


def _name_of(match: re.Match[str]) -> str:
    return f" {unicodedata.name(match[0], 'symbol').lower()} "
