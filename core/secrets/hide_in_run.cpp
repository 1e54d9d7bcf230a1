// SPDX-License-Identifier: Apache-2.0
#include "core/secrets/hide_in_run.hpp"

#include <algorithm>
#include <variant>

#include "core/secrets/secret_masker.hpp"

namespace ame {

namespace {

// Two commands that differ in what was masked are compared by it.
static_assert(mask_text == withheld_text);

class Hider {
 public:
  explicit Hider(const std::shared_ptr<const MaskPatterns>& patterns)
      : patterns_(patterns) {}

  /// Whether there was anything to hide.
  bool hide(std::string& text) const {
    std::string shown = masked(text, patterns_);
    if (shown == text) {
      return false;
    }
    text = std::move(shown);
    return true;
  }

  bool hide(std::vector<std::string>& texts) const {
    return std::ranges::count_if(texts, [this](std::string& text) { return hide(text); }) > 0;
  }

  void hide(FileAnswers& files, std::set<std::filesystem::path>& withheld) const {
    for (auto& [path, content] : files.contents) {
      if (content && masked(*content, patterns_) != *content) {
        content.reset();
        withheld.insert(path);
      }
    }
  }

  void hide(FrozenWishes& wishes) const {
    const auto secret = std::ranges::stable_partition(
        wishes.variables, [this](EnvironmentVariable& variable) { return !hide(variable.value); });
    for (const EnvironmentVariable& variable : secret) {
      wishes.withheld.push_back(variable.key);
    }
    wishes.variables.erase(secret.begin(), secret.end());
  }

  void hide(FrozenStep& step) const {
    if (auto* const shell = std::get_if<ShellCommand>(&step.command)) {
      hide(shell->text);
    } else {
      hide(std::get<ArgvCommand>(step.command).argv);
    }
    hide(step.image);
    for (EnvironmentVariable& variable : step.variables) {
      hide(variable.value);
    }
  }

 private:
  const std::shared_ptr<const MaskPatterns>& patterns_;
};

}  // namespace

void hide_secrets(FrozenRun& frozen, RunRecord& record, const std::shared_ptr<const MaskPatterns>& patterns) {
  if (!patterns || patterns->empty()) {
    return;
  }
  const Hider hider(patterns);
  frozen.wishes.withholds_arguments = hider.hide(record.extra_arguments);
  hider.hide(frozen.wishes);
  hider.hide(frozen.changes.diff);
  hider.hide(frozen.changes.untracked);
  hider.hide(frozen.files, frozen.withheld_files);
  for (FrozenStep& step : frozen.steps) {
    hider.hide(step);
  }
}

}  // namespace ame
