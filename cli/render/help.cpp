// SPDX-License-Identifier: Apache-2.0
#include "cli/render/help.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace ame::cli {

namespace {

/// What stands left and right in a list of the help.
using Row = std::pair<std::string, std::string>;

constexpr std::size_t widest_text = 100;

/// Paragraphs, broken at blanks.
std::string wrapped(const std::string& text) {
  std::string out;
  std::size_t column = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find_first_of(" \n", begin), text.size());
    if (column > 0 && column + 1 + (end - begin) > widest_text) {
      out += '\n';
      column = 0;
    }
    out += column > 0 ? " " : "";
    out += text.substr(begin, end - begin);
    column += (column > 0 ? 1 : 0) + (end - begin);
    if (end < text.size() && text[end] == '\n') {
      out += '\n';
      column = 0;
    }
    begin = end + 1;
  }
  return out + "\n";
}

std::string argument_label(const ArgumentSpec& argument) {
  const bool many = std::holds_alternative<std::vector<std::string>*>(argument.target);
  return argument.name + (many ? "..." : "");
}

std::string usage_line(const CommandPath& path) {
  std::string line = path.text();
  const CommandSpec& spec = path.last();
  line += spec.options.empty() ? "" : " [OPTIONS]";
  line += spec.commands.empty() ? "" : " COMMAND";
  for (const ArgumentSpec& argument : spec.arguments) {
    const std::string label = argument_label(argument);
    line += argument.required ? " " + label : " [" + label + "]";
  }
  line += spec.rest == nullptr ? "" : " [-- ARGUMENTS...]";
  return line;
}

std::string option_label(const OptionSpec& option) {
  const auto names = names_of(option);
  std::string label = names.size() == 2 ? names.front() + ", " + names.back() : "    " + names.front();
  return option.value.empty() ? label : label + " " + option.value;
}

std::string option_text(const OptionSpec& option) {
  if (option.choices.empty()) {
    return option.text;
  }
  return fmt::format("{} ({})", option.text, fmt::join(option.choices, ", "));
}

std::vector<Row> option_rows(const CommandSpec& spec) {
  std::vector<Row> rows;
  for (const OptionSpec& option : spec.options) {
    rows.emplace_back(option_label(option), option_text(option));
  }
  return rows;
}

std::vector<Row> argument_rows(const CommandSpec& spec) {
  std::vector<Row> rows;
  for (const ArgumentSpec& argument : spec.arguments) {
    rows.emplace_back(argument_label(argument), argument.text);
  }
  return rows;
}

std::vector<Row> command_rows(const CommandSpec& spec) {
  std::vector<Row> rows;
  for (const CommandSpec& command : spec.commands) {
    if (!command.hidden) {
      rows.emplace_back(command.name, command.summary);
    }
  }
  return rows;
}

void add_rows(std::string& out, const std::string& title, const std::vector<Row>& rows, const Painter& paint) {
  if (rows.empty()) {
    return;
  }
  std::size_t width = 0;
  for (const Row& row : rows) {
    width = std::max(width, row.first.size());
  }
  out += "\n" + paint(Style::bold, title) + "\n";
  for (const auto& [left, right] : rows) {
    out += fmt::format("  {:<{}}  {}\n", left, width, right);
  }
}

void add_examples(std::string& out, const CommandSpec& spec, const Painter& paint) {
  if (spec.examples.empty()) {
    return;
  }
  out += "\n" + paint(Style::bold, "Examples:") + "\n";
  for (const Example& example : spec.examples) {
    out += fmt::format("  {}\n      {}\n", example.line, example.text);
  }
}

void add_markdown_rows(std::string& out, const std::string& title, const std::vector<Row>& rows) {
  if (rows.empty()) {
    return;
  }
  out += fmt::format("\n| {} | |\n| --- | --- |\n", title);
  for (const auto& [left, right] : rows) {
    out += fmt::format("| `{}` | {} |\n", left.substr(left.find_first_not_of(' ')), right);
  }
}

void add_reference(std::string& out, CommandPath& path) {
  const CommandSpec& spec = path.last();
  if (spec.hidden) {
    return;
  }
  out += fmt::format("\n## {}\n\n{}.\n", path.text(), spec.summary);
  out += fmt::format("\n```\n{}\n```\n", usage_line(path));
  out += spec.details.empty() ? "" : "\n" + wrapped(spec.details);
  add_markdown_rows(out, "command", command_rows(spec));
  add_markdown_rows(out, "argument", argument_rows(spec));
  add_markdown_rows(out, path.specs.size() == 1 ? "option of every command" : "option", option_rows(spec));
  for (const Example& example : spec.examples) {
    out += fmt::format("\n`{}`: {}\n", example.line, example.text);
  }
  for (const CommandSpec& command : spec.commands) {
    path.specs.push_back(&command);
    add_reference(out, path);
    path.specs.pop_back();
  }
}

}  // namespace

std::string help_text(const CommandPath& path, const Painter& paint) {
  const CommandSpec& spec = path.last();
  std::string out = spec.summary + "\n\n" + paint(Style::bold, "Usage:") + " " + usage_line(path) + "\n";
  out += spec.details.empty() ? "" : "\n" + wrapped(spec.details);
  add_rows(out, "Commands:", command_rows(spec), paint);
  add_rows(out, "Arguments:", argument_rows(spec), paint);
  std::vector<Row> options = option_rows(spec);
  if (path.specs.size() == 1) {
    options.emplace_back("-h, --help", "Show this help; after a command, the help of that command");
  }
  add_rows(out, "Options:", options, paint);
  add_examples(out, spec, paint);
  if (path.specs.size() > 1) {
    add_rows(out, "Options of every command:", option_rows(*path.specs.front()), paint);
  }
  return out;
}

std::string reference_text(const CommandSpec& root) {
  std::string out =
      "# The command line\n\n"
      "Written by `ame internal reference` from the declarations of the commands; a test keeps the two equal.\n";
  CommandPath path{.specs = {&root}};
  add_reference(out, path);
  return out;
}

}  // namespace ame::cli
