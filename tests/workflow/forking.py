"""A process that has imported what snakemake and its jobs import, and forks for every command.

Starting snakemake takes 1 s of imports and every job 1 to 2 s; a fork has them already. What runs
is the same: snakemake's own command line, and the scripts as it starts them, each in a process of
its own, with the working folder, environment and output of who asks. Nothing of cartend is
imported before the fork: which copy of it runs is said by PYTHONPATH, as everywhere. Only what
cartend.digest reads of a source file is remembered, by the bytes of the file (``Remembered``).

    python forking.py SOCKET                 until its standard input is closed (asking.py asks)
"""

import atexit
import contextlib
import json
import os
import runpy
import select
import socket
import sys
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

PRELOADED = (
    *("snakemake.cli", "snakemake.script", "smart_open", "nbformat", "pydantic", "yaml"),
    *("pandas", "pyarrow.parquet", "pyreadstat", "great_tables", "jinja2"),
    *("scipy.stats", "lifelines", "matplotlib.backends.backend_agg", "matplotlib.pyplot"),
    "matplotlib.backends.backend_svg",
)
ASKING = Path(__file__).with_name("asking.py")


class Remembered:
    """The digests of the project's own source files, which take half of a dry run.

    They are made by the project's digest.py, and asked for by the bytes of a copy's file: one
    that a test edited is read anew.
    """

    def __init__(self, source: Path) -> None:
        spec = spec_from_file_location("digest_of_the_project", source / "digest.py")
        digest = sys.modules[spec.name] = module_from_spec(spec)  # where its classes are looked up
        spec.loader.exec_module(digest)
        self.known = {}
        for path in source.rglob("*.py"):
            parts = (source.name, *path.relative_to(source).with_suffix("").parts)
            name = ".".join(parts).removesuffix(".__init__")
            self.known[name, path.read_bytes()] = digest._read(path, name)

    def teach(self, digest: ModuleType) -> None:
        """Let a copy's module ask here first."""
        read = digest._read
        digest._read = lambda path, name="": (
            self.known.get((name, path.read_bytes())) or read(path, name)
        )


def serve(address: str) -> None:
    """Fork for every request until standard input is closed."""
    for name in PRELOADED:
        import_module(name)
    sys.modules["snakemake.cli"].get_argument_parser()  # finds and imports the plugins
    assert "cartend" not in sys.modules
    remembered = Remembered(Path(__file__).parents[2] / "src" / "cartend")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(address)
        listener.listen(64)
        print("ready", flush=True)
        while True:
            readable, _, _ = select.select([listener, sys.stdin], [], [], 1.0)
            _reap(os.WNOHANG)
            if sys.stdin in readable:
                break
            if listener in readable:
                connection, _ = listener.accept()
                if os.fork() == 0:
                    listener.close()
                    _answer(connection, address, remembered)
                connection.close()
    _reap(0)


def _reap(options: int) -> None:
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, options)[0]:
            pass


def _answer(connection: socket.socket, address: str, remembered: Remembered) -> None:
    """Run one request in this fork, tell its status, and end."""
    _, streams, _, _ = socket.recv_fds(connection, 1, 2)
    text = b"".join(iter(lambda: connection.recv(65536), b""))
    status = 1
    try:
        status = _run(json.loads(text), streams, address, remembered)
    finally:
        atexit._run_exitfuncs()  # the last lines of a run, which os._exit would skip
        with contextlib.suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
        connection.sendall(bytes([status]))
        os._exit(status)


def _run(request: dict, streams: list[int], address: str, remembered: Remembered) -> int:
    atexit._clear()  # what the process that forked has registered
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for number, stream in enumerate(streams, start=1):
        os.dup2(stream, number)
    os.chdir(request["cwd"])
    os.environ.clear()
    os.environ.update(request["env"])
    sys.path[:0] = [p for p in os.environ.get("PYTHONPATH", "").split(os.pathsep) if p]
    try:
        if request["kind"] == "snakemake":
            remembered.teach(import_module("cartend.digest"))
            _snakemake(request["arguments"], address)
        else:
            _script(request["arguments"])
    except SystemExit as end:
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
            return 1
        return int(end.code or 0)
    except BaseException:
        sys.excepthook(*sys.exc_info())
        return 1
    return 0


def _snakemake(arguments: list[str], address: str) -> None:
    """Run the command line of snakemake, whose jobs come back here in place of python."""
    import snakemake.cli

    sys.argv = ["snakemake", *arguments]
    sys.executable = f"{sys.executable} -I -S {ASKING} {address}"
    snakemake.cli.main(arguments)


def _script(arguments: list[str]) -> None:
    sys.argv = arguments
    sys.path.insert(0, os.path.dirname(arguments[0]))
    runpy.run_path(arguments[0], run_name="__main__")


if __name__ == "__main__":
    serve(sys.argv[1])
