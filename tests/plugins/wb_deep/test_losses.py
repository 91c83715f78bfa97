"""Every loss against a naive reference in double precision: values, and gradients by finite differences."""

import math
from dataclasses import replace

import numpy as np
import pytest
import torch

from wb_deep.bodies.networks import WIDTH
from wb_deep.losses.discriminators import reverse
from wb_deep.losses.distances import local_weights
from wb_deep.losses.kernels import gaussian_kernel, linear_mmd, mmd
from wb_deep.losses.predictions import class_confusion, correlations
from wb_deep.losses.ramp import ramp
from wb_deep.losses.shares import Shares
from wb_deep.methods.bnm import BNM
from wb_deep.methods.cdan import CDAN
from wb_deep.methods.daan import DAAN
from wb_deep.methods.dan import DAN
from wb_deep.methods.dann import DANN
from wb_deep.methods.ddc import DDC
from wb_deep.methods.deep_coral import DeepCORAL
from wb_deep.methods.dsan import DSAN
from wb_deep.methods.information import InformationMaximisation
from wb_deep.methods.jan import JAN
from wb_deep.methods.mcc import MCC
from wb_deep.methods.pseudo_label import PseudoLabel

SHAPES = [(7, 5), (4, 4), (2, 9)]


def softmax(x):
    e = np.exp(x - x.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def naive_kernel(x, widths, bandwidth=1.0):
    n = len(x)
    d = [[float(((a - b) ** 2).sum()) for b in x] for a in x]
    mean = bandwidth * sum(map(sum, d)) / (n * n - n)
    return np.array(
        [
            [sum(math.exp(-d[i][j] / (mean * 2.0 ** (k - widths // 2))) for k in range(widths)) for j in range(n)]
            for i in range(n)
        ]
    )


def naive_mmd(k, n):
    m = len(k) - n
    same = sum(k[i][j] for i in range(n) for j in range(n)) / n**2
    other = sum(k[n + i][n + j] for i in range(m) for j in range(m)) / m**2
    return same + other - 2 * sum(k[i][n + j] for i in range(n) for j in range(m)) / (n * m)


@pytest.mark.parametrize(("n", "m"), SHAPES)
def test_mmd_terms(made, step, n, m):
    s = step(n, m)
    f = np.vstack([s.source_features.detach(), s.target_features.detach()])
    z = np.vstack([s.source_logits.detach(), s.target_logits.detach()])
    for bandwidth in (1.0, 0.5):
        expected = naive_mmd(naive_kernel(f, 1, bandwidth), n)
        assert made(DDC, bandwidth=bandwidth).loss(s).item() == pytest.approx(expected)
    assert made(DAN).loss(s).item() == pytest.approx(naive_mmd(naive_kernel(f, 5), n))
    joint = naive_kernel(f, 5) * naive_kernel(softmax(z), 1)
    assert made(JAN).loss(s).item() == pytest.approx(naive_mmd(joint, n))


@pytest.mark.parametrize(("n", "m"), SHAPES)
def test_aligned_predictions_and_ramps(made, step, n, m):
    s = step(n, m)
    f = np.vstack([s.source_features.detach(), s.target_features.detach()])
    p = softmax(np.vstack([s.source_logits.detach(), s.target_logits.detach()]))
    expected = naive_mmd(naive_kernel(f, 5), n) + naive_mmd(naive_kernel(p, 5), n)
    assert made(DAN, layers="both").loss(s).item() == pytest.approx(expected)
    soft = softmax(np.vstack([s.source_logits.detach(), s.target_logits.detach()]) / 2.5)
    expected = naive_mmd(naive_kernel(f, 5), n) + naive_mmd(naive_kernel(soft, 5), n)
    assert made(DAN, layers="both", temperature=2.5).loss(s).item() == pytest.approx(expected)
    linear = naive_linear_mmd(s.source_features, s.target_features)
    linear = linear + naive_linear_mmd(s.source_logits.softmax(1), s.target_logits.softmax(1))
    assert made(DAN, estimator="linear", layers="both").loss(s).item() == pytest.approx(linear.item(), abs=1e-12)
    apart = np.cov(f[:n].T) - np.cov(f[n:].T), np.cov(p[:n].T) - np.cov(p[n:].T)
    expected = sum((d**2).sum() / (4 * len(d) ** 2) for d in apart)
    assert made(DeepCORAL, layers="both").loss(s).item() == pytest.approx(expected)
    now = 2 / (1 + math.exp(-3 * 0.4)) - 1
    for kind in (DDC, DAN, DeepCORAL, DSAN, BNM):
        whole, part = made(kind, steepness=0.0).loss(s), made(kind, steepness=3.0).loss(s)
        assert part.item() == pytest.approx(now * whole.item())


def naive_linear_mmd(x, z, widths=5):
    """Quadruple by quadruple; ``x`` and ``z`` tensors in double precision."""

    def distance(a, b):
        return ((a - b) ** 2).sum()

    rows = [(x[i], x[i + 1], z[i], z[i + 1]) for i in range(0, min(len(x), len(z)) - 1, 2)]
    mean = sum(distance(*pair).item() for a, b, c, d in rows for pair in ((a, b), (c, d), (a, d), (b, c))) / (
        4 * len(rows)
    )

    def kernel(a, b):
        return sum(torch.exp(-distance(a, b) / (mean * 2.0 ** (k - widths // 2))) for k in range(widths))

    return sum(kernel(a, b) + kernel(c, d) - kernel(a, d) - kernel(b, c) for a, b, c, d in rows) / len(rows)


@pytest.mark.parametrize(("n", "m"), [*SHAPES, (64, 64), (3, 2), (10, 11)])
def test_linear_mmd_in_values_and_gradients(made, step, n, m):
    s, other = step(n, m), step(n, m)
    found, expected = (
        made(DAN, estimator="linear").loss(s),
        naive_linear_mmd(other.source_features, other.target_features),
    )
    assert found.item() == pytest.approx(expected.item(), abs=1e-12)
    found.backward()
    expected.backward()
    torch.testing.assert_close(s.source_features.grad, other.source_features.grad)
    torch.testing.assert_close(s.target_features.grad, other.target_features.grad)


def test_linear_mmd_is_unbiased_and_defined_for_single_examples():
    generator = torch.Generator().manual_seed(0)
    pairs = [torch.randn(2, 8, 4, generator=generator) for _ in range(3000)]
    same = [linear_mmd(x, z, 5).item() for x, z in pairs]
    apart = [linear_mmd(x, z + 1, 5).item() for x, z in pairs]
    assert abs(np.mean(same)) < 3 * np.std(same) / len(same) ** 0.5 and min(same) < 0
    assert np.mean(apart) > 10 * np.std(apart) / len(apart) ** 0.5
    lonely = torch.randn(1, 4, requires_grad=True)
    linear_mmd(lonely, torch.randn(5, 4)).backward()
    assert not lonely.grad.any()


@pytest.mark.parametrize(("n", "m"), SHAPES)
def test_coral(made, step, n, m):
    s = step(n, m)
    d = np.cov(s.source_features.detach().numpy().T) - np.cov(s.target_features.detach().numpy().T)
    assert made(DeepCORAL).loss(s).item() == pytest.approx((d**2).sum() / (4 * 6**2))


@pytest.mark.parametrize(("n", "m"), SHAPES)
def test_local_mmd_by_classes(made, step, n, m):
    s = step(n, m)
    f = np.vstack([s.source_features.detach(), s.target_features.detach()])
    kernel, p = naive_kernel(f, 5), softmax(s.target_logits.detach().numpy())
    labels = s.source_labels.numpy()
    terms = []
    for c in range(3):
        if c in labels and c in p.argmax(axis=1):
            a = (labels == c) / (labels == c).sum()
            b = p[:, c] / p[:, c].sum()
            terms.append(a @ kernel[:n, :n] @ a + b @ kernel[n:, n:] @ b - 2 * a @ kernel[:n, n:] @ b)
    assert made(DSAN, steepness=10.0).loss(s).item() == pytest.approx(ramp(0.4) * np.mean(terms))


@pytest.mark.parametrize(("n", "m"), SHAPES)
def test_losses_of_predictions(made, step, n, m):
    s = step(n, m)
    z = s.target_logits.detach().numpy().copy()
    p = softmax(z)
    for temperature in (1.0, 4.0):
        found = made(BNM, temperature=temperature).loss(s).item()
        nuclear = np.linalg.svd(softmax(z / temperature), compute_uv=False).sum()
        assert found == pytest.approx(-nuclear / m)
    mean = p.mean(axis=0)
    expected = -(p * np.log(p)).sum(axis=1).mean() + (mean * np.log(3 * mean)).sum()
    balanced = made(InformationMaximisation, steepness=10.0, memory=0.0, tolerance=1e6)
    assert balanced.loss(s).item() == pytest.approx(ramp(0.4) * expected)
    z[0, 1] += 9.0
    p = softmax(z)
    sure = [-np.log(row.max()) for row in p if row.max() >= 0.95]
    changed = replace(s, target_logits=torch.from_numpy(z))
    assert sure and made(PseudoLabel).loss(changed).item() == pytest.approx(ramp(0.4) * sum(sure) / m)
    z[0, 1] -= 9.0
    q = softmax(z / 2.5)
    w = 1 + np.exp((q * np.log(q)).sum(axis=1))
    w = m * w / w.sum()
    c = np.array([[sum(w[i] * q[i, a] * q[i, b] for i in range(m)) for b in range(3)] for a in range(3)])
    c /= c.sum(axis=1, keepdims=True)
    assert made(MCC, temperature=2.5).loss(s).item() == pytest.approx((c.sum() - np.trace(c)) / 3)


@pytest.mark.parametrize("temperature", [1.0, 2.5])
@pytest.mark.parametrize(("n", "m"), SHAPES)
def test_information_balances_the_last_steps(made, step, n, m, temperature):
    """The value is that of the averaged mean, the gradient that of each prediction's part in this batch's mean.

    The temperature is of the entropy alone."""
    loss = made(InformationMaximisation, memory=0.75, temperature=temperature, tolerance=1e6)
    past = torch.full((3,), 1 / 3)
    for seed in (1, 2, 3):
        s = step(n, m, seed=seed)
        z = s.target_logits.detach().clone().requires_grad_()
        p = z.softmax(1)
        past = 0.75 * past + 0.25 * p.detach().mean(0)
        soft = (z / temperature).softmax(1)
        entropy = -(soft * soft.log()).sum(1).mean()
        found = loss.loss(s)
        assert found.item() == pytest.approx(entropy.item() + (past * (3 * past).log()).sum().item(), rel=1e-6)
        (entropy + ((1 + past.log()) * p.mean(0)).sum()).backward()
        found.backward()
        torch.testing.assert_close(s.target_logits.grad, z.grad, rtol=1e-5, atol=1e-7)
    assert set(loss.state.state_dict()) >= {
        "mean",
        "shares.target",
    }  # so that a resumed training has it


@pytest.mark.parametrize(("n", "m"), SHAPES)
def test_information_wants_no_balance_where_shares_are_far_apart(made, step, n, m):
    s = step(n, m)
    loss = made(InformationMaximisation, memory=0.0, tolerance=1.5)
    loss.state.shares.target.copy_(torch.tensor([0.8, 0.17, 0.03]))
    p = softmax(s.target_logits.detach().numpy())
    found, mean = loss.loss(s).item(), p.mean(axis=0)
    ratios = 3 * loss.state.shares.target.numpy()  # with the batch taken in
    wanted = np.exp([np.sign(np.log(r)) * max(abs(np.log(r)) - np.log(1.5), 0) for r in ratios])
    wanted /= wanted.sum()
    expected = -(p * np.log(p)).sum(axis=1).mean() + (mean * np.log(mean / wanted)).sum()
    assert found == pytest.approx(expected, rel=1e-6)
    assert wanted[0] > 1.4 * wanted[1] and wanted[1] > 2 * wanted[2]


@pytest.mark.parametrize(("n", "m"), SHAPES)
def test_confusion_of_the_last_steps(made, step, n, m):
    """The value is that of the averaged correlations; each step's gradient is that of its own part in them, whole."""
    loss, past = made(MCC, memory=0.75, temperature=2.5), None
    for seed in (1, 2, 3):
        s = step(n, m, seed=seed)
        z = s.target_logits.detach().clone().requires_grad_()
        now = correlations(z)
        average = now if past is None else 0.75 * past + 0.25 * now
        past = average.detach()
        expected = class_confusion(average)
        expected.backward()
        found = loss.loss(s)
        found.backward()
        assert found.item() == pytest.approx(expected.item(), rel=1e-5)
        whole = z.grad if seed == 1 else z.grad / 0.25
        torch.testing.assert_close(s.target_logits.grad, whole, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize(("n", "m"), SHAPES)
def test_distances_of_a_weighted_source(made, step, n, m):
    """Against sums over pairs in which each class of the source has the share it may have in the target's batch."""
    s = step(n, m)
    f, z = s.source_features.detach().numpy(), s.target_features.detach().numpy()
    shares = torch.tensor([0.5, 0.3, 0.2]), torch.tensor([0.1, 0.2, 0.7])
    seen = Shares(3)
    seen.source.copy_(shares[0])
    seen.target.copy_(shares[1])
    seen.see(s.source_labels, s.target_logits)
    y, here = s.source_labels.numpy(), softmax(s.target_logits.detach().numpy()).mean(axis=0)
    own, other = seen.source.numpy(), seen.target.numpy()
    w = (np.sqrt(own * other) * here / other / np.maximum(np.bincount(y, minlength=3), 1))[y]
    w /= w.sum()
    signed = np.concatenate([w, -np.ones(m) / m])
    kernels = {DDC: naive_kernel(np.vstack([f, z]), 1, 0.5), DAN: naive_kernel(np.vstack([f, z]), 5)}
    expected = {kind: signed @ kernel @ signed for kind, kernel in kernels.items()}
    centred = f - w @ f
    apart = (centred.T * w) @ centred / (1 - w @ w) - np.cov(z.T)
    expected[DeepCORAL] = (apart**2).sum() / (4 * f.shape[1] ** 2)
    for kind, value in expected.items():
        loss = made(kind, 3, WIDTH, shares=0.5)
        loss.state.shares.source.copy_(shares[0])
        loss.state.shares.target.copy_(shares[1])
        assert loss.loss(s).item() == pytest.approx(value, rel=1e-5, abs=1e-9)


def test_a_weighted_linear_mmd_is_that_of_the_weighted_source():
    """On average over many batches: a half of the source thrown away and weighed away are the same."""
    generator = torch.Generator().manual_seed(0)
    labels = torch.tensor([0, 1] * 8)
    found = []
    for _ in range(3000):
        x, z = torch.randn(16, 3, generator=generator), torch.randn(16, 3, generator=generator)
        x[labels == 1] += 2  # a class that the target lacks
        x = x[torch.randperm(16, generator=generator)]
        weights = (x.mean(1) < 1).float()
        found.append([linear_mmd(x, z, 1, weights=w).item() for w in (None, weights / weights.sum())])
    plain, weighted = np.mean(found, axis=0)
    assert weighted < 0.1 * plain


def test_shares_follow_the_last_steps_and_damp(step):
    seen = Shares(3)
    torch.testing.assert_close(seen.weights(torch.tensor([0, 1, 2, 2]), 1.0), torch.tensor([2.0, 2.0, 1.0, 1.0]) / 6)
    for seed in range(200):
        s = step(50, 50, seed=seed)
        seen.see(s.source_labels, s.target_logits + torch.tensor([4.0, 0.0, 0.0], dtype=torch.float64))
    assert seen.source.sum().item() == pytest.approx(1) and seen.target.sum().item() == pytest.approx(1)
    assert seen.target[0] > 0.8
    labels = torch.tensor([0, 1])
    plain, half, whole = (seen.weights(labels, power) for power in (0.0, 0.5, 1.0))
    ratio = plain[0] / plain[1] * whole[0] / whole[1]
    assert ratio.item() == pytest.approx(((half[0] / half[1]) ** 2).item(), rel=1e-5)


def test_a_weighted_batch_has_the_shares_of_the_targets(step):
    """Whatever a batch of the source has of each class, it counts for what the target's batch is taken to have."""
    seen = Shares(3)
    for seed in range(5):
        s = step(20, 30, seed=seed)
        seen.see(s.source_labels, s.target_logits)
        weights = seen.weights(s.source_labels, 1.0)
        found = torch.zeros(3).index_add_(0, s.source_labels, weights)
        torch.testing.assert_close(found, s.target_logits.softmax(1).mean(0).float(), check_dtype=False)


@pytest.mark.parametrize(("n", "m"), SHAPES)
def test_local_mmd_by_shares(made, step, n, m):
    s = step(n, m)
    loss = made(DSAN, 3, WIDTH, steepness=0.0, shares=1.0)
    loss.state.shares.target.copy_(torch.tensor([0.7, 0.2, 0.1]))
    kernel = torch.from_numpy(naive_kernel(np.vstack([s.source_features.detach(), s.target_features.detach()]), 5))
    weights = local_weights(s.source_labels, s.target_logits.softmax(1).detach())
    found = loss.loss(s).item()
    counts = [loss.state.shares.target[c].item() * bool(weights[:, c].any()) for c in range(3)]
    values = [(weights[:, c] @ kernel @ weights[:, c]).item() for c in range(3)]
    assert found == pytest.approx(np.dot(counts, values) / max(sum(counts), 1e-12), rel=1e-5)


@pytest.mark.parametrize("term", [DeepCORAL, BNM, InformationMaximisation], ids=lambda t: t.__name__)
def test_gradients_by_finite_differences(made, step, term):
    s = step(5, 6)
    whole = {"memory": 0.0, "tolerance": 1e6} if term is InformationMaximisation else {}
    loss = made(term, **whole)

    def value(source, target, logits):
        return loss.loss(type(s)(source, target, s.source_logits, logits, s.source_labels, s.progress))

    assert torch.autograd.gradcheck(value, (s.source_features, s.target_features, s.target_logits))


def test_kernel_gradients_with_the_width_held_fixed(step):
    s = step(4, 3)
    joint = torch.cat([s.source_features, s.target_features]).detach().requires_grad_()
    mmd(gaussian_kernel(joint), 4).backward()
    x = joint.detach()
    mean = (torch.cdist(x, x) ** 2).sum() / (7 * 6)
    other = x.clone().requires_grad_()
    mmd(torch.exp(-((other[:, None] - other[None]) ** 2).sum(-1) / mean), 4).backward()
    torch.testing.assert_close(joint.grad, other.grad)


def test_reversal_keeps_the_value_and_turns_the_gradient():
    x = torch.randn(3, 4, requires_grad=True)
    y = reverse(x, 0.25)
    torch.testing.assert_close(y, x)
    y.sum().backward()
    torch.testing.assert_close(x.grad, torch.full_like(x, -0.25))


def test_features_learn_to_confuse_what_the_discriminator_learns_to_tell(made):
    """One step on the discriminator lowers its loss, the same step on the features raises it."""
    torch.manual_seed(0)
    loss = made(DANN, 3, WIDTH)
    features = torch.randn(40, 128)
    features[:20] += 0.3
    features.requires_grad_()

    def value(f):
        from wb_deep.training.loss import Step

        nothing = torch.zeros(20, 3)
        return loss.loss(Step(f[:20], f[20:], nothing, nothing, torch.zeros(20, dtype=torch.long), 1.0))

    before = value(features)
    before.backward()
    moved = (features - 0.1 * features.grad / features.grad.norm() * features.norm()).detach()
    assert value(moved).item() > before.item()
    with torch.no_grad():
        for parameter in loss.state.parameters():
            parameter -= 0.05 * parameter.grad
    assert value(features.detach()).item() < before.item()


@pytest.mark.parametrize("term", [DANN, CDAN, DAAN], ids=lambda t: t.__name__)
def test_discriminators_learn_opposite_labels_for_the_two_domains(made, term):
    """On domains that lie apart every discriminator, each class's too, says + of the source and − of the target."""
    from wb_deep.training.loss import Step

    torch.manual_seed(0)
    loss = made(term, 2, WIDTH)
    if term is DAAN:
        loss.state.distances.fill_(1.0)  # ω is a half
    optimiser = torch.optim.Adam(loss.state.parameters(), lr=1e-2)
    source, target = torch.randn(8, WIDTH) + 2, torch.randn(8, WIDTH) - 2
    step = Step(source, target, torch.zeros(8, 2), torch.zeros(8, 2), torch.zeros(8, dtype=torch.long), 1.0)
    for _ in range(40):
        optimiser.zero_grad()
        loss.loss(step).backward()
        optimiser.step()
    loss.after_epoch()
    assert loss.loss(step).item() < 0.1
    assert loss.after_epoch()["domain_accuracy"] == 1.0
    if term is DAAN:
        half = torch.full((8, 2), 0.5)
        assert (loss.local_logits(source, half) > 0).all()
        assert (loss.local_logits(target, half) < 0).all()


def test_omega_follows_the_discriminators_errors(made):
    loss = made(DAAN, 2, WIDTH)
    assert loss.omega == 1.0
    loss.state.counted.fill_(10.0)
    loss.state.wrong.copy_(torch.tensor([1.0, 4.0, 3.0]))  # A-distances 1.6, and 0.4 and 0.8
    assert loss.after_epoch()["omega"] == pytest.approx(1.6 / (1.6 + 0.6))
    loss.state.counted.fill_(1.0)
    loss.state.wrong.fill_(0.5)
    assert loss.after_epoch()["omega"] == 0.5


def test_the_ramp_goes_from_zero_to_one():
    assert ramp(0.2, 0.0) == 1
    assert ramp(0) == 0 and ramp(1) == pytest.approx(1, abs=1e-4)
    assert ramp(0.3) == pytest.approx(2 / (1 + math.exp(-3)) - 1)
