"""Alignment against whole matrices, numerical integrals and loops."""

import numpy as np
import pytest
from scipy import sparse
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
    assert GeodesicFlow(3).fit(SOURCE, target=SOURCE).transform(SOURCE).shape == (60, 6)


def test_subspaces_that_share_nothing_disagree_at_once():
    one, other = np.zeros((40, 6)), np.zeros((40, 6))
    one[:, :3] = generator.normal(size=(40, 3))
    other[:, 3:] = generator.normal(size=(40, 3))
    assert 1 <= agreeing_dimensions(one, other) <= 3


def test_subspace_alignment_is_the_papers_product():
    alignment = SubspaceAlignment(3, unit_rows=False).fit(SOURCE, target=TARGET)
    own, basis = principal_basis(SOURCE, 3)[0], principal_basis(TARGET, 3)[0]
    np.testing.assert_allclose(alignment.transform_source(SOURCE), SOURCE @ own @ own.T @ basis, atol=1e-10)
    np.testing.assert_allclose(alignment.transform(TARGET), TARGET @ basis, atol=1e-10)


def test_matched_variances_are_the_targets_where_directions_agree():
    stretched = SOURCE * 2
    alignment = SubspaceAlignment(3, variances=True, unit_rows=False).fit(SOURCE, target=stretched)
    found = alignment.transform_source(SOURCE).var(axis=0, ddof=1)
    np.testing.assert_allclose(found, alignment.transform(stretched).var(axis=0, ddof=1), rtol=1e-6)


@pytest.mark.parametrize("n", [60, 6])
def test_the_root_of_the_covariance_is_that_of_whole_matrices(n):
    whole = np.cov(SOURCE[:n].T) + 0.3 * np.eye(8)
    np.testing.assert_allclose(root_of_covariance(SOURCE[:n], 0.3, 0.5), sqrtm(whole).real, atol=1e-8)
    np.testing.assert_allclose(root_of_covariance(SOURCE[:n], 0.3, -0.5), np.linalg.inv(sqrtm(whole).real), atol=1e-8)


def test_recoloured_source_has_the_targets_covariance():
    coral = CorrelationAlignment(1e-9).fit(SOURCE, target=TARGET)
    np.testing.assert_allclose(np.cov(coral.transform_source(SOURCE).T), np.cov(TARGET.T), atol=1e-5)
    np.testing.assert_allclose(CorrelationAlignment().fit(SOURCE, target=SOURCE).recolouring_, np.eye(8), atol=1e-10)


def test_rows_in_another_order_give_the_same_alignment():
    order = generator.permutation(60)
    np.testing.assert_allclose(
        CorrelationAlignment().fit(SOURCE[order], target=TARGET).recolouring_,
        CorrelationAlignment().fit(SOURCE, target=TARGET).recolouring_,
        atol=1e-10,
    )


@pytest.mark.parametrize("variances", [False, True])
def test_alignment_in_full_by_eigenvectors_of_covariances(variances):
    """Rows of length 1, both bases by the covariances' eigenvectors, S Sᵀ T (and the ratio of deviations), length 1."""

    def unit(rows):
        return np.array([row / np.sqrt(sum(row**2)) for row in rows])

    def basis(rows):
        values, vectors = np.linalg.eigh(np.cov(rows.T))
        return vectors[:, ::-1][:, :3], values[::-1][:3]

    (own, own_values), (other, values) = basis(unit(SOURCE)), basis(unit(TARGET))
    weights = own @ own.T @ other * (np.sqrt(values / own_values) if variances else 1.0)
    alignment = SubspaceAlignment(3, variances).fit(SOURCE, target=TARGET)
    for found, expected in (
        (alignment.transform_source(SOURCE), unit(unit(SOURCE) @ weights)),
        (alignment.transform(TARGET), unit(unit(TARGET) @ other)),
    ):
        signs = np.sign(np.sum(found * expected, axis=0))
        np.testing.assert_allclose(found, expected * signs, atol=1e-6)


@pytest.mark.parametrize(
    "estimator", [SubspaceAlignment(3), SubspaceAlignment(3, variances=True), GeodesicFlow(3)], ids=["SA", "SDA", "GFK"]
)
def test_rows_in_another_order_move_alike(estimator):
    rows, others = generator.permutation(60), generator.permutation(50)
    plain = estimator.fit(SOURCE, target=TARGET).transform(TARGET)
    moved = estimator.fit(SOURCE[rows], target=TARGET[others]).transform(TARGET)
    np.testing.assert_allclose(moved @ moved.T, plain @ plain.T, atol=1e-8)


@pytest.mark.parametrize("variances", [False, True])
def test_without_a_shift_source_and_target_move_alike(variances):
    alignment = SubspaceAlignment(3, variances).fit(SOURCE, target=SOURCE)
    np.testing.assert_allclose(alignment.transform_source(SOURCE), alignment.transform(SOURCE), atol=1e-8)


def moved(plan, source, labels, target, **settings):
    """The source after a fit of the method itself."""
    from wb_subspace.transport import OT
    from workbench.data.domains import Domain, Problem

    pytest.importorskip("ot")
    whole = Problem(
        "classification", (Domain("s", "classification", source, labels),), Domain("t", "classification", target)
    )
    return OT(OT.Params(plan=plan, **settings)).adapt(source, labels, target, whole).source


def test_the_exact_plan_is_the_best_assignment():
    """With as many source as target examples a plan of least cost is an assignment."""
    from scipy.optimize import linear_sum_assignment

    target = np.vstack([TARGET, TARGET[:10] + 0.3])
    cost = np.array([[sum((x - z) ** 2) for z in target] for x in SOURCE])
    _, assigned = linear_sum_assignment(cost)
    np.testing.assert_allclose(moved("exact", SOURCE, np.arange(60) % 2, target), target[assigned], atol=1e-8)
    np.testing.assert_allclose(moved("exact", SOURCE, np.arange(60) % 2, SOURCE), SOURCE, atol=1e-8)


def test_the_entropic_plan_is_that_of_plain_scaling():
    cost = np.array([[sum((x - z) ** 2) for z in TARGET] for x in SOURCE])
    kernel = np.exp(-cost / np.median(cost) / 0.5)
    left, right = np.ones(60), np.ones(50)
    for _ in range(5000):
        left = (1 / 60) / (kernel @ right)
        right = (1 / 50) / (kernel.T @ left)
    plan = left[:, None] * kernel * right
    expected = np.array([sum(plan[i, j] * TARGET[j] for j in range(50)) / sum(plan[i]) for i in range(60)])
    np.testing.assert_allclose(moved("entropic", SOURCE, np.arange(60) % 2, TARGET, entropy=0.5), expected, atol=1e-5)
    order = generator.permutation(60)
    again = moved("entropic", SOURCE[order], np.arange(60)[order] % 2, TARGET, entropy=0.5)
    np.testing.assert_allclose(again, expected[order], atol=1e-5)


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


def similarity_run(classifier, **given):
    """CORAL fitted as a method, on features as they are."""
    from wb_subspace.coral import CORAL
    from workbench.data.domains import Domain, Problem
    from workbench.plugins.loading import load

    labels = np.arange(60) % 3
    source = SOURCE + 2 * np.eye(3, 8)[labels]
    of = Problem(
        "classification", (Domain("s", "classification", source, labels),), Domain("t", "classification", TARGET)
    )
    method = CORAL(CORAL.Params(classifier=classifier, **given), load())
    return source, labels, method.adapt(source, labels, TARGET, of)


@pytest.mark.parametrize("similarity", ["authors", "symmetric"])
def test_a_plain_machine_uses_the_recolouring_as_the_similarity_that_is_asked_for(similarity):
    """Its votes are those of scikit-learn's machine on x A zᵀ, written out, at its cost of 1."""
    from sklearn.svm import SVC

    source, labels, adapted = similarity_run("svm", similarity=similarity)
    whole = [np.cov(x.T) + np.eye(8) for x in (source, TARGET)]
    recolouring = np.linalg.inv(sqrtm(whole[0]).real) @ sqrtm(whole[1]).real
    if similarity == "symmetric":
        recolouring = (recolouring + recolouring.T) / 2
    machine = SVC(kernel="precomputed").fit(source @ recolouring @ source.T, labels)
    expected = machine.predict((source @ recolouring @ TARGET.T).T)
    np.testing.assert_array_equal(adapted.classifier.predict(adapted.transformer.transform(TARGET)), expected)


def test_a_classifier_that_is_no_machine_takes_the_features_and_says_so():
    source, _, adapted = similarity_run("logreg", similarity="symmetric")
    assert adapted.classifier is None
    np.testing.assert_allclose(adapted.source, CorrelationAlignment().fit_transform(source, target=TARGET))
    assert adapted.warnings == ("--similarity symmetric is for svm and svm-cv; logreg took the recoloured features",)
    assert "--similarity authors is for" in similarity_run("logreg", similarity="authors")[2].warnings[0]
    assert similarity_run("logreg", similarity="features")[2].warnings == ()
    assert similarity_run("logreg")[2].warnings == (), "nobody asked for a similarity"


def test_coral_says_beforehand_that_many_features_take_long(monkeypatch):
    from wb_subspace import coral
    from workbench.data.domains import Domain, Problem
    from workbench.plugins.loading import load
    from workbench.progress import Progress

    class Heard(Progress):
        def __init__(self):
            super().__init__()
            self.notices = []

        def notice(self, message):
            self.notices.append(message)

    source = Domain("s", "classification", SOURCE, np.arange(60) % 3, ("a", "b", "c"))
    problem, method = Problem("classification", (source,), Domain("t", "classification", TARGET)), coral.CORAL
    method(method.Params(), load()).fit(problem, heard := Heard())
    assert heard.notices == []
    monkeypatch.setattr(coral, "MANY", 8)
    method(method.Params(), load()).fit(problem, heard)
    assert "covariances of 8 features" in heard.notices[0]
    assert method(method.Params(), load()).caution(sparse.csr_matrix(SOURCE), sparse.csr_matrix(TARGET)) == ""
