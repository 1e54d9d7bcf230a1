// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "cli/render/terminal.hpp"
#include "core/model/machine.hpp"
#include "core/model/resources.hpp"
#include "core/run/suggest_resources.hpp"

namespace ame::cli {

/// What a machine has, one line for each.
std::string machine_text(const MachineResources& machine);
std::string machine_json(const MachineResources& machine);

/// What a task asks for, has used, and might ask for.
struct ResourceAdvice {
  std::string task;
  Resources asked;
  UsageHistory history;
  Resources suggested;
};

/// A table, and `resources:` as it might stand in ame.yml.
std::string advice_text(const ResourceAdvice& advice, const Painter& paint);
std::string advice_json(const ResourceAdvice& advice);

}  // namespace ame::cli
