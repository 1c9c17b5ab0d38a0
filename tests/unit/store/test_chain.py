"""The digest: spelled out once by hand, and different for any different part."""

from __future__ import annotations

from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from lifecycle.store.chain import chained

PARTS = st.tuples(
    st.binary(max_size=32),
    st.binary(min_size=16, max_size=16),
    st.integers(0, 2**63 - 1),
    st.text(max_size=20),
    st.text(max_size=27),
    st.binary(max_size=50),
)


def test_a_digest_is_sha256_over_zero_and_length_prefixed_parts() -> None:
    length = "{:016x}".format
    text = (
        "00"
        + length(2) + "aabb"
        + length(16) + "0195" + "00" * 14
        + length(8) + length(3)
        + length(16) + b"repair.confirmed".hex()
        + length(27) + b"2026-03-02T01:00:00.000000Z".hex()
        + length(7) + b'{"v":1}'.hex()
    )  # fmt: skip
    digest = chained(
        b"\xaa\xbb",
        bytes.fromhex("0195" + "00" * 14),
        3,
        "repair.confirmed",
        "2026-03-02T01:00:00.000000Z",
        b'{"v":1}',
    )
    assert digest == sha256(bytes.fromhex(text)).digest()


@given(one=PARTS, other=PARTS)
def test_different_parts_have_different_digests(
    one: tuple[bytes, bytes, int, str, str, bytes], other: tuple[bytes, bytes, int, str, str, bytes]
) -> None:
    assert (chained(*one) == chained(*other)) == (one == other)


def test_a_byte_that_moves_to_the_next_part_changes_the_digest() -> None:
    id = bytes(16)
    assert chained(b"", id, 1, "a", "bc", b"d") != chained(b"", id, 1, "ab", "c", b"d")
    assert chained(b"", id, 1, "a", "bc", b"d") != chained(b"", id, 1, "a", "b", b"cd")
