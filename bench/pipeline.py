"""What the workflow costs: its wall and CPU time beside those of one plain process.

The plain process does the same work: it runs the scripts of the very same jobs, in the order of the
DAG, by ``runpy``, with one interpreter and every import paid once. Both write into folders of their
own.
"""

import argparse
import os
import resource
import runpy
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import SimpleNamespace

from snakemake.api import SnakemakeApi
from snakemake.settings.types import ConfigSettings, DAGSettings, OutputSettings, ResourceSettings

ROOT = Path(__file__).resolve().parents[1]
LIMIT = 1.5


def main() -> None:
    """Print wall and CPU times and their ratios; status 1 where that of wall is over its limit."""
    options = _options()
    with tempfile.TemporaryDirectory() as folder:
        own = Path(folder)
        (own / "data").symlink_to(ROOT / "data")
        config = own / "run.yaml"
        config.write_text(options.configfile.read_text(encoding="utf-8"), encoding="utf-8")
        workflow = _timed(_snakemake(config, options.cores), own)
        again = _timed(_snakemake(config, options.cores), own)
        _remove(own)
        plain = _timed([sys.executable, __file__, "--plain", "--configfile", str(config)], own)
    print("\n".join(table(options.cores, workflow, again, plain)))
    sys.exit(workflow[0] / plain[0] > LIMIT)


def table(
    cores: int,
    workflow: tuple[float, float],
    again: tuple[float, float],
    plain: tuple[float, float],
) -> list[str]:
    """Return the printed lines: wall and CPU seconds of each, then workflow over plain process."""
    ratios = (of / alone for of, alone in zip(workflow, plain, strict=True))
    return [
        "                        wall s   CPU s",
        "snakemake --cores {:<2}   {:9.1f} {:7.1f}".format(cores, *workflow),
        "nothing to be done     {:9.1f} {:7.1f}".format(*again),
        "one plain process      {:9.1f} {:7.1f}".format(*plain),
        "ratio                  {:9.2f} {:7.2f}   (wall at most {})".format(*ratios, LIMIT),
    ]


def run_plain(config: Path) -> None:
    """Run the script of every job of the DAG in this process, in order."""
    for job in jobs_in_order(config):
        for path in (*job.output, *job.log):
            Path(path).parent.mkdir(parents=True, exist_ok=True)
        script = ROOT / "workflow" / "scripts" / f"{job.rule.name}.py"
        runpy.run_path(str(script), init_globals={"snakemake": stand_in(job)})


def jobs_in_order(config: Path) -> list:
    """Return the jobs of the DAG that have a script, each after those it needs."""
    with SnakemakeApi(OutputSettings(quiet=set(), dryrun=True)) as api:
        run = api.workflow(
            resource_settings=ResourceSettings(cores=1),
            config_settings=ConfigSettings(configfiles=[config]),
            snakefile=ROOT / "Snakefile",
        )
        dag_api = run.dag(DAGSettings(forceall=True))
        dag_api.execute_workflow(executor="dryrun")
        dag = run._workflow.dag
        return [job for level in dag.toposorted() for job in level if job.rule.script]


def stand_in(job: object) -> SimpleNamespace:
    """Return what a script reads of the object that Snakemake gives it."""
    return SimpleNamespace(
        rule=job.rule.name,
        input=job.input,
        output=job.output,
        log=job.log,
        params=job.params,
        wildcards=job.wildcards,
    )


def _snakemake(config: Path, cores: int) -> list[str]:
    program = Path(sys.executable).with_name("snakemake")
    snakefile = str(ROOT / "Snakefile")
    return [
        str(program),
        "--snakefile",
        snakefile,
        "--cores",
        str(cores),
        "--configfile",
        str(config),
    ]


def _timed(command: list[str], folder: Path) -> tuple[float, float]:
    """Return the wall time and the CPU time of a command, its child processes included."""
    kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        command, cwd=folder, env=kept, capture_output=True, text=True, check=False
    )
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")
    cpu = (after.ru_utime - before.ru_utime) + (after.ru_stime - before.ru_stime)
    return wall, cpu


def _remove(folder: Path) -> None:
    for name in ("results", "logs", "benchmarks", ".snakemake"):
        shutil.rmtree(folder / name)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cores", type=int, default=4)
    parser.add_argument("--configfile", type=Path, default=ROOT / "config" / "config.yaml")
    parser.add_argument("--plain", action="store_true", help="run the plain process only")
    options = parser.parse_args()
    if options.plain:
        run_plain(options.configfile.resolve())
        sys.exit(0)
    return options


if __name__ == "__main__":
    main()
