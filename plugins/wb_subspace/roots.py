"""Powers 1/2 and −1/2 of a covariance without its eigenvectors.

With C = Q T Qᵀ, T tridiagonal, a power of C is Q F Qᵀ with F the same power of T. For x^(−1/2) the quadrature of Hale,
Higham & Trefethen (SIAM J. Numer. Anal. 2008, method 3) gives a dozen or two of shifted inverses (T + σ I)⁻¹, whose
diagonals follow one from another and die away the faster, the better T is conditioned. Every step but the
tridiagonalisation itself is cheap beside the eigenvectors that it saves, and all of them are in double precision.
"""

from __future__ import annotations

import numpy as np

SMALL = 200
"""Matrices up to this size are decomposed whole."""

BLOCK = 48
"""Reflections that are applied at once."""

NEGLIGIBLE = 1e-17
"""Diagonals whose entries are all below this share of the largest are left out."""


def root(matrix: np.ndarray, shift: float, power: float) -> np.ndarray:
    """(C + ``shift`` I)^``power`` of a positive semi-definite C (d, d), whose lower triangle is read; shape (d, d).

    ``shift`` is positive, ``power`` 1/2 or −1/2.
    """
    from scipy.linalg import eigh, lapack

    d = len(matrix)
    if d <= SMALL:
        values, vectors = eigh(matrix, driver="evd", check_finite=False)
        half = vectors * (np.maximum(values, 0.0) + shift) ** (power / 2)
        return np.asarray(half @ half.T)
    work = int(lapack.dsytrd_lwork(d, lower=1)[0])
    reduced, diagonal, beside, scales, _ = lapack.dsytrd(matrix, lower=1, lwork=work)
    bands = tridiagonal_power(diagonal + shift, beside, shift, power)
    return turned_back(_dense(bands), len(bands) - 1, reduced[1:, :-1], scales)


def tridiagonal_power(diagonal: np.ndarray, beside: np.ndarray, smallest: float, power: float) -> list[np.ndarray]:
    """The diagonals of T^power on and below the main one, each padded with zeros to its length.

    No eigenvalue of T is below ``smallest``; diagonals of negligible entries are left out.
    """
    reach = np.abs(np.append(beside, 0.0)) + np.abs(np.insert(beside, 0, 0.0))
    shifts, weights = inverse_root_quadrature(smallest, float(np.max(diagonal + reach)))
    bands = _bands(diagonal, beside, shifts, weights)
    return _multiplied(diagonal, beside, bands) if power > 0 else bands  # T^(1/2) = T · T^(−1/2)


def _dense(bands: list[np.ndarray]) -> np.ndarray:
    """The lower triangle that has these diagonals, in Fortran order."""
    d = len(bands[0])
    flat = np.zeros(d * d)
    for m, band in enumerate(bands):
        flat[m :: d + 1][: d - m] = band[: d - m]
    return flat.reshape(d, d, order="F")


def inverse_root_quadrature(smallest: float, largest: float) -> tuple[np.ndarray, np.ndarray]:
    """Shifts σ and weights w with x^(−1/2) = Σ w / (x + σ) for x in [smallest, largest].

    Its relative error is about 1e-17 times their ratio, as that of eigenvalues in double precision.
    """
    from scipy.special import ellipj, ellipkm1

    ratio = smallest / largest
    terms = int(np.ceil(1.9 * (np.log(1 / ratio) + 3.0)))
    quarter = ellipkm1(ratio)
    sn, cn, dn, _ = ellipj((np.arange(terms) + 0.5) * quarter / terms, 1 - ratio)
    return smallest * (sn / cn) ** 2, 2 * quarter * np.sqrt(smallest) / (np.pi * terms) * dn / cn**2


def _bands(diagonal: np.ndarray, beside: np.ndarray, shifts: np.ndarray, weights: np.ndarray) -> list[np.ndarray]:
    """The diagonals of Σ w (T + σ I)⁻¹ below and on the main one, padded with zeros to its length."""
    from scipy.linalg import lapack

    d = len(diagonal)
    entries, ratios = np.empty((len(shifts), d)), np.empty((len(shifts), d - 1))
    for row, (shift, weight) in enumerate(zip(shifts, weights, strict=True)):
        shifted = diagonal + shift
        down = lapack.dpttrf(shifted, beside)[0]
        up = lapack.dpttrf(shifted[::-1], beside[::-1])[0][::-1]
        entries[row] = weight / (down + up - shifted)
        ratios[row] = -beside / up[1:]
    sums = [entries.sum(axis=0)]
    least = NEGLIGIBLE * np.abs(sums[0]).max()
    for m in range(1, d):
        entries = entries[:, :-1] * ratios[:, m - 1 :]
        sums.append(np.append(entries.sum(axis=0), np.zeros(m)))
        if np.abs(sums[-1]).max() < least:
            break
    return sums


def _multiplied(diagonal: np.ndarray, beside: np.ndarray, bands: list[np.ndarray]) -> list[np.ndarray]:
    """The diagonals of T G for a symmetric G, given as its own, that commutes with T."""
    d = len(diagonal)
    bands = [*bands, np.zeros(d), np.zeros(d)][: d + 1]
    roots = []
    for m in range(min(len(bands) - 1, d)):
        band = diagonal[m:] * bands[m][: d - m]
        band[:-1] += beside[m:] * bands[m + 1][: d - m - 1]
        if m:
            band += beside[m - 1 :] * bands[m - 1][: d - m]
        else:
            band[1:] += beside * bands[1][: d - 1]
        roots.append(np.append(band, np.zeros(m)))
    return roots


def turned_back(middle: np.ndarray, reach: int, reflectors: np.ndarray, scales: np.ndarray) -> np.ndarray:
    """Q F Qᵀ for a symmetric F (d, d) with ``reach`` diagonals beside the main one; its lower triangle is used up.

    Q is the product of the reflections of a tridiagonalisation, as LAPACK leaves them: ``reflectors`` (d − 1, d − 1)
    below the diagonal and their ``scales``. From the last block of reflections to the first, each changes the
    trailing part from both sides, by one symmetric update, and the columns just before it from one side.
    """
    from scipy.linalg import blas

    end = len(middle) - 1
    old, trailing, room = end, np.zeros((0, 0)), (np.empty(end * end), np.empty(end * end))
    for start in range((end - 1) // BLOCK * BLOCK, -1, -BLOCK):
        vectors, inner = _block(reflectors[start:, start : start + BLOCK], scales[start : start + BLOCK])
        room = room[::-1]
        grown = room[0][: (end - start) ** 2].reshape(end - start, end - start, order="F")
        grown[:, : old - start] = middle[start + 1 :, start + 1 : old + 1]
        grown[old - start :, old - start :] = trailing
        met = blas.dsymm(1.0, grown, vectors, lower=1) @ inner.T
        met -= vectors @ (inner @ (vectors.T @ met)) / 2
        trailing = blas.dsyr2k(-1.0, vectors, met, beta=1.0, c=grown, lower=1, overwrite_c=1)
        before = middle[start + 1 :, max(0, start + 1 - reach) : start + 1]
        before -= vectors @ (inner @ (vectors.T @ before))
        old = start
    middle[1:, 1:] = trailing
    return mirrored(middle)


def mirrored(matrix: np.ndarray) -> np.ndarray:
    """``matrix`` (d, d), its lower triangle copied to the upper in place."""
    for start in range(0, len(matrix), BLOCK):
        stop = start + BLOCK
        corner = np.tril(matrix[start:stop, start:stop])
        matrix[start:stop, start:stop] = corner + np.tril(corner, -1).T
        matrix[start:stop, stop:] = matrix[stop:, start:stop].T
    return matrix


def _block(reflectors: np.ndarray, scales: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """V and T of the product I − V T Vᵀ of elementary reflections."""
    used = scales != 0
    vectors = np.tril(reflectors, -1)
    vectors[np.diag_indices(len(scales))] = 1.0
    vectors = np.asfortranarray(vectors * used)
    inverse = np.triu(vectors.T @ vectors, 1)
    inverse[np.diag_indices(len(scales))] = 1 / np.where(used, scales, 1.0)
    return vectors, np.linalg.inv(inverse)
