"""AES-256-GCM with a fresh 96-bit nonce; what a text is for is authenticated beside it, so it opens nowhere else.

Layout of a sealed value: one byte version (1), 12 bytes nonce, ciphertext with its 16-byte tag.
"""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.vault.errors import CannotOpen

VERSION = b"\x01"
NONCE_BYTES, KEY_BYTES = 12, 32


def new_key() -> bytes:
    """Make a random 256-bit key."""
    return AESGCM.generate_key(bit_length=KEY_BYTES * 8)


def encrypt(key: bytes, plain: bytes, place: bytes) -> bytes:
    """Seal ``plain`` for ``place``."""
    nonce = os.urandom(NONCE_BYTES)
    return VERSION + nonce + AESGCM(key).encrypt(nonce, plain, VERSION + place)


def decrypt(key: bytes, sealed: bytes, place: bytes) -> bytes:
    """Open a sealed value; raises ``CannotOpen`` when key, place or a bit of it is wrong."""
    if sealed[:1] != VERSION or len(sealed) < 1 + NONCE_BYTES + 16:
        raise CannotOpen("not a sealed value of a known version")
    nonce, body = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
    try:
        return AESGCM(key).decrypt(nonce, body, VERSION + place)
    except InvalidTag as error:
        raise CannotOpen("sealed for another place or by another key") from error
