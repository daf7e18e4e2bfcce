"""Multinomial logistic regression with few rows and very many columns.

With fewer rows than columns the weights are a mixture of the rows (the representer theorem;
Schölkopf et al. 2001), so the regression is solved on the Cholesky factor of the rows' products:
dense, n wide, and the same solution. The products are computed once for all folds.

Shapes: n = rows, f = columns, c = classes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Floats = NDArray[np.float32]
_STRENGTH = 30.0
# The score on unseen examples still rises until about here.
_TOLERANCE = 1e-5
_ITERATIONS = 300
# Above this many rows the dense factor costs more than the sparse rows.
_MOST_DENSE = 5000
_JITTER = 1e-5
_ABSENT = -10.0


@dataclass(frozen=True, slots=True)
class Regression:
    """A table whose rows are fitted, all of them or those of a fold.

    Attributes:
        table: ``[n, f]``.
        targets: ``[n]``, class of each row.
        classes: c.
        products: ``[n, n]`` of the rows; ``None`` for a long table.
    """

    table: csr_matrix
    targets: NDArray[Any]
    classes: int
    products: NDArray[np.float64] | None

    @classmethod
    def of(cls, table: csr_matrix, targets: NDArray[Any], classes: int) -> Regression:
        """Prepare a table."""
        few = table.shape[0] <= _MOST_DENSE
        products = (table @ table.T).toarray().astype(np.float64) if few else None
        return cls(table, targets, classes, products)

    def fit(self, rows: NDArray[Any]) -> tuple[Floats, Floats]:
        """Return weights ``[f, c]`` and bias ``[c]``; a class without rows gets a low bias."""
        weights = np.zeros((self.table.shape[1], self.classes), dtype=np.float32)
        bias = np.full(self.classes, _ABSENT, dtype=np.float32)
        targets = self.targets[rows]
        present = np.unique(targets)
        if len(present) == 1:
            bias[present] = 0.0
            return weights, bias
        coefficients, intercept = self._solve(rows, targets)
        if len(present) == 2:  # one row speaks for both
            coefficients = np.concatenate([-coefficients, coefficients]) / 2
            intercept = np.concatenate([-intercept, intercept]) / 2
        weights[:, present] = coefficients.T
        bias[present] = intercept
        return weights, bias

    def _solve(self, rows: NDArray[Any], targets: NDArray[Any]) -> tuple[Any, Any]:
        from scipy.linalg import solve_triangular
        from sklearn.linear_model import LogisticRegression

        model = LogisticRegression(C=_STRENGTH, tol=_TOLERANCE, max_iter=_ITERATIONS)
        if self.products is None:
            model.fit(self.table[rows], targets)
            return model.coef_, model.intercept_
        products = self.products[np.ix_(rows, rows)]
        products[np.diag_indices(len(rows))] += _JITTER
        factor = np.linalg.cholesky(products)
        model.fit(factor.astype(np.float32), targets)
        mixture = solve_triangular(factor.T, model.coef_.T.astype(np.float64), lower=False)
        return (self.table[rows].T @ mixture).T, model.intercept_
