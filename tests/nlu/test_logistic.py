from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from nlu import logistic
from nlu.logistic import Regression


@pytest.fixture
def table() -> csr_matrix:
    rng = np.random.default_rng(3)
    dense = rng.standard_normal((60, 400)) * (rng.random((60, 400)) < 0.1)
    return csr_matrix(dense.astype(np.float32))


def test_the_dense_way_finds_the_weights_of_the_sparse_way(
    table: csr_matrix, monkeypatch: pytest.MonkeyPatch
) -> None:
    targets = np.arange(60) % 3
    rows = np.arange(50)

    weights, bias = Regression.of(table, targets, 3).fit(rows)
    monkeypatch.setattr(logistic, "_MOST_DENSE", 0)
    sparse, sparse_bias = Regression.of(table, targets, 3).fit(rows)

    told, expected = table @ weights + bias, table @ sparse + sparse_bias
    np.testing.assert_allclose(told, expected, atol=0.05)


def test_two_classes_are_told_apart_as_by_one_row_of_weights(table: csr_matrix) -> None:
    targets = np.arange(60) % 2

    weights, bias = Regression.of(table, targets, 2).fit(np.arange(60))

    plain = LogisticRegression(C=30.0, tol=1e-5, max_iter=300).fit(table, targets)
    scores = table @ weights + bias
    assert (scores.argmax(axis=1) == plain.predict(table)).all()


def test_a_class_without_rows_is_never_the_answer(table: csr_matrix) -> None:
    weights, bias = Regression.of(table, np.arange(60) % 2, 3).fit(np.arange(60))

    assert (table @ weights + bias).argmax(axis=1).max() == 1
