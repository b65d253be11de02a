"""What a word, a column and a table mean stands once: in the contract."""

import ast

from cartend.contract.datasets.dataset import Dataset
from tests.architecture.source import Literal, literals, modules, room_of
from tests.architecture.vocabulary import datasets, kind_of, typed_outside, vocabularies


def test_no_list_of_words_or_columns_is_typed_outside_the_contract():
    found = [f"{kind}: {one}" for kind, one in typed_outside()]
    assert not found, "\n".join([f"{len(found)} lists", *found])


def test_such_a_list_would_be_found():
    source = ast.parse(
        "LOSS = ('LOST TO FOLLOW-UP', 'withdrawal of consent')\n"
        "FIVE = ['USUBJID', 'RANDDT', 'LEUKDT', 'TRTSDT', 'DTHDT']\n"
        "NEW = {'SOME': 'a', 'WORDS': 'b', 'MORE': 'c'}\n"
        "SPLIT = 'RANDFL LAFL INFFL SAFFL ENRLFL'.split()\n"
        "pair = frame[['USUBJID', 'ADT']]\n"
        "made = {'PD': one(), 'DEATH': other()}\n"
    )
    kinds = [kind_of(one) for one in literals("room/file.py", source)]
    assert kinds == ["words", "columns", "new", "columns", ""]


def test_every_contract_is_used():
    """A vocabulary or dataset that nothing reads would say nothing true for long."""
    texts = {
        path: ast.unparse(tree)
        for path, tree in modules().items()
        if not path.startswith("contract/datasets/dataset")
    }
    unused = []
    for name in (*vocabularies(), *(n for n in datasets() if n.rsplit(".", 1)[1].isupper())):
        module, constant = name.rsplit(".", 1)
        home = module.removeprefix("cartend.").replace(".", "/") + ".py"
        users = [p for p, text in texts.items() if p != home and constant in text]
        if not users and texts[home].count(constant) < 2:
            unused.append(name)
    assert not unused, unused


def test_labels_and_codes_stand_once_within_a_vocabulary():
    for name, one in vocabularies().items():
        assert len(set(one.codes)) == len(one.codes), name


def test_every_dataset_has_a_label_for_each_column():
    for name, one in datasets().items():
        assert isinstance(one, Dataset)
        assert all(column.label.strip() for column in one.columns), name
        assert one.label.strip(), name


def test_text_is_normalised_in_one_place():
    """No room outside the contract changes case to compare (decision D37)."""
    found = []
    for path, tree in modules().items():
        if room_of(path) in ("contract", "stats"):
            continue
        found += [
            f"{path}:{node.lineno}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute)
            and node.attr in ("upper", "casefold")
            and isinstance(node.value, ast.Attribute)
            and node.value.attr == "str"
        ]
    assert not found, found


def test_the_kinds_of_a_literal():
    assert kind_of(Literal("x.py", 1, ("IRC", "INV"), False)) == "words"
    assert kind_of(Literal("x.py", 1, ("IRC", "none"), False)) == ""
