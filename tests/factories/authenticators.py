"""A passkey authenticator in software, as strict or as false as a test wants it (WebAuthn level 3, 6 and 7)."""

import hashlib
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def b64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def unb64(text: str) -> bytes:
    return urlsafe_b64decode(text + "===")


@dataclass
class Authenticator:
    """One device with one credential. `answer_*` return what a browser would post as JSON text."""

    origin: str
    rp_id: str
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    user_handle: bytes = b""
    count: int = 0
    verifies: bool = True
    cross_origin: bool = False

    def answer_creation(self, options: dict) -> str:
        self.user_handle = unb64(options["user"]["id"])
        client_data = self._client_data("webauthn.create", options["challenge"])
        attestation = {"fmt": "none", "attStmt": {}, "authData": self._auth_data(attested=True)}
        response = {
            "clientDataJSON": b64(client_data),
            "attestationObject": b64(cbor2.dumps(attestation)),
            "transports": ["usb", "made-up"],
        }
        return self._credential(response)

    def answer_request(self, options: dict) -> str:
        client_data = self._client_data("webauthn.get", options["challenge"])
        self.count += 1
        auth_data = self._auth_data()
        signed = auth_data + hashlib.sha256(client_data).digest()
        response = {
            "clientDataJSON": b64(client_data),
            "authenticatorData": b64(auth_data),
            "signature": b64(self.key.sign(signed, ec.ECDSA(hashes.SHA256()))),
            "userHandle": b64(self.user_handle),
        }
        return self._credential(response)

    def _credential(self, response: dict) -> str:
        name = b64(self.credential_id)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})

    def _client_data(self, kind: str, challenge: str) -> bytes:
        told = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": self.cross_origin}
        return json.dumps(told).encode()

    def _auth_data(self, *, attested: bool = False) -> bytes:
        flags = PRESENT | (VERIFIED if self.verifies else 0) | (ATTESTED if attested else 0)
        head = hashlib.sha256(self.rp_id.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")
        return head + self._attested() if attested else head

    def _attested(self) -> bytes:
        numbers = self.key.public_key().public_numbers()
        x, y = numbers.x.to_bytes(32, "big"), numbers.y.to_bytes(32, "big")
        cose = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})
        return secrets.token_bytes(16) + len(self.credential_id).to_bytes(2, "big") + self.credential_id + cose
