// SPDX-License-Identifier: Apache-2.0
//
// usage: bench_kept_files DIRECTORY    finding changed files beside `git status`, storing beside
//                                `cp` and, one large file, beside what the disk takes, in one run
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/data/snapshot_file.hpp"
#include "core/files/keep_artifacts.hpp"
#include "core/system/directory_object_store.hpp"
#include "core/system/disk_file_hasher.hpp"
#include "core/system/disk_file_system.hpp"
#include "core/system/disk_tree_scanner.hpp"

namespace {

namespace fs = std::filesystem;

using ame::DirectoryObjectStore;
using ame::DiskFileHasher;
using ame::DiskTreeScanner;

constexpr int runs = 5;

void require(bool well, const std::string& what) {
  if (!well) {
    std::fprintf(stderr, "bench_kept_files: %s failed\n", what.c_str());
    std::exit(1);
  }
}

void shell(const std::string& command) {
  require(std::system(command.c_str()) == 0, command);
}

struct Taken {
  double seconds = 1e9;
  double megabytes = 0;  ///< peak of resident memory
};

/// In a process of its own, so that each has its own peak of memory; the best of several, each time in turn.
Taken measured(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  const pid_t child = ::fork();
  if (child == 0) {
    try {
      work();
    } catch (const std::exception& mistake) {
      std::fprintf(stderr, "%s\n", mistake.what());
      std::_Exit(1);
    }
    std::_Exit(0);
  }
  int status = 0;
  rusage usage{};
  ::wait4(child, &status, 0, &usage);
  require(status == 0, "the work");
  return {.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count(),
          .megabytes = static_cast<double>(usage.ru_maxrss) / 1024};
}

struct Pair {
  std::function<void()> before;  ///< each time, unmeasured
  std::function<void()> ours;
  std::function<void()> peer;
};

void compare(const char* title, const char* peer_name, const Pair& pair) {
  Taken ours;
  Taken peer;
  for (int run = 0; run <= runs; ++run) {
    pair.before();
    const Taken mine = measured(pair.ours);
    pair.before();
    const Taken other = measured(pair.peer);
    if (run > 0) {
      ours.seconds = std::min(ours.seconds, mine.seconds);
      ours.megabytes = std::max(ours.megabytes, mine.megabytes);
      peer.seconds = std::min(peer.seconds, other.seconds);
    }
  }
  std::printf("%s (best of %d, in turn)\n  ame %8.1f ms, %.0f MB resident at most\n  %s %8.1f ms\n  ratio %.2f\n",
              title,
              runs,
              ours.seconds * 1000,
              ours.megabytes,
              peer_name,
              peer.seconds * 1000,
              ours.seconds / peer.seconds);
  std::fflush(stdout);
}

void write_files(const fs::path& top, int files, int in_a_directory) {
  for (int index = 0; index < files; ++index) {
    const fs::path path =
        top / ("d" + std::to_string(index / in_a_directory)) / ("f" + std::to_string(index % in_a_directory));
    if (index % in_a_directory == 0) {
      fs::create_directories(path.parent_path());
    }
    std::ofstream(path) << "file " << index << "\n" << std::string(static_cast<std::size_t>(index % 4096), 'x');
  }
}

/// As the child of ame does after a command: what was there before is in a file.
void find_changed(const fs::path& top, const fs::path& before_file) {
  const DiskTreeScanner scanner;
  const DiskFileHasher hasher;
  const auto bytes = ame::DiskFileSystem().read(before_file, 1ULL << 32);
  const auto before = ame::read_snapshot(bytes.value_or(""));
  require(before.has_value(), "reading the snapshot");
  const ame::Snapshot now = ame::take_snapshot(top, *before, scanner, hasher);
  const ame::TreeChanges changes = ame::compare_trees(before->tree, now.tree);
  require(changes.created.size() == 50 && changes.touched.size() == 50, "finding what changed");
}

void changed_files(const fs::path& directory) {
  const fs::path top = directory / "tree";
  write_files(top, 100'000, 100);
  shell("cd '" + top.string() +
        "' && git init -q && git config gc.auto 0 && git config maintenance.auto false && git add . && git -c "
        "user.name=b -c user.email=b@b commit -qm b");
  const DiskTreeScanner scanner;
  const DiskFileHasher hasher;
  const ame::Snapshot before = ame::take_snapshot(top, {}, scanner, hasher);
  ame::DiskFileSystem().write_atomically(directory / "before.tree", ame::snapshot_bytes(before));
  for (int index = 0; index < 50; ++index) {
    std::ofstream(top / ("d" + std::to_string(index)) / "f7", std::ios::app) << "more";
    std::ofstream(top / ("d" + std::to_string(index)) / "new") << "new";
  }
  shell("cd '" + top.string() + "' && git status --porcelain > ../said && test $(wc -l < ../said) -eq 100");
  compare("changed files among 100,000",
          "git status",
          {.before = [] {},
           .ours = [&] { find_changed(top, directory / "before.tree"); },
           .peer = [&] { shell("cd '" + top.string() + "' && exec git status --porcelain > /dev/null"); }});
  fs::remove_all(top);
}

void keep(const fs::path& directory, const fs::path& top) {
  const DiskTreeScanner scanner;
  const DiskFileHasher hasher;
  DirectoryObjectStore store(directory / "store");
  ame::keep_artifacts({.project_directory = top, .wanted = {.paths = {{.path = "."}}}, .before = {}, .labels = {}},
                      {.scanner = scanner, .hasher = hasher, .store = store});
}

struct Peer {
  const char* name;
  std::string command;
};

void storing(const fs::path& directory, const char* title, const Peer& peer) {
  const fs::path top = directory / "files";
  compare(title,
          peer.name,
          {.before =
               [&] {
                 fs::remove_all(directory / "store");
                 fs::remove_all(directory / "copy");
               },
           .ours = [&] { keep(directory, top); },
           .peer = [&] { shell("exec " + peer.command); }});
  fs::remove_all(top);
}

}  // namespace

int main(int count, char** words) {
  const fs::path directory = fs::path(count > 1 ? words[1] : "/tmp") / "ame-bench-kept-files";
  fs::remove_all(directory);
  fs::create_directories(directory);
  changed_files(directory);
  write_files(directory / "files", 10'000, 100);
  const std::string files = "'" + (directory / "files").string();
  const std::string copy = "'" + (directory / "copy").string() + "'";
  storing(directory, "storing 10,000 small files", {"cp -r", "cp -r " + files + "' " + copy});
  fs::create_directories(directory / "files");
  shell("head -c 1073741824 /dev/urandom > '" + (directory / "files/large").string() + "'");
  storing(directory,
          "storing one file of 1 GiB",
          {"dd conv=fdatasync", "dd bs=1M conv=fdatasync status=none if=" + files + "/large' of=" + copy});
  fs::remove_all(directory);
  return 0;
}
