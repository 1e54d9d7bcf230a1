// SPDX-License-Identifier: Apache-2.0
#include "cli/render/prune_text.hpp"

#include <fmt/format.h>

#include "cli/render/json_values.hpp"
#include "cli/render/time_text.hpp"
#include "core/text.hpp"

namespace ame::cli {

std::string prune_text(const PruneResult& result) {
  std::string out;
  for (const RunRecord& run : result.removed) {
    out +=
        fmt::format("{} {} {}\n", display_name(run), word_of(run.state), local_text(run.ended.value_or(run.created)));
  }
  const std::string went = counted(result.removed.size(), "run");
  const char* const became = result.dry ? "would go" : result.removed.size() == 1 ? "is removed" : "are removed";
  out += fmt::format("{} {}, {} stay\n", went, became, result.kept);
  if (result.packed_bytes > 0) {
    out += fmt::format("packing logs made {:.1f} MiB free\n", static_cast<double>(result.packed_bytes) / (1 << 20));
  }
  return out;
}

std::string prune_json(const PruneResult& result) {
  Json removed = Json::array();
  for (const RunRecord& run : result.removed) {
    removed.push_back(json_of(run));
  }
  return document_text({{"removed", std::move(removed)},
                        {"kept", result.kept},
                        {"packed_bytes", result.packed_bytes},
                        {"dry_run", result.dry}});
}

}  // namespace ame::cli
