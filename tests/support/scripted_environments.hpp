// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <filesystem>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/error.hpp"
#include "core/ports/environments.hpp"

namespace ame {

/// Answers as the test scripted, in that order, and records what was asked for.
class ScriptedEnvironments final : public Environments {
 public:
  using Answer = std::variant<ReadyEnvironment, BuildNeeded, Error>;

  ScriptedEnvironments& then(Answer answer) {
    answers_.push_back(std::move(answer));
    return *this;
  }

  [[nodiscard]] const std::vector<EnvironmentPlan>& asked() const { return asked_; }

  std::variant<ReadyEnvironment, BuildNeeded> find_or_request(const EnvironmentPlan& plan,
                                                              const std::filesystem::path& /*project*/) override {
    asked_.push_back(plan);
    if (answers_.empty()) {
      throw std::logic_error("asked for an environment that no test scripted");
    }
    const Answer answer = std::move(answers_.front());
    answers_.pop_front();
    if (const auto* error = std::get_if<Error>(&answer)) {
      throw Error(*error);
    }
    if (const auto* ready = std::get_if<ReadyEnvironment>(&answer)) {
      return *ready;
    }
    return std::get<BuildNeeded>(answer);
  }

  std::map<std::string, ReadyEnvironment> kept;  ///< by key

  std::optional<ReadyEnvironment> find(const std::string& key,
                                       const EnvironmentPlan& /*plan*/,
                                       const std::filesystem::path& /*project*/) override {
    const auto found = kept.find(key);
    return found == kept.end() ? std::nullopt : std::optional(found->second);
  }

 private:
  std::deque<Answer> answers_;
  std::vector<EnvironmentPlan> asked_;
};

}  // namespace ame
