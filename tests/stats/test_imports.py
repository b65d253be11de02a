"""The estimators load nothing heavy and nothing of the other rooms."""

import ast
import pkgutil
import subprocess
import sys
from pathlib import Path

import cartend.stats

MODULES = [m.name for m in pkgutil.iter_modules(cartend.stats.__path__)]


def test_no_heavy_import():
    program = (
        "import importlib, sys\n"
        f"for name in {MODULES!r}: importlib.import_module('cartend.stats.' + name)\n"
        "heavy = {'scipy.stats', 'scipy.optimize', 'lifelines', 'pandas', 'matplotlib'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
        "print(sorted(m for m in sys.modules if m.startswith('cartend.')\n"
        "             and not m.startswith('cartend.stats')))\n"
    )
    found = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert found.stdout.splitlines() == ["[]", "[]"]


def test_files_and_functions_stay_small():
    lengths = []
    for path in Path(cartend.stats.__path__[0]).glob("*.py"):
        text = path.read_text()
        assert len(text.splitlines()) <= 300, path.name
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                first = node.body[1] if ast.get_docstring(node) and len(node.body) > 1 else node
                lengths.append(node.end_lineno - first.lineno + 1)
    assert max(lengths) <= 90
    assert sorted(lengths)[len(lengths) // 2] <= 15
