// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/cluster_files.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "cli/render/prompt.hpp"
#include "core/error.hpp"
#include "core/files/make_link.hpp"
#include "core/files/manifest.hpp"
#include "core/model/size_text.hpp"
#include "core/text.hpp"

namespace ame::cli {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t much = 1ULL << 30;  // bytes
constexpr std::size_t many = 20'000;

}  // namespace

TravelPlan travel_plan(const fs::path& project, Session& session) {
  TravelPlan plan{.tree = session.ports.trees().scan(project), .largest = {}};
  for (const TreeEntry& entry : plan.tree) {
    if (entry.kind != TreeEntryKind::file) {
      continue;
    }
    ++plan.files;
    plan.bytes += entry.size;
    if (entry.size >= plan.largest_bytes) {
      plan.largest = entry.path;
      plan.largest_bytes = entry.size;
    }
  }
  return plan;
}

std::string travel_text(const TravelPlan& plan) {
  return fmt::format("{} ({})", counted(plan.files, "file"), size_text(static_cast<std::int64_t>(plan.bytes)));
}

bool may_travel(const TravelPlan& plan, const Cluster& cluster, Session& session) {
  if (plan.bytes <= much && plan.files <= many) {
    return true;
  }
  const std::string what = fmt::format("{} would go to `{}`, the largest is `{}` with {}",
                                       travel_text(plan),
                                       cluster.name,
                                       plan.largest,
                                       size_text(static_cast<std::int64_t>(plan.largest_bytes)));
  if (!session.terminal.console().can_ask()) {
    throw Error(
        ExitCode::usage,
        Diagnostic{.message = what, .hint = "`--yes` sends them; `.ameignore` leaves files out, as `.gitignore`"});
  }
  Prompt prompt(session.terminal);
  const std::optional<SecretText> answer = prompt.ask(what + "\nsend them? [y/N] ", Echo::shown);
  return answer && (answer->reveal() == "y" || answer->reveal() == "yes");
}

}  // namespace ame::cli
