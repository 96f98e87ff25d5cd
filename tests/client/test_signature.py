from __future__ import annotations

import pytest

from tongyuan.client.signature import sign, signed

BODY = b'{"event":"submission.published"}'


def test_a_signature_is_the_hmac_of_moment_and_body() -> None:
    # printf '1700000000.{"event":"submission.published"}' | openssl dgst -sha256 -hmac s3cret
    told = "499789be5eedf3e5d68a3b864622fee9dfb132563169390467f5a265d0ac1cd3"
    assert sign("s3cret", BODY, 1_700_000_000) == f"t=1700000000,v1={told}"
    assert signed("s3cret", sign("s3cret", BODY, 1_700_000_000), BODY, now=1_700_000_100)


@pytest.mark.parametrize(
    ("secret", "body", "now", "header"),
    [
        ("other", BODY, 1_700_000_000, ""),
        ("s3cret", BODY + b" ", 1_700_000_000, ""),
        ("s3cret", BODY, 1_700_000_301, ""),
        ("s3cret", BODY, 1_700_000_000, "v1=00"),
        ("s3cret", BODY, 1_700_000_000, "t=x,v1=00"),
    ],
)
def test_what_was_changed_or_sent_again_is_no_longer_signed(
    secret: str, body: bytes, now: int, header: str
) -> None:
    told = header or sign("s3cret", BODY, 1_700_000_000)
    assert not signed(secret, told, body, now=now)
