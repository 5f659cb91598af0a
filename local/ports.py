"""TCP ports of this machine: a free one, and who holds a taken one."""

import socket
from pathlib import Path

import psutil

from local.errors import LocalError

LOOPBACK = "127.0.0.1"


def find_free_port() -> int:
    """Return a port of the loopback address that nobody listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def claim_port(port: int, wanted_by: str, remedy: str) -> None:
    """Make sure that nobody holds `port`; raise LocalError naming the holder and the remedy."""
    with socket.socket() as probe:
        # A server that has just ended leaves connections in TIME_WAIT; they are no obstacle to the next one.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            message = f"Port {port}, wanted by {wanted_by}, is taken{_describe_holder(port)}: {remedy}."
            raise LocalError(message) from None


def _describe_holder(port: int) -> str:
    try:
        connections = psutil.net_connections(kind="tcp")
    except psutil.Error:
        return ""
    for connection in connections:
        # A connection that listens nowhere has an empty tuple for its address.
        address = tuple(connection.laddr)
        if connection.status == psutil.CONN_LISTEN and address[1:] == (port,) and connection.pid:
            return f" by {describe_process(connection.pid)}"
    return ""


def describe_process(pid: int) -> str:
    """Return "name (pid 123)" of a process, without its arguments."""
    try:
        return f"{Path(psutil.Process(pid).name()).name} (pid {pid})"
    except psutil.Error:
        return f"pid {pid}"
