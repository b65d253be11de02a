"""Files that are written block by block hold their contract block by block."""

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from factory import randomised_study

from cartend.config.study import Study
from cartend.contract.check import ContractError
from cartend.contract.datasets.results import ADRSP
from cartend.endpoint.streams import Stream, as_frame, columns_of, schema_of

STUDY = Study.model_validate(randomised_study("", 400, ["ORR"], strata=["ECOG", "BRIDGE"]))
ROW = {
    **dict.fromkeys(columns_of(ADRSP, STUDY), "x"),
    **{"ADT": pd.NaT, "SRCSEQ": 1, "ANL01FL": "Y", "AVALC": "Y", "EVAL": "IRC", "POP": "RAND"},
}


def block(*subjects: str, **more: object) -> pa.Table:
    frame = pd.DataFrame([{**ROW, "USUBJID": subject, **more} for subject in subjects])
    return pa.Table.from_pandas(frame, schema_of(ADRSP, STUDY, pa.string()), preserve_index=False)


@pytest.fixture
def stream(tmp_path):
    return Stream("adrsp", tmp_path / "adrsp.parquet", STUDY)


def test_strata_stand_after_what_every_study_carries_and_none_twice():
    names = list(columns_of(ADRSP, STUDY))
    assert names[names.index("AGEGR") :][:3] == ["AGEGR", "ECOG", "AVALC"]
    assert len(set(names)) == len(names)


def test_the_blocks_are_read_back_as_plain_text(stream):
    blocks = [block("A", "B"), block("A", "B", POP="INF")]
    for one in blocks:
        stream.add(one)
    stream.close()
    found = pq.read_table(stream.path)
    assert found.schema.field("AVALC").type == pa.string()
    assert found.to_pandas().equals(as_frame("adrsp", blocks, STUDY))
    assert found.num_rows == 4


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (block("A", "A"), "has 1 rows of"),
        (block("A", ANL01FL="PERHAPS"), "ANL01FL holds PERHAPS; allowed: Y, N"),
        (block("A", AVALC=None), "AVALC is missing in 1 of 1 rows"),
        (pa.concat_tables([block("A"), block("B", POP="INF")]), "twice"),
    ],
)
def test_a_block_that_breaks_its_contract_is_not_written(stream, wrong, said):
    with pytest.raises(ContractError, match=said):
        stream.add(wrong)


def test_an_analysis_comes_once(stream):
    stream.add(block("A"))
    with pytest.raises(ContractError, match="has the analysis"):
        stream.add(block("B"))
