"""A real server on loopback that counts who connects, and answers as it is told."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Answer = Callable[[socket.socket], None]


class Listener:
    def __init__(self, answer: Answer, family: socket.AddressFamily, port: int, *, reads_first: bool) -> None:
        self.answer = answer
        self.reads_first = reads_first
        self.connections = 0
        self.heard = b""
        self._server = socket.socket(family, socket.SOCK_STREAM)
        self._server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._server.bind(("::1" if family == socket.AF_INET6 else "127.0.0.1", port))
        self._server.listen(16)
        self.port: int = self._server.getsockname()[1]
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                sock, _ = self._server.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, sock: socket.socket) -> None:
        with sock:
            sock.settimeout(5)
            try:
                if self.reads_first:
                    self.heard += sock.recv(65_536)
                self.answer(sock)
            except (OSError, ssl.SSLError):
                return

    def close(self) -> None:
        self._stopped.set()
        self._server.shutdown(socket.SHUT_RDWR)
        self._thread.join(2)
        self._server.close()


@contextmanager
def listening(
    answer: Answer,
    family: socket.AddressFamily = socket.AF_INET,
    port: int = 0,
    *,
    reads_first: bool = True,
) -> Iterator[Listener]:
    """``reads_first`` is for plain HTTP: the request is read before the answer is given."""
    listener = Listener(answer, family, port, reads_first=reads_first)
    try:
        yield listener
    finally:
        listener.close()


def says(body: bytes, *, status: str = "200 OK", headers: str = "") -> Answer:
    head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n{headers}\r\n"

    def answer(sock: socket.socket) -> None:
        sock.sendall(head.encode() + body)

    return answer
