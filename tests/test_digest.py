"""The digests see every change that can change a result, and no other."""

import sys
from pathlib import Path

import pytest

from cartend import digest


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A package `cartend` of four modules and a script that imports one of them."""
    files = {
        "cartend/__init__.py": "",
        "cartend/room/__init__.py": "",
        "cartend/room/build.py": (
            '"""Doc."""\nimport numpy\nfrom cartend.room import rules\n\n\n'
            'def build():\n    """Doc."""\n    from .late import there\n    return there(rules.X)\n'
        ),
        "cartend/room/rules.py": "from ..base import ONE  # a comment\n\nX = ONE\n",
        "cartend/room/late.py": "def there(x):\n    return x\n",
        "cartend/room/unused.py": "import lifelines\n",
        "cartend/room/look.css": "body {}\n",
        "cartend/base.py": "ONE = 1\n",
        "script.py": "from cartend.room.build import build\n\nbuild()\n",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    monkeypatch.setattr(digest, "PACKAGE", tmp_path / "cartend")
    forget()
    yield tmp_path
    forget()


def forget():
    for function in vars(digest).values():
        if hasattr(function, "cache_clear"):
            function.cache_clear()


def code(folder):
    forget()
    return digest.code_digest(folder / "script.py")


def edit(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_imports_are_followed_also_relative_ones_and_those_inside_functions(package):
    names = digest.closure(package / "script.py")
    assert names == (
        "cartend",
        "cartend.base",
        "cartend.room",
        "cartend.room.build",
        "cartend.room.late",
        "cartend.room.rules",
    )


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("cartend/base.py", "1", "2"),
        ("cartend/room/late.py", "return x", "return x + 1"),
        ("cartend/room/rules.py", "X = ONE", "X = ONE\nY = 3"),
        ("cartend/room/look.css", "body", "table"),
        ("script.py", "\nbuild()", "\nbuild() if True else None"),
    ],
)
def test_a_change_of_anything_a_script_runs_changes_its_digest(package, file, old, new):
    before = code(package)
    edit(package / file, old, new)
    assert code(package) != before


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("cartend/room/build.py", "Doc.", "Another sentence."),
        ("cartend/room/rules.py", "# a comment", "# another comment"),
        ("cartend/room/late.py", "def there(x):\n", "def there(\n    x,\n):\n"),
        ("cartend/room/unused.py", "import lifelines", "import lifelines\n\nZ = 1"),
    ],
)
def test_comments_docstrings_layout_and_modules_not_imported_change_nothing(
    package, file, old, new
):
    before = code(package)
    edit(package / file, old, new)
    assert code(package) == before


def test_versions_are_those_of_the_packages_that_the_closure_imports(package):
    versions = digest.package_versions(package / "script.py")
    assert set(versions) == {"numpy", "python"}
    assert versions["python"] == f"{sys.version_info[0]}.{sys.version_info[1]}"


def test_canonical_text_is_equal_for_equal_values_in_any_order_of_keys():
    assert digest.canonical({"b": [1, 2], "a": None}) == digest.canonical({"a": None, "b": [1, 2]})
    assert digest.canonical({"a": 1, "b": 2}) != digest.canonical({"a": 2, "b": 1})


def test_a_file_counts_by_its_bytes_and_not_by_its_time(tmp_path):
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    first.write_bytes(b"USUBJID\n")
    second.write_bytes(b"USUBJID\n")
    assert digest.file_digest(first) == digest.file_digest(second)
    second.write_bytes(b"USUBJID\nX\n")
    assert digest.file_digest(first) != digest.file_digest(second)


def test_every_script_of_the_workflow_has_a_digest():
    scripts = sorted((Path(__file__).parents[1] / "workflow" / "scripts").glob("*.py"))
    forget()
    assert len(scripts) == 13
    assert len({digest.code_digest(script) for script in scripts}) == len(scripts)
