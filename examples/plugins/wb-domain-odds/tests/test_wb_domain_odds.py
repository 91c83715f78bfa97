from workbench.testing import assert_conforms

pytest_plugins = ["workbench.testing.fixtures"]


def test_conforms():
    assert_conforms(plugin="wb_domain_odds")


def test_wb_lists_it(wb):
    code, out, err = wb("plugins", "list")
    assert code == 0, err
    assert "domain-odds" in out
