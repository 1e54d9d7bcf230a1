"""Every key that a command prints as JSON is explained in docs/json.md, or is one of ame.yml.

usage: check_json_keys.py SOURCE_DIR | --self-test
"""
import pathlib
import re
import sys

# A pair of a key and a value; tables and options begin alike, and go on with a style, a text or a flag.
KEY = re.compile(r'\{"([A-Za-z_]+)",\s*(?!Style|"|&|true|false)|\["([A-Za-z_]+)"\] =')
# Declarations of arguments and options stand in upper case, headings of tables with a capital.
LITERAL = re.compile(r"[a-z]")


def keys_of(text: str) -> set[str]:
    found = {first or second for first, second in KEY.findall(text)}
    return {key for key in found if LITERAL.match(key)}


def explained_in(text: str) -> set[str]:
    return set(re.findall(r"`([A-Za-z_]+)`", text))


def check(root: pathlib.Path) -> int:
    explained = set()
    for page in ("docs/json.md", "docs/ame_yml.md"):
        explained |= explained_in((root / page).read_text())
    findings, keys = [], 0
    for source in sorted((root / "cli").rglob("*.cpp")):
        text = source.read_text()
        if "Json" in text or "document_text" in text:
            found = keys_of(text)
            keys += len(found)
            findings += [f"{source.relative_to(root)}: docs/json.md says nothing of `{key}`" for key in sorted(found - explained)]
    print("\n".join(findings) or f"{keys} keys, each explained")
    return 1 if findings or keys < 100 else 0


def self_test() -> int:
    planted = 'return {{"exit_code", step.end}, {"Step", Style::dim}, {"NAME", &name, "a text"}};  object["tag"] = x;'
    found = keys_of(planted)
    print(found)
    return 0 if found == {"exit_code", "tag"} and explained_in("`exit_code`, `a b`") == {"exit_code"} else 1


sys.exit(self_test() if sys.argv[1] == "--self-test" else check(pathlib.Path(sys.argv[1])))
