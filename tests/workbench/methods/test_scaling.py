"""Scaling of features: known answers, and the same for seen and unseen target examples."""

import numpy as np
import pytest
from scipy import sparse

from workbench.errors import UsageError
from workbench.methods import scaling

generator = np.random.default_rng(0)
SOURCE, TARGET = generator.gamma(2.0, size=(30, 4)), 3 * generator.gamma(2.0, size=(20, 4)) + 1


def test_frequencies_are_row_shares_then_z_scores_within_each_domain():
    scaled = scaling.scale("frequencies", [SOURCE], TARGET)
    for raw, found in ((SOURCE, scaled.sources[0]), (TARGET, scaled.target)):
        shares = raw / raw.sum(axis=1, keepdims=True)
        np.testing.assert_allclose(found, (shares - shares.mean(0)) / shares.std(0), atol=1e-12)


def test_hellinger_takes_the_roots_of_the_shares():
    """Before the z-scores the inner product of two rows is the sum of the roots of the products of their shares."""
    scaled = scaling.scale("hellinger", [SOURCE], TARGET)
    for raw, found in ((SOURCE, scaled.sources[0]), (TARGET, scaled.target)):
        roots = np.array([[np.sqrt(value / sum(row)) for value in row] for row in raw])
        np.testing.assert_allclose(np.sum(roots**2, axis=1), 1)
        np.testing.assert_allclose(found, (roots - roots.mean(0)) / roots.std(0), atol=1e-12)
    unseen = scaled.transformer.transform(np.array([[-1.0, 1.0, 1.0, 1.0]]))
    assert np.all(np.isfinite(unseen))
    with pytest.raises(UsageError, match="hellinger is for counts"):
        scaling.scale("hellinger", [SOURCE], TARGET - 5)


def test_standard_keeps_the_difference_between_domains_and_per_domain_removes_it():
    together = scaling.scale("standard", [SOURCE], TARGET)
    np.testing.assert_allclose(np.vstack([together.sources[0], together.target]).mean(0), 0, atol=1e-12)
    assert np.all(together.target.mean(0) > together.sources[0].mean(0))
    apart = scaling.scale("per-domain", [SOURCE], TARGET)
    np.testing.assert_allclose(apart.target.mean(0), 0, atol=1e-12)


@pytest.mark.parametrize("name", ["none", "unit", "standard", "per-domain", "frequencies", "hellinger"])
def test_the_transformer_scales_the_target_as_it_was_scaled(name):
    scaled = scaling.scale(name, [SOURCE, SOURCE[:9]], TARGET)
    np.testing.assert_array_equal(scaled.transformer.transform(TARGET), scaled.target)
    assert [len(x) for x in scaled.sources] == [30, 9]


def test_auto_goes_by_the_kind_of_features():
    assert scaling.choose(SOURCE) == "frequencies"
    assert scaling.choose(SOURCE - 1) == "standard"
    assert scaling.choose(sparse.csr_matrix(SOURCE)) == "none"


def test_sparse_features_stay_sparse():
    kept = scaling.scale("unit", [sparse.csr_matrix(SOURCE)], sparse.csr_matrix(TARGET))
    assert sparse.issparse(kept.target)
    with pytest.raises(UsageError, match="none or unit"):
        scaling.scale("standard", [sparse.csr_matrix(SOURCE)], sparse.csr_matrix(TARGET))
