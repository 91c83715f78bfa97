"""The training loop: fair batches, the source alone to the bit, what bad input ends in."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn import functional

from wb_deep.bodies.model import DeepModel
from wb_deep.bodies.networks import Network
from wb_deep.methods.base import memory_advice
from wb_deep.methods.dann import DANN
from wb_deep.methods.mcc import MCC
from wb_deep.methods.network import AdaBN, SourceNetwork
from wb_deep.training.batch_norm import equal_parts, estimate_statistics
from wb_deep.training.batching import batches
from wb_deep.training.best_epoch import BestEpoch
from wb_deep.training.data import Data
from wb_deep.training.engine import train
from wb_deep.training.options import Training
from workbench import load
from workbench.data.domains import Domain, Problem
from workbench.errors import UsageError, WbError
from workbench.progress import Progress


def test_batches_pass_over_everything_without_a_short_rest():
    found = list(batches(10, 3, 12, torch.Generator().manual_seed(0)))
    assert all(len(batch) == 3 for batch in found)
    for start in range(0, 12, 3):
        one_pass = torch.cat(found[start : start + 3])
        assert len(set(one_pass.tolist())) == 9
    seen = np.bincount(torch.cat(found).numpy(), minlength=10)
    assert seen.min() >= 1


def test_a_batch_larger_than_a_domain_takes_all_of_it():
    found = list(batches(5, 64, 3, torch.Generator().manual_seed(0)))
    assert [sorted(batch.tolist()) for batch in found] == [list(range(5))] * 3


def test_the_source_alone_is_plain_training_to_the_bit(problem):
    p = problem()
    model = SourceNetwork(SourceNetwork.Params(epochs=3, batch_size=16)).fit(p, Progress())

    x = torch.from_numpy(p.source.inputs)[:, None]
    x = (x - float(x.mean())) / float(x.std())
    y = torch.from_numpy(p.source.labels)
    torch.manual_seed(0)
    network = Network((1, 8, 8), 3)
    optimiser = torch.optim.Adam(network.parameters(), lr=1e-3, fused=True)
    generator = torch.Generator().manual_seed(0)
    for batch in _epochs(90, 16, 3, generator):
        optimiser.zero_grad()
        functional.cross_entropy(network(x[batch]), y[batch]).backward()
        optimiser.step()
    for name, value in network.state_dict().items():
        assert torch.equal(value, model.network.state_dict()[name]), name


def _epochs(n, size, epochs, generator):
    for _ in range(epochs):
        yield from batches(n, size, n // size, generator)


def test_source_training_ignores_the_target(problem, images):
    first, second = problem(shift=0.5), problem(shift=0.5)
    other = Problem("classification", second.sources, Domain("b", "classification", images(30, 9, 2.0)[0]))
    a, b = (SourceNetwork(SourceNetwork.Params(epochs=2)).fit(p, Progress()) for p in (first, other))
    new = images(20, 5)[0]
    np.testing.assert_array_equal(a.predict(new).probabilities, b.predict(new).probabilities)


def test_a_weight_of_zero_is_the_source_with_separate_batches(problem):
    p = problem()
    settings = {"epochs": 2, "batch_size": 35, "average": 0.0, "weight": 0.0, "batch_norm": "separate"}
    model = MCC(MCC.Params(**settings)).fit(p, Progress())
    plain = SourceNetwork(SourceNetwork.Params(epochs=2, batch_size=35)).fit(p, Progress())
    for (name, a), b in zip(model.network.named_parameters(), plain.network.parameters(), strict=True):
        torch.testing.assert_close(a, b, msg=name)


@pytest.mark.parametrize("n", [1, 255, 256, 257, 1800])
def test_no_batch_of_the_statistics_is_a_short_rest(n):
    parts = equal_parts(torch.arange(n))
    sizes = [len(part) for part in parts]
    assert max(sizes) <= 256 and max(sizes) - min(sizes) <= 1
    assert torch.equal(torch.cat(list(parts)), torch.arange(n))


def test_statistics_are_those_of_the_given_examples():
    torch.manual_seed(0)
    network = Network((6,), 3)
    x = torch.randn(300, 6) * 3 + 2
    estimate_statistics(network, [x[:256]])
    hidden = network.body[0](x[:256])
    torch.testing.assert_close(network.body[1].running_mean, hidden.mean(0), rtol=1e-4, atol=1e-4)
    assert network.body[1].momentum == 0.1 and not network.training


def test_adaptation_helps_where_the_target_is_shifted(images):
    (x, y), (z, t) = images(300, 1), images(300, 2, 0.0)
    z = z * 2.5 + 1.0
    p = Problem(
        "classification",
        (Domain("a", "classification", x, y, ("one", "three", "two")),),
        Domain("b", "classification", z),
    )
    right = {}
    for method in (SourceNetwork, AdaBN, DANN, MCC):
        model = method(method.Params(epochs=8)).fit(p, Progress())
        right[method.__name__] = (model.predict(z).labels == t).mean()
    assert right["AdaBN"] > right["SourceNetwork"]
    assert right["MCC"] > 0.95 and right["DANN"] > 0.9


def test_a_loss_that_is_no_number_is_named(problem):
    p = problem()
    broken = p.source.inputs.copy()
    broken[3] = np.nan
    source = Domain("a", "classification", broken, p.source.labels, p.classes)
    with pytest.raises(WbError, match=r"step \d+: the cross-entropy is not a number; lower --rate or --weight"):
        SourceNetwork(SourceNetwork.Params(epochs=1)).fit(Problem("classification", (source,), p.target), Progress())


def test_shapes_that_do_not_fit_are_named(tmp_path, problem):
    p = problem()
    with pytest.raises(UsageError, match="the domains differ in shape"):
        other = Domain("b", "classification", np.zeros((9, 10, 10), dtype=np.float32))
        MCC().fit(Problem("classification", p.sources, other), Progress())
    model = SourceNetwork(SourceNetwork.Params(epochs=1)).fit(p, Progress())
    model.save(tmp_path)
    with pytest.raises(UsageError, match="is expected"):
        DeepModel.load(tmp_path, load()).predict(np.zeros((2, 9, 9), dtype=np.float32))


def test_a_training_that_was_killed_ends_in_the_same_network(tmp_path):
    """kill -9 in the middle, the same command again: every parameter is equal to the bit."""
    command = [sys.executable, "-m", "workbench", "run", "daan", "--src", "fonts", "--tgt", "digits", "--no-baseline"]
    command += ["--epochs", "3", "--checkpoint-seconds", "0.05", "--json"]

    def environment(name):
        return {**os.environ, "WB_RUNS": str(tmp_path / name / "runs"), "WB_CACHE": str(tmp_path / name / "cache")}

    whole = subprocess.run(command, env=environment("whole"), capture_output=True, check=True)
    cut = subprocess.Popen(command, env=environment("cut"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    trainings = tmp_path / "cut" / "cache" / "trainings"
    for _ in range(600):
        if trainings.exists() and any(path.suffix == ".safetensors" for path in trainings.iterdir()):
            break
        time.sleep(0.1)
    time.sleep(1.0)
    assert cut.poll() is None, "the training ended before it could be killed"
    cut.kill()
    cut.wait()
    again = subprocess.run(command, env=environment("cut"), capture_output=True, check=True)
    assert b"where it was cut off" in again.stderr
    first, second = (np.load(Path(json.loads(r.stdout)["record"]) / "model" / "network.npz") for r in (whole, again))
    assert set(first.files) == set(second.files)
    for name in first.files:
        np.testing.assert_array_equal(first[name], second[name], err_msg=name)
    assert json.loads(whole.stdout)["notes"] == json.loads(again.stdout)["notes"]
    left = [path for path in trainings.iterdir() if not path.name.startswith(".")]  # kill -9 may hit while it writes
    assert not left


def test_a_selector_chooses_the_epoch_that_is_kept(problem):
    p = problem()
    kept = MCC(MCC.Params(epochs=4, keep="entropy")).fit(p, Progress())
    scores = [row["score"] for row in kept.notes["trace"]]
    best = int(np.argmax(scores)) + 1
    x, y = torch.from_numpy(p.source.inputs)[:, None], torch.from_numpy(p.source.labels)
    torch.manual_seed(0)
    network, said = Network((1, 8, 8), 3), iter([0.2, 0.9, 0.9, 0.1])
    seen = []

    def judge():
        seen.append({name: value.clone() for name, value in network.state_dict().items()})
        return next(said)

    train(network, Data(x, y, x), Training(4, 16, 1e-3), 0, observers=[BestEpoch(judge)])
    assert all(torch.equal(value, seen[2][name]) for name, value in network.state_dict().items())
    assert 1 <= best <= 4 and len(scores) == 4
    for name in ("iwv", "reverse-validation"):
        with pytest.raises(UsageError, match=f"--keep {name}: .*; selectors that fit: .*bnm.*entropy"):
            MCC(MCC.Params(epochs=8, keep=name)).fit(p, Progress())


def test_memory_that_is_out_ends_in_a_line_that_says_what_to_lower():
    with pytest.raises(WbError, match="lower --batch-size"), memory_advice():
        torch.empty(2**52)
    with pytest.raises(RuntimeError, match="another"), memory_advice():
        raise RuntimeError("another")


def test_the_trace_has_a_row_for_each_epoch(problem):
    p = problem()
    x, y = torch.from_numpy(p.source.inputs)[:, None], torch.from_numpy(p.source.labels)
    rows = train(Network((1, 8, 8), 3), Data(x, y, x), Training(2, 16, 1e-3), 0)
    assert len(rows) == 2 and rows[1]["cross_entropy"] < rows[0]["cross_entropy"]


@pytest.mark.slow
def test_fonts_to_digits_from_the_command_line(wb):
    code, out, _ = wb("run", "dann", "--src", "fonts", "--tgt", "digits", "--json")
    summary = json.loads(out)
    assert code == 0 and summary["baseline"] == "network" and "adabn" in summary["companions"]
    assert summary["scores"]["adapted"]["accuracy"]["value"] > 0.72
    assert summary["verdict"] == "positive"
    assert wb("runs", "draw", "last")[0] == 0


def test_a_model_names_a_preparation_of_its_plugins_and_imports_nothing_else(tmp_path, problem):
    SourceNetwork(SourceNetwork.Params(epochs=1)).fit(problem(), Progress()).save(tmp_path)
    about = json.loads((tmp_path / "model.json").read_text())
    assert about["preparation"] == "numbers"
    for name in ("wb_deep.bodies.numbers:Numbers", "json:loads", "pictures", ""):
        (tmp_path / "model.json").write_text(json.dumps({**about, "preparation": name}))
        with pytest.raises(UsageError, match="which is none of: numbers"):
            DeepModel.load(tmp_path, load())
