"""The one check of a table at the border of a job."""

import pandas as pd
import pyarrow.parquet as pq
import pytest

from cartend.contract.check import ContractError, check, write
from cartend.contract.datasets.dataset import dataset
from cartend.contract.vocabulary import vocabulary

TINY = dataset(
    "TINY",
    "A small table",
    """
USUBJID text!    Subject
KIND    text     Kind
ADT     date     Date
AVAL    integer! Days
SHARE   number   Share
""",
    key="USUBJID",
    words={"KIND": vocabulary("kind", "A", "B")},
)


def tiny(**columns: object) -> pd.DataFrame:
    """Return two rows that keep the contract, with columns laid over them."""
    frame = pd.DataFrame(
        {
            "USUBJID": ["1", "2"],
            "KIND": ["A", None],
            "ADT": pd.to_datetime(["2024-01-01", None]).astype("datetime64[ms]"),
            "AVAL": [1, 2],
            "SHARE": [0.5, float("nan")],
        }
    )
    return frame.assign(**columns)


def test_a_table_that_keeps_its_contract_passes():
    made = check(tiny(), TINY)
    assert made.column_names == TINY.names
    assert made.num_rows == 2


@pytest.mark.parametrize(
    ("frame", "sentence"),
    [
        (tiny().drop(columns="ADT"), "TINY has no column ADT"),
        (tiny(MORE="x"), "TINY has the column MORE, which its contract does not know"),
        (tiny(USUBJID=["1", None]), "TINY USUBJID is missing in 1 of 2 rows"),
        (tiny(KIND=["A", "C"]), "TINY KIND holds C; allowed: A, B"),
        (tiny(USUBJID=["1", "1"]), r"TINY has 1 rows whose key \(USUBJID\) stands before"),
        (tiny(AVAL=["a", "b"]), "TINY: .*"),
        (tiny(ADT=["2024", "2025"]), "TINY: .*"),
    ],
)
def test_what_is_wrong_is_one_sentence(frame, sentence):
    with pytest.raises(ContractError, match=sentence) as caught:
        check(frame, TINY)
    assert "\n" not in str(caught.value)


def test_an_arrow_table_of_another_type_is_refused():
    table = check(tiny(), TINY)
    wrong = table.set_column(3, "AVAL", table.column("AVAL").cast("double"))
    with pytest.raises(ContractError, match="AVAL is double, not int64"):
        check(wrong, TINY)


def test_a_column_without_any_value_is_still_text(tmp_path):
    write(tiny(KIND=None), TINY, tmp_path / "t.parquet")
    assert str(pq.read_schema(tmp_path / "t.parquet").field("KIND").type) == "string"


def test_the_place_is_named(tmp_path):
    with pytest.raises(ContractError, match=r"t\.parquet: TINY USUBJID is missing"):
        write(tiny(USUBJID=None), TINY, tmp_path / "t.parquet")


def test_no_row_is_no_violation():
    assert check(tiny().iloc[:0], TINY).num_rows == 0


def test_an_input_table_may_hold_words_that_nobody_knows():
    brought = dataset(
        "IN", "Input", "KIND text+ Kind", words={"KIND": vocabulary("k", "A")}, brought=True
    )
    assert check(pd.DataFrame({"KIND": ["Z"], "MORE": [1]}), brought).num_rows == 1


def test_a_dataset_refuses_what_it_cannot_mean():
    with pytest.raises(ValueError, match="T has no column X"):
        dataset("T", "t", "A text a", words={"X": vocabulary("k", "A")})
    with pytest.raises(ValueError, match="T has a column twice"):
        dataset("T", "t", "A text a\nA text b")
    with pytest.raises(ValueError, match="T has no key column B"):
        dataset("T", "t", "A text a", key="B")
    with pytest.raises(ValueError, match="A: texts is no kind of column"):
        dataset("T", "t", "A texts a")
