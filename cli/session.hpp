// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "cli/render/terminal.hpp"
#include "core/data/data_layout.hpp"
#include "core/data/storage_settings.hpp"
#include "core/env/environment_keeper.hpp"
#include "core/ports/accounts.hpp"
#include "core/ports/background.hpp"
#include "core/ports/clock.hpp"
#include "core/ports/console.hpp"
#include "core/ports/container_guard.hpp"
#include "core/ports/environments.hpp"
#include "core/ports/errands.hpp"
#include "core/ports/file_hasher.hpp"
#include "core/ports/file_locks.hpp"
#include "core/ports/file_system.hpp"
#include "core/ports/front_door.hpp"
#include "core/ports/http.hpp"
#include "core/ports/machine.hpp"
#include "core/ports/object_store.hpp"
#include "core/ports/process_runner.hpp"
#include "core/ports/project_fetcher.hpp"
#include "core/ports/repository.hpp"
#include "core/ports/run_control.hpp"
#include "core/ports/run_store.hpp"
#include "core/ports/secret_files.hpp"
#include "core/ports/time_zone.hpp"
#include "core/ports/tree_scanner.hpp"

namespace ame::cli {

/// The world as commands see it. Each port is built when it is first asked for, so that a command pays only for what
/// it uses.
class Ports {
 public:
  virtual ~Ports() = default;

  virtual FileSystem& files() = 0;
  virtual ProcessRunner& processes() = 0;
  virtual Clock& clock() = 0;
  virtual const TimeZones& time_zones() = 0;
  virtual RunStore& runs() = 0;
  virtual RunControl& run_control() = 0;
  virtual Background& background() = 0;
  virtual Repository& repository() = 0;
  virtual ProjectFetcher& project_fetcher() = 0;
  virtual Machine& machine() = 0;
  virtual FileLocks& locks() = 0;
  virtual Accounts& accounts() = 0;
  virtual ContainerGuard& container_guard() = 0;
  virtual Http& http() = 0;
  virtual std::unique_ptr<FrontDoor> make_front_door() = 0;
  virtual std::unique_ptr<Errands> make_errands() = 0;
  virtual Environments& environments() = 0;
  virtual const TreeScanner& trees() = 0;
  virtual const FileHasher& hasher() = 0;

  /// What steps with a cache left behind, by content; may be deleted at any time.
  virtual ObjectStore& step_objects() = 0;

  /// Opens a storage, once for each process: the first one stays. What tasks leave behind is kept there.
  virtual ObjectStore& open_store(const Storage& storage, const StorageKeys& keys) = 0;

  /// The one that was opened; null before that.
  virtual ObjectStore* opened_store() = 0;

  /// Opens another one, to look at it.
  virtual std::unique_ptr<ObjectStore> make_store(const Storage& storage, const StorageKeys& keys) = 0;
  virtual DataLayout data_layout() = 0;

  /// Whose the numbers of runs are; made when first asked for.
  virtual std::string origin() = 0;
  /// From now on a Python that is missing is installed; before environment_settings() and environments().
  virtual void install_missing_python() = 0;

  /// What environments depend on here.
  virtual const EnvironmentSettings& environment_settings() = 0;

  /// Where runs are kept; for messages.
  virtual std::filesystem::path state_directory() = 0;

  /// Where the user's settings and the secret store are.
  virtual std::filesystem::path config_directory() = 0;

  /// A directory of this user alone whose files never reach a disk. Throws Error(machine) where there is none.
  virtual std::filesystem::path memory_directory() = 0;

  /// For one run.
  virtual std::unique_ptr<SecretFiles> secret_files() = 0;

  /// The work of the process that stands guard over such files: ends when the one that made them is gone.
  virtual void guard_secret_files(const std::filesystem::path& directory) = 0;

  /// From here on this process leaves no core dump, and other processes of the user cannot look into its memory.
  virtual void hide_memory() = 0;
};

/// Options that every command has.
struct GlobalOptions {
  std::string directory;  ///< empty: the working directory
  std::string file;       ///< empty: the nearest ame.yml
  bool colour = false;
  bool no_colour = false;
  bool quiet = false;
  bool verbose = false;
  bool allow_reserved = false;  ///< while a file is moved to new names: variables that ame sets may be set
  bool version = false;
};

/// What a command is handed.
struct Session {
  Ports& ports;
  Terminal& terminal;
  GlobalOptions options;
  std::filesystem::path working_directory;         ///< of this process; files are shown relative to it
  std::filesystem::path directory;                 ///< where the command works: there, or where -C says; absolute
  std::map<std::string, std::string> environment;  ///< of this process
  std::optional<StorageKeys> store_keys = {};      ///< of the storage that runs use, once they were asked for

  /// The value of a variable; empty where it is not set.
  [[nodiscard]] std::string variable(const std::string& key) const;
};

}  // namespace ame::cli
