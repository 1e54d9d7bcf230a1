// SPDX-License-Identifier: Apache-2.0
#include "core/run/compare_runs.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "core/text.hpp"
#include "core/text_diff.hpp"

namespace ame {

namespace {

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    text += (text.empty() ? "" : " ") + shell_quoted(word);
  }
  return text;
}

std::string text_of(const CommandText& command) {
  if (const auto* shell = std::get_if<ShellCommand>(&command)) {
    return shell->text;
  }
  return joined(std::get<ArgvCommand>(command).argv);
}

std::string text_of(const std::vector<EnvironmentVariable>& variables) {
  std::vector<std::string> words;
  words.reserve(variables.size());
  for (const EnvironmentVariable& variable : variables) {
    words.push_back(variable.key + "=" + variable.value);
  }
  std::ranges::sort(words);
  return joined(words);
}

std::string text_of(const std::vector<StepName>& names) {
  std::vector<std::string> words;
  words.reserve(names.size());
  for (const StepName& name : names) {
    words.push_back(name.text());
  }
  return joined(words);
}

std::string outcome_of(const StepRecord& step) {
  const std::string word = word_of(step.state);
  if (!step.end.reason.empty()) {
    return fmt::format("{}: {}", word, step.end.reason);
  }
  if (step.end.signal != 0) {
    return fmt::format("{}: signal {}", word, step.end.signal);
  }
  return step.state == RunState::failed ? fmt::format("{}: exit code {}", word, step.end.exit_code) : word;
}

/// Collects what is not the same.
class Differences {
 public:
  void add(const StepName& step, const char* what, const std::string& left, const std::string& right) {
    if (left != right) {
      all_.push_back({step, what, left, right});
    }
  }

  void add(RunDifference difference) { all_.push_back(std::move(difference)); }

  std::vector<RunDifference> take() { return std::move(all_); }

 private:
  std::vector<RunDifference> all_;
};

std::string changes_text(const WorkingChanges& changes) {
  return joined(files_in_patch(changes.diff));
}

void compare_files(const FileAnswers& left, const FileAnswers& right, Differences& differences) {
  std::set<std::filesystem::path> paths;
  for (const auto* answers : {&left, &right}) {
    for (const auto& [path, content] : answers->contents) {
      paths.insert(path);
    }
  }
  const auto content_of = [](const FileAnswers& answers, const std::filesystem::path& path) {
    const auto found = answers.contents.find(path);
    return found == answers.contents.end() ? std::nullopt : found->second;
  };
  for (const auto& path : paths) {
    const auto before = content_of(left, path);
    const auto after = content_of(right, path);
    if (before != after) {
      differences.add({.step = {},
                       .what = fmt::format("file {}", path.string()),
                       .left = {},
                       .right = unified_diff(before.value_or(""), after.value_or(""), {"before", "after"})});
    }
  }
}

void compare_frozen(const FrozenRun& left, const FrozenRun& right, Differences& differences) {
  differences.add({}, "ame", left.ame, right.ame);
  differences.add({}, "variables of the command line", text_of(left.wishes.variables), text_of(right.wishes.variables));
  differences.add({}, "changed files", changes_text(left.changes), changes_text(right.changes));
  if (left.changes.commit == right.changes.commit && left.changes.diff != right.changes.diff &&
      changes_text(left.changes) == changes_text(right.changes)) {
    differences.add({.step = {},
                     .what = "changes of files",
                     .left = {},
                     .right = unified_diff(left.changes.diff, right.changes.diff, {"before", "after"})});
  }
  differences.add({}, "new files", joined(left.changes.untracked), joined(right.changes.untracked));
  compare_files(left.files, right.files, differences);
}

void compare_steps(const FrozenStep& left, const FrozenStep& right, Differences& differences) {
  const StepName& name = left.name;
  differences.add(name, "command", text_of(left.command), text_of(right.command));
  differences.add(name, "directory", left.directory.string(), right.directory.string());
  differences.add(name, "image", left.image, right.image);
  differences.add(name, "variables", text_of(left.variables), text_of(right.variables));
  differences.add(name, "needs", text_of(left.needs), text_of(right.needs));
}

template <class Item>
const Item* find(const std::vector<Item>& items, const StepName& name) {
  const auto found = std::ranges::find(items, name, &Item::name);
  return found == items.end() ? nullptr : &*found;
}

/// The steps of both, those of the left one first.
std::vector<StepName> all_steps(const RunRecord& left, const RunRecord& right) {
  std::vector<StepName> names;
  std::set<StepName> known;
  for (const RunRecord* run : {&left, &right}) {
    for (const StepRecord& step : run->steps) {
      if (known.insert(step.name).second) {
        names.push_back(step.name);
      }
    }
  }
  return names;
}

void compare_step(const StepName& name, const KnownRun& left, const KnownRun& right, Differences& differences) {
  const StepRecord* const before = find(left.record.steps, name);
  const StepRecord* const after = find(right.record.steps, name);
  if (before == nullptr || after == nullptr) {
    differences.add(name, "step", before == nullptr ? "" : "there", after == nullptr ? "" : "there");
    return;
  }
  if (left.frozen && right.frozen) {
    const FrozenStep* const was = find(left.frozen->steps, name);
    const FrozenStep* const is = find(right.frozen->steps, name);
    if (was != nullptr && is != nullptr) {
      compare_steps(*was, *is, differences);
    }
  }
  if (!before->environment.empty() && !after->environment.empty()) {
    differences.add(name, "environment", before->environment, after->environment);
    differences.add(name, "python", before->python, after->python);
  }
  differences.add(name, "attempts", std::to_string(before->attempt), std::to_string(after->attempt));
  differences.add(name, "outcome", outcome_of(*before), outcome_of(*after));
}

}  // namespace

std::vector<RunDifference> compare_runs(const KnownRun& left, const KnownRun& right) {
  Differences differences;
  const RunRecord& before = left.record;
  const RunRecord& after = right.record;
  differences.add({}, "project", before.project_file.string(), after.project_file.string());
  differences.add({}, "tasks", joined(before.targets), joined(after.targets));
  differences.add({}, "arguments", joined(before.extra_arguments), joined(after.extra_arguments));
  differences.add({}, "commit", before.commit, after.commit);
  if (left.frozen && right.frozen) {
    compare_frozen(*left.frozen, *right.frozen, differences);
  }
  differences.add({}, "status", word_of(before.state), word_of(after.state));
  for (const StepName& name : all_steps(before, after)) {
    compare_step(name, left, right, differences);
  }
  return differences.take();
}

std::vector<std::string> files_in_patch(const std::string& patch) {
  constexpr std::string_view begin = "diff --git a/";
  std::vector<std::string> files;
  for (std::size_t at = 0; at < patch.size();) {
    const std::size_t end = std::min(patch.find('\n', at), patch.size());
    const std::string_view line = std::string_view(patch).substr(at, end - at);
    if (line.starts_with(begin)) {
      // "diff --git a/NAME b/NAME": both names are the same length but for renames, which are not looked for.
      const std::string_view both = line.substr(begin.size());
      files.emplace_back(both.substr(0, (both.size() - std::string_view(" b/").size()) / 2));
    }
    at = end + 1;
  }
  std::ranges::sort(files);
  return files;
}

}  // namespace ame
