// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <string>

#include <catch2/catch.hpp>

#include "core/system/packed_log.hpp"
#include "core/system/run_layout.hpp"
#include "core/system/run_logs.hpp"
#include "tests/support/temporary_directory.hpp"

namespace ame {

namespace fs = std::filesystem;

namespace {

const UtcTime start{std::chrono::hours(24 * 365)};
const StepName a("a");
const StepName b("b");

/// Run 1 of a state directory, its logs written and read.
struct World {
  TemporaryDirectory state;
  RunLayout layout{state.path()};

  World() { fs::create_directories(layout.run(RunId{1})); }

  [[nodiscard]] fs::path file(const std::string& name) const { return layout.logs(RunId{1}) / name; }

  [[nodiscard]] std::string read(const StepName& step, LogPosition* position = nullptr) const {
    ShortLogs short_logs(layout.short_logs(RunId{1}));
    std::string all;
    const LogPosition end = read_run_log({.log = layout.log(RunId{1}, step),
                                          .short_logs = short_logs,
                                          .step = step,
                                          .position = position == nullptr ? LogPosition{} : *position},
                                         [&](const LogChunk& chunk) {
                                           CHECK((position != nullptr || chunk.offset == all.size()));
                                           all += chunk.bytes;
                                         });
    if (position != nullptr) {
      *position = end;
    }
    return all;
  }
};

}  // namespace

TEST_CASE("logs of steps that say little share a file", "[run log]") {
  const World world;
  RunLogs logs(world.layout, RunId{1});
  logs.add(a, OutputStream::standard_output, start, "one");
  logs.add(b, OutputStream::standard_error, start, "other");
  logs.add(a, OutputStream::standard_output, start, "two");
  CHECK(world.read(a) == "onetwo");
  CHECK(world.read(b) == "other");
  CHECK(world.read(StepName("c")).empty());
  CHECK(fs::exists(world.file("short")));
  CHECK_FALSE(fs::exists(world.file("a.log")));
}

TEST_CASE("a log that grows gets a file of its own, and readers notice nothing", "[run log]") {
  const World world;
  RunLogs logs(world.layout, RunId{1});
  const std::string half(longest_short_log / 2, 'h');
  LogPosition position;
  logs.add(a, OutputStream::standard_output, start, half);
  CHECK(world.read(a, &position) == half);
  logs.add(a, OutputStream::standard_error, start, half);
  CHECK_FALSE(fs::exists(world.file("a.log")));
  logs.add(a, OutputStream::standard_error, start + std::chrono::seconds(1), "more");
  CHECK(fs::file_size(world.file("a.log")) == longest_short_log + 4);
  CHECK(world.read(a, &position) == half + "more");
  CHECK(world.read(a, &position).empty());
  CHECK(world.read(a) == half + half + "more");
  CHECK(logs.size_of(a) == longest_short_log + 4);
}

TEST_CASE("a further attempt goes on where the log of the last one ended", "[run log]") {
  const World world;
  RunLogs logs(world.layout, RunId{1});
  std::string all = "first";
  logs.add(a, OutputStream::standard_output, start, all);
  logs.close(a);
  CHECK(logs.size_of(a) == 5);
  logs.add(a, OutputStream::standard_output, start, "second");
  all += "second";
  CHECK(world.read(a) == all);
  logs.close(a);
  logs.add(a, OutputStream::standard_output, start, std::string(longest_short_log, 'x'));
  logs.close(a);
  logs.add(a, OutputStream::standard_output, start, "last");
  CHECK(world.read(a) == all + std::string(longest_short_log, 'x') + "last");
  CHECK(logs.size_of(b) == 0);
}

TEST_CASE("reading of a short log begins at the wanted time", "[run log]") {
  const World world;
  RunLogs logs(world.layout, RunId{1});
  logs.add(a, OutputStream::standard_output, start, "early");
  logs.add(a, OutputStream::standard_output, start + std::chrono::seconds(5), "late");
  ShortLogs short_logs(world.layout.short_logs(RunId{1}));
  const LogReading reading = {.log = world.layout.log(RunId{1}, a), .short_logs = short_logs, .step = a};
  LogPosition since = seek_run_log(reading, {.since = start + std::chrono::seconds(5), .last_lines = {}});
  CHECK(world.read(a, &since) == "late");
  CHECK(seek_run_log(reading, {.since = {}, .last_lines = 1}).chunk == 0);
}

TEST_CASE("a record that a full disk cut off is as if it had never been", "[run log]") {
  const World world;
  RunLogs logs(world.layout, RunId{1});
  logs.add(a, OutputStream::standard_output, start, "whole");
  logs.add(b, OutputStream::standard_output, start, "cut off");
  fs::resize_file(world.file("short"), fs::file_size(world.file("short")) - 1);
  CHECK(world.read(a) == "whole");
  CHECK(world.read(b).empty());
}

TEST_CASE("thousands of short logs are found in one reading", "[run log]") {
  const World world;
  RunLogs logs(world.layout, RunId{1});
  const auto name_of = [](int i) { return StepName("step-" + std::to_string(i)); };
  for (int i = 0; i < 3000; ++i) {
    logs.add(name_of(i), OutputStream::standard_output, start, std::string(100, 'x') + std::to_string(i));
  }
  ShortLogs short_logs(world.layout.short_logs(RunId{1}));
  for (int i = 0; i < 3000; i += 77) {
    CHECK(short_logs.read(name_of(i)).bytes == std::string(100, 'x') + std::to_string(i));
  }
  logs.add(name_of(0), OutputStream::standard_output, start, "later");
  CHECK(short_logs.read(name_of(0)).bytes == std::string(100, 'x') + "0later");
}

TEST_CASE("of a log that is limited the newest part is kept, with its places and times", "[run log]") {
  const World world;
  constexpr std::uint64_t most = 2 * log_block_size;
  RunLogs logs(world.layout, RunId{1});
  logs.limit(a, most);
  std::string all;
  for (int i = 0; all.size() < 6 * most; ++i) {
    const std::string line = "line " + std::to_string(i) + std::string(90, '.') + "\n";
    logs.add(a, OutputStream::standard_output, start + std::chrono::seconds(i), line);
    all += line;
  }
  CHECK(logs.size_of(a) == all.size());
  CHECK(fs::file_size(world.file("a.log")) == all.size());

  struct stat found {};

  REQUIRE(::stat(world.file("a.log").c_str(), &found) == 0);
  CHECK(static_cast<std::uint64_t>(found.st_blocks) * 512 < 2 * most);
  REQUIRE(::stat(world.file("a.index").c_str(), &found) == 0);
  CHECK(static_cast<std::uint64_t>(found.st_blocks) * 512 < fs::file_size(world.file("a.index")) / 2);

  LogPosition position;
  const std::string kept = world.read(a, &position);
  CHECK(kept.size() >= most);
  CHECK(kept.size() < 2 * most);
  CHECK(all.ends_with(kept));
  LogPosition early{.chunk = 3};
  CHECK(world.read(a, &early) == kept);
  logs.add(a, OutputStream::standard_output, start, "more");
  CHECK(world.read(a, &position) == "more");
  all += "more";

  ShortLogs short_logs(world.layout.short_logs(RunId{1}));
  const LogReading reading = {.log = world.layout.log(RunId{1}, a), .short_logs = short_logs, .step = a};
  LogPosition last = seek_run_log(reading, {.since = {}, .last_lines = 2});
  CHECK(world.read(a, &last).size() < 500);
  LogPosition whole = seek_run_log(reading, {.since = {}, .last_lines = 1'000'000});
  CHECK(world.read(a, &whole) == kept + "more");
  LogPosition since = seek_run_log(reading, {.since = start, .last_lines = {}});
  CHECK(world.read(a, &since) == kept + "more");

  logs.close_all();
  CHECK(pack_run_log(world.layout.log(RunId{1}, a)) > most / 2);
  LogPosition beginning;
  CHECK(world.read(a, &beginning) == kept + "more");
  LogPosition tail = seek_run_log(reading, {.since = {}, .last_lines = 1'000'000});
  CHECK(world.read(a, &tail) == kept + "more");
}

}  // namespace ame
