"""The translator: lines, sentences, protected spans, and a Marian model for each direction."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from assistant.errors import UnknownNameError

from .decoding import Decoder
from .language import detect_language
from .marian_folder import MarianFolder
from .orthography import finish, marks_in
from .protected import Span, find_spans, joined
from .script import simplified
from .sentences import VERBATIM, sentence_bounds
from .stand_ins import ATTEMPTS, disguised, revealed

_LONGEST = {"zh": 60, "ja": 60}  # characters of a sentence; 250 elsewhere
_REMEMBERED = 2000
_WORDS = re.compile(r"[^\W\d_]|\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class Direction:
    """A model and the folder it came from."""

    folder: MarianFolder
    decoder: Decoder


@dataclass(slots=True)
class _Sentence:
    """One sentence on its way; ``answer`` is set once its spans are known to be whole."""

    text: str
    spans: list[Span]
    answer: str | None = None


@dataclass
class MarianTranslator:
    """Implements `assistant.component.Translator`.

    Attributes:
        directions: The model for each (source, target).
    """

    directions: Mapping[tuple[str, str], Direction]
    _known: OrderedDict[tuple[str, str, str], str] = field(default_factory=OrderedDict)

    @property
    def pairs(self) -> frozenset[tuple[str, str]]:
        """The (source, target) languages that can be translated."""
        return frozenset(self.directions)

    def detect(self, texts: Sequence[str], *, among: Sequence[str]) -> list[str]:
        """Return for each text the most probable language of ``among``, of all if it is empty."""
        return [detect_language(text, among=among) for text in texts]

    def translate(
        self, texts: Sequence[str], *, source: str, target: str, keep: Sequence[str] = ()
    ) -> list[str]:
        """Translate; line breaks, blank texts and protected spans stay as they are.

        Raises:
            UnknownNameError: No model translates from ``source`` to ``target``.
        """
        if source == target:
            return list(texts)
        if (source, target) not in self.directions:
            known = [f"{one} to {other}" for one, other in self.pairs]
            raise UnknownNameError("translation", f"{source} to {target}", known)
        lines = [re.split(r"(\r\n|\r|\n)", text) for text in texts]
        cut = {
            line: _sentences(line, source, target, keep)
            for line in {line for parts in lines for line in parts[::2]}
        }
        self._answer([s for sentences in cut.values() for s in sentences], source, target)
        done = {line: _line(line, sentences, target) for line, sentences in cut.items()}
        return [
            "".join(part if i % 2 else done[part] for i, part in enumerate(parts))
            for parts in lines
        ]

    def _answer(self, sentences: Sequence[_Sentence], source: str, target: str) -> None:
        """Translate each sentence: with stand-ins for its spans, or without them at last."""
        for sentence in sentences:
            if not _WORDS.search("".join(_texts(sentence))):
                sentence.answer = _without_words(sentence, target)
        for attempt in range(ATTEMPTS):
            shown = [
                (sentence, found)
                for sentence in sentences
                if sentence.answer is None
                and (
                    found := disguised(
                        sentence.text, sentence.spans, source=source, target=target, attempt=attempt
                    )
                )
            ]
            written = self._decoded([found.text for _, found in shown], source, target)
            for (sentence, found), raw in zip(shown, written, strict=True):
                sentence.answer = revealed(
                    finish(raw, target), sentence.spans, found.expected, target
                )
        lost = [sentence for sentence in sentences if sentence.answer is None]
        written = self._decoded([_bare(sentence) for sentence in lost], source, target)
        for sentence, raw in zip(lost, written, strict=True):
            sentence.answer = _with_brackets(finish(raw, target), sentence.spans, target)

    def _decoded(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        """Run the model on what is not remembered; returns the model's own text."""
        prepared = [(simplified(text) if source == "zh" else text).strip() for text in texts]
        answers = {
            text: self._known[source, target, text]
            for text in prepared
            if (source, target, text) in self._known
        }
        new = [text for text in dict.fromkeys(prepared) if text not in answers]
        answers |= dict(zip(new, self._run(new, source, target), strict=True))
        for text in new:
            self._known[source, target, text] = answers[text]
        while len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
        return [answers[text] for text in prepared]

    def _run(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        direction = self.directions[source, target]
        encoded = [direction.folder.encode(text, target) for text in texts]
        written: dict[int, list[str]] = {}
        by_length: dict[int, list[int]] = {}
        for i, pieces in enumerate(encoded):
            by_length.setdefault(len(pieces), []).append(i)
        for length, rows in sorted(by_length.items()):
            most = min(3 * length + 10, direction.folder.longest - 1)
            batch = [encoded[i] for i in rows]
            written |= zip(rows, direction.decoder.decode(batch, most=most), strict=True)
            looping = [i for i in rows if is_looping(written[i]) and not is_looping(encoded[i])]
            if looping:
                batch = [encoded[i] for i in looping]
                again = direction.decoder.decode(batch, most=most, no_repeat=2)
                written |= zip(looping, again, strict=True)
        return [direction.folder.decode(written[i]) for i in range(len(texts))]


def is_looping(pieces: Sequence[str]) -> bool:
    """Whether some run of pieces stands four times in a row: a decoder that got stuck."""
    for size in range(1, len(pieces) // 4 + 1):
        same = 0
        for one, other in zip(pieces, pieces[size:], strict=False):
            same = same + 1 if one == other else 0
            if same >= 3 * size:
                return True
    return False


def _sentences(line: str, source: str, target: str, keep: Sequence[str]) -> list[_Sentence]:
    spans = find_spans(line, target=target, keep=keep)
    bounds = sentence_bounds(line, spans, longest=_LONGEST.get(source, 250))
    return [
        _Sentence(
            line[start:end],
            [
                Span(s.start - start, s.end - start, s.rendering, s.is_address, s.is_number)
                for s in spans
                if start <= s.start < end
            ],
        )
        for start, end in bounds
    ]


def _line(line: str, sentences: Sequence[_Sentence], target: str) -> str:
    """Put a line together again: Chinese sentences touch, others are one space apart."""
    if not line.strip():
        return line
    gap = "" if target in {"zh", "ja", "th"} else " "
    parts: list[str] = []
    for sentence in sentences:
        answer = (sentence.answer or "").strip()
        is_verbatim = VERBATIM.fullmatch(sentence.text.strip()) is not None
        if is_verbatim and parts and not gap and sentence.text[:1].isspace():
            answer = f" {answer}"
        if answer:
            parts.append(answer)
    body = gap.join(parts)
    start = len(line) - len(line.lstrip())
    return line[:start] + body + line[len(line.rstrip()) :]


def _texts(sentence: _Sentence) -> list[str]:
    """The text before, between and after the spans."""
    ends = [0, *(span.end for span in sentence.spans)]
    starts = [*(span.start for span in sentence.spans), len(sentence.text)]
    return [sentence.text[a:b] for a, b in zip(ends, starts, strict=True)]


def _without_words(sentence: _Sentence, target: str) -> str:
    """A sentence of spans and punctuation, or of emoji, which needs no model."""
    if VERBATIM.fullmatch(sentence.text.strip()):
        return sentence.text
    texts = [marks_in(text, target) for text in _texts(sentence)]
    spans: list[Span | str] = [*sentence.spans, ""]
    return joined([part for pair in zip(texts, spans, strict=True) for part in pair], target)


def _bare(sentence: _Sentence) -> str:
    """The sentence without its spans."""
    return re.sub(r"\s+", " ", " ".join(text.strip() for text in _texts(sentence))).strip()


def _with_brackets(translation: str, spans: Sequence[Span], target: str) -> str:
    """Name the spans after a sentence that the model could not put them into."""
    named = ("、" if target == "zh" else ", ").join(span.rendering for span in spans)
    if not named:
        return translation
    body = re.sub(r"[.。!！?？…]*$", "", translation)
    end = translation[len(body) :]
    return f"{body}（{named}）{end}" if target == "zh" else f"{body} ({named}){end}"
