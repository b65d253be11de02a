"""Ask the process of forking.py to run a command; the imports are few, because every job asks.

python -I -S asking.py SOCKET FILE       what a job of snakemake calls in place of python
"""

import json
import os
import socket
import sys

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


if __name__ == "__main__":
    place, *script = sys.argv[1:]
    sys.exit(ask(place, "script", script, os.getcwd(), dict(os.environ), (1, 2)))
