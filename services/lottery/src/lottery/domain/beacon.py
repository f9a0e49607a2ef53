"""The public randomness beacon drand: which round a draw uses, and whether a round's signature is the network's own.

Two dozen organisations (the League of Entropy) sign the number of each round together. No fewer than half of them can
know or choose a round's signature before its time, and anyone can check it against one public key
(https://docs.drand.love). The rounds of `quicknet` come every three seconds; each is a signature of its own number
alone, a point of G1 (scheme bls-unchained-g1-rfc9380).
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

# Of RFC 9380 and the scheme: what is hashed to a point is told apart from what others hash.
_DOMAIN = b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_"
_SIGNATURE_BYTES, _KEY_BYTES = 48, 96


@dataclass(frozen=True)
class Chain:
    """A network's chain of rounds: its hash is its name, its key what signatures are checked with (hex)."""

    hash: str
    public_key: str
    genesis: datetime
    period: timedelta

    def round_at(self, moment: datetime) -> int:
        """Return the first round that is signed at this moment or after it."""
        return -((self.genesis - moment) // self.period) + 1

    def time_of(self, number: int) -> datetime:
        """Return when a round is signed."""
        return self.genesis + (number - 1) * self.period


QUICKNET = Chain(
    "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971",
    "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d1064510d1fec758c921cc22b"
    "0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a",
    datetime(2023, 8, 23, 15, 9, 27, tzinfo=UTC),
    timedelta(seconds=3),
)
"""The mainnet chain the draws use."""


def signed(chain: Chain, number: int, signature: str) -> bool:
    """Tell whether the network has signed this round so. Takes seconds: call it in a thread.

    `signature` in hex; what is no signature at all is not one of the round's either.
    """
    # Here, for it takes most of a second and most processes never check a beacon.
    from py_ecc.bls.hash_to_curve import hash_to_G1  # noqa: PLC0415
    from py_ecc.bls.point_compression import decompress_G1, decompress_G2  # noqa: PLC0415
    from py_ecc.bls.typing import G1Compressed, G2Compressed  # noqa: PLC0415
    from py_ecc.optimized_bls12_381.optimized_curve import G2, curve_order, is_inf, multiply  # noqa: PLC0415
    from py_ecc.optimized_bls12_381.optimized_pairing import pairing  # noqa: PLC0415

    try:
        given, key = bytes.fromhex(signature), bytes.fromhex(chain.public_key)
        if (len(given), len(key)) != (_SIGNATURE_BYTES, _KEY_BYTES):
            return False
        point = decompress_G1(G1Compressed(int.from_bytes(given, "big")))
    except ValueError:
        return False
    if is_inf(point) or not is_inf(multiply(point, curve_order)):
        return False  # not of the group that signatures are of
    half = _KEY_BYTES // 2
    halves = (int.from_bytes(key[:half], "big"), int.from_bytes(key[half:], "big"))
    public = decompress_G2(G2Compressed(halves))
    message = hashlib.sha256(number.to_bytes(8, "big")).digest()
    hashed = hash_to_G1(message, _DOMAIN, hashlib.sha256)  # type: ignore[arg-type]  # it names the result's type
    return bool(pairing(G2, point) == pairing(public, hashed))
