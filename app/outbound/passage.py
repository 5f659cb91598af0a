"""How a request gets out: one look-up, a check of what it says, a connection to exactly that, a limit."""

import ipaddress
import socket
import time
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Timer
from typing import Self

from app.outbound.addresses import Resolve, is_loopback, is_public
from app.outbound.errors import AddressRefused, NoAnswer

_TRIES = 4
_SECONDS_PER_TRY = 2.0
_look_ups = ThreadPoolExecutor(max_workers=8, thread_name_prefix="look-up")


def connect_to(address: str, port: int, seconds: float) -> socket.socket:
    """A TCP connection to an IP address (never a name). Raises OSError."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.settimeout(seconds)
    try:
        sock.connect((address, port))
    except OSError:
        sock.close()
        raise
    return sock


class Deadline:
    """A limit on the whole of one request: when it passes, its connection is cut, however busy it looks."""

    def __init__(self, seconds: float) -> None:
        self._ends = time.monotonic() + seconds
        self._cut: list[socket.socket] = []
        self._timer = Timer(seconds, self._pass)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        for sock in self._cut:
            sock.close()

    def left(self) -> float:
        """Seconds left. Raises NoAnswer when there are none."""
        left = self._ends - time.monotonic()
        if left <= 0:
            raise NoAnswer
        return left

    def watch(self, sock: socket.socket) -> None:
        """Have this connection cut when the time is up."""
        # A duplicate, because TLS takes the original descriptor away from its socket object.
        self._cut.append(sock.dup())

    def _pass(self) -> None:
        for sock in self._cut:
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue


class Passage:
    """One request's way out: where it may go, and until when."""

    def __init__(self, *, inside: bool, resolve: Resolve, deadline: Deadline) -> None:
        self._allowed = is_loopback if inside else is_public
        self._resolve = resolve
        self._deadline = deadline

    def open(self, host: str, port: int) -> socket.socket:
        """A connection to a checked address of the host.

        Raises AddressRefused when any of its addresses is not allowed, NoAnswer when none answers.
        """
        addresses = self._find(host, port)
        if not all(self._allowed(each) for each in addresses):
            raise AddressRefused
        for address in addresses[:_TRIES]:
            try:
                sock = connect_to(address, port, min(self._deadline.left(), _SECONDS_PER_TRY))
            except OSError:
                continue
            return self._verified(sock, address)
        raise NoAnswer

    def _find(self, host: str, port: int) -> list[str]:
        asked: Future[list[str]] = _look_ups.submit(self._resolve, host, port)
        try:
            addresses = asked.result(timeout=self._deadline.left())
        except (OSError, UnicodeError) as error:
            raise NoAnswer from error
        if not addresses:
            raise NoAnswer
        return addresses

    def _verified(self, sock: socket.socket, address: str) -> socket.socket:
        peer = ipaddress.ip_address(sock.getpeername()[0])
        if peer != ipaddress.ip_address(address):
            sock.close()
            raise AddressRefused
        self._deadline.watch(sock)
        sock.settimeout(self._deadline.left())
        return sock
