// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/cluster_world.hpp"

#include <filesystem>

#include <fmt/format.h>

#include "cli/commands/secret_world.hpp"
#include "cli/commands/storage_world.hpp"
#include "clusters/engines.hpp"
#include "core/base64.hpp"
#include "core/error.hpp"
#include "core/text.hpp"

namespace ame::cli {

namespace {

std::filesystem::path settings_file(Session& session) {
  return session.ports.config_directory() / "clusters.json";
}

clusters::ClusterSettings configured(Session& session) {
  const std::filesystem::path file = settings_file(session);
  const auto text = session.ports.files().read(file);
  return text ? clusters::read_cluster_settings(*text, file) : clusters::ClusterSettings{};
}

Storage directory_storage(const std::string& name, const std::filesystem::path& directory) {
  return {.name = name,
          .kind = StorageKind::directory,
          .path = directory.string(),
          .endpoint = {},
          .bucket = {},
          .prefix = {},
          .region = {},
          .ca_file = {}};
}

/// Within a storage, apart from what is kept of runs.
constexpr const char* part_of_clusters = "clusters";

clusters::OpenedStorage opened(const std::string& name, Session& session) {
  Storage storage = storage_named(session, storage_settings(session), name);
  if (storage.kind == StorageKind::azure) {
    throw Error(ExitCode::usage,
                Diagnostic{.message = fmt::format("servers of TES read no storage of Azure, as `{}` is", name),
                           .hint = "one of kind `s3` or `directory` serves both sides"});
  }
  std::string& within = storage.kind == StorageKind::directory ? storage.path : storage.prefix;
  within += (within.empty() ? "" : "/") + std::string(part_of_clusters);
  const std::string url = storage.kind == StorageKind::directory
                              ? "file://" + storage.path
                              : fmt::format("s3://{}/{}", storage.bucket, storage.prefix);
  return {.store = session.ports.make_store(storage, storage_keys(session, storage)), .url = url};
}

SecretText secret_of(const Cluster& cluster, const char* part, Session& session) {
  const std::string key = fmt::format("cluster/{}/{}", cluster.name, part);
  SecretWorld world(session);
  std::optional<SecretText> found = world.store().find(key);
  if (!found) {
    throw Error(ExitCode::cluster,
                Diagnostic{.message = fmt::format(
                               "the secret store has no `{}`, which the cluster `{}` wants", key, cluster.name),
                           .hint = fmt::format("`ame secret add {}` puts it in", key)});
  }
  return *std::move(found);
}

SecretText authorization_of(const Cluster& cluster, Session& session) {
  SecretBuffer header;
  if (cluster.auth == "bearer") {
    header.append("Bearer ");
    header.append(secret_of(cluster, "token", session).reveal());
  } else if (cluster.auth == "jwt") {
    header.append(secret_of(cluster, "token", session).reveal());
  } else if (cluster.auth == "basic") {
    SecretBuffer pair;
    pair.append(secret_of(cluster, "user", session).reveal());
    pair.append(":");
    pair.append(secret_of(cluster, "password", session).reveal());
    std::string encoded = base64_of(pair.reveal());
    header.append("Basic ");
    header.append(encoded);
    wipe(encoded);
  }
  return header.take();
}

}  // namespace

clusters::ClusterSettings cluster_settings(Session& session) {
  clusters::ClusterSettings settings = configured(session);
  if (const std::string wanted = session.variable("AME_CLUSTER"); !wanted.empty()) {
    settings.used = wanted;
  }
  return settings;
}

void change_clusters(Session& session, const std::function<void(clusters::ClusterSettings&)>& change) {
  FileSystem& files = session.ports.files();
  const std::filesystem::path file = settings_file(session);
  files.make_directories(file.parent_path(), FileMode::owner_only);
  const auto lock = session.ports.locks().lock(file.parent_path() / "clusters.lock");
  clusters::ClusterSettings settings = configured(session);
  change(settings);
  files.write_atomically(file, clusters::cluster_settings_json(settings), FileMode::owner_only);
}

Cluster cluster_named(const clusters::ClusterSettings& settings, const std::string& name) {
  if (const Cluster* cluster = settings.find(name)) {
    return *cluster;
  }
  std::vector<std::string> names;
  for (const Cluster& cluster : settings.clusters) {
    names.push_back(cluster.name);
  }
  const std::string near = did_you_mean(name, names);
  const std::string all = names.empty() ? "`ame cluster add` configures one" : "there is " + all_of(names);
  throw Error(ExitCode::usage,
              Diagnostic{.message = fmt::format("there is no cluster `{}`", name), .hint = near.empty() ? all : near});
}

std::optional<Cluster> wanted_cluster(Session& session, const std::string& name) {
  const clusters::ClusterSettings settings = cluster_settings(session);
  const std::string& wanted = name.empty() ? settings.used : name;
  return wanted.empty() ? std::nullopt : std::optional(cluster_named(settings, wanted));
}

std::unique_ptr<clusters::Engine> engine_of(const Cluster& cluster,
                                            const std::map<std::string, std::string>& caller,
                                            Session& session) {
  Ports& ports = session.ports;
  return clusters::engine_kind(cluster.kind)
      .make(cluster,
            {.files = ports.files(),
             .processes = ports.processes(),
             .clock = ports.clock(),
             .caller = caller,
             .http = ports.http(),
             .make_errands = [&ports] { return ports.make_errands(); },
             .open_directory =
                 [&ports, name = cluster.name](const std::filesystem::path& directory) {
                   return ports.make_store(directory_storage(name, directory), {});
                 },
             .open_storage = [&session](const std::string& name) { return opened(name, session); },
             .authorization = [&session](const Cluster& of) { return authorization_of(of, session); }});
}

}  // namespace ame::cli
