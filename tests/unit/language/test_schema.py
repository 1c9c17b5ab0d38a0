import json
from decimal import Decimal
from pathlib import Path

import jsonschema
import pytest

from lifecycle.language.folders import DiskFolder
from lifecycle.language.reader import read
from lifecycle.language.schema import schema_text, workflow_schema
from lifecycle.language.tree import plain

WORKFLOWS = Path(__file__).parents[3] / "workflows"
CLEAN = Path(__file__).parent / "files" / "clean.yaml"


def as_json(value):
    if isinstance(value, dict):
        return {name: as_json(inner) for name, inner in value.items()}
    if isinstance(value, tuple):
        return [as_json(inner) for inner in value]
    return float(value) if isinstance(value, Decimal) else value


def faults(text):
    schema = workflow_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    values = as_json(plain(read(text, "x.yaml").tree))
    return [list(error.absolute_path) for error in jsonschema.Draft202012Validator(schema).iter_errors(values)]


@pytest.mark.parametrize("name", DiskFolder(WORKFLOWS).names())
def test_a_shipped_file_fits_the_schema(name):
    assert faults((WORKFLOWS / f"{name}.yaml").read_text("utf-8")) == []


def test_a_key_that_the_language_does_not_know_is_refused():
    text = CLEAN.read_text("utf-8").replace("with: installer", "wiht: installer")
    assert faults(text) == [["machines", "repair", "states", "working", "steps", "signed"]]


def test_a_value_of_the_wrong_shape_is_refused():
    assert faults(CLEAN.read_text("utf-8").replace("version: 1", "version: first")) == [["version"]]


def test_the_schema_is_small_enough_for_an_editor():
    assert len(schema_text().encode()) < 200 * 1024


def test_every_key_of_a_step_is_described_in_both_languages():
    step = json.loads(schema_text())["$defs"]["Step"]["properties"]
    assert step["to"]["description"] == "state it leads to; stays when not given / 去往的状态；不写则停留"
    assert all(" / " in key["description"] for key in step.values())
