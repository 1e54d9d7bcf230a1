// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/find_artifacts.hpp"

#include <charconv>
#include <optional>

#include <fmt/format.h>

#include "cli/commands/find_run.hpp"
#include "cli/commands/storage_world.hpp"
#include "core/error.hpp"

namespace ame::cli {

namespace {

constexpr std::size_t most_listed = 50;

std::optional<RunId> plain_number(const std::string& text) {
  RunId id;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), id.number);
  return read.ec == std::errc() && read.ptr == text.data() + text.size() ? std::optional(id) : std::nullopt;
}

}  // namespace

RunArtifacts artifacts_of(Session& session, const std::string& wanted) {
  Ports& ports = session.ports;
  // What a run left behind outlives its record.
  if (const auto id = plain_number(wanted); id && !find_exact_run(ports.runs(), wanted)) {
    std::vector<Manifest> manifests = manifests_of(store_of(session), ports.origin(), *id);
    if (!manifests.empty()) {
      return {.run = *id, .name = wanted, .manifests = std::move(manifests)};
    }
  }
  const RunRecord run = find_run(session, wanted);
  RunArtifacts found{
      .run = run.id, .name = display_name(run), .manifests = manifests_of(store_of(session), ports.origin(), run.id)};
  if (found.manifests.empty()) {
    throw Error(ExitCode::usage,
                Diagnostic{.message = fmt::format("nothing was kept of {}", found.name),
                           .hint = "`artifacts: {paths: […]}` of a task says what to keep"});
  }
  return found;
}

std::vector<Manifest> newest_artifacts(Session& session) {
  Ports& ports = session.ports;
  std::vector<Manifest> manifests;
  for (const ManifestKey& key : manifest_keys(store_of(session), ports.origin())) {
    if (manifests.size() == most_listed) {
      break;
    }
    manifests.push_back(load_manifest(store_of(session), key.key));
  }
  return manifests;
}

}  // namespace ame::cli
