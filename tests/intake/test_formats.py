"""Every format gives the same table of text."""

import datetime
import json

import pandas as pd
import pyreadstat
import pytest

from cartend.intake.errors import DataError
from cartend.intake.formats import read_table

EXPECTED = [
    {"USUBJID": "A", "RSSEQ": "1", "RSDTC": "2025-03", "LBLLOD": "1e-05", "NOTE": "缓解"},
    {"USUBJID": "A", "RSSEQ": "2", "RSDTC": None, "LBLLOD": None, "NOTE": "NA"},
]
TYPED = pd.DataFrame(
    {
        "usubjid": ["A", "A"],
        "RSSEQ": [1, 2],
        "RSDTC": ["2025-03", ""],
        "LBLLOD": [1e-5, float("nan")],
        "NOTE": ["缓解", "NA"],
    }
)


def write(folder, kind):
    path = folder / f"rs.{kind.split('-')[0]}"
    if kind == "csv":
        TYPED.to_csv(path, index=False)
    elif kind == "parquet":
        TYPED.to_parquet(path, index=False)
    elif kind in ("xpt-5", "xpt-8"):
        pyreadstat.write_xport(TYPED, path, table_name="RS", file_format_version=int(kind[-1]))
    else:
        columns = [{"itemOID": n, "name": n, "label": n} for n in TYPED.columns]
        rows = [["A", 1, "2025-03", 1e-5, "缓解"], ["A", 2, None, None, "NA"]]
        content = {"datasetJSONVersion": "1.1.0", "records": 2, "columns": columns, "rows": rows}
        path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return path


@pytest.mark.parametrize("kind", ["csv", "parquet", "xpt-5", "xpt-8", "json"])
def test_each_format_gives_the_same_text(tmp_path, kind):
    frame, encoding, *_ = read_table(write(tmp_path, kind))
    assert frame.to_dict("records") == EXPECTED
    assert encoding == "utf-8"


def test_dates_in_a_typed_file_become_iso_text(tmp_path):
    days = [datetime.date(2025, 3, 14), None]
    frame = pd.DataFrame({"ADT": days, "N": [1.0, 2.5]})
    pyreadstat.write_xport(frame, tmp_path / "adtte.xpt", variable_format={"ADT": "DATE9."})
    times = pd.DataFrame({"ADT": pd.to_datetime(["2025-03-14T00:00", "2025-03-14T10:30"])})
    times.to_parquet(tmp_path / "adsl.parquet")
    assert read_table(tmp_path / "adtte.xpt")[0].values.tolist() == [
        ["2025-03-14", "1"],
        [None, "2.5"],
    ]
    read = read_table(tmp_path / "adsl.parquet")[0]
    assert read["ADT"].tolist() == ["2025-03-14", "2025-03-14T10:30:00"]


def test_gb18030_text_is_recognised_and_named(tmp_path):
    path = tmp_path / "dm.csv"
    path.write_bytes("USUBJID,SITEID\nA,北京\n".encode("gb18030"))
    frame, encoding, *_ = read_table(path)
    assert frame["SITEID"].tolist() == ["北京"]
    assert encoding == "gb18030"


def test_gbk_text_in_xpt_is_recognised(tmp_path):
    path = tmp_path / "dm.xpt"
    pyreadstat.write_xport(pd.DataFrame({"SITEID": ["XXXX"]}), path)
    path.write_bytes(path.read_bytes().replace(b"XXXX", "北京".encode("gbk")))
    frame, encoding, *_ = read_table(path)
    assert frame["SITEID"].tolist() == ["北京"]
    assert encoding == "gb18030"


def test_a_stated_encoding_is_used(tmp_path):
    path = tmp_path / "dm.csv"
    path.write_bytes("USUBJID,SITEID\nA,Köln\n".encode("latin-1"))
    assert read_table(path, "latin-1")[0]["SITEID"].tolist() == ["Köln"]
    with pytest.raises(DataError, match="dm.csv: encoding klingon is not known"):
        read_table(path, "klingon")
    with pytest.raises(DataError, match="the text is not ascii"):
        read_table(path, "ascii")


def test_text_of_two_bytes_a_letter_is_read_where_the_study_says_so(tmp_path):
    (tmp_path / "dm.csv").write_bytes("USUBJID\nA\n".encode("utf-16"))
    assert read_table(tmp_path / "dm.csv", "utf-16")[0]["USUBJID"].tolist() == ["A"]


def test_a_byte_order_mark_and_blanks_are_stripped(tmp_path):
    path = tmp_path / "dm.csv"
    path.write_bytes("\ufeffusubjid , Age\r\n A ,61 \r\n,\r\n".encode())
    assert read_table(path)[0].to_dict("records") == [{"USUBJID": "A", "AGE": "61"}]


BROKEN = {
    "empty.csv": (b"", "the file is empty"),
    "blank.csv": (b"\n \n", "the file is empty"),
    "binary.csv": (b"\x89PNG\x00\x01", "is no text file"),
    "undecodable.csv": (b"A,B\n\xff\xff,1\n", "the text is not utf-8 and is plausible in none of"),
    "ragged.csv": (b"A,B\n1,2\n1,2,3\n", "data row 2 has cells beyond the 2 columns"),
    "twice.csv": (b"AGE,age\n1,2\n", "column AGE stands twice"),
    "garbage.xpt": (b"no transport file" * 20, "cannot be read as xpt"),
    "garbage.sas7bdat": (b"no sas file" * 20, "cannot be read as sas7bdat"),
    "garbage.parquet": (b"no parquet file", "cannot be read as parquet"),
    "garbage.json": (b"{no json", "cannot be read as json"),
    "other.json": (b"[1, 2]", "needs the keys columns and rows"),
    "short.json": (
        b'{"columns": [{"name": "A"}, {"name": "B"}], "rows": [[1, 2], [1]]}',
        "row 2 has not 2 values",
    ),
    "count.json": (b'{"columns": [{"name": "A"}], "records": 3, "rows": [[1]]}', "records says 3"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_an_unusable_file_is_one_sentence_that_names_it(tmp_path, name):
    content, sentence = BROKEN[name]
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError) as raised:
        read_table(tmp_path / name)
    assert sentence in str(raised.value)
    assert name in str(raised.value)
    assert "\n" not in str(raised.value)


def written_xpt(folder, version, rows=7):
    frame = pd.DataFrame(
        {"USUBJID": [f"SUBJECT-{i:05}" for i in range(rows)], "N": [float(rows)] * rows}
    )
    path = folder / f"dm{version}.xpt"
    pyreadstat.write_xport(frame, path, table_name="DM", file_format_version=version)
    return path


@pytest.mark.parametrize("version", [5, 8])
@pytest.mark.parametrize("left", [79, 80 * 8, 80 * 2, -80, -40])
def test_a_transport_file_that_was_cut_short_stops(tmp_path, version, left):
    path = written_xpt(tmp_path, version)
    assert len(read_table(path).table) == 7
    raw = path.read_bytes()
    path.write_bytes(raw[:left])
    with pytest.raises(DataError, match=rf"dm{version}.xpt"):
        read_table(path)


def test_a_transport_file_of_two_datasets_stops(tmp_path):
    one, other = written_xpt(tmp_path, 5), written_xpt(tmp_path, 8)
    raw = written_xpt(tmp_path, 5, 3).read_bytes()
    one.write_bytes(raw + raw[raw.find(b"HEADER RECORD*******MEMB") :])
    with pytest.raises(DataError, match="more than one dataset"):
        read_table(one)
    assert len(read_table(other).table) == 7


def test_a_sas_dataset_shorter_than_its_header_says_stops(tmp_path):
    head = bytearray(288)
    head[12:16] = b"\xc2\xea\x81\x60"
    head[32:33], head[35:36], head[37:38] = b"3", b"3", b"\x01"
    head[200:208] = (1024).to_bytes(4, "little") + (4096).to_bytes(4, "little")
    head[208:216] = (3).to_bytes(8, "little")
    (tmp_path / "dm.sas7bdat").write_bytes(bytes(head) + b"\x00" * 4096)
    with pytest.raises(DataError, match="cut short: 4384 of 13312 bytes"):
        read_table(tmp_path / "dm.sas7bdat")


OLD_TEXTS = [
    ("cp1252", "Köln – Université de Montréal"),
    ("cp1252", "München\nOrléans\nÅrhus"),
    ("latin-1", "São Paulo, Peña, Bogotá"),
    ("gb18030", "北京大学第一医院"),
    ("gb18030", "疾病进展,淋巴瘤"),
    ("shift_jis", "東京\n大阪大学病院"),
    ("shift_jis", "疾患の進行,リンパ腫"),
    ("euc-kr", "서울대학교병원"),
    ("euc-kr", "사망,질병 진행"),
    ("utf-16", "Köln"),
    ("utf-16-le", "Köln and a longer text"),
]


@pytest.mark.parametrize(("encoding", "text"), OLD_TEXTS)
def test_old_encodings_are_told_apart(tmp_path, encoding, text):
    path = tmp_path / "dm.csv"
    path.write_bytes(f'USUBJID,SITEID\nA,"{text}"\n'.encode(encoding))
    assert read_table(path).table["SITEID"].tolist() == [text]


def test_western_text_in_a_transport_file(tmp_path):
    path = tmp_path / "dm.xpt"
    pyreadstat.write_xport(pd.DataFrame({"SITEID": ["KXln", "MXnchen"]}), path)
    raw = path.read_bytes().replace(b"KX", b"K\xf6").replace(b"MX", b"M\xfc")
    path.write_bytes(raw)
    cells = read_table(path)
    assert cells.table["SITEID"].tolist() == ["Köln", "München"]
    assert cells.encoding == "cp1252"


def test_rows_are_numbered_as_in_the_file_and_short_ones_named(tmp_path):
    path = tmp_path / "dm.csv"
    path.write_text("USUBJID,AGE\nA,1\n,\n\nB,2,\n")
    cells = read_table(path)
    assert cells.table.index.tolist() == [1, 3]
    assert cells.rows == 3
    assert cells.told == ("trimmed of blank cells beyond the header in 1 rows",)
    path.write_text("USUBJID,AGE,SEX\nA,1,F\nB,2\nC,3,F\nD\n")
    with pytest.raises(DataError, match=r"dm.csv: data rows 2, 4 have cells short of the 3"):
        read_table(path)
