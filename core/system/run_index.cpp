// SPDX-License-Identifier: Apache-2.0
#include "core/system/run_index.hpp"

#include <linux/magic.h>
#include <sys/vfs.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <system_error>

#include <fmt/format.h>

#include "core/error.hpp"

namespace ame {

namespace fs = std::filesystem;

namespace {

/// Of the tables below; another number in the file and it is made anew. Raise it with every change.
constexpr int index_version = 2;

constexpr const char* tables = R"(
  DROP TABLE IF EXISTS runs;
  DROP TABLE IF EXISTS targets;
  CREATE TABLE runs (
    id INTEGER PRIMARY KEY, name TEXT, kind TEXT, project TEXT, project_file TEXT, targets TEXT, extra_arguments TEXT,
    commit_id TEXT, dirty INTEGER, state TEXT, reason TEXT, created INTEGER, ended INTEGER,
    host TEXT, boot TEXT, pid INTEGER, started INTEGER, cluster TEXT);
  CREATE INDEX runs_by_project ON runs (project, id);
  CREATE INDEX runs_by_state ON runs (state, id);
  CREATE TABLE targets (name TEXT, run INTEGER, PRIMARY KEY (name, run)) WITHOUT ROWID;
)";

constexpr const char* columns =
    "id, name, kind, project, project_file, targets, extra_arguments, commit_id, dirty, state, reason, created, ended, "
    "host, boot, pid, started, cluster";

/// Words that hold no NUL, as command lines are.
std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    text += word + '\0';
  }
  return text;
}

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\0'), text.size());
    words.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

std::vector<SqlValue> values_of(const RunRecord& run) {
  return {run.id.number,
          run.name,
          run.kind,
          run.project.text(),
          run.project_file.string(),
          joined(run.targets),
          joined(run.extra_arguments),
          run.commit,
          std::int64_t{run.dirty ? 1 : 0},
          std::string(word_of(run.state)),
          run.reason,
          std::int64_t{run.created.time_since_epoch().count()},
          std::int64_t{run.ended.value_or(UtcTime{}).time_since_epoch().count()},
          run.owner.host,
          run.owner.boot,
          std::int64_t{run.owner.pid},
          static_cast<std::int64_t>(run.owner.started),
          run.cluster};
}

UtcTime time_from(std::int64_t microseconds) {
  return UtcTime(UtcTime::duration(microseconds));
}

RunRecord run_from(const Statement& row) {
  int column = 0;
  RunRecord run;
  run.id = RunId{row.number(column++)};
  run.name = row.text(column++);
  run.kind = row.text(column++);
  run.project = ProjectName(row.text(column++));
  run.project_file = row.text(column++);
  run.targets = split(row.text(column++));
  run.extra_arguments = split(row.text(column++));
  run.commit = row.text(column++);
  run.dirty = row.number(column++) != 0;
  run.state = state_of_word(row.text(column++)).value_or(RunState::failed);
  run.reason = row.text(column++);
  run.created = time_from(row.number(column++));
  run.ended = time_from(row.number(column++));
  run.owner.host = row.text(column++);
  run.owner.boot = row.text(column++);
  run.owner.pid = static_cast<int>(row.number(column++));
  run.owner.started = static_cast<std::uint64_t>(row.number(column++));
  run.cluster = row.text(column);
  return run;
}

/// Where a piece of memory cannot be shared between machines, write-ahead logging loses data.
bool is_shared_between_machines(const fs::path& directory) {
  constexpr long lustre = 0x0BD00BD0;
  constexpr long gpfs = 0x47504653;
  constexpr long beegfs = 0x19830326;
  constexpr long fuse = 0x65735546;
  constexpr long cifs = 0xFF534D42;

  struct statfs found {};

  if (::statfs(directory.c_str(), &found) != 0) {
    return true;
  }
  const auto type = static_cast<long>(static_cast<unsigned int>(found.f_type));
  return type == NFS_SUPER_MAGIC || type == SMB_SUPER_MAGIC || type == cifs || type == lustre || type == gpfs ||
         type == beegfs || type == fuse;
}

struct Query {
  std::string conditions = "1";
  std::vector<SqlValue> values;

  void add(const std::string& condition, SqlValue value) {
    conditions += " AND " + condition;
    values.push_back(std::move(value));
  }
};

Query query_for(const RunFilter& filter) {
  Query query;
  if (!filter.name.empty()) {
    query.add("id IN (SELECT run FROM targets WHERE name = ?)", filter.name);
  }
  if (filter.project) {
    query.add("project = ?", filter.project->text());
  }
  if (filter.kind) {
    query.add("kind = ?", *filter.kind);
  }
  if (!filter.states.empty()) {
    std::string places;
    for (const RunState state : filter.states) {
      places += places.empty() ? "?" : ", ?";
      query.values.emplace_back(std::string(word_of(state)));
    }
    query.conditions += fmt::format(" AND state IN ({})", places);
  }
  return query;
}

/// Puts runs in, any number of them with statements that are made once.
class Insertion {
 public:
  explicit Insertion(const Database& database)
      : row_(database, fmt::format("INSERT OR REPLACE INTO runs ({}) VALUES ({})", columns, places)),
        target_(database, "INSERT OR REPLACE INTO targets VALUES (?, ?)") {}

  void add(const RunRecord& run) {
    row_.reset();
    int place = 0;
    for (const SqlValue& value : values_of(run)) {
      row_.bind(++place, value);
    }
    row_.step();
    for (const std::string& target : run.targets) {
      target_.reset();
      target_.bind(1, target).bind(2, run.id.number).step();
    }
  }

 private:
  static constexpr const char* places = "?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?";

  Statement row_;
  Statement target_;
};

}  // namespace

RunIndex::RunIndex(const fs::path& file, const std::function<std::vector<RunRecord>()>& all_finished)
    : log_(file.string() + "-wal"),
      database_(file) {
  use_journal_that_works(file);
  if (database_.number("PRAGMA user_version") != index_version) {
    fill(all_finished());
  }
}

void RunIndex::put(const RunRecord& run) {
  Transaction transaction(database_);
  Insertion(database_).add(run);
  transaction.commit();
  shorten_log();
}

void RunIndex::remove(RunId id) {
  Transaction transaction(database_);
  Statement(database_, "DELETE FROM runs WHERE id = ?").bind(1, id.number).step();
  Statement(database_, "DELETE FROM targets WHERE run = ?").bind(1, id.number).step();
  transaction.commit();
}

std::vector<RunRecord> RunIndex::list(const RunFilter& filter) {
  const Query query = query_for(filter);
  const std::string limit = filter.limit > 0 ? fmt::format(" LIMIT {}", filter.limit) : "";
  Statement rows(database_,
                 fmt::format("SELECT {} FROM runs WHERE {} ORDER BY id DESC{}", columns, query.conditions, limit));
  for (std::size_t i = 0; i < query.values.size(); ++i) {
    rows.bind(static_cast<int>(i) + 1, query.values[i]);
  }
  std::vector<RunRecord> runs;
  while (rows.step()) {
    runs.push_back(run_from(rows));
  }
  return runs;
}

void RunIndex::use_journal_that_works(const fs::path& file) {
  const bool is_shared = is_shared_between_machines(file.parent_path());
  database_.execute(is_shared ? "PRAGMA journal_mode = DELETE" : "PRAGMA journal_mode = WAL");
  // Nothing is lost with the index: the files of the runs are the truth.
  database_.execute("PRAGMA synchronous = NORMAL");
  database_.execute("PRAGMA wal_autocheckpoint = 0");  // shorten_log() does it
}

/// Who opens the index when nobody else has it open reads the whole log first, and the log never gets shorter by
/// itself: SQLite writes from its beginning again only for who saw it being written back.
void RunIndex::shorten_log() {
  constexpr std::uintmax_t long_enough = 512UL << 10;  // bytes; a run adds some 20 thousand
  std::error_code absent;
  const std::uintmax_t size = fs::file_size(log_, absent);
  if (absent || size < long_enough) {
    return;
  }
  database_.write_log_back();
}

void RunIndex::fill(const std::vector<RunRecord>& runs) {
  Transaction transaction(database_);
  if (database_.number("PRAGMA user_version") == index_version) {
    return;  // another process was quicker
  }
  database_.execute(tables);
  {
    Insertion insertion(database_);
    for (const RunRecord& run : runs) {
      insertion.add(run);
    }
  }
  database_.execute(fmt::format("PRAGMA user_version = {}", index_version));
  transaction.commit();
}

void discard_if_damaged(const fs::path& index_file) {
  bool is_damaged = false;
  try {
    Database database(index_file);
    try {
      is_damaged = database.text("PRAGMA quick_check") != "ok";
    } catch (const Error&) {
      is_damaged = database.is_damaged();
    }
  } catch (const Error&) {
    return;  // it cannot even be opened: a matter of permissions, not of its content
  }
  for (const char* suffix : {"", "-wal", "-shm", "-journal"}) {
    std::error_code ignored;
    if (is_damaged) {
      fs::remove(index_file.string() + suffix, ignored);
    }
  }
}

bool matches(const RunRecord& run, const RunFilter& filter) {
  const auto has = [](const auto& list, const auto& wanted) {
    return std::find(list.begin(), list.end(), wanted) != list.end();
  };
  return (filter.name.empty() || has(run.targets, filter.name)) &&
         (!filter.project || run.project == *filter.project) && (!filter.kind || run.kind == *filter.kind) &&
         (filter.states.empty() || has(filter.states, run.state));
}

}  // namespace ame
