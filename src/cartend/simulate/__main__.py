"""``python -m cartend.simulate``: write the shipped synthetic trials.

With ``--truth`` the true values are computed again first, from a million subjects a study; without
it the recorded ones are written, and every file has the same bytes as before.
"""

import argparse
from pathlib import Path

from cartend.simulate.components.domains import true_responses
from cartend.simulate.domains import merged_domains, split_domains
from cartend.simulate.errors import plant_errors
from cartend.simulate.parameters import STUDIES, load_parameters
from cartend.simulate.trial import simulate_trial, study_file
from cartend.simulate.write import write_domains, write_yaml

TRUTH = "True values of a synthetic trial, its parameters, its planted errors; made by make data."
RECORDED = "Recorded by python -m cartend.simulate --truth: estimates on many subjects."


def write_study(name: str, out: Path) -> None:
    """Write the domains and truth.yaml of one study."""
    from cartend.simulate.truth import recorded_truth

    params = load_parameters(name)
    trial = simulate_trial(params, study_file(name), params.n)
    domains, planted = plant_errors(trial, merged_domains(trial))
    write_domains(split_domains(domains), out / name)
    content = {
        "study": name,
        "planted_errors": planted,
        "truth": recorded_truth(name),
        "parameters": params.model_dump(mode="json"),
        "responses": true_responses(trial),
    }
    write_yaml(content, out / name / "truth.yaml", TRUTH)


def record_truth(name: str, subjects: int) -> None:
    """Compute the true values of one study and keep them beside the code, as they grow exact."""
    from cartend.simulate.truth import compute_truth

    folder = Path(__file__).parent / "truth_values"
    folder.mkdir(exist_ok=True)
    for values in compute_truth(load_parameters(name), n=subjects):
        write_yaml(values, folder / f"{name}.yaml", RECORDED)


def main() -> None:
    """Write ``data/synthetic/<study>`` for every shipped study."""
    parser = argparse.ArgumentParser(prog="python -m cartend.simulate", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("data/synthetic"))
    parser.add_argument("--truth", action="store_true", help="compute the true values again")
    parser.add_argument("--studies", nargs="+", choices=STUDIES, default=STUDIES)
    parser.add_argument("--subjects", type=int, default=1_000_000, help="subjects for --truth")
    asked = parser.parse_args()
    for name in asked.studies:
        if asked.truth:
            record_truth(name, asked.subjects)
        write_study(name, asked.out)


if __name__ == "__main__":
    main()
