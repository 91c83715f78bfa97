"""Click options made from settings: names, bounds, defaults, words."""

from typing import Literal

import click
import pytest
from click.testing import CliRunner
from pydantic import Field

from workbench.cli.options import from_params, value_of
from workbench.errors import UsageError
from workbench.settings import Settings


class Tagging(Settings):
    dimensions: int = Field(50, ge=1, le=500, description="Dimensions of the projection.")
    alpha: float = Field(0.2, gt=0, description="Scale.", json_schema_extra={"source": "paper, § 4"})
    predictor: Literal["huber", "ridge"] = Field("huber", description="Loss.")
    strict: bool = Field(False, description="Stop at doubt.")
    limit: int | None = Field(None, ge=0, description="At most so many.")


class Classification(Settings):
    dimensions: int = Field(20, ge=1, le=500, description="Dimensions of the projection.")


def invoke(arguments, params=(("tagging", Tagging),)):
    seen = {}
    command = click.Command("x", params=from_params(params), callback=lambda **values: seen.update(values))
    result = CliRunner().invoke(command, arguments)
    return result, seen


def test_names_are_kebab_case_and_values_typed():
    result, seen = invoke(["--dimensions", "30", "--alpha", "0.4", "--predictor", "ridge", "--strict", "--limit", "3"])
    assert result.exit_code == 0, result.output
    assert seen == {"dimensions": 30, "alpha": 0.4, "predictor": "ridge", "strict": True, "limit": 3}


def test_an_option_that_is_not_given_has_no_value():
    assert set(invoke([])[1].values()) == {None}


@pytest.mark.parametrize(
    "arguments", [["--dimensions", "0"], ["--dimensions", "501"], ["--alpha", "0"], ["--predictor", "svm"]]
)
def test_bounds_and_choices_are_checked(arguments):
    result, _ = invoke(arguments)
    assert result.exit_code == 2
    assert "Invalid value" in result.output


def test_help_has_description_default_and_source():
    text = " ".join(invoke(["--help"])[0].output.split())
    assert "Scale. [default: 0.2; paper, § 4]" in text


def test_settings_of_two_tasks_share_an_option_and_say_where_they_differ():
    text = " ".join(invoke(["--help"], [("tagging", Tagging), ("classification", Classification)])[0].output.split())
    assert "[default: 50 for tagging, 20 for classification]" in text


def test_a_task_whose_default_is_none_is_not_named_among_the_defaults():
    class Unlimited(Settings):
        limit: int | None = Field(300, ge=0, description="At most so many.")

    text = " ".join(invoke(["--help"], [("classification", Unlimited), ("tagging", Tagging)])[0].output.split())
    assert "At most so many. [default: 300 for classification]" in text
    assert "[default: 0.2; paper, § 4; tagging only]" in text


def test_a_wrong_setting_is_one_line_with_the_nearest_name():
    with pytest.raises(UsageError, match=r"method 'x': no setting 'dimension'; did you mean 'dimensions'\?"):
        Tagging.parse({"dimension": 3}, where="method 'x'")
    with pytest.raises(UsageError, match=r"setting 'alpha': .*greater than 0"):
        Tagging.parse({"alpha": -1})


class Lists(Settings):
    widths: tuple[int, ...] = Field((64, 32), description="Units of each layer.", min_length=1)
    names: list[str] = Field(["a"], description="Names.")
    kinds: tuple[Literal["x", "y"], ...] = Field((), description="Kinds.")
    rates: tuple[float, ...] | None = Field(None, description="Rates.")


def test_settings_take_lists():
    result, seen = invoke(
        ["--widths", "128, 64,32", "--names", "b,c", "--kinds", "x", "--rates", ".1,1e-3"], [("t", Lists)]
    )
    assert result.exit_code == 0, result.output
    assert seen == {"widths": (128, 64, 32), "names": ("b", "c"), "kinds": ("x",), "rates": (0.1, 0.001)}
    assert Lists.parse(seen).widths == (128, 64, 32)
    assert "[default: 64,32]" in " ".join(invoke(["--help"], [("t", Lists)])[0].output.split())


@pytest.mark.parametrize("arguments", [["--widths", "3,x"], ["--kinds", "x,z"], ["--rates", "0.1,,a"]])
def test_each_value_of_a_list_is_checked(arguments):
    result, _ = invoke(arguments, [("t", Lists)])
    assert result.exit_code == 2
    assert "Invalid value" in result.output


def test_a_list_in_json_is_a_list():
    assert value_of("[1, 2]") == (1, 2)
    assert value_of("1,2") == "1,2"
