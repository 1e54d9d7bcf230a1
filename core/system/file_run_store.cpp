// SPDX-License-Identifier: Apache-2.0
#include "core/system/file_run_store.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "core/system/disk_file_system.hpp"
#include "core/system/file_run_journal.hpp"
#include "core/system/frozen_run_file.hpp"
#include "core/system/packed_log.hpp"
#include "core/system/process_identity.hpp"
#include "core/system/run_attempts.hpp"
#include "core/system/run_events.hpp"
#include "core/system/run_index.hpp"
#include "core/system/run_layout.hpp"
#include "core/system/run_log.hpp"
#include "core/system/run_recovery.hpp"
#include "core/system/run_requests.hpp"
#include "core/system/short_logs.hpp"
#include "core/system/system_call.hpp"

namespace ame {

namespace fs = std::filesystem;

namespace {

constexpr long format_version = 1;

long number_in(const std::string& text) {
  long number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

bool newest_first(const RunRecord& left, const RunRecord& right) {
  return left.id > right.id;
}

}  // namespace

class FileRunStore::Shelf {
 public:
  Shelf(RunLayout layout, const Clock& clock)
      : layout_(std::move(layout)),
        clock_(&clock) {}

  [[nodiscard]] const RunLayout& layout() const { return layout_; }

  [[nodiscard]] const Clock& clock() const { return *clock_; }

  DiskFileSystem& files() { return files_; }

  /// Kept for as long as the same run is asked for, so that all its steps are read at the cost of one.
  ShortLogs& short_logs(RunId id) {
    const fs::path path = layout_.short_logs(id);
    if (!short_logs_ || short_logs_->path() != path) {
      short_logs_.emplace(path);
    }
    return *short_logs_;
  }

  /// Throws Error(machine) when a newer ame has changed how things are kept.
  void require_known_format() const {
    const std::string text = files_.read(layout_.format_file()).value_or("1");
    if (number_in(text) > format_version) {
      throw Error(ExitCode::machine,
                  Diagnostic{.message = fmt::format("`{}` was written by a newer ame", layout_.state().string()),
                             .hint = "update ame, or point AME_HOME at another directory"});
    }
  }

  /// That nothing is there is fine, unless something else is in the way.
  void require_possible_place() const {
    fs::path place = layout_.state();
    while (files_.status(place).kind == FileKind::missing && place.has_relative_path()) {
      place = place.parent_path();
    }
    if (files_.status(place).kind != FileKind::directory) {
      throw machine_error("read", layout_.state(), ENOTDIR);
    }
  }

  void prepare() {
    for (const fs::path& directory : {layout_.runs(), layout_.active()}) {
      files_.make_directories(directory);
    }
    if (files_.status(layout_.format_file()).kind == FileKind::missing) {
      files_.write_atomically(layout_.format_file(), fmt::format("{}\n", format_version));
    }
  }

  /// A number that nobody has and nobody had: one process at a time counts on from the last.
  RunId new_id() {
    const fs::path path = layout_.last_number_file();
    const FileDescriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
    if (!file.is_open()) {
      throw machine_error("write", path, errno);
    }
    without_interruption([&] { return ::flock(file.number(), LOCK_EX); });
    const RunId id = make_next_directory(number_in(files_.read(path).value_or("0")));
    const std::string text = fmt::format("{}\n", id.number);
    const ssize_t written = ::pwrite(file.number(), text.data(), text.size(), 0);
    if (written != static_cast<ssize_t>(text.size())) {
      throw machine_error("write", path, written < 0 ? errno : ENOSPC);
    }
    return id;
  }

  void mark_active(RunId id) {
    const fs::path path = layout_.active_file(id);
    const FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
    if (!file.is_open()) {
      throw machine_error("write", path, errno);
    }
  }

  FileDescriptor open_events(RunId id) {
    const fs::path path = layout_.events(id);
    FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
    if (!file.is_open()) {
      throw machine_error("write", path, errno);
    }
    // Somebody who looks whether it is locked may hold it for a moment.
    without_interruption([&] { return ::flock(file.number(), LOCK_EX); });
    return file;
  }

  /// Not open where another writes to it, or where there is none.
  FileDescriptor open_events_if_free(RunId id) {
    FileDescriptor file(::open(layout_.events(id).c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
    const bool is_free =
        file.is_open() && without_interruption([&] { return ::flock(file.number(), LOCK_EX | LOCK_NB); }) == 0;
    return is_free ? std::move(file) : FileDescriptor();
  }

  std::unique_ptr<RunJournal> journal(RunRecord record, FileDescriptor events, const std::string& first_line) {
    return std::make_unique<FileRunJournal>(
        layout_, std::move(record), std::move(events), first_line, [this](const RunRecord& finished) {
          file_away(finished);
        });
  }

  /// Where the index cannot take it the run stays among the active ones, and the next that looks tries again.
  void file_away(const RunRecord& run) {
    with_index([&](RunIndex& index) {
      index.put(run);
      ::unlink(layout_.active_file(run.id).c_str());
    });
  }

  /// Runs that the index does not hold, as they are now. What has ended meanwhile is filed away.
  std::vector<RunRecord> active_runs() {
    std::vector<RunRecord> runs;
    for (const std::string& name : files_.list(layout_.active())) {
      if (auto run = active_run(RunId{number_in(name)})) {
        run->steps.clear();
        runs.push_back(std::move(*run));
      }
    }
    return runs;
  }

  std::vector<RunRecord> finished_runs(const RunFilter& filter) {
    std::vector<RunRecord> runs;
    if (with_index([&](RunIndex& index) { runs = index.list(filter); })) {
      return runs;
    }
    runs = read_all_finished();
    std::erase_if(runs, [&filter](const RunRecord& run) { return !matches(run, filter); });
    return runs;
  }

  void forget(RunId id) {
    with_index([id](RunIndex& index) { index.remove(id); });
  }

 private:
  /// Where locks do not work, whoever makes the directory owns the number.
  RunId make_next_directory(long last) {
    while (true) {
      const fs::path directory = layout_.run(RunId{++last});
      if (::mkdir(directory.c_str(), 0755) == 0) {
        return RunId{last};
      }
      if (errno != EEXIST) {
        throw machine_error("create the directory", directory, errno);
      }
    }
  }

  std::optional<RunRecord> active_run(RunId id) {
    std::optional<RunRecord> run = read_run_summary(layout_, id);
    if (!run) {
      forget_what_never_began(id);
      return std::nullopt;
    }
    if (!is_finished(run->state)) {
      run = settled(layout_, std::move(*run));
    }
    if (is_finished(run->state)) {
      file_away(*run);
    }
    return run;
  }

  /// A run that was removed, or that was killed before its first word, leaves nothing to show.
  void forget_what_never_began(RunId id) {
    if (is_being_written(layout_, id)) {
      return;
    }
    forget(id);
    ::unlink(layout_.active_file(id).c_str());
  }

  std::vector<RunRecord> read_all_finished() {
    std::vector<RunRecord> runs;
    for (const std::string& name : files_.list(layout_.runs())) {
      std::optional<RunRecord> run = read_run_summary(layout_, RunId{number_in(name)});
      if (run && is_finished(run->state)) {
        runs.push_back(std::move(*run));
      }
    }
    std::sort(runs.begin(), runs.end(), newest_first);
    return runs;
  }

  /// False where the index cannot be used: the files tell the same, only more slowly.
  template <class Work>
  bool with_index(Work work) {
    if (is_index_broken_) {
      return false;
    }
    try {
      if (!index_) {
        index_.emplace(layout_.index_file(), [this] { return read_all_finished(); });
      }
      work(*index_);
      return true;
    } catch (const Error&) {
      index_.reset();
      is_index_broken_ = true;
      discard_if_damaged(layout_.index_file());
      return false;
    }
  }

  RunLayout layout_;
  const Clock* clock_;
  DiskFileSystem files_;
  std::optional<RunIndex> index_;
  std::optional<ShortLogs> short_logs_;
  bool is_index_broken_ = false;
};

FileRunStore::FileRunStore(fs::path state_directory, const Clock& clock)
    : shelf_(std::make_unique<Shelf>(RunLayout(std::move(state_directory)), clock)) {}

FileRunStore::~FileRunStore() = default;

std::unique_ptr<RunJournal> FileRunStore::begin(RunRecord record) {
  shelf_->require_known_format();
  shelf_->prepare();
  record.id = shelf_->new_id();
  record.owner = this_process();
  if (record.created == UtcTime{}) {
    record.created = shelf_->clock().now();
  }
  // Locked before it can be found, so that nobody takes it for a run that was killed.
  FileDescriptor events = shelf_->open_events(record.id);
  shelf_->mark_active(record.id);
  const std::string begun = run_begun_line(record);
  return shelf_->journal(std::move(record), std::move(events), begun);
}

std::unique_ptr<RunJournal> FileRunStore::take_up(RunId id) {
  shelf_->require_known_format();
  FileDescriptor events = shelf_->open_events_if_free(id);
  std::optional<RunRecord> record = events.is_open() ? read_run(shelf_->layout(), id) : std::nullopt;
  if (!record || is_finished(record->state) || record->cluster.empty()) {
    return nullptr;
  }
  record->owner = this_process();
  // The line that a dead owner was writing is cut off by a line end of its own.
  const std::string taken_up = "\n" + run_taken_up_line(record->owner, shelf_->clock().now());
  return shelf_->journal(*std::move(record), std::move(events), taken_up);
}

std::vector<RunRecord> FileRunStore::list(const RunFilter& filter) {
  shelf_->require_known_format();
  if (shelf_->files().status(shelf_->layout().runs()).kind == FileKind::missing) {
    shelf_->require_possible_place();
    return {};
  }
  std::vector<RunRecord> runs = shelf_->active_runs();
  std::erase_if(runs, [&filter](const RunRecord& run) { return is_finished(run.state) || !matches(run, filter); });
  for (RunRecord& run : shelf_->finished_runs(filter)) {
    runs.push_back(std::move(run));
  }
  std::sort(runs.begin(), runs.end(), newest_first);
  if (filter.limit > 0 && runs.size() > filter.limit) {
    runs.resize(filter.limit);
  }
  return runs;
}

std::optional<RunRecord> FileRunStore::find(RunId id) {
  shelf_->require_known_format();
  std::optional<RunRecord> run = read_run(shelf_->layout(), id);
  return run ? settled(shelf_->layout(), std::move(*run)) : run;
}

std::uint64_t FileRunStore::version_of(RunId id) {
  struct stat found {};

  const int failure = ::stat(shelf_->layout().events(id).c_str(), &found);
  const std::uint64_t size = failure == 0 ? static_cast<std::uint64_t>(found.st_size) + 1 : 0;
  return size * 2 + (is_being_written(shelf_->layout(), id) ? 1 : 0);
}

LogPosition FileRunStore::read_log(RunId id,
                                   const StepName& step,
                                   LogPosition position,
                                   const std::function<void(const LogChunk&)>& visit) {
  // Asked before reading: what is written while we read must not be taken for the rest of a dead run.
  const LogState state = is_being_written(shelf_->layout(), id) ? LogState::growing : LogState::complete;
  return read_run_log({.log = shelf_->layout().log(id, step),
                       .short_logs = shelf_->short_logs(id),
                       .step = step,
                       .position = position,
                       .state = state},
                      visit);
}

LogPosition FileRunStore::seek_log(RunId id, const StepName& step, const LogSeek& seek) {
  return seek_run_log({.log = shelf_->layout().log(id, step), .short_logs = shelf_->short_logs(id), .step = step},
                      seek);
}

std::vector<StepAttempt> FileRunStore::attempts(RunId id, const StepName& step) {
  return read_attempts(shelf_->layout(), id, step);
}

std::optional<FrozenRun> FileRunStore::frozen(RunId id) {
  return read_frozen_run({.directory = shelf_->layout().frozen(id), .shared = shelf_->layout().shared_contents()});
}

std::uint64_t FileRunStore::pack_logs(RunId id) {
  const RunLayout& layout = shelf_->layout();
  const std::optional<RunRecord> run = has_packed_logs(layout, id) ? std::nullopt : find(id);
  return run && is_finished(run->state) ? pack_run_logs(layout, *run) : 0;
}

void FileRunStore::ask_to_cancel(RunId id, const StepName& step) {
  append_cancel_request(shelf_->layout().requests(id), step);
}

void FileRunStore::remove(RunId id) {
  const std::optional<RunRecord> run = find(id);
  if (run && !is_finished(run->state)) {
    throw Error(ExitCode::usage,
                Diagnostic{.message = fmt::format("run `{}` is not finished", display_name(*run)),
                           .hint = fmt::format("ame task cancel {}", id.number)});
  }
  if (!run) {
    return;
  }
  // Killed halfway, the mark lets the next that looks finish what was begun.
  shelf_->mark_active(id);
  const fs::path directory = shelf_->layout().run(id);
  const fs::path removed = shelf_->layout().runs() / fmt::format(".removed-{}", id.number);
  if (::rename(directory.c_str(), removed.c_str()) != 0) {
    throw machine_error("remove", directory, errno);
  }
  shelf_->forget(id);
  release_frozen_run({.directory = removed / "frozen", .shared = shelf_->layout().shared_contents()});
  shelf_->files().remove_all(removed);
  ::unlink(shelf_->layout().active_file(id).c_str());
}

fs::path FileRunStore::directory_of(RunId id) const {
  return shelf_->layout().run(id);
}

}  // namespace ame
