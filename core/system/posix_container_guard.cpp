// SPDX-License-Identifier: Apache-2.0
#include "core/system/posix_container_guard.hpp"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include "core/system/process_table.hpp"
#include "core/system/started_processes.hpp"
#include "core/system/system_call.hpp"

extern char** environ;

namespace ame {

namespace {

/// `$1`: where the records lie, `$2`: what their names begin with. Several turns: an engine may still be making one.
constexpr const char* watch = R"(
trap '' INT TERM HUP
unset AME_TREE
read -r goodbye && exit 0
cd "$1" || exit 0
for turn in 1 2 3; do
  for record in "$2"*.podman "$2"*.docker; do
    [ -e "$record" ] || continue
    case "$record" in
      *.podman) podman rm --force --ignore --time=0 "${record%.podman}" ;;
      *.docker) docker rm --force "${record%.docker}" ;;
    esac
  done
  sleep 0.3
done
rm -f -- "$2"*
)";

/// `$1`: where the records lie; then those of the dead.
constexpr const char* sweep = R"(
cd "$1" || exit 0
shift
for record in "$@"; do
  case "$record" in
    *.podman) podman rm --force --ignore --time=0 "${record%.podman}" && rm -f -- "${record%podman}"* ;;
    *.docker) docker rm --force "${record%.docker}" && rm -f -- "${record%docker}"* ;;
  esac
done
)";

class SpawnSettings {
 public:
  explicit SpawnSettings(int input) {
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawnattr_init(&attributes_);
    if (input >= 0) {
      ::posix_spawn_file_actions_adddup2(&actions_, input, 0);
    } else {
      ::posix_spawn_file_actions_addopen(&actions_, 0, "/dev/null", O_RDONLY, 0);
    }
    ::posix_spawn_file_actions_addopen(&actions_, 1, "/dev/null", O_WRONLY, 0);
    ::posix_spawn_file_actions_adddup2(&actions_, 1, 2);
    sigset_t none;
    ::sigemptyset(&none);
    ::posix_spawnattr_setsigmask(&attributes_, &none);
    ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK);
  }

  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;

  ~SpawnSettings() {
    ::posix_spawn_file_actions_destroy(&actions_);
    ::posix_spawnattr_destroy(&attributes_);
  }

  [[nodiscard]] const posix_spawn_file_actions_t* actions() const { return &actions_; }

  [[nodiscard]] const posix_spawnattr_t* attributes() const { return &attributes_; }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

/// What an engine needs to find its containers; the guard outlives ame, and is told nothing else.
std::vector<char*> environment_of_guard() {
  constexpr std::array<std::string_view, 11> kept = {"PATH=",
                                                     "HOME=",
                                                     "USER=",
                                                     "LOGNAME=",
                                                     "TMPDIR=",
                                                     "XDG_RUNTIME_DIR=",
                                                     "XDG_CONFIG_HOME=",
                                                     "XDG_DATA_HOME=",
                                                     "DBUS_SESSION_BUS_ADDRESS=",
                                                     "CONTAINER",
                                                     "DOCKER_"};
  std::vector<char*> environment;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const auto begins = [entry](std::string_view start) { return std::string_view(*entry).starts_with(start); };
    if (std::ranges::any_of(kept, begins)) {
      environment.push_back(*entry);
    }
  }
  environment.push_back(nullptr);
  return environment;
}

pid_t spawn_shell(const char* script, const std::vector<std::string>& arguments, int input) {
  std::vector<std::string> words = {"/bin/sh", "-c", script, "ame-container-guard"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  pointers.reserve(words.size() + 1);
  for (std::string& word : words) {
    pointers.push_back(word.data());
  }
  pointers.push_back(nullptr);
  const SpawnSettings settings(input);
  pid_t pid = 0;
  const std::vector<char*> environment = environment_of_guard();
  const int error =
      ::posix_spawn(&pid, "/bin/sh", settings.actions(), settings.attributes(), pointers.data(), environment.data());
  if (error != 0) {
    throw machine_error("start", "/bin/sh", error);
  }
  return pid;
}

std::string own_prefix(pid_t self) {
  const auto entry = read_process(self);
  return fmt::format("ame-{}.{}.", self, entry ? entry->started : 0);
}

}  // namespace

PosixContainerGuard::~PosixContainerGuard() {
  if (pid_ <= 0) {
    return;
  }
  without_interruption([&] { return ::write(line_.number(), "\n", 1); });
  line_.close();
  without_interruption([&] { return ::waitpid(pid_, nullptr, 0); });
  started_processes().erase(pid_);
}

std::string PosixContainerGuard::name_prefix() {
  return own_prefix(::getpid());
}

void PosixContainerGuard::watch_over(const std::filesystem::path& records) {
  if (!watched_.insert(records).second || pid_ > 0) {
    return;
  }
  std::vector<std::string> dead = {records.string()};
  std::error_code failure;
  for (const auto& entry : std::filesystem::directory_iterator(records, failure)) {
    const std::string extension = entry.path().extension().string();
    if ((extension == ".podman" || extension == ".docker") && is_of_dead_owner(entry.path().filename().string())) {
      dead.push_back(entry.path().filename().string());
    }
  }
  if (dead.size() > 1) {
    const pid_t sweeper = spawn_shell(sweep, dead, -1);
    without_interruption([&] { return ::waitpid(sweeper, nullptr, 0); });
  }
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    throw machine_error("pipe", records, errno);
  }
  const FileDescriptor read_end(ends[0]);
  line_ = FileDescriptor(ends[1]);
  pid_ = spawn_shell(watch, {records.string(), name_prefix()}, read_end.number());
  started_processes().insert(pid_);
}

bool is_of_dead_owner(const std::string& record) {
  constexpr std::string_view beginning = "ame-";
  if (!record.starts_with(beginning)) {
    return false;
  }
  const char* const end = record.data() + record.size();
  pid_t pid = 0;
  const auto after_pid = std::from_chars(record.data() + beginning.size(), end, pid);
  std::uint64_t started = 0;
  if (after_pid.ec != std::errc{} || after_pid.ptr == end || *after_pid.ptr != '.' ||
      std::from_chars(after_pid.ptr + 1, end, started).ec != std::errc{}) {
    return false;
  }
  const auto owner = read_process(pid);
  return !owner || owner->started != started || owner->is_zombie;
}

}  // namespace ame
