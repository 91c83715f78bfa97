from workbench.testing.kit import assert_conforms


def test_conforms():
    assert_conforms("mean-match")
