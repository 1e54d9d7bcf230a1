// SPDX-License-Identifier: Apache-2.0
#include "core/run/condition_gate.hpp"

#include <algorithm>
#include <string>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "core/model/condition.hpp"

namespace ame {

namespace {

const std::string* value_in(const std::vector<EnvironmentVariable>& variables, const std::string& key) {
  const auto found = std::ranges::find(variables, key, &EnvironmentVariable::key);
  return found == variables.end() ? nullptr : &found->value;
}

std::string value_for(const Job& job, const std::string& key) {
  const std::string* value = value_in(job.environment, key);
  if (value == nullptr && job.inherited) {
    value = value_in(*job.inherited, key);
  }
  return value == nullptr ? std::string() : *value;
}

}  // namespace

GateVerdict ConditionGate::judge(const Job& job) {
  const std::string& text = graph_.steps[job.step].task->when;
  if (text.empty()) {
    return {};
  }
  const auto parsed = Condition::parse(text);
  const auto* condition = std::get_if<Condition>(&parsed);
  // The loader refuses what is no condition; one that got here in another way is not taken for a yes.
  const bool holds =
      condition != nullptr && condition->holds([&job](const std::string& key) { return value_for(job, key); });
  return holds
             ? GateVerdict{}
             : GateVerdict{
                   .skip = true, .reason = fmt::format("its condition `{}` does not hold", text), .result = "skipped"};
}

}  // namespace ame
