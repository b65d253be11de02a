"""The command line: ``cartend explain``, ``diff`` and ``verify``, answered from results alone."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

EXPLAIN = """Print why a subject has its result: the timeline, each definition and deciding rule,
every candidate with its record and outcome, and the row that results."""
DIFF = """List the subjects whose event, date or reason differs between two scenarios, or between
two endpoints, and why. An endpoint that a scenario does not change is the one of primary."""
CHECK = """Read the data of a run file, say who the subjects are, what each word was taken for, what
would stop a run and what was found, without computing a result. The exit status is 1 at a stop."""
VERIFY = """Compare every output and input of a run with its manifest: what is missing, edited or
foreign. The exit status is 1 where anything differs."""
INIT = """Propose a run file and a study file for a folder of data: every role of records from its
words, arms, visits, criteria; what the data do not tell stands there as a question."""
PROG = "cartend"


class Answer(NamedTuple):
    """What a command prints, and its exit status."""

    text: str
    status: int = 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return 0, or 1 after one sentence on what is not known or not there."""
    options = parser().parse_args(arguments)
    # pandas is imported here and not above, so that --help and --version answer at once.
    from cartend.job import is_border

    answered = Answer("")
    try:
        answered = options.answer(options)
        sys.stdout.write(answered.text)
        sys.stdout.flush()
    except Exception as error:
        if not is_border(error):
            raise
        print(f"{PROG} {options.command}: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return answered.status


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    top = argparse.ArgumentParser(prog=PROG, description="Answers from a results folder alone.")
    top.add_argument("--version", action=_Version, nargs=0, help="print the version")
    commands = top.add_subparsers(dest="command", required=True)
    explain = commands.add_parser(
        "explain", help="why a subject has its result", description=EXPLAIN
    )
    explain.add_argument("study", metavar="STUDY")
    explain.add_argument("usubjid", metavar="USUBJID")
    explain.add_argument("endpoint", metavar="ENDPOINT", nargs="?", help="default: every endpoint")
    explain.add_argument("--scenario", default="primary", help="default: primary")
    explain.set_defaults(answer=_explain)
    diff = commands.add_parser("diff", help="what two scenarios disagree on", description=DIFF)
    diff.add_argument("a", metavar="SCENARIO_A")
    diff.add_argument("b", metavar="SCENARIO_B", nargs="?", help="default: SCENARIO_A")
    diff.add_argument("--study", help="default: every study that has both scenarios")
    diff.add_argument("--endpoint", help="default: every endpoint that differs")
    diff.add_argument("--against", metavar="ENDPOINT", help="compare with this endpoint of B")
    diff.set_defaults(answer=_diff)
    verify = commands.add_parser(
        "verify", help="whether results are still what a run wrote", description=VERIFY
    )
    verify.add_argument("results", metavar="RESULTS", nargs="?", default="results")
    verify.set_defaults(answer=_verify)
    check = commands.add_parser(
        "check", help="what a delivery is, and what would stop a run", description=CHECK
    )
    check.add_argument("config", metavar="RUN_FILE", nargs="?", default="run.yaml")
    check.add_argument("--purpose", default="", help="final, DMC or sponsor; default: the study's")
    check.set_defaults(answer=_check)
    init = commands.add_parser(
        "init", help="propose a study file for a folder of data", description=INIT
    )
    init.add_argument("folder", metavar="FOLDER")
    init.add_argument("--out", default=".", help="where the files are written; default: here")
    init.set_defaults(answer=_init)
    for command in (explain, diff):
        command.add_argument(
            "--results", default="results", help="results folder; default: results"
        )
    return top


class _Version(argparse.Action):
    """Print the version of the installed package, looked up only when it is asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version

        print(f"{PROG} {version(PROG)}")
        parser.exit()


def _explain(options: argparse.Namespace) -> Answer:
    from cartend.explain.explain import explain_text

    asked = options.study, options.usubjid, options.endpoint, options.scenario
    return Answer(explain_text(options.results, *asked))


def _check(options: argparse.Namespace) -> Answer:
    from cartend.admission.check import check_run

    checked = check_run(Path(options.config), Path.cwd(), options.purpose)
    return Answer(checked.text, int(checked.stopped))


def _init(options: argparse.Namespace) -> Answer:
    from cartend.admission.proposal.init import init

    run, study, questions = init(Path(options.folder), Path(options.out))
    asked = "".join(f"  {key}\n" for key in questions)
    left = f"{len(questions)} questions are left to you in {study}:\n{asked}" if questions else ""
    return Answer(f"written: {run}, {study}\n{left}")


def _verify(options: argparse.Namespace) -> Answer:
    from cartend.export.verify import manifests, read_manifest, verify

    found = verify(options.results)
    if found:
        lines = [str(one) for one in found]
        count = f"{len(found)} difference{'s' if len(found) > 1 else ''}"
        return Answer("\n".join([*lines, count]) + "\n", 1)
    every = [read_manifest(path) for path in manifests(Path(options.results))]
    return Answer(
        "".join(
            f"{one['study']}: {len(one['outputs'])} outputs and {len(one['inputs'])} inputs are "
            "as the run left them\n"
            for one in every
        )
    )


def _diff(options: argparse.Namespace) -> Answer:
    from cartend.explain.diff_text import diff_text

    b = options.b or options.a
    asked = options.a, b, options.study, options.endpoint, options.against
    return Answer(diff_text(options.results, *asked))
