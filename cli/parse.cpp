// SPDX-License-Identifier: Apache-2.0
#include "cli/parse.hpp"

#include <algorithm>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "core/error.hpp"
#include "core/text.hpp"

namespace ame::cli {

namespace {

[[noreturn]] void usage_mistake(const std::string& message, const std::string& hint) {
  throw Error(ExitCode::usage, Diagnostic{.message = message, .hint = hint});
}

std::string see_help(const CommandPath& path) {
  return fmt::format("`{} --help` shows how it is used", path.text());
}

void bind(CLI::App& app, const OptionSpec& spec) {
  CLI::Option* option = nullptr;
  if (auto* const* flag = std::get_if<bool*>(&spec.target)) {
    app.add_flag(spec.names, **flag);
    return;
  }
  if (auto* const* text = std::get_if<std::string*>(&spec.target)) {
    option = app.add_option(spec.names, **text);
  } else if (auto* const* number = std::get_if<std::optional<long>*>(&spec.target)) {
    option = app.add_option(spec.names, **number);
  } else {
    option = app.add_option(spec.names, *std::get<std::vector<std::string>*>(spec.target));
    option->expected(1)->allow_extra_args(false)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    return;
  }
  option->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
}

void bind(CLI::App& app, const ArgumentSpec& spec) {
  if (auto* const* list = std::get_if<std::vector<std::string>*>(&spec.target)) {
    app.add_option(spec.name, **list);
  } else if (auto* const* text = std::get_if<std::string*>(&spec.target)) {
    app.add_option(spec.name, **text);
  }
}

void bind(CLI::App& app, const CommandSpec& spec) {
  app.set_help_flag();
  app.allow_extras();
  app.fallthrough();
  app.require_subcommand(0, 1);  // else a task called `list` would be taken for the command
  for (const OptionSpec& option : spec.options) {
    bind(app, option);
  }
  for (const ArgumentSpec& argument : spec.arguments) {
    bind(app, argument);
  }
}

/// The words of the command line that name commands, as far as they do. Options before and between them are skipped.
CommandPath path_of(const CommandSpec& root, const CLI::App& parsed) {
  CommandPath path{.specs = {&root}};
  const CLI::App* at = &parsed;
  for (auto chosen = at->get_subcommands(); !chosen.empty(); chosen = at->get_subcommands()) {
    at = chosen.front();
    const auto& commands = path.last().commands;
    const auto found = std::ranges::find(commands, at->get_name(), &CommandSpec::name);
    path.specs.push_back(&*found);
  }
  return path;
}

/// Those that the words may choose: a parser for every command there is takes longer than many a command.
void add_commands(CLI::App& app, const CommandSpec& spec, const std::vector<std::string>& words) {
  const auto is_said = [&words](const std::string& name) { return std::ranges::count(words, name) != 0; };
  for (const CommandSpec& command : spec.commands) {
    if (!is_said(command.name) && !std::ranges::any_of(command.aliases, is_said)) {
      continue;
    }
    CLI::App* const child = app.add_subcommand(command.name, "");
    for (const std::string& alias : command.aliases) {
      child->alias(alias);
    }
    bind(*child, command);
    add_commands(*child, command, words);
  }
}

std::vector<std::string> option_words(const CommandPath& path) {
  std::vector<std::string> words{"--help"};
  for (const CommandSpec* spec : path.specs) {
    for (const OptionSpec& option : spec->options) {
      std::ranges::copy_if(
          names_of(option), std::back_inserter(words), [](const std::string& name) { return name.starts_with("--"); });
    }
  }
  return words;
}

std::vector<std::string> command_words(const CommandSpec& group) {
  std::vector<std::string> words;
  for (const CommandSpec& command : group.commands) {
    if (!command.hidden) {
      words.push_back(command.name);
      words.insert(words.end(), command.aliases.begin(), command.aliases.end());
    }
  }
  return words;
}

/// "--lcoal" of "--lcoal=3".
std::string option_part(const std::string& word) {
  return word.substr(0, word.find('='));
}

[[noreturn]] void refuse_option(const CommandPath& path, const std::string& word) {
  const std::string option = option_part(word);
  const std::string near = did_you_mean(option, option_words(path));
  usage_mistake(fmt::format("`{}` has no option `{}`", path.text(), option), near.empty() ? see_help(path) : near);
}

[[noreturn]] void refuse_command(const CommandPath& path, const std::string& word) {
  const std::string near = did_you_mean(word, command_words(path.last()));
  usage_mistake(fmt::format("`{}` has no command `{}`", path.text(), word), near.empty() ? see_help(path) : near);
}

void refuse_what_is_left(const CommandPath& path, const std::vector<std::string>& left) {
  if (left.empty()) {
    return;
  }
  const auto option =
      std::ranges::find_if(left, [](const std::string& word) { return word.size() > 1 && word.front() == '-'; });
  if (!path.last().commands.empty() && (option == left.end() || option != left.begin())) {
    refuse_command(path, left.front());
  }
  if (option != left.end()) {
    refuse_option(path, *option);
  }
  usage_mistake(fmt::format("`{}` does not take the argument `{}`", path.text(), left.front()), see_help(path));
}

void require_arguments(const CLI::App& app, const CommandPath& path) {
  for (const ArgumentSpec& argument : path.last().arguments) {
    if (argument.required && app.get_option(argument.name)->empty()) {
      usage_mistake(fmt::format("`{}` needs {}: {}", path.text(), argument.name, argument.text), see_help(path));
    }
  }
}

std::string text_in(const Target& target) {
  const auto* text = std::get_if<std::string*>(&target);
  return text != nullptr ? **text : std::string();
}

void check_choices(const CommandPath& path) {
  for (const CommandSpec* spec : path.specs) {
    for (const OptionSpec& option : spec->options) {
      const std::string given = text_in(option.target);
      if (given.empty() || option.choices.empty() || std::ranges::count(option.choices, given) != 0) {
        continue;
      }
      const std::string near = did_you_mean(given, option.choices);
      usage_mistake(
          fmt::format(
              "`{}` is no value for `{}`, which takes {}", given, names_of(option).back(), one_of(option.choices)),
          near);
    }
  }
}

/// The innermost parser whose command was chosen.
const CLI::App& innermost(const CLI::App& app) {
  const CLI::App* at = &app;
  for (auto chosen = at->get_subcommands(); !chosen.empty(); chosen = at->get_subcommands()) {
    at = chosen.front();
  }
  return *at;
}

/// CLI11 says "--jobs: 1 required INT missing" or "Could not convert: --jobs = many".
[[noreturn]] void refuse_value(const CommandPath& path, const std::vector<std::string>& words) {
  for (const CommandSpec* spec : path.specs) {
    for (const OptionSpec& option : spec->options) {
      const auto names = names_of(option);
      const auto used = std::ranges::find_if(
          words, [&](const std::string& word) { return std::ranges::count(names, option_part(word)) != 0; });
      if (used == words.end() || std::holds_alternative<bool*>(option.target)) {
        continue;
      }
      const bool inside = used->find('=') != std::string::npos;
      if (!inside && used + 1 == words.end()) {
        usage_mistake(fmt::format("`{}` needs a value: {}", *used, option.value), see_help(path));
      }
      if (std::holds_alternative<std::optional<long>*>(option.target)) {
        const std::string value = inside ? used->substr(used->find('=') + 1) : *(used + 1);
        usage_mistake(fmt::format("`{}` needs a whole number, not `{}`", option_part(*used), value), see_help(path));
      }
    }
  }
  usage_mistake(fmt::format("`{}` cannot read its options", path.text()), see_help(path));
}

}  // namespace

std::string CommandPath::text() const {
  std::string text;
  for (const CommandSpec* spec : specs) {
    text += (text.empty() ? "" : " ") + spec->name;
  }
  return text;
}

std::vector<std::string> names_of(const OptionSpec& option) {
  const std::size_t comma = option.names.find(',');
  if (comma == std::string::npos) {
    return {option.names};
  }
  return {option.names.substr(0, comma), option.names.substr(comma + 1)};
}

Parsed parse_command_line(const CommandSpec& root, const std::vector<std::string>& words) {
  const auto dashes = std::ranges::find(words, "--");
  const std::vector<std::string> own(words.begin(), dashes);
  bool help = false;
  CLI::App app;
  bind(app, root);
  app.add_flag("-h,--help", help);
  add_commands(app, root, own);
  try {
    app.parse(std::vector<std::string>(own.rbegin(), own.rend()));
  } catch (const CLI::ParseError&) {
    refuse_value(path_of(root, app), own);
  }
  const CommandPath path = path_of(root, app);
  if (help) {
    return {.path = path, .help = true};
  }
  refuse_what_is_left(path, app.remaining(true));
  require_arguments(innermost(app), path);
  check_choices(path);
  if (dashes != words.end()) {
    if (path.last().rest == nullptr) {
      usage_mistake(fmt::format("`{}` takes nothing after `--`", path.text()), see_help(path));
    }
    path.last().rest->assign(dashes + 1, words.end());
  }
  return {.path = path};
}

}  // namespace ame::cli
