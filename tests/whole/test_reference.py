"""The parts of the documentation that come from the models are as the models are."""

import importlib.util
import re
import tomllib
from pathlib import Path

import pytest

from workbench.data.cards import Card, Edition, File, Part, parse
from workbench.settings import Settings, described

DOCS = Path(__file__).parents[2] / "docs"


def script():
    spec = importlib.util.spec_from_file_location("reference", DOCS / "reference.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("page", script().PAGES)
def test_a_page_is_as_the_models_are(page):
    assert script().written(page) == (DOCS / page).read_text(encoding="utf-8"), "run: python docs/reference.py"


@pytest.mark.parametrize("model", [Card, Edition, File, Part])
def test_every_key_of_a_card_is_explained(model):
    assert [key.name for key in described(model) if not key.description] == []


def test_the_example_of_the_cards_page_is_a_card():
    example = re.search(r"```toml\n(.*?)```", (DOCS / "cards.md").read_text(encoding="utf-8"), re.DOTALL)[1]
    card = parse(example.replace("{domain}", "biscoe"), "penguins/biscoe", "cards.md")
    assert card.editions[0].splits["train"][0].options == {"label": "species"}
    assert set(tomllib.loads(example)) <= set(Card.model_fields)


def test_settings_in_words():
    from typing import Literal

    from pydantic import Field

    class Params(Settings):
        n: int = Field(300, ge=20, le=1000, description="Examples.")
        rate: float = Field(gt=0, description="Step.")
        loss: Literal["huber", "ridge"] = Field("huber", description="Loss.")
        strict: bool = Field(False, description="Stop at doubt.")
        limit: int | None = Field(None, description="At most.")
        files: tuple[File, ...] = Field((), description="Files.")

    assert [(d.name, d.takes, d.default, d.required) for d in described(Params)] == [
        ("n", "whole number from 20 to 1000", "300", False),
        ("rate", "number above 0", "", True),
        ("loss", "huber or ridge", "huber", False),
        ("strict", "true or false", "false", False),
        ("limit", "whole number", "", False),
        ("files", "list of file", "", False),
    ]
