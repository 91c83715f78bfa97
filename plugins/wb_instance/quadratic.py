"""The quadratic programme of kernel mean matching: min ½ wᵀKw − pᵀw in a box, with the sum in an interval."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

RIDGE = 1e-8
TOLERANCE = {np.dtype(np.float64): 1e-9, np.dtype(np.float32): 1e-6}
"""Of weights and, as a share of the largest pull, of gradients."""

GUESSING_ROUNDS, GUESSING_STEPS = 10, 6
FEW = 0.6
"""Share of the rows at hand below which the free ones are copied together."""

SETTLED = 1000
"""One weight in so many may still change between rounds of guesses when the exchanges take over."""

SMALLEST_CURVATURE = 1e-30
SMALLEST_PIVOT = 1e-3
"""Share of the largest pivot below which single precision does not do: it would be off by more than 1e-10 of the
objective."""

FACTORED_STEPS = 900
PATIENT_STEPS = 3000
LARGEST_MULTIPLIER = 1e12
MOST_EXCHANGES = 60


def minimum(matrix: np.ndarray, pull: np.ndarray, bound: float, sums: tuple[float, float]) -> tuple[np.ndarray, float]:
    """The minimiser w (n,) and the objective for a whole positive semi-definite K (n, n); K's diagonal gains a ridge.

    Block principal pivoting (Portugal, Júdice & Vicente 1994): guess which weights are free, solve for them,
    exchange those whose sign is wrong. The first guess is :func:`guess`. An interval of the sum
    that is violated becomes an equality, whose multiplier is found by bisection.
    """
    matrix[np.diag_indices(len(matrix))] += RIDGE * matrix.diagonal().mean()

    def product(w: np.ndarray) -> np.ndarray:
        return matrix @ w

    def objective(w: np.ndarray) -> float:
        return float(w @ (0.5 * (matrix @ w) - pull))

    start = guess(matrix.astype(np.float32), pull, bound)
    weights, _ = _exact(matrix, pull, bound, sums, start)
    low, high = sums
    slack = 1e-6 * max(1.0, high if np.isfinite(high) else 1.0)
    feasible = np.isfinite(weights).all() and low - slack <= weights.sum() <= high + slack
    if not feasible or objective(weights) > objective(project(start, bound, sums)):
        # A kernel too flat for the exchanges (smooth, in few dimensions): gradient steps alone.
        weights = accelerated(product, _largest(matrix), pull, bound, sums, PATIENT_STEPS)
    return weights, objective(weights)


def single_minimum(
    matrix: np.ndarray, pull: np.ndarray, bound: float, sums: tuple[float, float]
) -> tuple[np.ndarray, float] | None:
    """The same for K in single precision, without a ridge; None where K is too near singular for its rounding.

    Which weights are free is found in single precision, often by the guess alone; then they are solved for in double.
    """
    start = guess(matrix, pull, bound)
    solution = _polished(matrix, pull, bound, sums, start, 0.0)
    if solution is None:
        rough, multiplier = _exact(matrix, pull, bound, sums, start)
        if np.isfinite(rough).all():
            solution = _polished(matrix, pull, bound, sums, rough, multiplier)
    return solution


def _polished(
    matrix: np.ndarray, pull: np.ndarray, bound: float, sums: tuple[float, float], rough: np.ndarray, multiplier: float
) -> tuple[np.ndarray, float] | None:
    """The minimiser and the objective if ``rough`` has the right weights at 0 and at the bound, else None.

    With a ``multiplier`` the sum is at an end of its interval, and the multiplier is solved for too.
    """
    held = np.flatnonzero(rough > 0)
    block = _block(matrix, held).astype(np.float64)
    capped = rough[held] >= bound * (1 - TOLERANCE[matrix.dtype])
    weights = np.where(capped, bound, 0.0)
    right = np.column_stack([pull[held] - block @ weights, np.ones(len(held))])
    alone, raised = _solve(block, right, ~capped).T
    if multiplier and len(raised):
        wanted = sums[0] if multiplier > 0 else sums[1]
        multiplier = (wanted - weights.sum() - alone.sum()) / raised.sum()
    weights[~capped] = alone + multiplier * raised
    solution = np.zeros(len(pull))
    solution[held] = weights
    solution = project(solution, bound, sums)
    if not _optimal(matrix, pull + multiplier, bound, solution):
        return None
    return solution, float(solution[held] @ (0.5 * (block @ solution[held]) - pull[held]))


def _optimal(matrix: np.ndarray, pull: np.ndarray, bound: float, weights: np.ndarray) -> bool:
    """Whether no weight in the box could gain by moving, but for the rounding of single precision."""
    tolerance = TOLERANCE[matrix.dtype]
    gradient = matrix @ weights.astype(matrix.dtype) - pull
    loss = np.where(weights > 0, np.maximum(gradient, 0.0), 0.0)
    loss = np.maximum(loss, np.where(weights < bound, np.maximum(-gradient, 0.0), 0.0))
    return bool(loss.max() <= 10 * tolerance * np.abs(pull).max())


def guess(matrix: np.ndarray, pull: np.ndarray, bound: float) -> np.ndarray:
    """About the minimiser in the box: conjugate gradients on the free weights, which are then exchanged, in rounds.

    A kernel's large eigenvalues are few, so that a handful of steps settle them. ``matrix`` in single precision does.
    The steps work on the rows and columns ``held``, copied anew only when the free weights are few of them or not all
    among them: a copy costs as much as several products.
    """
    right = pull.astype(np.float32)
    weights = np.zeros_like(right)
    gap: np.ndarray = right
    free = np.ones(len(pull), dtype=bool)
    held, block = np.arange(len(pull)), matrix
    for _ in range(GUESSING_ROUNDS):
        inside = free[held]
        wanted = np.count_nonzero(free)
        if np.count_nonzero(inside) < wanted or wanted < FEW * len(held):
            held = np.flatnonzero(free)
            block, inside = _block(matrix, held), free[held]
        steps = _conjugate_gradients(block, gap[held] * inside, weights[held] * inside, inside)
        weights[:] = 0
        weights[held] = np.maximum(steps, 0)
        gap = right - matrix @ weights
        following = gap > 0
        following[held[inside]] = steps[inside] >= 0
        changed = np.count_nonzero(following != free)
        free = following
        if SETTLED * changed < len(pull):
            break
    return np.clip(weights, 0, bound).astype(np.float64)


def _conjugate_gradients(matrix: np.ndarray, residual: np.ndarray, weights: np.ndarray, free: np.ndarray) -> np.ndarray:
    """A few steps of the ``free`` weights from ``weights``, whose ``residual`` is given; the others stay 0."""
    direction, square = residual, float(residual @ residual)
    for _ in range(GUESSING_STEPS):
        if square <= 0:
            break
        moved = matrix @ direction
        moved *= free
        step = np.float32(square / max(float(direction @ moved), SMALLEST_CURVATURE))
        weights, residual = weights + step * direction, residual - step * moved
        before, square = square, float(residual @ residual)
        direction = residual + np.float32(square / before) * direction
    return weights


def _block(matrix: np.ndarray, kept: np.ndarray) -> np.ndarray:
    """The rows and columns ``kept`` (indices); whole rows first, some at a time, which is several times quicker."""
    block = np.empty((len(kept), len(kept)), dtype=matrix.dtype)
    for start in range(0, len(kept), 1000):
        rows = kept[start : start + 1000]
        block[start : start + 1000] = matrix[rows].take(kept, axis=1)
    return block


def _exact(
    matrix: np.ndarray, pull: np.ndarray, bound: float, sums: tuple[float, float], start: np.ndarray
) -> tuple[np.ndarray, float]:
    """The minimiser by exchanges, in the box and, where its sum leaves the interval, on the interval's nearer end.

    Returns it and the multiplier of the sum, 0 within the interval.
    """

    def at(multiplier: float, guess: np.ndarray) -> np.ndarray:
        return _pivoted(matrix, pull + multiplier, bound, guess)

    weights = at(0.0, start)
    low, high = sums
    if np.isfinite(weights).all() and not low <= weights.sum() <= high:
        return _at_sum(at, weights, low if weights.sum() < low else high)
    return weights, 0.0


def factored_minimum(
    factor: np.ndarray, pull: np.ndarray, bound: float, sums: tuple[float, float]
) -> tuple[np.ndarray, float]:
    """The same for K = Z Zᵀ with Z (n, r): accelerated projected gradient steps, O(n r) each."""
    largest = float(np.linalg.eigvalsh(factor.T @ factor)[-1])
    weights = accelerated(lambda w: factor @ (factor.T @ w), largest, pull, bound, sums, FACTORED_STEPS)
    return weights, float(0.5 * np.sum((factor.T @ weights) ** 2) - pull @ weights)


def accelerated(
    product: Callable[[np.ndarray], np.ndarray],
    largest: float,
    pull: np.ndarray,
    bound: float,
    sums: tuple[float, float],
    steps: int,
) -> np.ndarray:
    """Projected gradient steps with momentum (Beck & Teboulle 2009), restarted when they overshoot."""
    weights = momentum = project(np.ones(len(pull)), bound, sums)
    t = 1.0
    for _ in range(steps):
        gradient = product(momentum) - pull
        following = project(momentum - gradient / largest, bound, sums)
        if np.sum((momentum - following) * (following - weights)) > 0:
            t = 1.0
        further = (1 + np.sqrt(1 + 4 * t * t)) / 2
        momentum = following + (t - 1) / further * (following - weights)
        moved = np.abs(following - weights).max()
        weights, t = following, further
        if moved < TOLERANCE[weights.dtype]:
            break
    return weights


def project(weights: np.ndarray, bound: float, sums: tuple[float, float]) -> np.ndarray:
    """The nearest point of the box whose sum lies in the interval."""
    inside = np.clip(weights, 0.0, bound)
    total = inside.sum()
    if sums[0] <= total <= sums[1]:
        return inside
    wanted = min(max(sums[0] if total < sums[0] else sums[1], 0.0), bound * len(weights))
    below, above = -weights.max() - 1.0, bound - weights.min() + 1.0
    for _ in range(100):
        middle = (below + above) / 2
        if np.clip(weights + middle, 0.0, bound).sum() < wanted:
            below = middle
        else:
            above = middle
    return np.clip(weights + above, 0.0, bound)


def _pivoted(matrix: np.ndarray, pull: np.ndarray, bound: float, guess: np.ndarray) -> np.ndarray:
    """The minimiser in the box alone, from a guess of it, in the precision of ``matrix``."""
    n = len(pull)
    tolerance = TOLERANCE[matrix.dtype]
    pull = pull.astype(matrix.dtype)
    free = (guess > tolerance) & (guess < bound - tolerance)
    capped = guess >= bound - tolerance
    best, patience = n + 1, 10
    weights = guess
    scale = tolerance * max(1.0, float(np.abs(pull).max()))
    for _ in range(MOST_EXCHANGES):
        weights = np.where(capped, bound, 0.0).astype(matrix.dtype)
        weights[free] = _solve(matrix, pull - matrix @ weights if capped.any() else pull, free)
        if not np.abs(weights).max() < LARGEST_MULTIPLIER:
            return np.full(n, np.nan)
        gradient = matrix @ weights - pull
        low, high = free & (weights < -tolerance), free & (weights > bound + tolerance)
        enters = (~free & ~capped & (gradient < -scale)) | (capped & (gradient > scale))
        wrong = np.flatnonzero(low | high | enters)
        if not len(wrong):
            break
        if len(wrong) < best:
            best, patience = len(wrong), 10
        else:
            patience -= 1
            if patience < 0:  # One exchange at a time always ends (Murty's rule).
                wrong = wrong[-1:]
        chosen = np.zeros(n, dtype=bool)
        chosen[wrong] = True
        free, capped = (
            (free & ~(chosen & (low | high))) | (chosen & enters),
            capped & ~(chosen & enters) | (chosen & high),
        )
    return np.clip(weights, 0.0, bound)


def _solve(matrix: np.ndarray, right: np.ndarray, free: np.ndarray) -> np.ndarray:
    """The free weights; in single precision not a number where that would not do."""
    from scipy.linalg import LinAlgError, cho_factor, cho_solve, lstsq

    kept = np.flatnonzero(free)
    block = matrix.copy() if len(kept) == len(matrix) else _block(matrix, kept)
    single = matrix.dtype == np.float32
    try:  # a symmetric matrix's transpose has the order of LAPACK and needs no copy
        factor = cho_factor(block.T, overwrite_a=True, check_finite=False)
    except LinAlgError:
        return np.full(len(kept), np.nan) if single else np.asarray(lstsq(_block(matrix, kept), right[free])[0])
    pivots = np.diag(factor[0]) ** 2
    if single and pivots.min(initial=1.0) < SMALLEST_PIVOT * pivots.max(initial=0.0):
        return np.full(len(kept), np.nan)
    return np.asarray(cho_solve(factor, right[free], check_finite=False))


def _at_sum(
    at: Callable[[float, np.ndarray], np.ndarray], weights: np.ndarray, wanted: float
) -> tuple[np.ndarray, float]:
    """The minimiser whose sum is ``wanted``, and its multiplier: the sum grows with the multiplier."""
    step = 1.0 if weights.sum() < wanted else -1.0
    near, far = 0.0, step
    while (at(far, weights).sum() - wanted) * step < 0 and abs(far) < LARGEST_MULTIPLIER:
        near, far = far, 2 * far
    for _ in range(60):
        middle = (near + far) / 2
        weights = at(middle, weights)
        if abs(weights.sum() - wanted) <= TOLERANCE[weights.dtype] * max(wanted, 1.0):
            break
        near, far = (middle, far) if (weights.sum() - wanted) * step < 0 else (near, middle)
    return weights, middle


def _largest(matrix: np.ndarray) -> float:
    """A close bound of the largest eigenvalue, by power iterations."""
    vector = np.ones(len(matrix)) / np.sqrt(len(matrix))
    length = 1.0
    for _ in range(8):
        vector = matrix @ vector
        length = float(np.linalg.norm(vector))
        vector /= max(length, 1e-300)
    return 1.05 * length
