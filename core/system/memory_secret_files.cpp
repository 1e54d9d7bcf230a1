// SPDX-License-Identifier: Apache-2.0
#include "core/system/memory_secret_files.hpp"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <string>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/system/flock_file_locks.hpp"
#include "core/system/started_processes.hpp"
#include "core/system/system_call.hpp"

namespace ame {

namespace fs = std::filesystem;

namespace {

constexpr const char* links_file = "links";
constexpr const char* lock_file = "lock";
constexpr const char* directory_prefix = "files-";

[[noreturn]] void refuse(const std::string& message, const std::string& hint = {}) {
  throw Error(ExitCode::machine, Diagnostic{.message = message, .hint = hint});
}

fs::path fresh_directory(const fs::path& memory) {
  std::string pattern = (memory / "new-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) {
    throw machine_error("make a directory in", memory, errno);
  }
  return pattern;
}

/// From here on others sweep it away unless somebody holds its lock.
fs::path with_final_name(const fs::path& fresh) {
  fs::path name = fresh.parent_path() / (directory_prefix + fresh.filename().string().substr(4));
  fs::rename(fresh, name);
  return name;
}

/// Only what still leads there: the project may have put something of its own in the place.
void remove_link(const fs::path& link, const fs::path& directory) {
  std::error_code failure;
  const fs::path target = fs::read_symlink(link, failure);
  if (!failure && target.parent_path() == directory) {
    ::unlink(link.c_str());
  }
}

/// Links first: while one is there, its file still says that it is ours.
void remove_everything(const fs::path& directory) {
  std::ifstream links(directory / links_file, std::ios::binary);
  for (std::string link; std::getline(links, link, '\0');) {
    remove_link(link, directory);
  }
  std::error_code ignored;
  fs::remove_all(directory, ignored);
}

/// What a process that was killed together with its guard left: nobody holds its lock.
void sweep(const fs::path& memory) {
  FlockFileLocks locks;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(memory, ignored)) {
    const fs::path lock = entry.path() / lock_file;
    if (entry.path().filename().string().starts_with(directory_prefix) && fs::exists(lock, ignored) &&
        locks.try_lock(lock) != nullptr) {
      remove_everything(entry.path());
    }
  }
}

void require_inside(const fs::path& root, const fs::path& path) {
  std::error_code failure;
  const fs::path real_root = fs::weakly_canonical(root, failure);
  const fs::path real = fs::weakly_canonical(path.parent_path(), failure);
  const fs::path relative = real.lexically_relative(real_root);
  if (failure || relative.empty() || *relative.begin() == "..") {
    refuse(fmt::format("`{}` leads out of the project, and no secret is put there", path.string()));
  }
}

/// Only root can be asked to read on somebody's behalf, and reads everything itself.
void give_to(const fs::path& file, const std::optional<Account>& reader) {
  if (!reader || ::geteuid() != 0) {
    return;
  }
  if (::chown(file.c_str(), reader->uid, reader->gid) != 0) {
    throw machine_error("chown", file, errno);
  }
}

void make_link(const fs::path& path, const fs::path& file) {
  if (::symlink(file.c_str(), path.c_str()) == 0) {
    return;
  }
  if (errno == EEXIST) {
    refuse(fmt::format("`{}` is there already, and a secret was to be put there", path.string()),
           "move it away, or give the secret another place with `injectAsFile`");
  }
  throw machine_error("make", path, errno);
}

}  // namespace

MemorySecretFiles::MemorySecretFiles(const fs::path& memory, const fs::path& program) {
  sweep(memory);
  directory_ = fresh_directory(memory);
  lock_ = FlockFileLocks().lock(directory_ / lock_file);
  directory_ = with_final_name(directory_);
  start_guard(program);
}

MemorySecretFiles::~MemorySecretFiles() {
  remove_everything(directory_);
  alive_.close();
  while (::waitpid(guard_, nullptr, 0) < 0 && errno == EINTR) {
  }
  started_processes().erase(guard_);
}

void MemorySecretFiles::start_guard(const fs::path& program) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    throw machine_error("make", "a pipe", errno);
  }
  const FileDescriptor read_end(ends[0]);
  alive_ = FileDescriptor(ends[1]);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, read_end.number(), STDIN_FILENO);
  ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  ::posix_spawn_file_actions_addchdir_np(&actions, "/");
  posix_spawnattr_t attributes;
  ::posix_spawnattr_init(&attributes);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);  // what kills our group leaves the guard alone
  std::string name = program.string();
  std::string directory = directory_.string();
  std::array<char*, 5> words = {
      name.data(), const_cast<char*>("internal"), const_cast<char*>("guard-secret-files"), directory.data(), nullptr};
  std::array<char*, 1> environment = {nullptr};
  const int error = ::posix_spawn(&guard_, name.c_str(), &actions, &attributes, words.data(), environment.data());
  ::posix_spawnattr_destroy(&attributes);
  ::posix_spawn_file_actions_destroy(&actions);
  if (error != 0) {
    remove_everything(directory_);
    throw machine_error("start", name, error);
  }
  started_processes().insert(guard_);
}

fs::path MemorySecretFiles::put(const SecretFilePlace& place, const SecretText& value) {
  Link& link = links_[place.path];
  if (link.users++ > 0) {
    give_to(link.file, place.reader);
    return link.file;
  }
  try {
    require_inside(place.root, place.path);
    link.file = write(value);
    give_to(link.file, place.reader);
    fs::create_directories(place.path.parent_path());
    note_link(place.path);
    make_link(place.path, link.file);
    return link.file;
  } catch (...) {
    ::unlink(link.file.c_str());
    links_.erase(place.path);
    throw;
  }
}

fs::path MemorySecretFiles::write(const SecretText& value) {
  fs::path path = directory_ / std::to_string(++count_);
  const FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR));
  if (!file.is_open()) {
    throw machine_error("make", path, errno);
  }
  if (const int error = write_all(file.number(), value.reveal()); error != 0) {
    ::unlink(path.c_str());
    throw machine_error("write", path, error);
  }
  return path;
}

void MemorySecretFiles::remove(const fs::path& path) {
  const auto link = links_.find(path);
  if (link == links_.end() || --link->second.users > 0) {
    return;
  }
  remove_link(path, directory_);
  ::unlink(link->second.file.c_str());
  links_.erase(link);
}

/// Before the link is made, so that the guard knows of every one.
void MemorySecretFiles::note_link(const fs::path& path) {
  std::ofstream links(directory_ / links_file, std::ios::binary | std::ios::app);
  links << path.string() << '\0';
  if (!links.flush()) {
    throw machine_error("write", directory_ / links_file, EIO);
  }
}

void guard_secret_files(const fs::path& directory) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) {
    ::signal(signal, SIG_IGN);
  }
  std::array<char, 64> nothing{};
  ssize_t count = 0;
  do {
    count = ::read(STDIN_FILENO, nothing.data(), nothing.size());
  } while (count > 0 || (count < 0 && errno == EINTR));
  if (directory.filename().string().starts_with(directory_prefix)) {
    remove_everything(directory);
  }
}

}  // namespace ame
