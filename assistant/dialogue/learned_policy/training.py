"""Train the learned policy on a bot's stories; the only module here that needs torch to run."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn import functional

from assistant.bot import Bot
from assistant.dialogue.rule_policy import RulePolicy

from .examples import Window, examples_of
from .features import UNKNOWN, Vocabulary
from .network import DialogueNetwork, Shape
from .optimizer import Optimizer
from .policy import DESCRIPTION, WEIGHTS
from .settings import LearnedSettings
from .unlikely_intent import contexts_of, thresholds_of

STOP_AT = 0.05
"""Share of the learning rate below which training ends."""
ROUND = 20
"""Steps between two looks at the loss, where one epoch has fewer."""
FEWEST_ROUNDS = 12
"""That are trained even where ``epochs`` would end sooner: Rasa's default is a single epoch."""
Tick = Callable[[int, int], None]
Notice = Callable[[str], None]


def train_policy(
    bot: Bot,
    settings: LearnedSettings,
    folder: Path,
    *,
    start: Path | None = None,
    epoch_fraction: float = 1.0,
    tick: Tick = lambda _done, _of: None,
    notice: Notice = lambda _text: None,
) -> bool:
    """Train on the bot's stories and save in ``folder``.

    Args:
        bot: The bot.
        settings: How to train.
        folder: Receives the weights and their description.
        start: A trained policy to go on from; one of another shape is left alone.
        epoch_fraction: Share of the epochs to go on for.
        tick: Told how much is done.
        notice: Told when training starts anew although ``start`` is given.

    Returns:
        Whether there was anything to learn; without stories nothing is saved.
    """
    examples = examples_of(
        bot.stories,
        bot.domain,
        history=settings.history,
        augmentation=settings.augmentation,
        seed=settings.seed,
        unseen=RulePolicy(bot.rules, bot.domain, stories=bot.stories).unseen,
    )
    if not examples:
        return False
    vocabulary = Vocabulary.of(examples)
    shape = _shape_of(vocabulary, settings)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(settings.seed)
        network = DialogueNetwork(shape, dropout=settings.dropout)
        lesson = _lesson(examples, vocabulary, settings)
        if start is not None and _go_on_from(start, network, vocabulary):
            epochs = max(1, round(settings.epochs * epoch_fraction))
            _fit(network, lesson, replace(settings, epochs=epochs), 1, tick)
        else:
            if start is not None:
                notice("The last learned policy has another shape (max_history, for one): "
                       "it is trained anew.")  # fmt: skip
            _fit(network, lesson, settings, FEWEST_ROUNDS, tick)
    thresholds: list[float] = []
    if network.intent is not None:
        with torch.inference_mode():
            scores = network.intent(network(lesson.contexts)).numpy()
        thresholds = thresholds_of(scores, lesson.follows.numpy(), tolerance=settings.tolerance)
    _save(network, vocabulary, shape, thresholds, folder)
    return True


def _shape_of(vocabulary: Vocabulary, settings: LearnedSettings) -> Shape:
    return Shape(
        features=len(vocabulary.features),
        actions=len(vocabulary.actions),
        intents=len(vocabulary.intents) if settings.judges_intents else 0,
        history=settings.history,
        width=settings.width,
        layers=settings.layers,
        heads=settings.heads,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """The examples as tensors.

    Shapes: n = examples, c = contexts of a message, l = history, f = features, a = actions,
    i = intents.

    Attributes:
        numbers: Features ``[n, l, f]``.
        answers: Actions ``[n]``.
        balance: Weight of each action in the loss ``[a]``.
        contexts: Features before a message ``[c, l, f]``.
        follows: 1 for the intents that come there ``[c, i]``.
    """

    numbers: Tensor
    answers: Tensor
    balance: Tensor
    contexts: Tensor
    follows: Tensor


def _lesson(
    examples: Sequence[tuple[Window, str]], vocabulary: Vocabulary, settings: LearnedSettings
) -> Lesson:
    place = {action: i for i, action in enumerate(vocabulary.actions)}
    answers = torch.tensor([place[action] for _, action in examples])
    counts = torch.bincount(answers, minlength=len(place)).float()
    balance = counts.mean().div(counts).pow(settings.balance)
    contexts, follows = contexts_of(examples, vocabulary, settings.history)
    numbers = vocabulary.numbers([window for window, _ in examples], settings.history)
    return Lesson(
        numbers=torch.from_numpy(numbers),
        answers=answers,
        balance=balance,
        contexts=torch.from_numpy(contexts),
        follows=torch.from_numpy(follows),
    )


def _fit(
    network: DialogueNetwork, lesson: Lesson, settings: LearnedSettings, fewest: int, tick: Tick
) -> None:
    """Train at a rate that falls when the loss does not, until it is too low to matter."""
    optimizer = Optimizer(network.parameters(), settings.rate)
    passes = max(1, ROUND * settings.batch // len(lesson.answers))
    rounds = max(settings.epochs // passes, fewest)
    network.train()
    for number in range(rounds):
        losses = []
        for rows in _batches(len(lesson.answers), passes, settings.batch):
            loss = _loss(network, lesson, rows, settings)
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            losses.append(float(loss.detach()))
        optimizer.look_at(sum(losses) / len(losses))
        tick(number + 1, rounds)
        if optimizer.rate < STOP_AT * settings.rate:
            break
    network.eval()


def _batches(count: int, passes: int, size: int) -> Sequence[Tensor]:
    """Shuffle the examples, each ``passes`` times, and cut them into batches."""
    shuffled = torch.cat([torch.randperm(count) for _ in range(passes)])
    return list(torch.split(shuffled, size))


def _loss(
    network: DialogueNetwork, lesson: Lesson, rows: Tensor, settings: LearnedSettings
) -> Tensor:
    seen = _forget(lesson.numbers[rows], settings)
    loss = functional.cross_entropy(
        network.action(network(seen)), lesson.answers[rows], lesson.balance
    )
    if network.intent is None:
        return loss
    some = torch.randint(len(lesson.contexts), (min(len(lesson.contexts), len(rows)),))
    scores = network.intent(network(lesson.contexts[some]))
    judged = functional.binary_cross_entropy_with_logits(
        scores, lesson.follows[some], reduction="none"
    )
    return loss + judged.sum(dim=1).mean()


def _forget(numbers: Tensor, settings: LearnedSettings) -> Tensor:
    """Leave features out at random, and often the older states.

    So no action hangs on one feature alone, and what was said last counts most.
    """
    n, length, _ = numbers.shape
    left_out = torch.rand(numbers.shape) < settings.forget
    first = torch.randint(length, (n, 1)) * (torch.rand(n, 1) < settings.shorten)
    too_old = torch.arange(length) < first
    return numbers.masked_fill(left_out | too_old[:, :, None], UNKNOWN)


def _go_on_from(start: Path, network: DialogueNetwork, vocabulary: Vocabulary) -> bool:
    """Take over what a trained policy knows; false where its network has another shape."""
    description = json.loads((start / DESCRIPTION).read_text(encoding="utf-8"))
    old = description["vocabulary"]
    rows = {
        "embedding.weight": _moves(old["features"], vocabulary.features, first=1),
        **dict.fromkeys(
            ("action.weight", "action.bias"), _moves(old["actions"], vocabulary.actions)
        ),
        **dict.fromkeys(
            ("intent.weight", "intent.bias"), _moves(old["intents"], vocabulary.intents)
        ),
    }
    known = load_file(start / WEIGHTS)
    state = network.state_dict()
    taken = [name for name in state if name in known or not name.startswith("intent.")]
    if not all(_fits(known.get(name), state[name], rows=name in rows) for name in taken):
        return False
    for name in taken:
        moves = rows.get(name)
        if moves is None:
            state[name].copy_(known[name])
        else:
            state[name][[to for _, to in moves]] = known[name][[at for at, _ in moves]]
    network.load_state_dict(state)
    return True


def _fits(before: Tensor | None, now: Tensor, *, rows: bool) -> bool:
    """Whether numbers can be taken over: all of them, or row by row."""
    return before is not None and before.shape[rows:] == now.shape[rows:]


def _moves(old: Sequence[str], new: Sequence[str], *, first: int = 0) -> list[tuple[int, int]]:
    """Say which row of an old table is which of a new one."""
    place = {name: i for i, name in enumerate(new, start=first)}
    return [(i, place[name]) for i, name in enumerate(old, start=first) if name in place]


def _save(
    network: DialogueNetwork,
    vocabulary: Vocabulary,
    shape: Shape,
    thresholds: Sequence[float],
    folder: Path,
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    save_file(network.state_dict(), folder / WEIGHTS)
    description = {
        "shape": asdict(shape),
        "vocabulary": asdict(vocabulary),
        "thresholds": thresholds,
    }
    (folder / DESCRIPTION).write_text(json.dumps(description, indent=1), encoding="utf-8")
