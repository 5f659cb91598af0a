"""Over https the certificate must be the named host's, though the connection goes to the checked address."""

import datetime as dt
import socket
import ssl
import time

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from app.outbound import GuardedAdapter, NoAnswer
from tests.outbound.listener import listening, says

HOST = "login.example.com"


def _certificate(name: str, key, issuer_name: str, issuer_key, *, is_ca: bool) -> x509.Certificate:
    now = dt.datetime.now(dt.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer_name)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False
        )
        .add_extension(
            x509.KeyUsage(
                digital_signature=True, key_cert_sign=is_ca, crl_sign=is_ca, content_commitment=False,
                key_encipherment=False, data_encipherment=False, key_agreement=False, encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
        .sign(issuer_key, hashes.SHA256())
    )  # fmt: skip


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    """A certificate authority, and the server's side of TLS under a certificate for HOST."""
    folder = tmp_path_factory.mktemp("tls")
    ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    ca = _certificate("An authority", ca_key, "An authority", ca_key, is_ca=True)
    (folder / "ca.pem").write_bytes(ca.public_bytes(serialization.Encoding.PEM))
    leaf = _certificate(HOST, key, "An authority", ca_key, is_ca=False)
    pem = leaf.public_bytes(serialization.Encoding.PEM) + key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "leaf.pem").write_bytes(pem)
    return folder


@pytest.fixture
def get(authority, monkeypatch):
    """Fetches from a TLS server on loopback as if it stood at a public address."""
    monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", str(authority / "ca.pem"))
    monkeypatch.setattr("app.outbound.passage.is_public", lambda _: True)

    def fetch(listener, host=HOST, seconds=5.0):
        monkeypatch.setattr("app.outbound.addresses._HTTPS_PORT", listener.port)
        with requests.Session() as session:
            session.adapters.clear()
            adapter = GuardedAdapter(loopback=False, resolve=lambda *_: ["127.0.0.1"], seconds=seconds)
            session.mount("https://", adapter)
            return session.get(f"https://{host}:{listener.port}/", timeout=5, verify=False)

    return fetch


def over_tls(authority, answer):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority / "leaf.pem")

    def serve(sock: socket.socket) -> None:
        with context.wrap_socket(sock, server_side=True) as tls:
            tls.recv(65_536)
            answer(tls)

    return serve


def test_the_named_hosts_certificate_passes(authority, get):
    with listening(over_tls(authority, says(b'{"issuer": "x"}')), reads_first=False) as listener:
        assert get(listener).json() == {"issuer": "x"}


def test_another_hosts_certificate_does_not_pass_even_when_the_caller_asks_for_no_check(authority, get):
    with listening(over_tls(authority, says(b"{}")), reads_first=False) as listener, pytest.raises(NoAnswer):
        get(listener, host="other.example.com")


def test_an_unknown_authority_does_not_pass(authority, get, monkeypatch):
    import certifi

    monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", certifi.where())
    with listening(over_tls(authority, says(b"{}")), reads_first=False) as listener, pytest.raises(NoAnswer):
        get(listener)


def test_a_handshake_that_drags_on_is_cut_when_the_time_is_up(get):
    begun = time.monotonic()
    with listening(lambda _: time.sleep(2), reads_first=False) as listener, pytest.raises(NoAnswer):
        get(listener, seconds=0.4)
    assert time.monotonic() - begun < 1.8


def test_a_dripping_answer_over_tls_is_cut_when_the_time_is_up(authority, get):
    def dripping(tls):
        tls.sendall(b"HTTP/1.1 200 OK\r\nX: ")
        for _ in range(100):
            tls.sendall(b"x")
            time.sleep(0.05)

    begun = time.monotonic()
    with listening(over_tls(authority, dripping), reads_first=False) as listener, pytest.raises(NoAnswer):
        get(listener, seconds=0.5)
    assert time.monotonic() - begun < 2
