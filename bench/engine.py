"""Time and memory of the engine against size: `make bench-engine`, `python bench/engine.py N ...`.

A registry is made in memory (8 visits, two evaluators, one arm of two; new therapy, death, loss),
OS, both PFS, the three published lymphoma EFS, DOR and NRM are derived for it, and ADTTE and the
candidates are written. Each size runs in a process of its own, so that peak memory is its own. At
the end the slope of log time against log size: 1 is proportional, from the second size on, where
the fixed cost of a start no longer counts.
"""

import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

ENDPOINTS = ["OS", "PFS_FDA", "PFS_EMA", "EFS_ZUMA7", "EFS_TRANSFORM", "EFS_BELINDA", "DOR", "NRM"]
VISITS = (42, 63, 84, 126, 150, 182, 274, 365)
DAY0 = np.datetime64("2020-01-01", "D")


def registry(n: int, seed: int = 20240701) -> dict[str, pd.DataFrame]:
    """Return adsl, adrs, adevt and admrd of a registry of n subjects."""
    rng = np.random.default_rng(seed)
    subject = pd.Series(np.char.add("S", np.char.zfill(np.arange(n).astype(str), 8)))
    start = DAY0 + rng.integers(0, 700, n)
    cutoff = np.datetime64("2023-12-31", "D")
    death = start + rng.exponential(900, n).astype(int) + 5
    lost = start + rng.exponential(4000, n).astype(int) + 10
    alive = np.minimum(np.minimum(death, lost), cutoff)
    dead = death <= cutoff
    adsl = pd.DataFrame(
        {
            "STUDYID": "REGISTRY",
            "USUBJID": subject,
            "ARMCD": np.where(rng.random(n) < 0.5, "CART", "SOC"),
            "TRT01P": "CAR-T",
            "RANDFL": "Y",
            "INFFL": "Y",
            "LAFL": "Y",
            "SAFFL": "Y",
            "BRIDGE": "NONE",
            "BRIDGEFL": "N",
            "AGEGR": "18-64",
            "RANDDT": start.astype("datetime64[ms]"),
            "TRTSDT": (start + 28).astype("datetime64[ms]"),
            "DTHDT": np.where(dead, death, np.datetime64("NaT")).astype("datetime64[ms]"),
            "DTHCAUS": np.where(
                dead, np.where(rng.random(n) < 0.8, "DISEASE UNDER STUDY", "INFECTION"), None
            ),
            "LSTALVDT": alive.astype("datetime64[ms]"),
            "LOSTDT": np.where(lost <= cutoff, lost, np.datetime64("NaT")).astype("datetime64[ms]"),
            "CUTDT": np.full(n, cutoff).astype("datetime64[ms]"),
        }
    )
    return {
        "adsl": adsl,
        "adrs": _responses(rng, subject, start, np.minimum(alive, death), n),
        "adevt": _therapies(rng, subject, start, alive, n),
        "admrd": pd.DataFrame(
            {
                c: pd.Series(dtype=object)
                for c in ("USUBJID", "ADT", "ADTF", "AVALC", "CALLRS", "SRCDOM", "SRCVAR", "SRCSEQ")
            }
        ),
    }


def _responses(rng, subject, start, end, n):
    parts = []
    for evaluator in ("IRC", "INV"):
        codes = np.array(["CR", "PR", "SD", "PD", "NE"], dtype=object)
        for seq, day in enumerate(VISITS, 1):
            date = start + day + rng.integers(-7, 8, n)
            kept = (date <= end) & (rng.random(n) < 0.93)
            value = rng.choice(5, size=n, p=(0.3, 0.2, 0.22, 0.2, 0.08))
            parts.append(
                pd.DataFrame(
                    {
                        "USUBJID": subject[kept],
                        "EVAL": evaluator,
                        "ADT": date[kept].astype("datetime64[ms]"),
                        "AVALC": pd.Categorical.from_codes(value[kept], codes),
                        "SRCSEQ": seq,
                    }
                )
            )
    frame = pd.concat(parts, ignore_index=True)
    return frame.assign(PARAMCD="OVR", ANL01FL="Y", ADTF="", SRCDOM="RS", SRCVAR="RSDTC")


def _therapies(rng, subject, start, alive, n):
    date = start + rng.exponential(500, n).astype(int) + 30
    kept = date <= alive
    return pd.DataFrame(
        {
            "USUBJID": subject[kept],
            "KIND": "NEW_THERAPY",
            "ADT": date[kept].astype("datetime64[ms]"),
            "ADTF": "",
            "REASON": rng.choice(np.array(["EFFICACY", "OTHER"], dtype=object), int(kept.sum())),
            "PLANNED": "N",
            "CLASS": "PLATINUM",
            "WHAT": "R-ICE",
            "SRCDOM": "CM",
            "SRCVAR": "CMSTDTC",
            "SRCSEQ": 1,
        }
    )


def one(n: int) -> None:
    """Derive all endpoints of a registry of n subjects and print time, rows and peak memory."""
    from cartend.config.load import load_config
    from cartend.endpoint.build import write_all
    from cartend.endpoint.records import load_trial

    resolved = load_config("config/config.yaml")
    study = resolved.studies["lbcl-second-line"].model_copy(update={"strata": ()})
    primary = resolved.scenarios["lbcl-second-line"]["primary"]
    frames = registry(n)
    begun = time.perf_counter()
    trial = load_trial(
        study,
        resolved.criteria["lbcl-second-line"],
        frames["adsl"],
        frames["adrs"],
        frames["adevt"],
        frames["admrd"],
    )
    loaded = time.perf_counter()
    definitions = {name: primary.definitions[name] for name in ENDPOINTS}
    with tempfile.TemporaryDirectory() as folder:
        names = ("adtte", "adrsp", "candidates")
        paths = {name: Path(folder) / f"{name}.parquet" for name in names}
        write_all(trial, definitions, primary.support, paths)
        rows = sum(pq.read_metadata(path).num_rows for path in paths.values())
    ended = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    print(
        f"{n:>9,} subjects  load {loaded - begun:7.2f} s  derive and write "
        f"{ended - loaded:7.2f} s  rows {rows:>12,}  peak {peak:5.2f} GiB",
        flush=True,
    )


def many(sizes: list[int]) -> None:
    """Run each size in its own process and print the log-log slopes between them."""
    seconds = []
    for size in sizes:
        command = [sys.executable, __file__, str(size)]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        print(done.stdout, end="", flush=True)
        seconds.append(sum(float(s) for s in re.findall(r"([0-9.]+) s ", done.stdout)))
    slopes = np.diff(np.log(seconds)) / np.diff(np.log(sizes))
    for i, slope in enumerate(slopes):
        print(f"slope from {sizes[i]:,} to {sizes[i + 1]:,} subjects: {slope:.2f}")
    if len(sizes) > 2:
        later = np.polyfit(np.log(sizes[1:]), np.log(seconds[1:]), 1)[0]
        print(f"log-log slope from {sizes[1]:,} subjects on: {later:.2f}")


if __name__ == "__main__":
    sizes = [int(float(text)) for text in sys.argv[1:]] or [10**3, 10**4, 10**5, 10**6]
    if len(sizes) == 1:
        one(sizes[0])
    else:
        many(sizes)
