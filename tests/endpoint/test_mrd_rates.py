"""MRD rates by threshold, visit, specimen, response and imaging (R27, R29), by hand."""

import pandas as pd
import pytest
import yaml
from factory import Subject, iso, single_arm_study, steps, write_sdtm

from cartend.config.load import load_config

SCHEDULE = (("D28", 28), ("M2", 56), ("M3", 94), ("M6", 183), ("M9", 274), ("M12", 365))
ENDPOINTS = ["MRDNEG", "MRDNEG_1E4", "MRDNEG_1E5", "MRDNEG_1E6", "MRDNEG_M3", "MRDNEG_CR"]
ENDPOINTS += ["CTDNANEG", "MRDNEG_IMG"]
PARTIAL, COMPLETE = [(28, "PR"), (94, "PR")], [(28, "PR"), (94, "CR")]
# Subject: visits; samples as (day, fraction or None, limit of detection, specimen); imaging.
CASES = {
    "S1": (COMPLETE, [(94, None, 1e-6, "BONE MARROW")], [(100, "CMR")]),
    "S2": (COMPLETE, [(94, 3e-5, 1e-6, "BONE MARROW")], [(100, "PMR")]),
    "S3": (PARTIAL, [(28, None, 1e-5, "BONE MARROW")], []),
    "S4": (COMPLETE, [(365, None, 1e-6, "BONE MARROW")], [(200, "CMR")]),
    "S5": (PARTIAL, [(94, None, 1e-6, "PLASMA")], []),
    "S6": (PARTIAL, [(94, None, 1e-4, "BONE MARROW")], []),
}
EXPECTED = {  # S1 to S6
    "MRDNEG": "YNYYNN",  # threshold 1e-5
    "MRDNEG_1E4": "YYYYNY",
    "MRDNEG_1E5": "YNYYNN",
    "MRDNEG_1E6": "YNNYNN",  # S3's assay is not deep enough
    "MRDNEG_M3": "YNNNNN",  # S3 and S4 were sampled at other visits
    "MRDNEG_CR": "YNNNNN",  # S4: complete response 271 days before the sample
    "CTDNANEG": "NNNNYN",
    "MRDNEG_IMG": "YNNNNN",  # S4: imaging 165 days before the sample
}


@pytest.fixture(scope="module")
def adrsp(tmp_path_factory):
    folder = tmp_path_factory.mktemp("mrd")
    subjects = [Subject(who, case[0], randomised=-40) for who, case in CASES.items()]
    write_sdtm(folder / "data", subjects, 500)
    rs = pd.read_csv(folder / "data" / "rs.csv", dtype=str).replace({"RSCAT": {"@": "LUGANO 2014"}})
    scans = [
        {"USUBJID": who, "RSSEQ": str(90 + n), "RSTESTCD": "METBRESP", "RSSTRESC": word,
         "RSEVAL": "INDEPENDENT ASSESSOR", "RSDTC": iso(day)}
        for who, case in CASES.items() for n, (day, word) in enumerate(case[2])
    ]  # fmt: skip
    pd.concat([rs, pd.DataFrame(scans)]).to_csv(folder / "data" / "rs.csv", index=False)
    samples = [
        {"STUDYID": "T", "USUBJID": who, "LBSEQ": n, "LBTESTCD": "MRD", "LBMETHOD": "NGS",
         "LBSTRESC": "NEGATIVE" if value is None else "POSITIVE", "LBSTRESN": value,
         "LBLLOD": limit, "LBSPEC": specimen, "LBDTC": iso(day)}
        for who, case in CASES.items()
        for n, (day, value, limit, specimen) in enumerate(case[1], 1)
    ]  # fmt: skip
    pd.DataFrame(samples).to_csv(folder / "data" / "lb.csv", index=False)
    study = single_arm_study(
        str(folder / "data"), 500, ENDPOINTS, SCHEDULE, criteria="lugano-2014", evaluators=["IRC"]
    )
    (folder / "study.yaml").write_text(yaml.safe_dump({**study, "mrd": {"threshold": 1e-5}}))
    return steps(folder, load_config({"studies": ["study.yaml"]}, folder), "primary")["adrsp"]


@pytest.mark.parametrize("name", ENDPOINTS)
def test_each_rate_counts_the_samples_that_its_definition_means(adrsp, name):
    rows = adrsp[adrsp["PARAMCD"].eq(name) & adrsp["POP"].eq("INF")].sort_values("USUBJID")
    assert "".join(rows["AVALC"]) == EXPECTED[name]
