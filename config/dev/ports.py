"""A listening socket for the web server, bound here so that two copies can never take the same."""

import errno
import socket

from .processes import LaunchProblem

FIRST, LAST = 8000, 8099


def listen(wanted: str | None, host: str = "127.0.0.1") -> socket.socket:
    """A listening TCP socket on `wanted`, or on the first free port from 8000 on.

    Raises LaunchProblem when `wanted` is no port number or is taken.
    """
    if wanted:
        return _listen_on(host, _number(wanted))
    for port in range(FIRST, LAST + 1):
        try:
            return _bound(host, port)
        except OSError as cause:
            if cause.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise LaunchProblem(f"{host} cannot be listened on: {cause.strerror}.") from cause
    return _bound(host, 0)


def _number(wanted: str) -> int:
    if wanted.isascii() and wanted.isdigit() and 0 < int(wanted) < 65536:
        return int(wanted)
    raise LaunchProblem(f"PORT is {wanted!r}: write a whole number from 1 to 65535.")


def _listen_on(host: str, port: int) -> socket.socket:
    try:
        return _bound(host, port)
    except OSError as cause:
        if cause.errno == errno.EADDRINUSE:
            raise LaunchProblem(f"Port {port} is in use by another program. Leave PORT out to take the next free one.") from cause
        raise LaunchProblem(f"Port {port} cannot be used: {cause.strerror}.") from cause


def _bound(host: str, port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(512)
    except OSError:
        listener.close()
        raise
    return listener
