"""NannyML's own CBPE over the bank, by the real package, which has a Python of its own.

    pip install nannyml statsmodels    # in an environment apart
    PYTHON benchmarks/audits/nannyml_cbpe.py BANK

Reads the arrays of every run that gives probabilities and writes ``cbpe.txt`` into the bank: a line of JSON for each
run with its path, the estimated accuracy of the target and the confidence bounds. Runs that are there are not repeated.
It imports nothing of wb, so that the package's environment needs none of it. About half a second for a run.
"""

from __future__ import annotations

import json
import os
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

ESTIMATES = "cbpe.txt"


def main() -> None:
    warnings.filterwarnings("ignore")
    bank = Path(sys.argv[1])
    written = bank / ESTIMATES
    lines = written.read_text(encoding="utf-8").splitlines() if written.exists() else []
    known = {json.loads(line)["run"] for line in lines}
    with written.open("a", encoding="utf-8") as out:
        for path in sorted(file.with_suffix(".npz") for file in bank.rglob("*.json")):
            run = str(path.relative_to(bank).with_suffix(""))
            if path.exists() and run not in known and (estimate := of_run(path)) is not None:
                out.write(json.dumps({"run": run, **estimate}) + "\n")
                out.flush()


def of_run(path: Path) -> dict[str, float] | None:
    """The estimate of one run; None where the model gives no probabilities, or the package gives up."""
    with np.load(path, allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}
    target, held_out = arrays["target"], arrays["held_out"]
    if np.isin(target, (0, 1)).all():
        return None
    try:
        return cbpe(
            held_out, arrays["held_out_predicted"], arrays["held_out_labels"], target, arrays["target_predicted"]
        )
    except Exception as error:
        print(f"{path}: {type(error).__name__}: {error}", file=sys.stderr)
        return None


def cbpe(
    held_out: np.ndarray, held_out_predicted: np.ndarray, labels: np.ndarray, target: np.ndarray, predicted: np.ndarray
) -> dict[str, float]:
    """Fit CBPE to the labelled held-out examples and estimate the accuracy of the target, in one chunk."""
    os.environ["NML_DISABLE_USAGE_LOGGING"] = "1"
    import nannyml

    classes = np.unique(labels)  # it wants every class among the reference's labels
    names = dict(zip(classes, (0, 1), strict=True)) if len(classes) == 2 else {each: f"c{each}" for each in classes}
    reference = table(held_out, held_out_predicted, classes, names)
    reference["label"] = [names[label] for label in labels]
    analysis = table(target, predicted, classes, names)
    binary = len(classes) == 2
    estimator = nannyml.CBPE(
        problem_type="classification_binary" if binary else "classification_multiclass",
        y_pred_proba=f"p{classes[1]}" if binary else {f"c{each}": f"p{each}" for each in classes},
        y_pred="predicted",
        y_true="label",
        metrics=["accuracy"],
        chunk_number=1,
    )
    estimator.fit(reference)
    frame = estimator.estimate(analysis).to_df()
    row = frame[frame[("chunk", "period")] == "analysis"].iloc[-1]["accuracy"]
    return {
        "value": float(row["value"]),
        "low": float(row["lower_confidence_boundary"]),
        "high": float(row["upper_confidence_boundary"]),
    }


def table(
    probabilities: np.ndarray, predicted: np.ndarray, classes: np.ndarray, names: dict[int, int | str]
) -> pd.DataFrame:
    """Columns of probabilities that sum to 1 over the known classes, and the prediction."""
    import pandas as pd

    shares = probabilities[:, classes].astype(np.float64)
    shares /= np.maximum(shares.sum(axis=1, keepdims=True), 1e-12)
    frame = pd.DataFrame(shares, columns=[f"p{each}" for each in classes])
    frame["predicted"] = [names.get(each, f"c{each}") for each in predicted]
    return frame


if __name__ == "__main__":
    main()
