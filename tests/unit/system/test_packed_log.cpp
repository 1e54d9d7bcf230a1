// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>
#include <random>
#include <string>

#include <catch2/catch.hpp>

#include "core/error.hpp"
#include "core/system/packed_log.hpp"
#include "core/system/run_layout.hpp"
#include "core/system/run_log.hpp"
#include "tests/support/child.hpp"
#include "tests/support/temporary_directory.hpp"

namespace ame {

namespace fs = std::filesystem;

namespace {

const UtcTime start{std::chrono::hours(24 * 365)};

/// Lines `line 0` … of one step, a second apart, every tenth on standard error.
std::string write_log(const fs::path& log, int lines) {
  write_run_log(log, {});
  RunLogWriter writer(log);
  std::string all;
  for (int i = 0; i < lines; ++i) {
    const std::string line = "line " + std::to_string(i) + "\n";
    writer.add(i % 10 == 9 ? OutputStream::standard_error : OutputStream::standard_output,
               start + std::chrono::seconds(i),
               line);
    all += line;
  }
  return all;
}

std::string read_from(const fs::path& log, LogPosition position, std::uint64_t* first_offset = nullptr) {
  std::string all;
  ShortLogs none(log.parent_path() / "short");
  read_run_log({.log = log, .short_logs = none, .step = StepName("a"), .position = position},
               [&](const LogChunk& chunk) {
                 if (all.empty() && first_offset != nullptr) {
                   *first_offset = chunk.offset;
                 }
                 all += chunk.bytes;
               });
  return all;
}

LogPosition seek(const fs::path& log, const LogSeek& wanted) {
  ShortLogs none(log.parent_path() / "short");
  return seek_run_log({.log = log, .short_logs = none, .step = StepName("a")}, wanted);
}

void write_piece(const fs::path& log, const std::string& bytes) {
  write_run_log(log, {});
  RunLogWriter(log).add(OutputStream::standard_output, start, bytes);
}

}  // namespace

TEST_CASE("a packed log reads as before, and gzip reads it too", "[packed log]") {
  const TemporaryDirectory directory;
  const fs::path log = directory / "a.log";
  const std::string all = write_log(log, 200'000);
  REQUIRE(all.size() > (2U << 20U));
  CHECK(pack_run_log(log) > all.size() / 2);
  CHECK_FALSE(fs::exists(log));
  CHECK(read_from(log, {}) == all);
  CHECK(pack_run_log(log) == 0);
  Child gzip({.argv = {"/bin/sh", "-c", "gzip -dc a.log.gz | cksum; seq -f 'line %.0f' 0 199999 | cksum"},
              .environment = {{"PATH", "/usr/bin:/bin"}},
              .directory = directory.path()});
  CHECK(gzip.wait() == 0);
  const std::string sums = gzip.out();
  CHECK(sums.substr(0, sums.size() / 2) == sums.substr(sums.size() / 2));
}

TEST_CASE("logs that would not become smaller stay as they are", "[packed log]") {
  const TemporaryDirectory directory;
  std::mt19937_64 random(1);
  std::string noise;
  for (int i = 0; i < 4096; ++i) {
    const std::uint64_t number = random();
    noise.append(reinterpret_cast<const char*>(&number), sizeof number);
  }
  write_piece(directory / "noise.log", noise);
  write_piece(directory / "small.log", "small\n");
  for (const char* const name : {"noise.log", "small.log", "none.log"}) {
    CHECK(pack_run_log(directory / name) == 0);
  }
  CHECK(read_from(directory / "noise.log", {}) == noise);
  CHECK(read_from(directory / "small.log", {}) == "small\n");
}

TEST_CASE("a packed log that is damaged is an error, not another log", "[packed log]") {
  const TemporaryDirectory directory;
  const fs::path log = directory / "a.log";
  write_log(log, 10'000);
  pack_run_log(log);
  std::ofstream(directory / "a.log.gz", std::ios::binary | std::ios::in) << "garbage";
  CHECK_THROWS_AS(read_from(log, {}), Error);
}

TEST_CASE("reading begins where the wanted time or the last lines do", "[run log]") {
  const TemporaryDirectory directory;
  const fs::path log = directory / "a.log";
  write_log(log, 1000);
  for (const bool is_packed : {false, true}) {
    if (is_packed) {
      REQUIRE(pack_run_log(log) > 0);
    }
    std::uint64_t offset = 0;
    const LogPosition since = seek(log, {.since = start + std::chrono::seconds(998), .last_lines = {}});
    CHECK(read_from(log, since, &offset) == "line 998\nline 999\n");
    CHECK(offset == 10 * 7 + 90 * 8 + 898 * 9);
    // One line more than asked for, since a stream may break off within one.
    const LogPosition tail = seek(log, {.since = {}, .last_lines = 2});
    CHECK(read_from(log, tail).ends_with("line 998\nline 999\n"));
    CHECK(read_from(log, tail).size() < 50);
    CHECK(seek(log, {.since = {}, .last_lines = 5000}).chunk == 0);
  }
  CHECK(seek(directory / "none.log", {.since = start, .last_lines = 3}).chunk == 0);
}

}  // namespace ame
