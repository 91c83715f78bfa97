"""domain-odds: registered here, imported only when it runs."""

from workbench import hookimpl


@hookimpl
def wb_register_methods(register):
    register(
        "domain-odds",
        "wb_domain_odds.method:DomainOdds",
        task="classification",
        family="instance/reweighting",
        baseline="source-only",
        summary="weigh each source example by how likely it would be in the target",
    )
