"""Whether a round's signature is the beacon's own: a BLS signature on the curve BLS12-381, checked with py-ecc.

The scheme is drand's bls-unchained-g1-rfc9380: SHA-256 of the round's number is hashed to a point of G1, and the
signature is that point times the network's secret, of which the public key is the image in G2.
"""

import hashlib
import sys

_LIMIT = sys.getrecursionlimit()
# ruff: noqa: E402
from py_ecc.bls.hash_to_curve import hash_to_G1
from py_ecc.bls.point_compression import decompress_G1, decompress_G2
from py_ecc.bls.typing import G1Compressed, G2Compressed
from py_ecc.optimized_bls12_381.optimized_curve import G2, curve_order, is_inf, multiply
from py_ecc.optimized_bls12_381.optimized_pairing import pairing

from lottery.domain.beacon import Chain

# py-ecc lets the whole process recurse a hundred times deeper, which what is used of it does not need: a deep JSON body
# would then end the process where it is now refused.
sys.setrecursionlimit(_LIMIT)

_DOMAIN = b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_"
"""Of RFC 9380: what is hashed to a point here is told apart from what others hash."""
_SIGNATURE_BYTES, _KEY_BYTES = 48, 96


def signed(chain: Chain, number: int, signature: str) -> bool:
    """Tell whether the network has signed this round so. Takes two seconds: call it in a thread.

    `signature` in hex; what is no signature at all is not the round's either.
    """
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
