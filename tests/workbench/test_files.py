"""Files and folders exist whole or not at all, however many write them at once."""

import os
import stat

import pytest

from workbench.errors import WbError
from workbench.files import new_file, new_folder, remove_abandoned, write_atomically


def names_in(folder):
    return sorted(path.name for path in folder.iterdir())


def test_text_and_bytes_come_back_as_they_were_given(tmp_path):
    write_atomically(tmp_path / "below" / "a.txt", "Ωmega\n")
    write_atomically(tmp_path / "a.bin", b"\0\xff")
    assert (tmp_path / "below" / "a.txt").read_text(encoding="utf-8") == "Ωmega\n"
    assert (tmp_path / "a.bin").read_bytes() == b"\0\xff"


def test_two_that_write_one_file_at_once_do_not_meet(tmp_path):
    path = tmp_path / "vectors.npz"
    with new_file(path) as outer:
        outer.write_text("outer")
        with new_file(path) as inner:
            inner.write_text("inner")
        assert path.read_text() == "inner"
        assert outer.suffix == inner.suffix == ".npz"
    assert path.read_text() == "outer"
    assert names_in(tmp_path) == ["vectors.npz"]


def test_two_that_fill_one_folder_at_once_do_not_meet(tmp_path):
    path = tmp_path / "record"
    with pytest.raises(WbError, match="cannot be written"), new_folder(path) as outer:
        (outer / "a").write_text("outer")
        with new_folder(path) as inner:
            (inner / "a").write_text("inner")
        assert (outer / "a").read_text() == "outer"
    assert (path / "a").read_text() == "inner", "the second to end found the place taken"
    assert names_in(tmp_path) == ["record"]


def test_what_breaks_off_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "a.json"
    write_atomically(path, "old")
    with pytest.raises(KeyError), new_file(path) as temporary:
        temporary.write_text("ne")
        raise KeyError
    with pytest.raises(KeyError), new_folder(tmp_path / "b") as temporary:
        (temporary / "c").write_text("half")
        raise KeyError
    assert path.read_text() == "old"
    assert names_in(tmp_path) == ["a.json"]


def test_a_disk_that_refuses_is_one_line(tmp_path):
    (tmp_path / "file").write_text("")
    for write in (lambda path: write_atomically(path, "x"), lambda path: new_folder(path).__enter__()):
        with pytest.raises(WbError, match="cannot be written"):
            write(tmp_path / "file" / "below")


def test_others_may_read_what_is_written(tmp_path):
    """A shared data folder: the rights are those of any new file, not those of a temporary one."""
    before = os.umask(0o022)
    try:
        write_atomically(tmp_path / "added.json", "{}")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "added.json").stat().st_mode) == 0o644


def test_what_a_killed_process_left_goes_and_what_is_being_written_stays(tmp_path):
    left, fresh, other = (tmp_path / name for name in (".state.aaaa.bin", ".state.bbbb.bin", ".others.cccc.bin"))
    for path in (left, fresh, other):
        path.write_bytes(b"half")
    for path in (left, other):
        os.utime(path, (0, 0))
    remove_abandoned(tmp_path / "state.bin")
    assert not left.exists()
    assert fresh.exists()
    assert other.exists()
