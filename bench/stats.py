"""Estimators against size, beside lifelines and R: `make bench-stats`.

Integer days up to 2,000, two causes, two groups, one covariate; times have many ties, as trials
in days do. Each estimator runs in a process of its own, so that its peak memory is its own, data
and imports included; the time is the best of three, without imports and reading. An estimator that
takes longer than the limit is stopped and printed so, and not tried at a larger size. R is used
where `Rscript` with survival and cmprsk is found. Other sizes: `python bench/stats.py N ...`.
"""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

KERNELS = {
    "km": "Kaplan-Meier with limits",
    "logrank": "log-rank, two groups",
    "cif": "cumulative incidence",
    "gray": "Gray's test",
    "cox": "Cox, one covariate",
    "finegray": "Fine-Gray, one covariate",
}
BELOW_SORTS = {"km": 60, "cif": 60, "gray": 60}  # wanted at the largest size
LIMIT_SECONDS = 120
R_SCRIPT = Path(__file__).with_suffix(".R")


def trial(n: int, seed: int = 20240701) -> np.ndarray:
    """Return (4, n) int32: day, state 0-2, group 0-1, covariate in thousandths."""
    rng = np.random.default_rng(seed)
    group, x = rng.integers(0, 2, n), rng.normal(size=n)
    first = rng.exponential(700 * np.exp(0.3 * group - 0.2 * x))
    second = rng.exponential(1500, n)
    lost = rng.uniform(200, 2000, n)
    end = np.minimum(np.minimum(first, second), lost)
    state = np.where(end == lost, 0, np.where(end == first, 1, 2))
    return np.stack((np.floor(end) + 1, state, group, np.round(x * 1000))).astype(np.int32)


def ours(kernel: str, data: np.ndarray):
    """Return the call to time."""
    day, state, group = (column.astype(np.int64) for column in data[:3])
    x, event = data[3] / 1000, (state > 0).astype(np.int64)
    from cartend.stats.competing import cumulative_incidence
    from cartend.stats.gray import gray
    from cartend.stats.logrank import logrank
    from cartend.stats.regression import cox, fine_gray
    from cartend.stats.survival import kaplan_meier

    return {
        "km": lambda: kaplan_meier(day, event),
        "logrank": lambda: logrank(day, event, group),
        "cif": lambda: cumulative_incidence(day, state),
        "gray": lambda: gray(day, state, group),
        "cox": lambda: cox(day, event, x),
        "finegray": lambda: fine_gray(day, state, x),
    }[kernel]


def lifelines(kernel: str, data: np.ndarray):
    """Return the call to time, None where lifelines has no such estimator."""
    import lifelines as ll
    import pandas as pd

    day, state, group = data[:3]
    event = state > 0
    frame = pd.DataFrame({"day": day, "event": event, "x": data[3] / 1000})
    one = group == 1
    return {
        "km": lambda: ll.KaplanMeierFitter().fit(day, event),
        "logrank": lambda: ll.statistics.logrank_test(day[one], day[~one], event[one], event[~one]),
        "cif": lambda: ll.AalenJohansenFitter().fit(day, state, event_of_interest=1),
        "cox": lambda: ll.CoxPHFitter().fit(frame, "day", "event"),
    }.get(kernel)


def best(call) -> float:
    """Return the seconds of the best of three runs, of one where it takes long."""
    seconds = []
    for _ in range(3):
        begun = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - begun)
        if seconds[0] > 2:
            break
    return min(seconds)


def one(tool: str, kernel: str, path: str) -> None:
    """Time one estimator and print seconds and the peak memory of the process, in MiB."""
    import warnings

    warnings.simplefilter("ignore")
    data = np.load(path)
    call = {"ours": ours, "lifelines": lifelines}[tool](kernel, data)
    if call is None:
        return
    seconds = best(call)
    print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def measure(command: list[str]) -> list[float] | None:
    """Run a child and return the numbers it prints; [] past the limit, None without an answer."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT_SECONDS)
    except subprocess.TimeoutExpired:
        return []
    if done.returncode:
        raise RuntimeError(done.stderr)
    return [float(word) for word in done.stdout.split()] or None


def said(found: list[float] | None) -> str:
    """Return seconds as text."""
    if found is None:
        return "-"
    return f"{found[0]:.4f}" if found else f"> {LIMIT_SECONDS}"


def r_is_there() -> bool:
    """Return whether R has what the script needs."""
    if not shutil.which("Rscript"):
        return False
    check = ["Rscript", "-e", "library(survival); library(cmprsk)"]
    return subprocess.run(check, capture_output=True).returncode == 0


def table(n: int, folder: Path, tools: dict[str, set[str]]) -> bool:
    """Print the rows of one size; return whether each is fast enough for its size.

    ``tools`` maps the others, lifelines and R, to the estimators not to be tried (again).
    """
    data = trial(n)
    stored, raw = folder / f"{n}.npy", folder / f"{n}.bin"
    np.save(stored, data)
    data.tofile(raw)
    sort = best(lambda: np.sort(data[0].astype(np.int64)))
    print(f"\n{n:,} subjects; np.sort of the days {sort * 1000:.3f} ms")
    print(
        f"{'seconds':26}{'cartend':>10}{'/ np.sort':>11}{'peak MiB':>10}{'lifelines':>11}{'R':>10}"
    )
    good = True
    for kernel, title in KERNELS.items():
        child = [sys.executable, __file__, "--one"]
        own = measure([*child, "ours", kernel, str(stored)])
        others = {
            "lifelines": [*child, "lifelines", kernel, str(stored)],
            "R": ["Rscript", str(R_SCRIPT), kernel, str(raw), str(n)],
        }
        found: dict[str, list[float] | None] = {"lifelines": None, "R": None}
        for tool, given_up in tools.items():
            found[tool] = [] if kernel in given_up else measure(others[tool])
            if found[tool] == []:
                given_up.add(kernel)
        ratio = own[0] / sort
        slow = bool(found["R"]) and own[0] > found["R"][0]
        many = n >= 10**6 and ratio > BELOW_SORTS.get(kernel, np.inf)
        good = good and not (n >= 10**6 and (slow or many))
        flag = " slower than R" if slow else " above 60 sorts" if many else ""
        print(
            f"{title:26}{own[0]:>10.4f}{ratio:>11.1f}{own[1]:>10.0f}"
            f"{said(found['lifelines']):>11}{said(found['R']):>10}{flag}",
            flush=True,
        )
    return good


def main(sizes: list[int]) -> None:
    """Print a table a size, and at a million whether the targets are met."""
    tools: dict[str, set[str]] = {"lifelines": set()}
    if r_is_there():
        tools["R"] = set()
    else:
        print("R with survival and cmprsk is not installed: its column is empty.")
    with tempfile.TemporaryDirectory() as folder:
        good = [table(n, Path(folder), tools) for n in sizes]
    if max(sizes) >= 10**6:
        words = "met" if all(good) else "MISSED"
        print(f"\nTargets at a million (no row slower than R; KM, CIF, Gray <= 60 sorts): {words}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(*sys.argv[2:])
    else:
        main([int(float(text)) for text in sys.argv[1:]] or [10**3, 10**5, 10**6])
