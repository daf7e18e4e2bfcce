from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from nlu.familiarity import Familiarity, Neighbours, learn

WIDE = 6


def _blob(count: int, *, seed: int, at: int) -> csr_matrix:
    """Examples around one corner."""
    rng = np.random.default_rng(seed)
    centre = np.zeros(WIDE)
    centre[at] = 1.0
    return csr_matrix((centre + 0.1 * rng.standard_normal((count, WIDE))).astype(np.float32))


@pytest.fixture
def familiarity() -> Familiarity:
    table = _blob(120, seed=1, at=0)
    rows = np.arange(120)
    scores = (10 * table).toarray()
    folds = [(rows[::2], rows[1::2], scores[1::2]), (rows[1::2], rows[::2], scores[::2])]
    tensors = learn(table, np.zeros(120, dtype=np.int8), folds)
    return Familiarity.of(tensors, WIDE)


def _shares(familiarity: Familiarity, table: csr_matrix) -> np.ndarray:
    kinds = np.zeros(table.shape[0], dtype=np.int8)
    return familiarity.shares(table, (10 * table).toarray(), kinds)


def test_messages_like_the_examples_spread_over_all_shares(familiarity: Familiarity) -> None:
    shares = _shares(familiarity, _blob(400, seed=2, at=0))

    assert 0.4 < shares.mean() < 0.6
    assert (shares < 0.05).mean() < 0.12


def test_messages_like_nothing_seen_are_less_familiar_than_any_example(
    familiarity: Familiarity,
) -> None:
    assert _shares(familiarity, _blob(50, seed=3, at=4)).max() < 0.01


def test_a_batch_judges_as_single_messages_do(familiarity: Familiarity) -> None:
    table = _blob(9, seed=4, at=1)

    together = _shares(familiarity, table)

    alone = [_shares(familiarity, table[i])[0] for i in range(9)]
    np.testing.assert_allclose(together, alone, atol=1e-6)


def test_with_nothing_held_out_every_message_is_familiar() -> None:
    table = _blob(3, seed=5, at=0)
    familiarity = Familiarity.of(learn(table, np.zeros(3, dtype=np.int8), []), WIDE)

    assert _shares(familiarity, _blob(4, seed=6, at=3)).tolist() == [1.0] * 4


def test_nearness_is_the_mean_cosine_to_the_three_nearest_examples() -> None:
    chance = np.random.default_rng(3)
    filled = chance.normal(size=(40, 5))
    sometimes = chance.normal(size=(40, 30)) * (chance.random((40, 30)) < 0.1)
    examples = np.hstack([filled, sometimes]).astype(np.float32)
    examples /= np.linalg.norm(examples, axis=1, keepdims=True)
    messages = examples[:7] + examples[9:16]
    cosines = (messages / np.linalg.norm(messages, axis=1, keepdims=True)) @ examples.T

    neighbours = Neighbours.of(csr_matrix(examples))

    assert neighbours.filled.tolist() == [0, 1, 2, 3, 4]
    np.testing.assert_allclose(
        neighbours.nearness(csr_matrix(messages)), np.sort(cosines)[:, -3:].mean(axis=1), atol=1e-6
    )
