// SPDX-License-Identifier: Apache-2.0
#include <csignal>
#include <exception>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include "cli/app.hpp"
#include "cli/render/diagnostic.hpp"
#include "cli/session.hpp"
#include "core/data/kept_manifests.hpp"
#include "core/error.hpp"
#include "core/system/azure_object_store.hpp"
#include "core/system/curl_http.hpp"
#include "core/system/directories.hpp"
#include "core/system/directory_object_store.hpp"
#include "core/system/disk_file_hasher.hpp"
#include "core/system/disk_file_system.hpp"
#include "core/system/disk_tree_scanner.hpp"
#include "core/system/file_run_store.hpp"
#include "core/system/flock_file_locks.hpp"
#include "core/system/git_project_fetcher.hpp"
#include "core/system/git_repository.hpp"
#include "core/system/hidden_memory.hpp"
#include "core/system/linux_machine.hpp"
#include "core/system/memory_secret_files.hpp"
#include "core/system/posix_accounts.hpp"
#include "core/system/posix_background.hpp"
#include "core/system/posix_console.hpp"
#include "core/system/posix_container_guard.hpp"
#include "core/system/posix_front_door.hpp"
#include "core/system/posix_process_runner.hpp"
#include "core/system/posix_run_control.hpp"
#include "core/system/process_identity.hpp"
#include "core/system/s3_object_store.hpp"
#include "core/system/system_clock.hpp"
#include "core/system/system_time_zones.hpp"
#include "core/system/thread_errands.hpp"

namespace ame::cli {

namespace {

using Variables = std::map<std::string, std::string>;

Variables variables_of(char** environment) {
  Variables variables;
  for (char** at = environment; *at != nullptr; ++at) {
    const std::string entry(*at);
    const std::size_t equals = entry.find('=');
    if (equals != std::string::npos) {
      variables.emplace(entry.substr(0, equals), entry.substr(equals + 1));
    }
  }
  return variables;
}

std::string value_in(const Variables& variables, const std::string& key) {
  const auto found = variables.find(key);
  return found == variables.end() ? std::string() : found->second;
}

/// This file, so that it can be started again.
std::filesystem::path own_program() {
  return std::filesystem::read_symlink("/proc/self/exe");
}

bool is_yes(const std::string& value) {
  return value == "1" || value == "yes" || value == "on" || value == "true";
}

bool is_no(const std::string& value) {
  return value == "0" || value == "no" || value == "off" || value == "false";
}

/// Another process that gets the same number later has another name.
std::string name_of_process() {
  const RunOwner process = this_process();
  return fmt::format("{}-{:x}", process.pid, process.started);
}

class RealPorts final : public Ports {
 public:
  explicit RealPorts(const Variables& environment)
      : environment_(environment),
        time_zones_(value_in(environment, "TZ")) {}

  FileSystem& files() override { return files_; }

  Clock& clock() override { return clock_; }

  const TimeZones& time_zones() override { return time_zones_; }

  ProcessRunner& processes() override { return processes_; }

  RunControl& run_control() override { return run_control_; }

  Background& background() override { return background_; }

  Repository& repository() override { return repository_; }

  ProjectFetcher& project_fetcher() override {
    if (!project_fetcher_) {
      project_fetcher_.emplace(directories().cache);
    }
    return *project_fetcher_;
  }

  Machine& machine() override { return machine_; }

  FileLocks& locks() override { return locks_; }

  Accounts& accounts() override { return accounts_; }

  ContainerGuard& container_guard() override { return container_guard_; }

  Http& http() override {
    if (!http_) {
      http_.emplace(environment_);
    }
    return *http_;
  }

  RunStore& runs() override {
    if (!runs_) {
      runs_.emplace(directories().state, clock_);
    }
    return *runs_;
  }

  const EnvironmentSettings& environment_settings() override {
    if (!settings_) {
      settings_ = EnvironmentSettings{.cache = directories().cache, .program = own_program(), .caller = environment_};
      settings_->uses_uv = !is_no(value_in(environment_, "AME_UV"));
      if (installs_python_ || is_yes(value_in(environment_, "AME_INSTALL_PYTHON"))) {
        settings_->install_python = InstallPython::when_missing;
      }
      settings_->process = name_of_process();
    }
    return *settings_;
  }

  void install_missing_python() override { installs_python_ = true; }

  Environments& environments() override {
    if (!environments_) {
      environments_.emplace(environment_settings(), files_, locks_);
    }
    return *environments_;
  }

  const TreeScanner& trees() override { return trees_; }

  const FileHasher& hasher() override { return hasher_; }

  ObjectStore& open_store(const Storage& storage, const StorageKeys& keys) override {
    if (!store_) {
      store_ = make_store(storage, keys);
    }
    return *store_;
  }

  ObjectStore* opened_store() override { return store_.get(); }

  std::unique_ptr<ObjectStore> make_store(const Storage& storage, const StorageKeys& keys) override {
    if (storage.kind == StorageKind::directory) {
      const bool is_own = storage.path == data_layout().store().string();
      return std::make_unique<DirectoryObjectStore>(
          storage.path, is_own ? DirectoryObjectStore::Use::by_this_machine : DirectoryObjectStore::Use::shared);
    }
    WebPlace place{
        .endpoint = storage.endpoint, .bucket = storage.bucket, .prefix = storage.prefix, .ca_file = storage.ca_file};
    if (storage.kind == StorageKind::azure) {
      return std::make_unique<AzureObjectStore>(
          std::move(place),
          AzureCredentials{.account = keys.id, .key = keys.secret, .sas = keys.token},
          http(),
          clock_);
    }
    return std::make_unique<S3ObjectStore>(
        std::move(place),
        S3Credentials{
            .access_key = keys.id, .secret_key = keys.secret, .session_token = keys.token, .region = storage.region},
        http(),
        clock_);
  }

  std::unique_ptr<FrontDoor> make_front_door() override { return std::make_unique<PosixFrontDoor>(); }

  std::unique_ptr<Errands> make_errands() override { return std::make_unique<ThreadErrands>(); }

  DataLayout data_layout() override { return {directories().state, directories().cache}; }

  std::string origin() override {
    const std::string fresh = fmt::format("{:08x}", std::random_device()());
    return origin_of(data_layout().origin(), files_, locks_, fresh);
  }

  ObjectStore& step_objects() override {
    if (!step_objects_) {
      step_objects_.emplace(directories().cache / "steps");
    }
    return *step_objects_;
  }

  std::filesystem::path state_directory() override { return directories().state; }

  std::filesystem::path config_directory() override { return directories().config; }

  std::filesystem::path memory_directory() override {
    if (memory_directory_.empty()) {
      memory_directory_ = make_memory_directory(environment_);
    }
    return memory_directory_;
  }

  std::unique_ptr<SecretFiles> secret_files() override {
    return std::make_unique<MemorySecretFiles>(memory_directory(), own_program());
  }

  void guard_secret_files(const std::filesystem::path& directory) override { ame::guard_secret_files(directory); }

  void hide_memory() override { ame::hide_memory(); }

 private:
  const Directories& directories() {
    if (!directories_) {
      directories_ = directories_from(environment_);
    }
    return *directories_;
  }

  const Variables& environment_;
  DiskFileSystem files_;
  SystemClock clock_;
  SystemTimeZones time_zones_;
  PosixProcessRunner processes_;
  PosixRunControl run_control_;
  PosixBackground background_;
  std::optional<Directories> directories_;
  GitRepository repository_;
  std::optional<GitProjectFetcher> project_fetcher_;
  LinuxMachine machine_;
  FlockFileLocks locks_;
  DiskTreeScanner trees_;
  DiskFileHasher hasher_;
  std::unique_ptr<ObjectStore> store_;
  std::optional<DirectoryObjectStore> step_objects_;
  PosixAccounts accounts_;
  PosixContainerGuard container_guard_;
  std::filesystem::path memory_directory_;
  std::optional<CurlHttp> http_;
  std::optional<FileRunStore> runs_;
  bool installs_python_ = false;
  std::optional<EnvironmentSettings> settings_;
  std::optional<EnvironmentKeeper> environments_;
};

ColourWishes colour_wishes(const GlobalOptions& options, const Variables& environment) {
  return {.always = options.colour,
          .never = options.no_colour,
          .no_color = value_in(environment, "NO_COLOR"),
          .force_color = value_in(environment, "FORCE_COLOR"),
          .term = value_in(environment, "TERM")};
}

std::filesystem::path working_directory() {
  std::error_code failure;
  std::filesystem::path path = std::filesystem::current_path(failure);
  if (failure) {
    throw Error(ExitCode::machine,
                Diagnostic{.message = "the working directory cannot be found: " + failure.message(),
                           .hint = "it may have been removed; change to another one"});
  }
  return path;
}

std::filesystem::path chosen_directory(const std::filesystem::path& working, const GlobalOptions& options) {
  if (options.directory.empty()) {
    return working;
  }
  std::filesystem::path path = (working / options.directory).lexically_normal();
  if (!std::filesystem::is_directory(path)) {
    throw Error(ExitCode::usage,
                Diagnostic{.message = fmt::format("`{}` is no directory", options.directory),
                           .hint = "`-C` wants the directory to work in"});
  }
  return path;
}

ExitCode run(const std::vector<std::string>& words, const Variables& environment, Terminal& terminal) {
  terminal.choose_colours(colour_wishes({}, environment));
  Invocation asked = understand(words);
  terminal.choose_colours(colour_wishes(asked.options, environment));
  terminal.choose_talk(asked.options.quiet ? Talk::quiet : asked.options.verbose ? Talk::verbose : Talk::normal);
  RealPorts ports(environment);
  const std::filesystem::path working = working_directory();
  const std::filesystem::path directory = chosen_directory(working, asked.options);
  Session session{.ports = ports,
                  .terminal = terminal,
                  .options = asked.options,
                  .working_directory = working,
                  .directory = directory,
                  .environment = environment};
  return asked.action(session);
}

ExitCode run_and_tell(const std::vector<std::string>& words, char** environment) {
  PosixConsole console;
  Terminal terminal(console);
  try {
    const ExitCode code = run(words, variables_of(environment), terminal);
    console.close();
    return code;
  } catch (const Error& error) {
    terminal.say(diagnostics_text(error.diagnostics(), terminal.say_paint()));
    return error.code();
  } catch (const std::exception& mistake) {
    terminal.say(
        fmt::format("internal error: {}\n"
                    "This is a mistake in ame {}: please report it as an issue of the project, with the command "
                    "and this text\n",
                    mistake.what(),
                    AME_VERSION));
    return ExitCode::bug;
  }
}

}  // namespace

}  // namespace ame::cli

int main(int count, char** words, char** environment) {
  // A file that may not grow is an error that can be told, not the end of ame.
  std::signal(SIGXFSZ, SIG_IGN);
  return static_cast<int>(ame::cli::run_and_tell({words + 1, words + count}, environment));
}
