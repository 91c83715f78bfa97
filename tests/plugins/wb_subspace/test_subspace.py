"""Alignment against whole matrices, numerical integrals and loops."""

import numpy as np
import pytest
from scipy.linalg import sqrtm, svd

from wb_subspace.alignment import SubspaceAlignment
from wb_subspace.bases import principal_basis
from wb_subspace.coral import CorrelationAlignment, root_of_covariance
from wb_subspace.geodesic import GeodesicFlow, agreeing_dimensions, flow_factor

generator = np.random.default_rng(0)
SOURCE = generator.normal(size=(60, 8)) * np.linspace(3, 0.5, 8)
TARGET = generator.normal(size=(50, 8)) @ np.linalg.qr(generator.normal(size=(8, 8)))[0] * np.linspace(2, 1, 8) + 1


@pytest.mark.parametrize("n", [60, 5])
def test_the_principal_basis_is_that_of_the_singular_value_decomposition(n):
    basis, variances = principal_basis(SOURCE[:n], 4)
    _, singular, right = svd(SOURCE[:n] - SOURCE[:n].mean(axis=0), full_matrices=False)
    np.testing.assert_allclose(np.abs(basis), np.abs(right[:4].T), atol=1e-8)
    np.testing.assert_allclose(variances, singular[:4] ** 2 / (n - 1), atol=1e-8)


@pytest.mark.parametrize(("n", "smallest"), [(500, 0.5), (230, 0.5), (500, 1e-4)])
def test_the_basis_of_a_large_scatter_is_that_of_double_precision(n, smallest):
    """Single precision where variances are alike, double where the last ones would drown in the first's rounding."""
    wide = np.random.default_rng(1).normal(size=(n, 240)) * np.append(np.logspace(0, np.log10(smallest), 30), [0] * 210)
    wide[:, 30:] = 1e-5 * generator.normal(size=(n, 210))
    basis, variances = principal_basis(wide, 30)
    _, singular, right = svd(wide - wide.mean(axis=0), full_matrices=False)
    np.testing.assert_allclose(basis @ basis.T, right[:30].T @ right[:30], atol=1e-5)
    np.testing.assert_allclose(basis.T @ basis, np.eye(30), atol=1e-10)
    np.testing.assert_allclose(variances, singular[:30] ** 2 / (n - 1), rtol=1e-5)


def test_the_geodesic_kernel_is_the_integral_over_the_flow():
    """∫₀¹ Φ(t) Φ(t)ᵀ dt with Φ(t) on the geodesic between both subspaces, by the trapezoidal rule."""
    start, end = principal_basis(SOURCE, 3)[0], principal_basis(TARGET, 3)[0]
    left, cosines, right = np.linalg.svd(start.T @ end)
    angles = np.arccos(np.clip(cosines, -1, 1))
    beyond = (end @ right.T - start @ left * cosines) / np.sin(angles)
    times = np.linspace(0, 1, 4001)
    whole = np.zeros((8, 8))
    for i, t in enumerate(times):
        flow = start @ left * np.cos(t * angles) + beyond * np.sin(t * angles)
        whole += flow @ flow.T * (0.5 if i in (0, len(times) - 1) else 1.0)
    factor = flow_factor(start, end)
    np.testing.assert_allclose(factor @ factor.T, whole / (len(times) - 1), atol=1e-6)


def test_without_a_shift_the_flow_is_the_projection():
    basis = principal_basis(SOURCE, 3)[0]
    factor = flow_factor(basis, basis)
    np.testing.assert_allclose(factor @ factor.T, basis @ basis.T, atol=1e-6)
    assert GeodesicFlow(3).fit(SOURCE, SOURCE).transform(SOURCE).shape == (60, 6)


def test_subspaces_that_share_nothing_disagree_at_once():
    one, other = np.zeros((40, 6)), np.zeros((40, 6))
    one[:, :3] = generator.normal(size=(40, 3))
    other[:, 3:] = generator.normal(size=(40, 3))
    assert 1 <= agreeing_dimensions(one, other) <= 3


def test_subspace_alignment_is_the_papers_product():
    alignment = SubspaceAlignment(3, unit_rows=False).fit(SOURCE, TARGET)
    own, basis = principal_basis(SOURCE, 3)[0], principal_basis(TARGET, 3)[0]
    np.testing.assert_allclose(alignment.source_map_.transform(SOURCE), SOURCE @ own @ own.T @ basis, atol=1e-10)
    np.testing.assert_allclose(alignment.transform(TARGET), TARGET @ basis, atol=1e-10)


def test_matched_variances_are_the_targets_where_directions_agree():
    stretched = SOURCE * 2
    alignment = SubspaceAlignment(3, variances=True, unit_rows=False).fit(SOURCE, stretched)
    found = alignment.source_map_.transform(SOURCE).var(axis=0, ddof=1)
    np.testing.assert_allclose(found, alignment.transform(stretched).var(axis=0, ddof=1), rtol=1e-6)


@pytest.mark.parametrize("n", [60, 6])
def test_the_root_of_the_covariance_is_that_of_whole_matrices(n):
    whole = np.cov(SOURCE[:n].T) + 0.3 * np.eye(8)
    np.testing.assert_allclose(root_of_covariance(SOURCE[:n], 0.3, 0.5), sqrtm(whole).real, atol=1e-8)
    np.testing.assert_allclose(root_of_covariance(SOURCE[:n], 0.3, -0.5), np.linalg.inv(sqrtm(whole).real), atol=1e-8)


def test_recoloured_source_has_the_targets_covariance():
    coral = CorrelationAlignment(1e-9).fit(SOURCE, TARGET)
    np.testing.assert_allclose(np.cov(coral.transform(SOURCE).T), np.cov(TARGET.T), atol=1e-5)
    np.testing.assert_allclose(CorrelationAlignment().fit(SOURCE, SOURCE).recolouring_, np.eye(8), atol=1e-10)


def test_rows_in_another_order_give_the_same_alignment():
    order = generator.permutation(60)
    np.testing.assert_allclose(
        CorrelationAlignment().fit(SOURCE[order], TARGET).recolouring_,
        CorrelationAlignment().fit(SOURCE, TARGET).recolouring_,
        atol=1e-10,
    )


@pytest.mark.parametrize("plan", ["exact", "entropic", "class-regularised"])
def test_transport_moves_the_source_into_the_target(plan, wb):
    arguments = ("--src", "shift/subspace-source", "--tgt", "shift/subspace-target", "--plan", plan, "--json")
    code, out, err = wb("run", "ot", *arguments)
    assert code == 0, err
    assert '"method": "ot"' in out


def test_a_text_run_goes_through_singular_directions(wb, tmp_path):
    lines = {"one": ("good fine film", "bad poor film"), "two": ("good fine pan", "bad poor pan")}
    for name, (good, bad) in lines.items():
        rows = [f"{text} {i}\t{label}" for i in range(20) for text, label in ((good, "yes"), (bad, "no"))]
        (tmp_path / f"{name}.tsv").write_text("text\tlabel\n" + "\n".join(rows) + "\n")
    for method in ("sa", "gfk", "tca", "coral", "kmm"):
        classifier = "logreg" if method != "coral" else "svm-cv"
        source, target = f"table:{tmp_path / 'one.tsv'}", f"table:{tmp_path / 'two.tsv'}"
        code, out, err = wb("run", method, "--src", source, "--tgt", target, "--classifier", classifier, "--json")
        assert code == 0, err
        assert '"accuracy"' in out
