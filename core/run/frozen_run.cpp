// SPDX-License-Identifier: Apache-2.0
#include "core/run/frozen_run.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <unordered_map>
#include <utility>
#include <variant>

#include <fmt/format.h>

namespace ame {

namespace fs = std::filesystem;

namespace {

std::string in_capitals(std::string_view text) {
  std::string capitals(text);
  std::ranges::transform(capitals, capitals.begin(), [](unsigned char letter) { return std::toupper(letter); });
  return capitals;
}

/// Whether it may have read so before something was withheld.
bool reads_as(std::string_view then, std::string_view now) {
  std::size_t gap = then.find(withheld_text);
  if (gap == std::string_view::npos) {
    return then == now;
  }
  if (!now.starts_with(then.substr(0, gap))) {
    return false;
  }
  now.remove_prefix(gap);
  then.remove_prefix(gap + withheld_text.size());
  while ((gap = then.find(withheld_text)) != std::string_view::npos) {
    const std::size_t found = now.find(then.substr(0, gap));
    if (found == std::string_view::npos) {
      return false;
    }
    now.remove_prefix(found + gap);
    then.remove_prefix(gap + withheld_text.size());
  }
  return now.ends_with(then);
}

bool reads_as(const CommandText& then, const CommandText& now) {
  const auto* const shell = std::get_if<ShellCommand>(&then);
  const auto* const shell_now = std::get_if<ShellCommand>(&now);
  if (shell != nullptr || shell_now != nullptr) {
    return shell != nullptr && shell_now != nullptr && reads_as(shell->text, shell_now->text);
  }
  return std::ranges::equal(std::get<ArgvCommand>(then).argv,
                            std::get<ArgvCommand>(now).argv,
                            [](const std::string& one, const std::string& other) { return reads_as(one, other); });
}

bool reads_as(const std::vector<EnvironmentVariable>& then, const std::vector<EnvironmentVariable>& now) {
  return std::ranges::equal(then, now, [](const EnvironmentVariable& one, const EnvironmentVariable& other) {
    return one.key == other.key && reads_as(one.value, other.value);
  });
}

std::string difference_of(const FrozenStep& then, const FrozenStep& now) {
  const auto differs = [&](const char* what) { return fmt::format("`{}` has another {}", now.name.text(), what); };
  if (!reads_as(then.command, now.command)) {
    return differs("command");
  }
  if (then.directory != now.directory) {
    return differs("directory");
  }
  if (!reads_as(then.image, now.image)) {
    return differs("image");
  }
  if (!reads_as(then.variables, now.variables)) {
    return differs("set of variables");
  }
  return then.needs != now.needs || then.task != now.task ? differs("place in the graph") : "";
}

}  // namespace

bool sounds_secret(std::string_view variable) {
  constexpr std::array<std::string_view, 9> words = {
      "TOKEN", "SECRET", "PASSWORD", "PASSWD", "PASSPHRASE", "CREDENTIAL", "CREDENTIALS", "APIKEY", "KEY"};
  const std::string name = in_capitals(variable);
  for (std::size_t begin = 0; begin <= name.size();) {
    const std::size_t end = std::min(name.find('_', begin), name.size());
    if (std::ranges::find(words, std::string_view(name).substr(begin, end - begin)) != words.end()) {
      return true;
    }
    begin = end + 1;
  }
  return false;
}

bool may_hold_secrets(const fs::path& file) {
  constexpr std::array<std::string_view, 4> samples = {".example", ".sample", ".template", ".dist"};
  const std::string name = file.filename().string();
  return (name == ".env" || name.starts_with(".env.")) &&
         std::ranges::none_of(samples, [&](std::string_view sample) { return name.ends_with(sample); });
}

std::set<fs::path> withhold_secrets(FileAnswers& files) {
  std::set<fs::path> withheld;
  for (auto& [path, content] : files.contents) {
    if (content && may_hold_secrets(path)) {
      content.reset();
      withheld.insert(path);
    }
  }
  return withheld;
}

FrozenWishes without_secrets(FrozenWishes wishes) {
  const auto secret = std::ranges::stable_partition(
      wishes.variables, [](const EnvironmentVariable& variable) { return !sounds_secret(variable.key); });
  for (const EnvironmentVariable& variable : secret) {
    wishes.withheld.push_back(variable.key);
  }
  wishes.variables.erase(secret.begin(), secret.end());
  return wishes;
}

std::vector<std::string> differences_between(const std::vector<FrozenStep>& then, const std::vector<FrozenStep>& now) {
  std::unordered_map<StepName, const FrozenStep*> new_ones;
  for (const FrozenStep& step : now) {
    new_ones.emplace(step.name, &step);
  }
  std::vector<std::string> differences;
  for (const FrozenStep& step : then) {
    const auto found = new_ones.find(step.name);
    std::string difference = found == new_ones.end() ? fmt::format("there is no `{}` any more", step.name.text())
                                                     : difference_of(step, *found->second);
    if (found != new_ones.end()) {
      new_ones.erase(found);
    }
    if (!difference.empty()) {
      differences.push_back(std::move(difference));
    }
  }
  for (const FrozenStep& step : now) {
    if (new_ones.contains(step.name)) {
      differences.push_back(fmt::format("`{}` is new", step.name.text()));
    }
  }
  return differences;
}

}  // namespace ame
