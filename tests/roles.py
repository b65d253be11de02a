"""Records written by hand, with the roles that the intake gives them."""

import pandas as pd

from cartend.config.records import Records, all_records
from cartend.contract.terms.roles import COLUMN
from cartend.intake.roles import with_roles


def with_default_roles(domains: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return the tables of each domain with ROLE, as config/records/default.yaml says."""
    return with_given_roles(domains, {})


def with_given_roles(domains: dict[str, pd.DataFrame], named: Records) -> dict[str, pd.DataFrame]:
    """Return the tables with ROLE where a study file says ``records: named``."""
    records = all_records(named)
    return {
        name: with_roles(table.drop(columns=COLUMN, errors="ignore"), name, records)
        for name, table in domains.items()
    }
