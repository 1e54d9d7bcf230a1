"""The JSON Schema accepts and rejects the same as the loader (tests/unit/schema/test_fixtures.cpp has the other half).

usage: check_json_schema.py SOURCE_DIR
"""
import json
import pathlib
import sys

try:
    import jsonschema
    import yaml
except ImportError as error:
    print(f"SKIPPED: {error}")
    sys.exit(77)


class Untagged(yaml.SafeLoader):
    """Reads `!poetry {…}` as a plain mapping, as an editor does."""


def without_tag(loader, _suffix, node):
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return loader.construct_scalar(node)


Untagged.add_multi_constructor("!", without_tag)
# YAML 1.2 has no `no`, `on` and sexagesimals: these are texts to ame and to editors.
Untagged.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in rules if tag not in
            ("tag:yaml.org,2002:bool", "tag:yaml.org,2002:timestamp")]
    for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()}
import re  # noqa: E402  (after the table that it extends)
Untagged.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF"))


def as_json(value):
    """JSON has only texts for keys."""
    if isinstance(value, dict):
        return {str(key): as_json(inner) for key, inner in value.items()}
    return [as_json(inner) for inner in value] if isinstance(value, list) else value


def cases_in(path):
    name, text = "", ""
    for line in path.read_text(encoding="utf-8").splitlines(keepends=True):
        if line.startswith("---"):
            if text:
                yield name, text
            name, text = line[6:].strip(), ""
        else:
            text += line
    yield name, text


def mistakes(validator, text):
    document = as_json(yaml.load(text, Loader=Untagged))
    return [error.json_path + ": " + error.message[:100] for error in validator.iter_errors(document)]


def main(top):
    schema = json.loads((top / "schema/ame.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    wrong = []
    fixtures = top / "tests/fixtures"
    accepted = list(cases_in(fixtures / "ame_yml/accepted.yml"))
    accepted += [(str(path), path.read_text(encoding="utf-8")) for path in sorted(top.glob("examples/**/ame.yml"))]
    accepted += [(f"block {number}", (fixtures / f"page/block_{number:02}.yml").read_text(encoding="utf-8"))
                 for number in (1, 2, 3, 4, 5, 6, 7, 8, 13, 15, 16, 17, 18, 19, 20, 22, 25)]
    for name, text in accepted:
        wrong += [f"{name}: rejected by the JSON Schema: {mistake}" for mistake in mistakes(validator, text)]
    for name, text in cases_in(fixtures / "ame_yml/rejected.yml"):
        if not mistakes(validator, text):
            wrong.append(f"{name}: accepted by the JSON Schema, not by the loader")
    for line in wrong:
        print(line)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
