"""What a run says while it works."""

from workbench.cli.progress import Lines


def test_a_notice_is_said_once(capsys):
    progress = Lines(quiet=False)
    for message in ("raw pixels", "raw pixels", "little memory"):
        progress.notice(message)
    assert capsys.readouterr().err == "note: raw pixels\nnote: little memory\n"
