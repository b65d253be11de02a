"""A process that has imported what snakemake and its jobs import, and forks for every command.

Starting snakemake takes 1 s of imports and every job 1 to 2 s; a fork has them already. What runs
is the same: snakemake's own command line, and the scripts as it starts them, each in a process of
its own, with the working folder, environment and output of who asks. Nothing of cartend is
imported before the fork: which copy of it runs is said by PYTHONPATH, as everywhere.

    python forking.py serve SOCKET           until its standard input is closed
    python forking.py script SOCKET FILE     what a job of snakemake calls in place of python
"""

import contextlib
import json
import os
import socket
import sys

PRELOADED = (
    *("snakemake.cli", "snakemake.script", "smart_open", "nbformat", "pydantic", "yaml"),
    *("pandas", "pyarrow.parquet", "pyreadstat", "great_tables", "jinja2"),
    *("scipy.stats", "lifelines", "matplotlib.backends.backend_agg", "matplotlib.pyplot"),
    "matplotlib.backends.backend_svg",
)
DIED = 70  # the status of a fork that ended without a word


def ask(
    address: str, kind: str, arguments: list[str], cwd: str, env: dict, streams: tuple[int, int]
) -> int:
    """Have a command run in a fork that writes to these two descriptors; return its status."""
    request = {"kind": kind, "arguments": arguments, "cwd": cwd, "env": env}
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(address)
        socket.send_fds(connection, [b"."], streams)
        connection.sendall(json.dumps(request).encode())
        connection.shutdown(socket.SHUT_WR)
        status = connection.recv(1)
    return status[0] if status else DIED


def serve(address: str) -> None:
    """Fork for every request until standard input is closed."""
    import importlib
    import select

    for name in PRELOADED:
        importlib.import_module(name)
    sys.modules["snakemake.cli"].get_argument_parser()  # finds and imports the plugins
    assert "cartend" not in sys.modules
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
                    _answer(connection, address)
                connection.close()
    _reap(0)


def _reap(options: int) -> None:
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, options)[0]:
            pass


def _answer(connection: socket.socket, address: str) -> None:
    """Run one request in this fork, tell its status, and end."""
    _, streams, _, _ = socket.recv_fds(connection, 1, 2)
    text = b"".join(iter(lambda: connection.recv(65536), b""))
    status = 1
    try:
        status = _run(json.loads(text), streams, address)
    finally:
        with contextlib.suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
        connection.sendall(bytes([status]))
        os._exit(status)


def _run(request: dict, streams: list[int], address: str) -> int:
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for number, stream in enumerate(streams, start=1):
        os.dup2(stream, number)
    os.chdir(request["cwd"])
    os.environ.clear()
    os.environ.update(request["env"])
    sys.path[:0] = [p for p in os.environ.get("PYTHONPATH", "").split(os.pathsep) if p]
    run = {"snakemake": _snakemake, "script": _script}[request["kind"]]
    try:
        run(request["arguments"], address)
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
    sys.executable = f"{sys.executable} -I -S {__file__} script {address}"
    snakemake.cli.main(arguments)


def _script(arguments: list[str], _address: str) -> None:
    import runpy

    sys.argv = arguments
    sys.path.insert(0, os.path.dirname(arguments[0]))
    runpy.run_path(arguments[0], run_name="__main__")


if __name__ == "__main__":
    command, place, *rest = sys.argv[1:]
    if command == "serve":
        serve(place)
    else:
        sys.exit(ask(place, command, rest, os.getcwd(), dict(os.environ), (1, 2)))
