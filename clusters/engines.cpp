// SPDX-License-Identifier: Apache-2.0
#include "clusters/engines.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "clusters/slurm/slurm_engine.hpp"
#include "clusters/tes/tes_engine.hpp"
#include "core/error.hpp"

namespace ame::clusters {

const std::vector<EngineKind>& engine_kinds() {
  static const std::vector<EngineKind> kinds = {
      {.kind = "slurm", .complete = complete_slurm, .make = make_slurm_engine},
      {.kind = "tes", .complete = complete_tes, .make = make_tes_engine},
  };
  return kinds;
}

void require_address(const std::string& endpoint) {
  if (!endpoint.starts_with("https://") && !endpoint.starts_with("http://")) {
    throw Error(ExitCode::usage,
                Diagnostic{.message = fmt::format("`{}` is no address that begins with https://", endpoint)});
  }
  if (!is_private_address(endpoint)) {
    throw Error(ExitCode::usage,
                Diagnostic{.message = fmt::format(
                               "`{}` would send what your tasks do, and who you are, to another machine in clear text",
                               endpoint),
                           .hint = "use https://, with `--ca-file` where the certificate is of your own making"});
  }
}

const EngineKind& engine_kind(const std::string& kind) {
  return *std::ranges::find(engine_kinds(), kind, &EngineKind::kind);
}

}  // namespace ame::clusters
