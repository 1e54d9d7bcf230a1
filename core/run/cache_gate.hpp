// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/files/file_patterns.hpp"
#include "core/graph/task_graph.hpp"
#include "core/ports/clock.hpp"
#include "core/ports/file_hasher.hpp"
#include "core/ports/file_locks.hpp"
#include "core/ports/object_store.hpp"
#include "core/run/done_note.hpp"
#include "core/run/step_book.hpp"
#include "core/run/step_gate.hpp"

namespace ame {

struct CachePorts {
  const Clock& clock;
  FileSystem& files;
  const FileHasher& hasher;
  FileLocks& locks;
  ObjectStore& objects;
};

/// What a cache knows besides the graph.
struct CacheWorld {
  std::filesystem::path directory;        ///< where books are kept
  std::string run;                        ///< as it is shown: "train-142"
  std::vector<std::string> environments;  ///< the key of each step's environment; empty: none, or not made yet
  /// Takes secrets out of what is kept.
  std::function<std::string(const std::string&)> hide = [](const std::string& text) { return text; };
  std::set<StepIndex> forced;  ///< steps that run whatever the cache knows; what they do is kept all the same
};

/// Whether judging may change files.
enum class CacheUse {
  restore,  ///< outputs that are gone or changed are put back
  look,     ///< nothing is written: for `status` and `--dry-run`
};

/// Skips the steps whose task has `cache: {inputs, outputs}` and for which nothing has changed since they were last
/// done: command, environment, variables, the content of the inputs, and the results of what they need. Outputs are
/// kept by their content and put back, each whole or not at all.
class CacheGate final : public StepGate {
 public:
  /// All that is referred to outlives this.
  CacheGate(const TaskGraph& graph, CacheWorld world, CachePorts ports, CacheUse use);

  GateVerdict judge(const Job& job) override;
  void passed_over(const Job& job, const GateVerdict& verdict) override;
  std::string ended(const Job& job, const StepRecord& record) override;

  /// What to look at to know that nothing has to be done: while all of it is as noted, every step would be skipped
  /// again. None when some step ran, or cannot be told by its files alone.
  [[nodiscard]] std::optional<std::vector<NotedPath>> noted_paths() const;

  /// Writes down what is not yet; at the latest when the run ends. Throws Error(machine).
  void save();

 private:
  struct Look {
    BookedStep now;                        ///< as it would be booked, without its outputs
    std::string unmet;                     ///< an input that is not there
    std::vector<std::string> directories;  ///< that were looked through for inputs
  };

  Look look_at(const Job& job);
  void find_inputs(const Step& step, Look& look);
  void add_what_would_be(const Step& step, FoundFiles& found, std::vector<BookedFile>& known) const;
  [[nodiscard]] std::vector<BookedFile> booked(const std::filesystem::path& top,
                                               const std::map<std::string, FileStatus>& files,
                                               const std::vector<BookedFile>& known) const;
  [[nodiscard]] std::string change_since(const BookedStep& then, const Look& look) const;
  GateVerdict skip(const Job& job, const BookedStep& then, const Look& look);
  [[nodiscard]] std::vector<const BookedFile*> lost_outputs(const std::filesystem::path& top,
                                                            const BookedStep& then) const;
  bool restore(const std::filesystem::path& top, const std::vector<const BookedFile*>& outputs);
  void keep(const std::filesystem::path& top, const std::vector<BookedFile>& outputs);
  std::string book(const Job& job, const StepRecord& record);
  [[nodiscard]] std::int64_t now_in_ns() const;
  void note(const std::filesystem::path& project, BookedStep step);
  void note_paths(const std::filesystem::path& top, const BookedStep& step, const Look& look);
  StepBook& book_of(const std::filesystem::path& project);
  [[nodiscard]] std::filesystem::path file_of(const std::filesystem::path& project) const;

  const TaskGraph& graph_;
  CacheWorld world_;
  CachePorts ports_;
  CacheUse use_;
  std::map<std::filesystem::path, StepBook> books_;  ///< by project
  std::map<std::filesystem::path, std::vector<BookedStep>> unsaved_;
  std::chrono::steady_clock::time_point saved_;
  std::map<std::filesystem::path, BookedFile> would_be_;  ///< outputs that only looking did not put back
  std::vector<NotedPath> noted_;
  std::size_t skipped_ = 0;                   ///< steps whose files stand in noted_
  std::map<StepIndex, Look> looks_;           ///< of steps that were let through
  std::map<StepIndex, std::string> results_;  ///< of steps that are done; empty: nobody can tell
};

}  // namespace ame
