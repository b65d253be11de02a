"""The probability that correlated normal variables all stay within +/- z, without chance."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from scipy.special import gammainc, ndtri

from cartend.stats.results import EstimationError

NODES = 16  # Gauss-Legendre points a piece; the integrand is smooth between the breaks
LATTICE = 2**17
RANK_TOLERANCE = 1e-9


def all_within(z: float, correlation: np.ndarray) -> float:
    """Return P(|Z_1| <= z, ..., |Z_K| <= z) for normal Z of this correlation (K, K).

    1. Z = A X, X independent in r dimensions, r the rank: weights that add up to another weight
       make the correlation singular, and cost nothing.
    2. X is a direction u and a length of chi distribution, so the probability is the mean over the
       sphere of P(chi2_r <= z^2/max_k (a_k u)^2).
    3. r = 1: closed.  r = 2, 3: Gauss-Legendre between the angles at which two of the |a_k u|
       cross, where alone the integrand has a kink; error about 1e-10.
    4. r > 3: the mean over a fixed lattice of 2^17 directions; error about 1e-5.

    Deterministic.  ``mvtnorm::pmvnorm(rep(-z, K), rep(z, K), corr=)``.
    """
    correlation = np.asarray(correlation, dtype=float)
    if correlation.ndim != 2 or correlation.shape[0] != correlation.shape[1]:
        raise EstimationError(f"the correlation must be square, not {correlation.shape}")
    if not np.allclose(np.diag(correlation), 1) or not np.allclose(correlation, correlation.T):
        raise EstimationError("the correlation must be symmetric with ones on its diagonal")
    if not z > 0:
        return 0.0
    values, vectors = np.linalg.eigh(correlation)
    used = values > RANK_TOLERANCE
    rows = (vectors[:, used] * np.sqrt(values[used]))[:, ::-1]
    rank = rows.shape[1]
    if rank == 1:
        return float(gammainc(0.5, z**2 / 2))
    if rank == 2:
        return _circle(z, rows)
    return _sphere(z, rows) if rank == 3 else _lattice(z, rows)


def _within(z: float, projections: np.ndarray, rank: int) -> np.ndarray:
    """Return P(chi2_r <= z^2/max (a_k u)^2), the projections a_k u along the first axis."""
    largest = np.abs(projections).max(axis=0)
    return gammainc(rank / 2, z**2 / (2 * np.maximum(largest, 1e-150) ** 2))


def _crossings(rows: np.ndarray) -> np.ndarray:
    """Return the normals of the planes on which two projections are equal or opposite."""
    pairs = list(combinations(range(rows.shape[0]), 2))
    return np.array([rows[i] + sign * rows[j] for i, j in pairs for sign in (1, -1)])


def _pieces(breaks: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return nodes and weights (..., (B + 1) NODES) on [0, pi] cut at ``breaks`` (..., B)."""
    ends = np.zeros((*breaks.shape[:-1], 1))
    cut = np.concatenate((ends, np.sort(breaks, axis=-1), ends + np.pi), axis=-1)
    node, weight = np.polynomial.legendre.leggauss(NODES)
    half = np.diff(cut, axis=-1)[..., None] / 2
    nodes = cut[..., :-1, None] + half * (node + 1)
    return (v.reshape(*cut.shape[:-1], -1) for v in (nodes, half * weight))


def _circle(z: float, rows: np.ndarray) -> float:
    normals = _crossings(rows)
    angle, weight = _pieces(np.arctan2(-normals[:, 0], normals[:, 1]) % np.pi)
    projections = rows @ np.stack((np.cos(angle), np.sin(angle)))
    return float(weight @ _within(z, projections, 2) / np.pi)


def _sphere(z: float, rows: np.ndarray) -> float:
    """Integrate over half a sphere; the pole is the direction of least variance.

    1. At longitude f the crossings lie at polar angles t with tan t = -c_z/(c_x cos f + c_y sin f).
    2. Two crossings meet at the longitudes of the cross products of their normals: the breaks in f.
    """
    normals = _crossings(rows)
    meetings = np.array([np.cross(a, b) for a, b in combinations(normals, 2)])
    meetings = meetings[np.hypot(meetings[:, 0], meetings[:, 1]) > 1e-12]
    longitude, weight_f = _pieces(np.arctan2(meetings[:, 1], meetings[:, 0]) % np.pi)
    flat = np.outer(np.cos(longitude), normals[:, 0]) + np.outer(np.sin(longitude), normals[:, 1])
    polar, weight_t = _pieces(np.arctan2(-normals[:, 2], flat) % np.pi)
    total = 0.0
    for f, w, t, inner in zip(longitude, weight_f, polar, weight_t, strict=True):
        if w == 0:
            continue
        sine = np.sin(t)
        direction = np.stack((sine * np.cos(f), sine * np.sin(f), np.cos(t)))
        total += w * float((inner * sine) @ _within(z, rows @ direction, 3))
    return total / (2 * np.pi)


def _lattice(z: float, rows: np.ndarray) -> float:
    """Average over a Kronecker lattice of the square roots of primes, folded to be symmetric."""
    rank = rows.shape[1]
    primes = [p for p in range(2, 100) if all(p % q for q in range(2, p))][:rank]
    steps = np.arange(1, LATTICE + 1)[:, None] * np.sqrt(primes)
    uniform = np.clip(np.abs(2 * (steps % 1) - 1), 1e-12, 1 - 1e-12)
    direction = ndtri(uniform)
    direction /= np.linalg.norm(direction, axis=1, keepdims=True)
    return float(_within(z, rows @ direction.T, rank).mean())
