"""Trials that several tests look at; each is drawn once."""

from pathlib import Path

import pandas as pd
import pytest

from cartend.simulate.domains import merged_domains
from cartend.simulate.parameters import STUDIES, Parameters, load_parameters
from cartend.simulate.trial import Trial, simulate_trial, study_file

ROOT = Path(__file__).resolve().parents[2]
MANY = 4000


def draw(name: str, n: int, batch: int = 900) -> Trial:
    """Return a trial that no shipped file and no recorded truth uses."""
    return simulate_trial(load_parameters(name), study_file(name), n, batch)


@pytest.fixture(scope="session", params=STUDIES)
def shipped(request: pytest.FixtureRequest) -> Trial:
    """Each shipped trial, as `make data` draws it."""
    params: Parameters = load_parameters(request.param)
    return simulate_trial(params, study_file(request.param), params.n)


@pytest.fixture(scope="session", params=STUDIES)
def large(request: pytest.FixtureRequest) -> Trial:
    """Each trial with many subjects."""
    return draw(request.param, MANY)


@pytest.fixture(scope="session")
def lymphoma() -> Trial:
    """The randomised trial with many subjects."""
    return draw("lbcl-second-line", 40_000)


@pytest.fixture(scope="session")
def leukaemia() -> Trial:
    """The single-arm trial with many subjects."""
    return draw("ball-single-arm", 40_000)


_DOMAINS: dict[str, dict[str, pd.DataFrame]] = {}


@pytest.fixture(scope="session")
def domains(large: Trial) -> dict[str, pd.DataFrame]:
    """The merged domains of ``large``, without planted errors."""
    name = large.params.study
    if name not in _DOMAINS:
        _DOMAINS[name] = merged_domains(large)
    return _DOMAINS[name]
