// SPDX-License-Identifier: Apache-2.0
#include "core/system/disk_tree_scanner.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <iterator>
#include <memory>
#include <mutex>
#include <string_view>
#include <thread>
#include <utility>

#include "core/files/ignore_rules.hpp"
#include "core/files/wildcard.hpp"
#include "core/system/file_descriptor.hpp"
#include "core/system/in_threads.hpp"
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

using Rules = std::shared_ptr<const IgnoreRules>;

/// A directory that somebody will look into.
struct Pending {
  std::string path;  ///< from the top, without a slash at its end; empty: the top itself
  Rules rules;       ///< of what lies around it; null: none
};

/// Below the top, and through no link, wherever one may have been put meanwhile.
FileDescriptor open_below(int top, const std::string& path) {
  constexpr int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
  if (path.empty()) {
    return FileDescriptor(::openat(top, ".", flags));
  }
  open_how how{.flags = flags, .mode = 0, .resolve = RESOLVE_NO_SYMLINKS | RESOLVE_BENEATH};
  const long found = ::syscall(SYS_openat2, top, path.c_str(), &how, sizeof how);
  if (found >= 0 || (errno != ENOSYS && errno != EPERM)) {
    return FileDescriptor(static_cast<int>(found));
  }
  FileDescriptor at;
  for (const std::string_view part : path_segments(path)) {
    at = FileDescriptor(::openat(at.is_open() ? at.number() : top, std::string(part).c_str(), flags));
    if (!at.is_open()) {
      return at;
    }
  }
  return at;
}

/// Looks into directories, one after the other; what lies in them is `pending`.
class Scan {
 public:
  /// `begun`: when the first of all began, by the clock of files.
  Scan(int top, Ignoring ignoring, std::int64_t begun)
      : top_(top),
        ignoring_(ignoring),
        begun_(begun) {}

  void enter(const Pending& wanted) {
    FileDescriptor file = open_below(top_, wanted.path);
    const int number = file.number();
    const Directory directory(file.is_open() ? ::fdopendir(number) : nullptr);
    if (!directory) {
      return;
    }
    file.release();
    const std::vector<Name> names = names_in(directory.get());
    if (ignoring_ == Ignoring::on && !wanted.path.empty() && is_derived(names)) {
      return;
    }
    const Rules rules = ignoring_ == Ignoring::on ? rules_with(number, names, wanted) : nullptr;
    const std::string parent = wanted.path.empty() ? "" : wanted.path + "/";
    for (const Name& name : names) {
      look_at(number, name, parent, rules);
    }
  }

  /// One name of an open directory; `parent` is "" or ends with a slash.
  void look_at(int directory, const Name& name, const std::string& parent, const Rules& rules) {
    if (name.text == ".git") {
      return;
    }
    std::string path = parent + name.text;

    struct stat found {};

    const bool surely_directory = name.type == DT_DIR;
    if (!surely_directory && ::fstatat(directory, name.text.c_str(), &found, AT_SYMLINK_NOFOLLOW) != 0) {
      return;
    }
    const auto ignores = [&](PathKind kind) { return rules != nullptr && rules->matches(path, kind); };
    if (surely_directory || S_ISDIR(found.st_mode)) {
      if (!ignores(PathKind::directory)) {
        pending.push_back({.path = std::move(path), .rules = rules});
      }
    } else if ((S_ISREG(found.st_mode) || S_ISLNK(found.st_mode)) && !ignores(PathKind::file)) {
      add(std::move(path), found);
    }
  }

  /// Looks into one that is pending. Requires one.
  void go_on() {
    const Pending next = std::move(pending.back());
    pending.pop_back();
    enter(next);
  }

  std::vector<Pending> pending;
  Tree tree;

 private:
  static bool is_derived(const std::vector<Name>& names) {
    return std::ranges::any_of(names, [](const Name& name) {
      return std::ranges::find(marks_of_derived, name.text) != marks_of_derived.end();
    });
  }

  static Rules rules_with(int directory, const std::vector<Name>& names, const Pending& wanted) {
    std::shared_ptr<IgnoreRules> own;
    for (const char* ignore_file : ignore_files) {
      if (std::ranges::find(names, ignore_file, &Name::text) != names.end()) {
        // Outer rules first, so that inner ones win; a copy for each such directory, of which there are few.
        if (!own) {
          own = wanted.rules ? std::make_shared<IgnoreRules>(*wanted.rules) : std::make_shared<IgnoreRules>();
        }
        own->add(content_of(directory, ignore_file), wanted.path);
      }
    }
    return own ? Rules(own) : wanted.rules;
  }

  void add(std::string path, const struct stat& found) {
    tree.push_back({.path = std::move(path),
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

  int top_;
  Ignoring ignoring_;
  std::int64_t begun_;
};

Tree sorted(Tree tree) {
  std::ranges::sort(tree, {}, &TreeEntry::path);
  return tree;
}

/// Sorted parts, of which none has what another has, as one.
Tree merged(std::vector<Tree> parts) {
  Tree all;
  for (Tree& part : parts) {
    Tree both;
    both.reserve(all.size() + part.size());
    std::ranges::merge(std::make_move_iterator(all.begin()),
                       std::make_move_iterator(all.end()),
                       std::make_move_iterator(part.begin()),
                       std::make_move_iterator(part.end()),
                       std::back_inserter(both),
                       {},
                       &TreeEntry::path,
                       &TreeEntry::path);
    all = std::move(both);
  }
  return all;
}

/// Directories that wait for somebody to look into them.
class WorkList {
 public:
  WorkList(std::vector<Pending> first, std::size_t workers)
      : waiting_(std::move(first)),
        workers_(workers) {}

  /// A share of what waits, once something does; empty when all is done. Who takes some is busy until hand_in().
  std::vector<Pending> take() {
    constexpr std::size_t at_once = 16;
    std::unique_lock guard(mutex_);
    changed_.wait(guard, [this] { return !waiting_.empty() || busy_ == 0; });
    const std::size_t share = std::min({waiting_.size(), waiting_.size() / (2 * workers_) + 1, at_once});
    const auto begin = waiting_.end() - static_cast<std::ptrdiff_t>(share);
    std::vector<Pending> taken(std::make_move_iterator(begin), std::make_move_iterator(waiting_.end()));
    waiting_.erase(begin, waiting_.end());
    busy_ += taken.empty() ? 0 : 1;
    return taken;
  }

  void hand_in(std::vector<Pending>& found) {
    const std::scoped_lock guard(mutex_);
    std::ranges::move(found, std::back_inserter(waiting_));
    found.clear();
    --busy_;
    changed_.notify_all();
  }

  /// Instead of handing in: whoever fails lets the others come to an end.
  void give_up() {
    const std::scoped_lock guard(mutex_);
    waiting_.clear();
    --busy_;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Pending> waiting_;
  std::size_t workers_;
  std::size_t busy_ = 0;
};

void work_through(WorkList& list, Scan& scan) {
  for (auto taken = list.take(); !taken.empty(); taken = list.take()) {
    try {
      for (const Pending& next : taken) {
        scan.enter(next);
      }
    } catch (...) {
      list.give_up();
      throw;
    }
    list.hand_in(scan.pending);
  }
}

/// What is found is looked into by whoever is free, so that one large directory among small ones holds nobody up.
Tree scanned_by_many(int top, std::vector<Pending> first, std::int64_t begun, std::size_t threads) {
  WorkList list(std::move(first), threads);
  std::vector<Tree> parts(threads);
  in_threads(threads, threads, [&](std::size_t index, std::mutex& /*mutex*/) {
    Scan scan(top, Ignoring::on, begun);
    work_through(list, scan);
    parts[index] = sorted(std::move(scan.tree));
  });
  return merged(std::move(parts));
}

}  // namespace

Tree DiskTreeScanner::scan(const std::filesystem::path& top) const {
  constexpr std::size_t worth_threads = 16;  // directories
  constexpr std::size_t most_threads = 8;
  const FileDescriptor file(::open(top.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!file.is_open()) {
    throw machine_error("read", top, errno);
  }
  const std::int64_t begun = now_of_files();
  Scan scan(file.number(), Ignoring::on, begun);
  scan.enter({});
  const std::size_t threads = std::min<std::size_t>(std::thread::hardware_concurrency(), most_threads);
  while (!scan.pending.empty() && (scan.pending.size() < worth_threads || threads < 2)) {
    scan.go_on();
  }
  Tree few = sorted(std::move(scan.tree));
  if (scan.pending.empty()) {
    return few;
  }
  std::vector<Tree> parts;
  parts.push_back(std::move(few));
  parts.push_back(scanned_by_many(file.number(), std::move(scan.pending), begun, threads));
  return merged(std::move(parts));
}

Tree DiskTreeScanner::scan_below(const std::filesystem::path& top, const std::string& path) const {
  const FileDescriptor file(::open(top.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!file.is_open()) {
    throw machine_error("read", top, errno);
  }
  Scan scan(file.number(), Ignoring::off, now_of_files());
  const std::vector<std::string_view> parts = path_segments(path);
  if (parts.empty()) {
    scan.enter({});
  } else {
    std::string parent;
    for (auto part = parts.begin(); part + 1 != parts.end(); ++part) {
      parent += (parent.empty() ? "" : "/") + std::string(*part);
    }
    const FileDescriptor directory = open_below(file.number(), parent);
    if (!directory.is_open()) {
      return {};
    }
    scan.look_at(directory.number(), {.text = std::string(parts.back())}, parent.empty() ? "" : parent + "/", nullptr);
  }
  while (!scan.pending.empty()) {
    scan.go_on();
  }
  return sorted(std::move(scan.tree));
}

}  // namespace ame
