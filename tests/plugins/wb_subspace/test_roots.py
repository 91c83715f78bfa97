"""Powers of covariances by the tridiagonal form against whole eigendecompositions."""

import numpy as np
import pytest

from wb_subspace.bases import scatter
from wb_subspace.roots import SMALL, inverse_root_quadrature, root, tridiagonal_power

generator = np.random.default_rng(0)
D = SMALL + 23
PLAIN = generator.normal(size=(400, D))


def by_eigenvectors(matrix, shift, power):
    values, vectors = np.linalg.eigh(matrix)
    return (vectors * (np.maximum(values, 0) + shift) ** power) @ vectors.T


MATRICES = {
    "plain": np.cov(PLAIN.T),
    "of low rank": np.cov(PLAIN[:30].T),
    "of many scales": np.cov((PLAIN * np.logspace(0, -3, D)).T),
    "diagonal": np.diag(np.arange(D, dtype=float)),
    "zero": np.zeros((D, D)),
}


@pytest.mark.parametrize("power", [0.5, -0.5])
@pytest.mark.parametrize("shift", [1.0, 1e-3])
@pytest.mark.parametrize("name", MATRICES)
def test_a_root_is_that_of_the_eigenvectors(name, shift, power):
    found, whole = root(MATRICES[name], shift, power), by_eigenvectors(MATRICES[name], shift, power)
    np.testing.assert_allclose(found, whole, atol=1e-11 * np.abs(whole).max() / shift)
    np.testing.assert_array_equal(found, found.T)


def test_only_the_lower_triangle_is_read():
    whole = MATRICES["plain"]
    np.testing.assert_array_equal(root(np.tril(whole), 1.0, 0.5), root(whole, 1.0, 0.5))


@pytest.mark.parametrize(("largest", "tolerance"), [(1.0, 1e-15), (1e4, 1e-12), (1e8, 1e-8)])
def test_the_quadrature_is_the_inverse_root_as_closely_as_eigenvalues_are_known(largest, tolerance):
    shifts, weights = inverse_root_quadrature(1.0, largest)
    points = np.logspace(0, np.log10(largest), 50)
    np.testing.assert_allclose((weights / (points[:, None] + shifts)).sum(axis=1), points**-0.5, rtol=tolerance)


@pytest.mark.parametrize("power", [0.5, -0.5])
def test_the_diagonals_of_a_tridiagonal_matrix_die_away(power):
    diagonal, beside = np.full(300, 3.0), np.full(299, 1.0)
    bands = tridiagonal_power(diagonal, beside, 1.0, power)
    assert len(bands) < 60
    whole = by_eigenvectors(np.diag(diagonal) + np.diag(beside, 1) + np.diag(beside, -1), 0.0, power)
    for m, band in enumerate(bands):
        np.testing.assert_allclose(band[: 300 - m], whole.diagonal(m), atol=1e-13)


def test_scatter_in_stretches_is_the_whole_product():
    centred = PLAIN - PLAIN.mean(axis=0)
    np.testing.assert_allclose(np.tril(scatter(np.tile(PLAIN, (4, 1)))), 4 * np.tril(centred.T @ centred), rtol=1e-9)
