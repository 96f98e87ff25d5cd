from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator

import pytest

from tongyuan.office.address import UnsuitableError, allowed_networks, checked, parts_of, post

OWN = allowed_networks("127.0.0.0/8")


class Answering(http.server.BaseHTTPRequestHandler):
    got: list[bytes] = []  # noqa: RUF012

    def do_POST(self) -> None:
        self.got.append(self.rfile.read(int(self.headers["content-length"])))
        self.send_response(302 if self.path == "/away" else 204)
        self.send_header("Location", "http://169.254.169.254/")
        self.end_headers()

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def server() -> Iterator[str]:
    Answering.got = []
    made = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{made.server_address[1]}"
    made.shutdown()
    made.server_close()


@pytest.mark.parametrize(
    "address",
    ["ftp://a/b", "https://", "https://u:p@a.org/", "file:///etc/passwd", "https://a b/", "https://a:0/",
     "https://a:99999/", "//a.org", "https://[::1"],
)  # fmt: skip
def test_what_is_no_address(address: str) -> None:
    with pytest.raises(UnsuitableError, match="address"):
        parts_of(address)


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.169.254", "[::1]", "[fe80::1]", "[::ffff:10.0.0.1]",
     "0.0.0.0", "100.64.0.1", "224.0.0.1", "2130706433", "0x7f.1"],
)  # fmt: skip
def test_nothing_is_sent_within_unless_it_is_allowed(host: str) -> None:
    with pytest.raises(UnsuitableError, match=r"internal|unknown"):
        checked(parts_of(f"https://{host}/"), ())


def test_in_the_clear_only_to_networks_of_ones_own() -> None:
    with pytest.raises(UnsuitableError, match="open"):
        checked(parts_of("http://1.1.1.1/"), ())
    assert str(checked(parts_of("https://1.1.1.1/"), ())) == "1.1.1.1"
    assert str(checked(parts_of("http://127.0.0.1/"), OWN)) == "127.0.0.1"


def test_what_is_allowed_is_sent_and_no_redirection_is_followed(server: str) -> None:
    assert post(f"{server}/here?a=1", b"body", {"X": "y"}, OWN) == 204
    assert post(f"{server}/away", b"body", {}, OWN) == 302
    assert Answering.got == [b"body", b"body"]
    with pytest.raises(UnsuitableError, match="internal"):
        post(server, b"", {}, ())
