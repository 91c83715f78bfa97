"""mean-match: registered here, imported only when it runs."""

from workbench import hookimpl


@hookimpl
def wb_register_methods(register):
    register(
        "mean-match",
        "wb_mean_match.method:MeanMatch",
        task="classification",
        family="feature/alignment/statistical",
        baseline="source-only",
        summary="bring every source feature to the target's mean and spread",
    )
