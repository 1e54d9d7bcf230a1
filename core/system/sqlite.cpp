// SPDX-License-Identifier: Apache-2.0
#include "core/system/sqlite.hpp"

#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"

namespace ame {

namespace {

constexpr int milliseconds_for_others = 5000;

}  // namespace

Database::Database(std::filesystem::path path)
    : path_(std::move(path)) {
  sqlite3* opened = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  const int result = sqlite3_open_v2(path_.c_str(), &opened, flags, nullptr);
  handle_.reset(opened);
  if (result != SQLITE_OK) {
    fail();
  }
  sqlite3_busy_timeout(opened, milliseconds_for_others);
  // The last to close would otherwise write everything back and wait for the disk.
  sqlite3_db_config(opened, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
}

void Database::execute(const std::string& sql) {
  if (sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    fail();
  }
}

std::int64_t Database::number(const std::string& sql) {
  Statement statement(*this, sql);
  return statement.step() ? statement.number(0) : 0;
}

std::string Database::text(const std::string& sql) {
  Statement statement(*this, sql);
  return statement.step() ? statement.text(0) : "";
}

void Database::write_log_back() {
  sqlite3_busy_timeout(handle_.get(), 0);
  sqlite3_wal_checkpoint_v2(handle_.get(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
  sqlite3_busy_timeout(handle_.get(), milliseconds_for_others);
}

bool Database::is_damaged() const {
  const int code = sqlite3_errcode(handle_.get());
  return code == SQLITE_NOTADB || code == SQLITE_CORRUPT;
}

void Database::fail() const {
  const char* reason = handle_ ? sqlite3_errmsg(handle_.get()) : "out of memory";
  throw Error(ExitCode::machine,
              Diagnostic{.message = fmt::format("cannot use the database `{}`: {}", path_.string(), reason)});
}

Statement::Statement(const Database& database, const std::string& sql)
    : database_(&database) {
  sqlite3_stmt* prepared = nullptr;
  const int result =
      sqlite3_prepare_v2(database.handle(), sql.c_str(), static_cast<int>(sql.size()), &prepared, nullptr);
  handle_.reset(prepared);
  if (result != SQLITE_OK) {
    database.fail();
  }
}

Statement& Statement::bind(int place, const SqlValue& value) {
  int result = SQLITE_OK;
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    result = sqlite3_bind_int64(handle_.get(), place, *number);
  } else {
    const auto& text = std::get<std::string>(value);
    // NOLINTNEXTLINE: SQLITE_TRANSIENT is a cast in SQLite's own header
    result = sqlite3_bind_text(handle_.get(), place, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
  }
  if (result != SQLITE_OK) {
    database_->fail();
  }
  return *this;
}

bool Statement::step() {
  const int result = sqlite3_step(handle_.get());
  if (result != SQLITE_ROW && result != SQLITE_DONE) {
    database_->fail();
  }
  return result == SQLITE_ROW;
}

void Statement::reset() {
  sqlite3_reset(handle_.get());
}

std::int64_t Statement::number(int column) const {
  return sqlite3_column_int64(handle_.get(), column);
}

std::string Statement::text(int column) const {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(handle_.get(), column));
  return {bytes == nullptr ? "" : bytes, static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column))};
}

Transaction::Transaction(Database& database)
    : database_(&database) {
  database.execute("BEGIN IMMEDIATE");
}

Transaction::~Transaction() {
  if (database_ != nullptr) {
    sqlite3_exec(database_->handle(), "ROLLBACK", nullptr, nullptr, nullptr);
  }
}

void Transaction::commit() {
  database_->execute("COMMIT");
  database_ = nullptr;
}

}  // namespace ame
