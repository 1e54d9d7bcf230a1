// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "cli/session.hpp"
#include "core/graph/task_graph.hpp"
#include "core/model/project.hpp"
#include "core/secrets/file_secret_store.hpp"
#include "core/secrets/lease_job_runner.hpp"
#include "core/secrets/resolve_secrets.hpp"

namespace ame::cli {

/// How the user wants the secret store to be locked from now on.
struct StoreWishes {
  std::string protect;   ///< "keyring", "key-file" or "passphrase"; empty: as it is, or what suits this machine
  std::string key_file;  ///< where a new key goes; empty: a place of ame's own
};

/// The user's secret store and all other places that secrets come from, each built when it is first needed. From its
/// making on the memory of this process is hidden.
class SecretWorld {
 public:
  explicit SecretWorld(Session& session, const StoreWishes& wishes = {});
  SecretWorld(const SecretWorld&) = delete;
  SecretWorld& operator=(const SecretWorld&) = delete;
  ~SecretWorld();

  FileSecretStore& store();

  /// How the store that is there is locked, or how a new one would be. Asks for no key.
  [[nodiscard]] std::string protection();

  /// What the steps of a run are given. Throws Error(machine) listing all that is missing.
  [[nodiscard]] RunSecrets of_run(const Project& project, const TaskGraph& graph);

  /// What the secrets of the run depend on. Requires of_run().
  [[nodiscard]] SecretLeases& leases();

  [[nodiscard]] std::vector<SecretCheck> check(const Project& project, const TaskGraph& graph);

 private:
  struct Keys;
  struct Providers;

  Session& session_;
  std::unique_ptr<Keys> keys_;
  std::optional<FileSecretStore> store_;
  std::unique_ptr<Providers> providers_;
};

/// Where the store is, whether or not it is there yet.
std::filesystem::path secret_store_file(Session& session);

}  // namespace ame::cli
