"""What the rules and scripts may not contain, read as text."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
RULES = sorted((ROOT / "workflow" / "rules").glob("*.smk"))
SCRIPTS = sorted((ROOT / "workflow" / "scripts").glob("*.py"))
TEXT = {path.name: path.read_text(encoding="utf-8") for path in [ROOT / "Snakefile", *RULES]}
BLOCKS = [
    (name, block)
    for name, text in TEXT.items()
    for block in re.split(r"^(?=rule )", text, flags=re.MULTILINE)[1:]
]
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef)
LIGHT = ("ingest", "subjects", "response", "events")


def names(block):
    return re.match(r"rule (\w+):", block)[1]


def test_there_are_eleven_rules_and_all():
    assert sorted(names(block) for _, block in BLOCKS) == sorted(
        ["all", *(script.stem for script in SCRIPTS)]
    )


@pytest.mark.parametrize("word", ["run:", "checkpoint ", "protected(", "shell:", "conda:", "temp("])
def test_no_rule_uses(word):
    for name, text in TEXT.items():
        assert not re.search(rf"^\s*{re.escape(word)}", text, re.MULTILINE), name
        assert word not in text or word in ("run:", "shell:"), name


@pytest.mark.parametrize("block", [b for _, b in BLOCKS if names(b) != "all"], ids=names)
def test_every_rule_has_log_benchmark_one_parameter_and_its_own_script(block):
    for directive in ("log", "benchmark", "threads", "resources", "params", "script"):
        assert re.search(rf"^    {directive}:", block, re.MULTILINE), directive
    params = block.split("    params:\n")[1].split("    script:")[0]
    untracked = ["asked"] if names(block) == "admission" else []  # asks for input: not tracked
    assert re.findall(r"^        (\w+)=", params, re.MULTILINE) == ["spec", *untracked]
    assert not untracked or "asked=lambda wildcards, input:" in params
    assert f'"../scripts/{names(block)}.py"' in block
    assert f'spec("{names(block)}.py"' in " ".join(params.split()).replace("spec( ", "spec(")


def test_wildcards_are_study_and_scenario_only():
    found = {
        wildcard for text in TEXT.values() for wildcard in re.findall(r"(?<!\{)\{(\w+)\}", text)
    }
    doubled = {word for text in TEXT.values() for word in re.findall(r"\{\{(\w+)\}\}", text)}
    paths = {"RESULTS", "study", "name", "workflow", "folder"}
    assert doubled <= {"study", "scenario", "name"}
    assert found - paths <= {"study", "scenario"}


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_a_script_is_thin_and_reads_no_configuration(script):
    text = script.read_text(encoding="utf-8")
    assert "snakemake.config" not in text
    assert "config[" not in text
    tree = ast.parse(text)
    lines = {node.lineno for node in ast.walk(tree) if isinstance(node, ast.stmt)}
    assert 3 <= len(lines) <= 15
    assert not any(isinstance(node, (ast.FunctionDef, ast.ClassDef)) for node in ast.walk(tree))


def test_no_module_reads_the_object_that_snakemake_gives_a_script():
    allowed = {"job.py"}
    for path in sorted((ROOT / "src" / "cartend").rglob("*.py")):
        if path.name not in allowed:
            assert "snakemake" not in _code(path), path


def test_no_module_imports_by_a_computed_name():
    for path in sorted((ROOT / "src" / "cartend").rglob("*.py")):
        code = _code(path)
        assert "import_module" not in code, path
        assert "__import__" not in code, path


@pytest.mark.parametrize("name", LIGHT)
def test_a_step_imports_neither_figures_nor_models(name):
    text = (ROOT / "workflow" / "scripts" / f"{name}.py").read_text(encoding="utf-8")
    imports = [line for line in text.splitlines() if line.startswith(("import ", "from "))]
    heavy = "('matplotlib', 'lifelines', 'scipy.stats', 'great_tables')"
    check = f"import sys; print([m for m in {heavy} if m in sys.modules])"
    code = "\n".join([*imports, check])
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_snakemakes_own_lint_asks_for_conda_alone():
    program = Path(sys.executable).with_name("snakemake")
    done = subprocess.run(
        [str(program), "--lint"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    lints = {line for line in (done.stdout + done.stderr).splitlines() if line.startswith("    * ")}
    assert lints == {"    * Specify a conda environment or container for each rule.:"}


def _code(path):
    """Return the source without comments and docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, DOCUMENTED) and ast.get_docstring(node):
            node.body = node.body[1:] or [ast.Pass()]
    return ast.unparse(tree)
