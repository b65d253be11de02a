"""The command line: ``cartend explain`` and ``cartend diff``, answered from a results folder."""

import argparse
import os
import sys
from collections.abc import Sequence

EXPLAIN = """Print why a subject has its result: the timeline, each definition and deciding rule,
every candidate with its record and outcome, and the row that results."""
DIFF = """List the subjects whose event, date or reason differs between two scenarios, or between
two endpoints, and why. An endpoint that a scenario does not change is the one of primary."""
PROG = "cartend"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return 0, or 1 after one sentence on what is not known or not there."""
    options = parser().parse_args(arguments)
    # pandas is imported here and not above, so that --help and --version answer at once.
    from cartend.explain.errors import ExplainError

    try:
        sys.stdout.write(options.answer(options))
        sys.stdout.flush()
    except ExplainError as error:
        print(f"{PROG} {options.command}: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


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


def _explain(options: argparse.Namespace) -> str:
    from cartend.explain.explain import explain_text

    return explain_text(
        options.results, options.study, options.usubjid, options.endpoint, options.scenario
    )


def _diff(options: argparse.Namespace) -> str:
    from cartend.explain.diff_text import diff_text

    b = options.b or options.a
    return diff_text(
        options.results, options.a, b, options.study, options.endpoint, options.against
    )
