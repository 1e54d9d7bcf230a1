// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/step_named.hpp"

#include <fmt/format.h>

#include "cli/render/run_words.hpp"
#include "core/error.hpp"
#include "core/text.hpp"

namespace ame::cli {

StepName step_named(const std::vector<StepName>& names, const std::string& wanted, const std::string& run) {
  const StepLabels labels(names);
  std::vector<std::string> words;
  std::vector<std::string> printed;
  for (const StepName& name : names) {
    if (name.text() == wanted || labels.of(name) == wanted) {
      return name;
    }
    words.push_back(name.text());
    printed.push_back(labels.of(name).empty() ? name.text() : labels.of(name));
  }
  const std::string near = did_you_mean(wanted, printed);
  throw Error(ExitCode::usage,
              Diagnostic{.message = fmt::format("{} has no step `{}`", run, wanted),
                         .hint = near.empty() ? "its steps are " + all_of(words) : near});
}

}  // namespace ame::cli
