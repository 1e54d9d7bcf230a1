// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <string>
#include <string_view>
#include <utility>

#include <catch2/catch.hpp>

#include "core/system/output_pipe.hpp"

namespace ame {

namespace {

constexpr bool opened = true;

/// As a child does it.
FileDescriptor reopen(int read_end) {
  return FileDescriptor(::open(("/proc/self/fd/" + std::to_string(read_end)).c_str(), O_WRONLY));
}

void say(const FileDescriptor& end, std::string_view text) {
  REQUIRE(::write(end.number(), text.data(), text.size()) == static_cast<ssize_t>(text.size()));
}

ino_t pipe_of(int end) {
  struct stat status {};

  REQUIRE(::fstat(end, &status) == 0);
  return status.st_ino;
}

/// Up to 16 bytes.
std::string heard(OutputPipe& pipe, bool was_opened = opened) {
  std::array<char, 16> bytes{};
  const ssize_t count = pipe.read(bytes, was_opened);
  return {bytes.data(), count > 0 ? static_cast<std::size_t>(count) : 0};
}

/// Its read end, after it has served somebody who said nothing.
int serve_one(OutputPipe& pipe) {
  OutputPipe::Lent lent = pipe.lend(true);
  REQUIRE(lent.error == 0);
  REQUIRE(lent.write_end.is_open());
  lent.write_end.close();
  CHECK(heard(pipe).empty());
  REQUIRE_FALSE(pipe.is_in_use());
  pipe.leave();
  return lent.read_end;
}

}  // namespace

TEST_CASE("a pipe serves the next that opens its other end", "[pipe]") {
  OutputPipe pipe;
  const int read_end = serve_one(pipe);
  const OutputPipe::Lent lent = pipe.lend(true);
  CHECK(lent.read_end == read_end);
  CHECK_FALSE(lent.write_end.is_open());
  FileDescriptor write_end = reopen(lent.read_end);
  say(write_end, "second");
  CHECK(heard(pipe) == "second");
  CHECK(pipe.is_in_use());
  write_end.close();
  CHECK(heard(pipe).empty());
  CHECK_FALSE(pipe.is_in_use());
}

TEST_CASE("a pipe that nobody has opened yet is not at its end", "[pipe]") {
  OutputPipe pipe;
  const int read_end = serve_one(pipe);
  REQUIRE(pipe.lend(true).error == 0);
  CHECK(heard(pipe, !opened).empty());
  CHECK(pipe.is_in_use());
  FileDescriptor write_end = reopen(read_end);
  say(write_end, "late");
  write_end.close();
  CHECK(heard(pipe) == "late");
  CHECK(heard(pipe).empty());
  CHECK_FALSE(pipe.is_in_use());
}

TEST_CASE("where nobody can open its other end, a pipe is made anew", "[pipe]") {
  OutputPipe pipe;
  serve_one(pipe);
  const OutputPipe::Lent lent = pipe.lend(false);
  REQUIRE(lent.write_end.is_open());
  say(lent.write_end, "own");
  CHECK(heard(pipe) == "own");
}

TEST_CASE("a pipe that somebody still holds serves nobody else", "[pipe]") {
  OutputPipe pipe;
  OutputPipe::Lent first = pipe.lend(true);
  const FileDescriptor stranger = std::move(first.write_end);
  pipe.leave();
  const OutputPipe::Lent second = pipe.lend(true);
  REQUIRE(second.write_end.is_open());
  CHECK(pipe_of(stranger.number()) != pipe_of(second.read_end));
  say(second.write_end, "mine");
  CHECK(heard(pipe) == "mine");
}

}  // namespace ame
