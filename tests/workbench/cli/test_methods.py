"""``wb methods`` on a terminal."""


def test_the_list_is_no_wider_than_the_terminal(wb, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    code, out, _ = wb("methods")
    assert code == 0
    assert max(map(len, out.splitlines())) <= 80
    assert any(line.startswith("coral (classification) ") for line in out.splitlines())
