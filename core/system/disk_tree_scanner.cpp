// SPDX-License-Identifier: Apache-2.0
#include "core/system/disk_tree_scanner.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string_view>
#include <utility>

#include "core/files/ignore_rules.hpp"
#include "core/files/wildcard.hpp"
#include "core/system/file_descriptor.hpp"
#include "core/system/system_call.hpp"

#include <time.h>

namespace ame {

namespace {

constexpr std::size_t largest_ignore_file = 1 << 20;
constexpr std::array<const char*, 2> ignore_files = {".gitignore", ".ameignore"};
/// Who holds one of these is made by a tool and made again by it.
constexpr std::array<const char*, 2> marks_of_derived = {"pyvenv.cfg", "CACHEDIR.TAG"};

struct CloseDirectory {
  void operator()(DIR* directory) const { ::closedir(directory); }
};

using Directory = std::unique_ptr<DIR, CloseDirectory>;

struct Name {
  std::string text;
  unsigned char type = DT_UNKNOWN;
};

std::vector<Name> names_in(DIR* directory) {
  std::vector<Name> names;
  while (const dirent* entry = ::readdir(directory)) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") {
      names.push_back({.text = std::string(name), .type = entry->d_type});
    }
  }
  return names;
}

std::string content_of(int directory, const char* name) {
  const FileDescriptor file(::openat(directory, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  std::string content;
  std::array<char, 16384> part{};
  while (file.is_open() && content.size() < largest_ignore_file) {
    const ssize_t count = without_interruption([&] { return ::read(file.number(), part.data(), part.size()); });
    if (count <= 0) {
      break;
    }
    content.append(part.data(), static_cast<std::size_t>(count));
  }
  return content;
}

std::int64_t nanoseconds(const timespec& time) {
  return time.tv_sec * std::int64_t{1'000'000'000} + time.tv_nsec;
}

/// The kernel's clock of files moves in steps, of 10 ms at most.
constexpr std::int64_t step_of_file_times = 20'000'000;

std::int64_t now_of_files() {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME_COARSE, &now);
  return nanoseconds(now);
}

enum class Ignoring { off, on };

class Scan {
 public:
  explicit Scan(Ignoring ignoring)
      : ignoring_(ignoring) {}

  /// Takes over the open directory; `path` is "" or ends with a slash.
  void enter(FileDescriptor file, const std::string& path) {
    const int number = file.number();
    const Directory directory(::fdopendir(number));
    if (!directory) {
      return;
    }
    file.release();
    std::vector<Name> names = names_in(directory.get());
    if (ignoring_ == Ignoring::on && !path.empty() && is_derived(names)) {
      return;
    }
    const std::size_t rules_outside = levels_.size();
    if (ignoring_ == Ignoring::on) {
      read_ignore_files(number, names, path);
    }
    for (const Name& name : names) {
      look_at(number, name, path);
    }
    levels_.resize(rules_outside);
  }

  /// One name of an open directory, with what lies below it; `parent` is "" or ends with a slash.
  void look_at(int directory, const Name& name, const std::string& parent) {
    if (name.text == ".git") {
      return;
    }
    const std::string path = parent + name.text;

    struct stat found {};

    const bool surely_directory = name.type == DT_DIR;
    if (!surely_directory && ::fstatat(directory, name.text.c_str(), &found, AT_SYMLINK_NOFOLLOW) != 0) {
      return;
    }
    if (surely_directory || S_ISDIR(found.st_mode)) {
      if (!ignores(path, PathKind::directory)) {
        enter_below(directory, name.text, path);
      }
    } else if ((S_ISREG(found.st_mode) || S_ISLNK(found.st_mode)) && !ignores(path, PathKind::file)) {
      add(path, found);
    }
  }

  Tree take() {
    std::ranges::sort(tree_, {}, &TreeEntry::path);
    return std::move(tree_);
  }

 private:
  static bool is_derived(const std::vector<Name>& names) {
    return std::ranges::any_of(names, [](const Name& name) {
      return std::ranges::find(marks_of_derived, name.text) != marks_of_derived.end();
    });
  }

  void read_ignore_files(int directory, const std::vector<Name>& names, const std::string& path) {
    for (const char* ignore_file : ignore_files) {
      if (std::ranges::find(names, ignore_file, &Name::text) != names.end()) {
        // Outer rules first, so that inner ones win; a copy for each such directory, of which there are few.
        IgnoreRules rules = levels_.empty() ? IgnoreRules() : levels_.back();
        rules.add(content_of(directory, ignore_file), path.empty() ? "" : path.substr(0, path.size() - 1));
        levels_.push_back(std::move(rules));
      }
    }
  }

  [[nodiscard]] bool ignores(const std::string& path, PathKind kind) const {
    return !levels_.empty() && levels_.back().matches(path, kind);
  }

  void enter_below(int directory, const std::string& name, const std::string& path) {
    FileDescriptor below(::openat(directory, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (below.is_open()) {
      enter(std::move(below), path + "/");
    }
  }

  void add(const std::string& path, const struct stat& found) {
    tree_.push_back({.path = path,
                     .kind = S_ISLNK(found.st_mode) ? TreeEntryKind::link : TreeEntryKind::file,
                     .mode = static_cast<std::uint32_t>(found.st_mode & 07777U),
                     .size = static_cast<std::uint64_t>(found.st_size),
                     .inode = found.st_ino,
                     .modified_ns = nanoseconds(found.st_mtim),
                     .changed_ns = is_recent(found) ? 0 : nanoseconds(found.st_ctim)});
  }

  [[nodiscard]] bool is_recent(const struct stat& found) const {
    return nanoseconds(found.st_ctim) >= begun_ - step_of_file_times;
  }

  Ignoring ignoring_;
  std::int64_t begun_ = now_of_files();
  Tree tree_;
  std::vector<IgnoreRules> levels_;
};

}  // namespace

Tree DiskTreeScanner::scan(const std::filesystem::path& top) const {
  FileDescriptor file(::open(top.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!file.is_open()) {
    throw machine_error("read", top, errno);
  }
  Scan scan(Ignoring::on);
  scan.enter(std::move(file), "");
  return scan.take();
}

Tree DiskTreeScanner::scan_below(const std::filesystem::path& top, const std::string& path) const {
  FileDescriptor at(::open(top.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!at.is_open()) {
    throw machine_error("read", top, errno);
  }
  Scan scan(Ignoring::off);
  const std::vector<std::string_view> parts = path_segments(path);
  if (parts.empty()) {
    scan.enter(std::move(at), "");
    return scan.take();
  }
  std::string parent;
  for (auto part = parts.begin(); part + 1 != parts.end(); ++part) {
    parent += std::string(*part) + "/";
    at = FileDescriptor(
        ::openat(at.number(), std::string(*part).c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!at.is_open()) {
      return {};
    }
  }
  scan.look_at(at.number(), {.text = std::string(parts.back())}, parent);
  return scan.take();
}

}  // namespace ame
