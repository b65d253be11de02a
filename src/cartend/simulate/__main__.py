"""``python -m cartend.simulate``: write the shipped synthetic trials."""

import argparse
from pathlib import Path

from cartend.simulate.domains import merged_domains, split_domains
from cartend.simulate.parameters import STUDIES, load_parameters
from cartend.simulate.trial import simulate_trial, study_file
from cartend.simulate.write import write_domains


def main() -> None:
    """Write ``data/synthetic/<study>`` for every shipped study."""
    parser = argparse.ArgumentParser(prog="python -m cartend.simulate", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("data/synthetic"))
    out = parser.parse_args().out
    for name in STUDIES:
        params = load_parameters(name)
        trial = simulate_trial(params, study_file(name), params.n)
        write_domains(split_domains(merged_domains(trial)), out / name)


if __name__ == "__main__":
    main()
