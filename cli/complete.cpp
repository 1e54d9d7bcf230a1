// SPDX-License-Identifier: Apache-2.0
#include "cli/complete.hpp"

#include <algorithm>

namespace ame::cli {

namespace {

bool takes_value(const OptionSpec& option) {
  return !std::holds_alternative<bool*>(option.target);
}

/// What the words before the last one say.
struct Scene {
  std::vector<const CommandSpec*> path;
  const OptionSpec* open_option = nullptr;  ///< waits for its value
  std::size_t arguments = 0;                ///< given to the command so far
  bool is_rest = false;                     ///< behind `--`

  [[nodiscard]] const CommandSpec& command() const { return *path.back(); }

  [[nodiscard]] const OptionSpec* find_option(const std::string& name) const {
    for (auto spec = path.rbegin(); spec != path.rend(); ++spec) {
      for (const OptionSpec& option : (*spec)->options) {
        if (std::ranges::count(names_of(option), name) != 0) {
          return &option;
        }
      }
    }
    return nullptr;
  }
};

const CommandSpec* find_command(const CommandSpec& group, const std::string& word) {
  const auto found = std::ranges::find_if(group.commands, [&](const CommandSpec& command) {
    return command.name == word || std::ranges::count(command.aliases, word) != 0;
  });
  return found == group.commands.end() ? nullptr : &*found;
}

void take(Scene& scene, const std::string& word) {
  if (scene.open_option != nullptr) {
    scene.open_option = nullptr;
    return;
  }
  if (word == "--") {
    scene.is_rest = true;
    return;
  }
  if (word.size() > 1 && word.front() == '-') {
    const OptionSpec* const option = scene.find_option(word);
    scene.open_option = option != nullptr && takes_value(*option) ? option : nullptr;
    return;
  }
  if (const CommandSpec* const command = find_command(scene.command(), word)) {
    scene.path.push_back(command);
  } else {
    ++scene.arguments;
  }
}

std::vector<Candidate> choices_of(const OptionSpec& option, const std::string& before) {
  std::vector<Candidate> candidates;
  for (const std::string& choice : option.choices) {
    candidates.push_back({before + choice, ""});
  }
  return candidates;
}

std::vector<Candidate> options_of(const Scene& scene) {
  std::vector<Candidate> candidates{{"--help", "Show help"}};
  for (auto spec = scene.path.rbegin(); spec != scene.path.rend(); ++spec) {
    for (const OptionSpec& option : (*spec)->options) {
      candidates.push_back({names_of(option).back(), option.text});
    }
  }
  return candidates;
}

std::vector<Candidate> commands_of(const CommandSpec& group) {
  std::vector<Candidate> candidates;
  for (const CommandSpec& command : group.commands) {
    if (!command.hidden) {
      candidates.push_back({command.name, command.summary});
    }
  }
  return candidates;
}

std::vector<Candidate> arguments_of(const Scene& scene, const CompletionSources& sources) {
  const std::vector<ArgumentSpec>& arguments = scene.command().arguments;
  if (arguments.empty()) {
    return {};
  }
  const ArgumentSpec& last = arguments.back();
  const bool is_list = std::holds_alternative<std::vector<std::string>*>(last.target);
  if (scene.arguments >= arguments.size() && !is_list) {
    return {};
  }
  switch (arguments[std::min(scene.arguments, arguments.size() - 1)].completion) {
    case Completion::nothing:
      return {};
    case Completion::task:
      return sources.tasks();
    case Completion::run:
      return sources.runs();
    case Completion::task_or_run: {
      std::vector<Candidate> both = sources.tasks();
      std::ranges::copy(sources.runs(), std::back_inserter(both));
      return both;
    }
  }
  return {};
}

std::vector<Candidate> candidates_in(const Scene& scene, const std::string& begun, const CompletionSources& sources) {
  if (scene.is_rest) {
    return {};
  }
  if (scene.open_option != nullptr) {
    return choices_of(*scene.open_option, "");
  }
  if (const std::size_t equals = begun.find('='); begun.starts_with("--") && equals != std::string::npos) {
    const OptionSpec* const option = scene.find_option(begun.substr(0, equals));
    return option == nullptr ? std::vector<Candidate>{} : choices_of(*option, begun.substr(0, equals + 1));
  }
  if (begun.starts_with('-')) {
    return options_of(scene);
  }
  return scene.command().commands.empty() ? arguments_of(scene, sources) : commands_of(scene.command());
}

}  // namespace

std::vector<Candidate> complete(const CommandSpec& root,
                                const std::vector<std::string>& words,
                                const CompletionSources& sources) {
  Scene scene{.path = {&root}};
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    take(scene, words[i]);
  }
  const std::string begun = words.empty() ? std::string() : words.back();
  std::vector<Candidate> candidates = candidates_in(scene, begun, sources);
  std::erase_if(candidates, [&](const Candidate& candidate) { return !candidate.word.starts_with(begun); });
  return candidates;
}

}  // namespace ame::cli
