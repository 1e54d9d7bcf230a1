// SPDX-License-Identifier: Apache-2.0
#include "schema/json_schema.hpp"

#include <array>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "schema/keys.hpp"
#include "schema/tags.hpp"

namespace ame::schema {

namespace {

std::string in_quotes(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    result += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
  }
  return result + "\"";
}

std::string indented(const std::string& json) {
  std::string result;
  for (const char c : json) {
    result += c == '\n' ? std::string("\n  ") : std::string(1, c);
  }
  return result;
}

/// A JSON object, its members in the order in which they were added.
class Object {
 public:
  Object& add(std::string_view key, const std::string& json) {
    members_.push_back(fmt::format("{}: {}", in_quotes(key), indented(json)));
    return *this;
  }

  Object& text(std::string_view key, std::string_view value) { return add(key, in_quotes(value)); }

  [[nodiscard]] std::string json() const {
    return members_.empty() ? "{}" : fmt::format("{{\n  {}\n}}", fmt::join(members_, ",\n  "));
  }

 private:
  std::vector<std::string> members_;
};

std::string list(const std::vector<std::string>& items) {
  return fmt::format("[{}]", fmt::join(items, ", "));
}

std::string reference(std::string_view definition) {
  return fmt::format("{{\"$ref\": \"#/$defs/{}\"}}", definition);
}

std::string any_of(const std::vector<std::string>& choices) {
  return fmt::format("{{\"anyOf\": {}}}", list(choices));
}

std::string array_of(const std::string& items) {
  return fmt::format("{{\"type\": \"array\", \"items\": {}}}", items);
}

std::string map_of(const std::string& values) {
  return fmt::format("{{\"type\": \"object\", \"additionalProperties\": {}}}", values);
}

std::string filled_array_of(const std::string& items) {
  return fmt::format("{{\"type\": \"array\", \"minItems\": 1, \"items\": {}}}", items);
}

constexpr std::string_view null_type = "{\"type\": \"null\"}";

/// By section.
constexpr std::array<std::string_view, section_count> definition_names = {
    "project",    "task",      "step",         "template",   "executor",  "resources",    "gpu",         "secret",
    "variable",   "artifacts", "artifactPath", "dataSet",    "reference", "dataSetUse",   "templateUse", "triggers",
    "gitTrigger", "retries",   "cache",        "cleanup",    "matrix",    "model",        "training",    "deployment",
    "defaults",   "import",    "vault",        "vaultLogin", "config",    "userDefaults", "workspace",   "any"};

/// Not part of an ame.yml.
bool is_of_another_file(Section section) {
  return section == Section::config || section == Section::user_defaults || section == Section::workspace;
}

std::string_view definition_of(Section section) {
  return definition_names.at(static_cast<std::size_t>(section));
}

std::string pipeline_type() {
  const std::string item = any_of({reference("step"), reference("referenceText")});
  const std::string chain = filled_array_of(item);
  return filled_array_of(any_of({item, filled_array_of(any_of({item, chain}))}));
}

std::string matrix_type() {
  const std::string combinations = array_of(map_of(reference("text")));
  return Object()
      .text("type", "object")
      .add("properties",
           Object()
               .add("include", any_of({combinations, std::string(null_type)}))
               .add("exclude", any_of({combinations, std::string(null_type)}))
               .json())
      .add("additionalProperties", any_of({filled_array_of(reference("text")), std::string(null_type)}))
      .json();
}

std::string secrets_type() {
  Object by_key;
  for (const SecretTagRow& row : all_secret_tags()) {
    by_key.add(row.name, reference("secret"));
  }
  const std::string older = Object()
                                .text("type", "object")
                                .add("minProperties", "1")
                                .add("maxProperties", "1")
                                .add("properties", by_key.json())
                                .add("additionalProperties", "false")
                                .json();
  return array_of(any_of({reference("secret"), older}));
}

std::string one_or_several(const std::string& one) {
  return any_of({one, array_of(one)});
}

/// Of a value without parts.
std::string type_of_scalar(ValueType type) {
  switch (type) {
    case ValueType::text:
    case ValueType::path:
    case ValueType::cron:
      return reference("text");
    case ValueType::name:
    case ValueType::project_name:
      return reference("name");
    case ValueType::variable_name:
      return reference("variableName");
    case ValueType::flag:
      return "{\"type\": \"boolean\"}";
    case ValueType::count:
      return reference("count");
    case ValueType::decimal:
      return reference("decimal");
    case ValueType::quantity:
      return reference("quantity");
    case ValueType::duration:
      return reference("duration");
    default:
      return "true";
  }
}

/// What a value of the key may look like, apart from null.
std::string type_of(const KeyRow& row) {
  std::string inner = reference(definition_of(row.inner));
  switch (row.type) {
    case ValueType::command:
      return any_of({reference("text"), filled_array_of(reference("text"))});
    case ValueType::texts:
    case ValueType::paths:
      return array_of(reference("text"));
    case ValueType::counts:
      return array_of(reference("count"));
    case ValueType::text_map:
      return map_of(any_of({reference("text"), std::string(null_type)}));
    case ValueType::dependencies:
      return array_of(any_of({reference("referenceText"), reference("reference")}));
    case ValueType::section:
      return inner;
    case ValueType::sections:
      return array_of(inner);
    case ValueType::count_or_section:
      return any_of({reference(row.key == Key::gpu ? "quantity" : "count"), inner});
    case ValueType::text_or_section:
      return any_of({reference("referenceText"), inner});
    case ValueType::mixed_list:
      return array_of(any_of({reference("text"), inner}));
    case ValueType::named_sections:
      return map_of(inner);
    case ValueType::executor:
      return any_of({inner, "{\"const\": \"\"}"});
    case ValueType::secrets:
      return secrets_type();
    case ValueType::environment:
      return any_of({array_of(inner), map_of(any_of({reference("text"), std::string(null_type)}))});
    case ValueType::pipeline:
      return pipeline_type();
    case ValueType::templates_used:
      return one_or_several(any_of({reference("referenceText"), inner}));
    case ValueType::matrix:
      return reference("matrix");
    case ValueType::parameters:
      return "{\"type\": \"object\"}";
    default:
      return type_of_scalar(row.type);
  }
}

std::string property_of(const KeyRow& row, std::string_view doc) {
  const std::string type = type_of(row);
  const bool nullable = row.need == Need::optional;
  Object property;
  property.text("description", doc);
  const std::string mention = reference("parameter");
  property.add("anyOf", nullable ? list({type, mention, std::string(null_type)}) : list({type, mention}));
  return property.json();
}

/// Spellings of a key that are aliases, and the rule that only one of them stands there.
void add_rule_of_spellings(const KeyRow& row, std::vector<std::string>& rules) {
  std::vector<std::string> spellings = {std::string(row.name)};
  for (const std::string_view alias : row.aliases) {
    if (!alias.empty()) {
      spellings.emplace_back(alias);
    }
  }
  std::vector<std::string> present;
  for (const std::string& spelling : spellings) {
    present.push_back(fmt::format("{{\"required\": [{}]}}", in_quotes(spelling)));
  }
  if (row.need == Need::required) {
    rules.push_back(fmt::format("{{\"oneOf\": {}}}", list(present)));
  } else if (spellings.size() == 2) {
    rules.push_back(
        fmt::format("{{\"not\": {{\"required\": [{}, {}]}}}}", in_quotes(spellings[0]), in_quotes(spellings[1])));
  }
}

std::string object_of(Section section) {
  Object properties;
  std::vector<std::string> rules;
  for (const KeyRow& row : all_keys()) {
    if (!row.where.has(section)) {
      continue;
    }
    properties.add(row.name, property_of(row, row.doc));
    for (const std::string_view alias : row.aliases) {
      if (!alias.empty()) {
        properties.add(alias, property_of(row, fmt::format("another spelling of {}", row.name)));
      }
    }
    add_rule_of_spellings(row, rules);
  }
  Object object;
  object.text("type", "object").add("properties", properties.json());
  if (section == Section::resources) {
    object.add("patternProperties", Object().add("/", any_of({reference("quantity"), std::string(null_type)})).json());
  }
  object.add("additionalProperties", "false");
  if (!rules.empty()) {
    object.add("allOf", list(rules));
  }
  return object.json();
}

void add_values(Object& definitions) {
  definitions.add("text", R"({"type": ["string", "number", "boolean"]})")
      .add("name", R"({"type": ["string", "number", "boolean"], "pattern": "^[A-Za-z0-9_][A-Za-z0-9_-]*$"})")
      .add("variableName", R"({"type": "string", "pattern": "^[A-Za-z_][A-Za-z0-9_]*$"})")
      .add(
          "referenceText",
          R"({"type": ["string", "number", "boolean"], "pattern": "^([A-Za-z0-9_][A-Za-z0-9_-]*\\.)?[A-Za-z0-9_][A-Za-z0-9_-]*$"})")
      .add("count", R"({"type": ["integer", "string"], "minimum": 0, "pattern": "^[0-9]+$"})")
      .add("decimal", R"({"type": ["number", "string"], "minimum": 0})")
      .add(
          "quantity",
          R"({"type": ["number", "string"], "minimum": 0, "pattern": "^[+]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+|[numkMGTPE]|[KMGTPE]i)?$"})")
      .add("duration", R"({"type": "string", "pattern": "^([0-9]+([.][0-9]+)?(w|d|h|ms|m|s))+$"})")
      .add("parameter", R"({"type": "string", "pattern": "^[$][{][A-Za-z0-9_][A-Za-z0-9_-]*[}]$"})")
      .add("any", "true");
}

}  // namespace

std::string json_schema() {
  Object definitions;
  add_values(definitions);
  for (std::size_t number = 0; number < section_count; ++number) {
    const auto section = static_cast<Section>(number);
    if (section == Section::matrix) {
      definitions.add(definition_of(section), matrix_type());
    } else if (!is_of_another_file(section) && section != Section::free) {
      definitions.add(definition_of(section), object_of(section));
    }
  }
  return Object()
             .text("$schema", "https://json-schema.org/draft/2020-12/schema")
             .text("title", "ame.yml")
             .add("$ref", in_quotes("#/$defs/project"))
             .add("$defs", definitions.json())
             .json() +
         "\n";
}

}  // namespace ame::schema
