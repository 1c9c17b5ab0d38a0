"""The JSON Schema of workflow files, from the definition itself: for editors, in both languages."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue

from lifecycle.language.definition import WorkflowText

DIALECT = "https://json-schema.org/draft/2020-12/schema"


class _Generator(GenerateJsonSchema):
    """Writes the schema of what a designer types, not of what the program makes of it."""

    def tagged_union_schema(self, schema: Any) -> JsonSchemaValue:
        """A shorthand or a long form: which one shows from its shape, without a tag in the file."""
        choices = [self.generate_inner(choice) for choice in schema["choices"].values()]
        return {"anyOf": choices}


def workflow_schema() -> dict[str, Any]:
    """Return the schema of a workflow file; every key says in English and Chinese what it is for."""
    made = WorkflowText.model_json_schema(by_alias=True, schema_generator=_Generator, mode="validation")
    worded = _worded(made)
    return {"$schema": DIALECT, "title": "workflow", **worded, "required": ["workflow", "version"]}


def schema_text() -> str:
    """Return the schema as a file."""
    return json.dumps(workflow_schema(), ensure_ascii=False, indent=1, sort_keys=False) + "\n"


def _worded(node: Any) -> Any:
    """Put both languages into each description; leave out titles that only repeat a key, and internal remarks.

    `required` goes, too: what a part brings along, the file that includes it need not spell out again.
    """
    if isinstance(node, list):
        return [_worded(item) for item in node]
    if not isinstance(node, Mapping):
        return node
    kept = {
        key: (_named(value) if key in ("properties", "$defs") else _worded(value))
        for key, value in node.items()
        if key not in ("description_zh", "required") and not (key == "title" and isinstance(value, str))
    }
    chinese = node.get("description_zh")
    if isinstance(chinese, str):
        kept["description"] = f"{node.get('description', '')} / {chinese}"
    elif isinstance(node.get("description"), str):
        kept["description"] = node["description"].split("\n")[0]
    return kept


def _named(members: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _worded(member) for name, member in members.items()}
