"""Input checks."""

import pandas as pd

from cartend.sdtm import findings


def run_checks(tables, study, criteria):
    return findings.no_findings(), None
