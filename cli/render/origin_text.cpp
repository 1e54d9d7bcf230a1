// SPDX-License-Identifier: Apache-2.0
#include "cli/render/origin_text.hpp"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "cli/render/yaml.hpp"

namespace ame::cli {

namespace {

/// A number or a flag that was written without quotes stays without; the rest is quoted as YAML needs it.
std::string scalar_of(const EffectiveValue& value) {
  constexpr std::string_view harmless = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.";
  const bool is_word = !value.text.empty() && value.text.find_first_not_of(harmless) == std::string::npos;
  return !value.quoted && is_word ? value.text : yaml_scalar(value.text);
}

std::string origin_words(const Origin& origin) {
  std::string words = origin.where.source == nullptr
                          ? std::string()
                          : fmt::format("{}:{}", origin.where.source->file, origin.where.line);
  switch (origin.giver) {
    case Giver::task:
      return words;
    case Giver::defaults:
      return words + ", default of the project";
    case Giver::user:
      return words + ", your default";
    case Giver::task_template:
      words += fmt::format(", template `{}`", origin.name);
      break;
    case Giver::reference:
      words += fmt::format(", task `{}`", origin.name);
      break;
  }
  return origin.project.empty() ? words : words + fmt::format(" of `{}`", origin.project);
}

class OriginWriter {
 public:
  void fields(const std::vector<EffectiveValue>& parts, const std::string& lead, std::size_t depth) {
    bool first = true;
    for (const EffectiveValue& part : parts) {
      field(part, (std::exchange(first, false) ? lead : indent(depth)) + yaml_scalar(part.key) + ":", depth);
    }
  }

  /// Comments line up, but not behind a text that is much longer than the others.
  [[nodiscard]] std::string text() const {
    constexpr std::size_t widest = 60;
    std::size_t width = 0;
    for (const Line& line : lines_) {
      width = line.text.size() <= widest ? std::max(width, line.text.size()) : width;
    }
    std::string out;
    for (const Line& line : lines_) {
      out += line.origin.empty() ? line.text + "\n" : fmt::format("{:{}}  # {}\n", line.text, width, line.origin);
    }
    return out;
  }

 private:
  struct Line {
    std::string text;
    std::string origin;
  };

  static std::string indent(std::size_t depth) { return std::string(depth * 2, ' '); }

  void add(std::string text, const Origin& origin) { lines_.push_back({std::move(text), origin_words(origin)}); }

  void field(const EffectiveValue& value, std::string head, std::size_t depth) {
    head += value.tag.empty() ? "" : " !" + value.tag;
    if (value.shape == ValueShape::text || value.shape == ValueShape::nothing) {
      add(value.text.empty() && !value.quoted ? head : head + " " + scalar_of(value), value.origin);
    } else if (value.parts.empty()) {
      add(head + (value.shape == ValueShape::list ? " []" : " {}"), value.origin);
    } else if (value.shape == ValueShape::mapping) {
      begin(std::move(head), value);
      fields(value.parts, indent(depth + 1), depth + 1);
    } else {
      begin(std::move(head), value);
      for (const EffectiveValue& part : value.parts) {
        item(part, indent(depth + 1), depth + 1);
      }
    }
  }

  /// A line above others: who gave its tag, while what stands below speaks for itself.
  void begin(std::string head, const EffectiveValue& value) {
    lines_.push_back({std::move(head), value.tag.empty() ? std::string() : origin_words(value.origin)});
  }

  void item(const EffectiveValue& value, const std::string& lead, std::size_t depth) {
    if (value.shape == ValueShape::mapping && value.tag.empty() && !value.parts.empty()) {
      fields(value.parts, lead + "- ", depth + 1);
    } else if (value.shape == ValueShape::list && !value.parts.empty()) {
      bool first = true;
      for (const EffectiveValue& part : value.parts) {
        item(part, std::exchange(first, false) ? lead + "- " : indent(depth + 1), depth + 1);
      }
    } else {
      field(value, lead + "-", depth);
    }
  }

  std::vector<Line> lines_;
};

const char* word_of(Giver giver) {
  switch (giver) {
    case Giver::task:
      return "task";
    case Giver::task_template:
      return "template";
    case Giver::reference:
      return "taskRef";
    case Giver::defaults:
      return "defaults";
    case Giver::user:
      return "user";
  }
  return "";
}

void add_values(const EffectiveValue& value, const std::string& path, Json& list) {
  const bool is_leaf = value.parts.empty();
  if (is_leaf || !value.tag.empty()) {
    const Place& where = value.origin.where;
    list.push_back({{"path", path},
                    {"tag", text_or_null(value.tag)},
                    {"value", is_leaf ? Json(value.text) : Json()},
                    {"from", word_of(value.origin.giver)},
                    {"name", text_or_null(value.origin.name)},
                    {"project", text_or_null(value.origin.project)},
                    {"file", where.source == nullptr ? Json() : Json(where.source->file)},
                    {"line", where.line},
                    {"column", where.column}});
  }
  for (std::size_t index = 0; index < value.parts.size(); ++index) {
    const EffectiveValue& part = value.parts[index];
    const std::string inner = part.key.empty() ? fmt::format("{}[{}]", path, index)
                              : path.empty()   ? part.key
                                               : fmt::format("{}.{}", path, part.key);
    add_values(part, inner, list);
  }
}

}  // namespace

std::string origin_yaml(const EffectiveValue& task) {
  OriginWriter writer;
  writer.fields(task.parts, "", 0);
  return writer.text();
}

std::string origin_json(const EffectiveValue& task) {
  Json values = Json::array();
  add_values(task, "", values);
  return document_text({{"task", task.parts.front().text}, {"values", values}});
}

}  // namespace ame::cli
