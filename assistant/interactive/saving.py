"""Write what a bot was taught into its files, without changing what stands there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.bot import Bot
from assistant.errors import BotFileError
from assistant.files.marked_text import marked
from assistant.files.story_writer import step_entry
from assistant.files.yaml_insert import YamlText
from assistant.stories import Step, UserStep
from assistant.training_data import Example

from .questions import News


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """The files that corrections go to."""

    stories: Path
    nlu: Path
    domain: Path


def usual_targets(bot: Bot, *, end_to_end: bool = False) -> Targets:
    """The bot's own files: where its stories, examples and domain stand already."""
    root = bot.root
    domain = root / "domain.yml"
    if not domain.exists() and (root / "domain").is_dir():
        domain = root / "domain" / "domain.yml"
    tests = root / "tests" / "test_stories.yml"
    stories = _place(root, (story.where for story in bot.stories), "data/stories.yml")
    nlu = _place(root, (example.where for example in bot.data.examples), "data/nlu.yml")
    return Targets(stories=tests if end_to_end else stories, nlu=nlu, domain=domain)


def _place(root: Path, places: Iterable[str], usual: str) -> Path:
    """The last file that holds such a thing, or the usual one."""
    if (root / usual).exists():
        return root / usual
    names = [where.rpartition(":")[0] for where in places]
    return root / (names[-1] if names and names[-1] else usual)


def save(
    targets: Targets,
    *,
    stories: Sequence[tuple[str, Sequence[Step]]],
    examples: Sequence[Example],
    news: News,
    bot: Bot,
    end_to_end: bool = False,
) -> list[Path]:
    """Add stories, examples and what is new in the domain; returns the files that changed.

    Args:
        targets: Where they go.
        stories: Names and steps.
        examples: The messages, with their right labels; what is an example already is left out.
        news: New intents, entities, actions and responses.
        bot: As it was read.
        end_to_end: Whether the stories keep their messages, as test conversations do.

    Raises:
        BotFileError: A file cannot be read, changed or written; then none was changed.
    """
    texts: dict[Path, YamlText] = {}
    known = {(each.text.casefold(), each.intent) for each in bot.data.examples}
    for name, steps in stories:
        written = [step_entry(step if end_to_end else _for_training(step)) for step in steps]
        _open(texts, targets.stories).add_item("stories", {"story": name, "steps": written})
    for example in examples:
        key = (example.text.casefold(), example.intent)
        if key not in known:
            known.add(key)
            line = marked(" ".join(example.text.split()), example.entities)
            _open(texts, targets.nlu).add_example(example.intent, line)
    for section, names in (
        ("intents", news.intents), ("entities", news.entities), ("actions", news.actions)
    ):  # fmt: skip
        for name in names:
            _open(texts, targets.domain).add_item(section, name)
    for name, text in news.responses.items():
        _open(texts, targets.domain).add_key("responses", name, [{"text": text}])
    return [_write(path, text) for path, text in texts.items()]


def _for_training(step: Step) -> Step:
    """A message as its intent and entities; its words are an example, not part of the story."""
    if isinstance(step, UserStep):
        return UserStep(intent=step.intent, entities=step.entities)
    return step


def _open(texts: dict[Path, YamlText], path: Path) -> YamlText:
    if path not in texts:
        try:
            text = path.read_text(encoding="utf-8-sig") if path.exists() else ""
        except (OSError, UnicodeDecodeError) as error:
            raise BotFileError(str(path), "cannot be read; nothing was changed.") from error
        texts[path] = YamlText(text, str(path))
    return texts[path]


def _write(path: Path, text: YamlText) -> Path:
    draft = path.with_name(f".{path.name}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text(text.text, encoding="utf-8")
        draft.replace(path)
    except OSError as error:
        raise BotFileError(str(path), f"cannot be written: {error.strerror}.") from error
    return path
