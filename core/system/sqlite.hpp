// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <variant>

#include <sqlite3.h>

namespace ame {

/// An open SQLite database. Every failure is Error(machine) with the path and SQLite's own words.
class Database {
 public:
  /// Created where it is absent. Waits up to five seconds for others.
  explicit Database(std::filesystem::path path);

  void execute(const std::string& sql);

  [[nodiscard]] std::int64_t number(const std::string& sql);

  [[nodiscard]] std::string text(const std::string& sql);

  [[nodiscard]] sqlite3* handle() const { return handle_.get(); }

  /// Empties the log of a database that has one, unless somebody uses it now: then another time.
  void write_log_back();

  /// Whether the last failure says that the file is no sound database.
  [[nodiscard]] bool is_damaged() const;

  [[noreturn]] void fail() const;

 private:
  struct Close {
    void operator()(sqlite3* database) const { sqlite3_close(database); }
  };

  std::filesystem::path path_;
  std::unique_ptr<sqlite3, Close> handle_;
};

using SqlValue = std::variant<std::int64_t, std::string>;

/// One statement, ready to be run; must not outlive its database.
class Statement {
 public:
  Statement(const Database& database, const std::string& sql);

  /// The first `?` is 1. Text may hold any byte.
  Statement& bind(int place, const SqlValue& value);

  /// True when there is a row to look at.
  bool step();

  void reset();

  [[nodiscard]] std::int64_t number(int column) const;
  [[nodiscard]] std::string text(int column) const;

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };

  const Database* database_;
  std::unique_ptr<sqlite3_stmt, Finalize> handle_;
};

/// All or nothing of what happens while it lives.
class Transaction {
 public:
  explicit Transaction(Database& database);
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  /// Rolls back what was not committed.
  ~Transaction();

  void commit();

 private:
  Database* database_;
};

}  // namespace ame
