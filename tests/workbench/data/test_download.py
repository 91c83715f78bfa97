"""Downloads: mirrors, resuming, verification, refusals."""

import hashlib
import io
import re
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest

from workbench import environment
from workbench.data import archives, download
from workbench.data.cards import Card, Edition
from workbench.errors import UsageError, WbError

CONTENT = bytes(range(256)) * 400


def card(**file) -> Card:
    edition = {
        "name": "full",
        "title": "full",
        "files": [{"path": "set/data.bin", "sha256": hashlib.sha256(CONTENT).hexdigest(), **file}],
        "splits": {"train": [{"reader": "column", "file": "set/data.bin"}]},
    }
    about = {"name": "set", "title": "a set", "task": "tagging", "licence": "none", "citation": "none"}
    return Card.parse({**about, "editions": [edition]})


def edition_of(found: Card) -> Edition:
    return found.editions[0]


class Server(BaseHTTPRequestHandler):
    ranges = True
    content = CONTENT
    asked: ClassVar[list[str]] = []

    def do_GET(self):
        wanted = self.headers.get("Range", "")
        type(self).asked.append(wanted)
        start = int(re.search(r"\d+", wanted)[0]) if wanted and self.ranges else 0
        stop = start + 1 if wanted == "bytes=0-0" else len(self.content)
        self.send_response(206 if wanted and self.ranges else 200)
        body = self.content[start : stop if self.ranges else None]
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    kind = type("Fresh", (Server,), {"asked": []})
    http = ThreadingHTTPServer(("127.0.0.1", 0), kind)
    threading.Thread(target=http.serve_forever, daemon=True).start()
    yield kind, f"http://127.0.0.1:{http.server_port}/set/data.bin"
    http.shutdown()


def target():
    return environment.data_folder() / "set" / "data.bin"


def test_a_download_is_verified_and_in_place(server):
    _, url = server
    found = card(url=url)
    assert "verified" in download.get(found, edition_of(found))[0]
    assert target().read_bytes() == CONTENT
    assert "already there" in download.get(found, edition_of(found))[0]


def test_a_cut_download_goes_on_where_it_stopped(server):
    kind, url = server
    found = card(url=url)
    target().parent.mkdir(parents=True)
    target().with_name("data.bin.part").write_bytes(CONTENT[:1000])
    download.get(found, edition_of(found))
    assert target().read_bytes() == CONTENT
    assert "bytes=1000-" in kind.asked


def test_a_server_without_ranges_starts_again(server):
    kind, url = server
    kind.ranges = False
    found = card(url=url)
    target().parent.mkdir(parents=True)
    target().with_name("data.bin.part").write_bytes(CONTENT[:1000])
    download.get(found, edition_of(found))
    assert target().read_bytes() == CONTENT


def test_a_wrong_file_is_refused_and_what_was_there_stays(server):
    kind, url = server
    kind.content = b"something else"
    found = card(url=url)
    target().parent.mkdir(parents=True)
    target().write_bytes(b"older")
    with pytest.raises(WbError, match="not the file that the card describes"):
        download.get(found, edition_of(found))
    assert target().read_bytes() == b"older"


def test_a_mirror_is_asked_first(server, tmp_path):
    kind, url = server
    (tmp_path / "set").mkdir()
    (tmp_path / "set" / "data.bin").write_bytes(CONTENT)
    found = card(url=url)
    download.get(found, edition_of(found), mirror=str(tmp_path))
    assert kind.asked == []
    assert target().read_bytes() == CONTENT


def test_nobody_there_is_one_line_that_says_what_to_do():
    found = card(url="http://127.0.0.1:9/set/data.bin")
    with pytest.raises(WbError, match=r"could not be had.*--from DIR\|URL, or put the file at"):
        download.get(found, edition_of(found))


def test_nothing_to_download_is_told():
    found = card()
    with pytest.raises(UsageError, match="cannot be downloaded"):
        download.get(found, edition_of(found))


def packed(path, members, compression):
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return path


def test_the_members_digest_does_not_depend_on_the_packing(tmp_path):
    members = [("a/1.xml", b"one" * 99), ("a/2.xml", b"two"), ("README", b"x")]
    first = packed(tmp_path / "1.zip", members, zipfile.ZIP_STORED)
    second = packed(tmp_path / "2.zip", [*members[:0:-1], ("NEWS", b"y"), members[0]], zipfile.ZIP_DEFLATED)
    assert archives.members_digest(first, ["a/*"]) == archives.members_digest(second, ["a/*"])
    changed = packed(tmp_path / "3.zip", [("a/1.xml", b"one"), *members[1:]], zipfile.ZIP_STORED)
    assert archives.members_digest(first, ["a/*"]) != archives.members_digest(changed, ["a/*"])


def test_a_member_cannot_escape_because_nothing_is_unpacked(tmp_path):
    path = packed(tmp_path / "evil.zip", [("../../evil.txt", b"boo")], zipfile.ZIP_STORED)
    with archives.opened(path) as archive:
        assert archive.read("../../evil.txt") == b"boo"
    assert not (tmp_path.parent.parent / "evil.txt").exists()


def test_a_damaged_archive_is_named(tmp_path):
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr("a", b"x" * 1000)
    path = tmp_path / "cut.zip"
    path.write_bytes(whole.getvalue()[:-30])
    with pytest.raises(WbError, match=r"cut\.zip: a damaged archive"):
        archives.Archive(path)


def test_further_addresses_are_asked_when_the_first_fails(server):
    _, url = server
    found = card(url="http://127.0.0.1:9/set/data.bin", others=[url])
    assert "verified" in download.get(found, edition_of(found))[0]
    assert target().read_bytes() == CONTENT


def test_an_md5_alone_verifies_and_refuses(server):
    kind, url = server
    found = card(url=url, sha256="", md5=hashlib.md5(CONTENT).hexdigest())
    assert "verified" in download.get(found, edition_of(found))[0]
    target().unlink()
    kind.content = b"something else"
    with pytest.raises(WbError, match="md5 is"):
        download.get(found, edition_of(found))
