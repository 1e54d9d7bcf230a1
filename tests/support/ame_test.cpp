// SPDX-License-Identifier: Apache-2.0
#include "tests/support/ame_test.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <regex>
#include <sstream>

#include <catch2/catch.hpp>

#include "tests/support/files.hpp"

namespace ame {

namespace fs = std::filesystem;

namespace {

std::vector<std::string> split(std::string_view words) {
  std::istringstream stream{std::string(words)};
  std::vector<std::string> list;
  for (std::string word; stream >> word;) {
    list.push_back(word);
  }
  return list;
}

std::vector<std::string> with_ame(std::vector<std::string> words) {
  words.insert(words.begin(), AME_BINARY);
  return words;
}

void replace_all(std::string& text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

void write(const fs::path& path, std::string_view content) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << content;
}

}  // namespace

Ran::Ran(std::string out, std::string err, int exit_code)
    : out_(std::move(out)),
      err_(std::move(err)),
      exit_code_(exit_code) {}

const Ran& Ran::out(std::string_view wanted) const {
  CHECK(out_ == wanted);
  return *this;
}

const Ran& Ran::err(std::string_view wanted) const {
  CHECK(err_ == wanted);
  return *this;
}

const Ran& Ran::exits(int wanted) const {
  CHECK(exit_code_ == wanted);
  return *this;
}

void Running::wait_for(const std::string& text) {
  const bool came = child_.wait_for(text);
  INFO("standard output:\n" << child_.out() << "\nstandard error:\n" << child_.err());
  REQUIRE(came);
}

Ran Running::finish() {
  const int code = child_.wait();
  return {test_.named(child_.out()), test_.named(child_.err()), code};
}

AmeTest::AmeTest()
    : project_(directory_ / "project"),
      home_(directory_ / "home"),
      working_directory_(project_),
      environment_({{"PATH", "/usr/bin:/bin"}, {"HOME", home_.string()}, {"LANG", "C.UTF-8"}, {"TZ", "UTC"}}) {
  fs::create_directories(project_);
  fs::create_directories(home_);
  for (const char* const kept : {"ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS", "LSAN_OPTIONS"}) {
    if (const char* const value = std::getenv(kept); value != nullptr) {
      environment_[kept] = value;
    }
  }
}

AmeTest& AmeTest::project(std::string_view yaml) {
  return file("ame.yml", unindented(yaml));
}

AmeTest& AmeTest::file(const fs::path& path, std::string_view content) {
  write(project_ / path, content);
  return *this;
}

AmeTest& AmeTest::variable(const std::string& key, const std::string& value) {
  environment_[key] = value;
  return *this;
}

AmeTest& AmeTest::directory(const fs::path& path) {
  working_directory_ = project_ / path;
  fs::create_directories(working_directory_);
  return *this;
}

AmeTest& AmeTest::largest_file(long bytes) {
  largest_file_ = bytes;
  return *this;
}

Ran AmeTest::run(std::string_view words) {
  return run(split(words));
}

Ran AmeTest::run(const std::vector<std::string>& words) {
  return run_program(with_ame(words));
}

Ran AmeTest::run_program(const std::vector<std::string>& argv) {
  return Running(*this, Child(request(argv, ChildStreams::pipes))).finish();
}

Running AmeTest::start(std::string_view words) {
  return {*this, Child(request(with_ame(split(words)), ChildStreams::pipes))};
}

Running AmeTest::start_in_terminal(std::string_view words) {
  return {*this, Child(request(with_ame(split(words)), ChildStreams::terminal))};
}

std::string AmeTest::content_of(const fs::path& path) const {
  return ame::content_of(project_ / path);
}

std::string AmeTest::named(std::string text) const {
  static const std::regex took(
      R"(\b(in|after) ([0-9]+ h [0-9]+ min|[0-9]+ min [0-9]+ s|[0-9]+(\.[0-9])? s|[0-9]+ ms)\b)");
  static const std::regex date(
      R"([0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})?)");
  replace_all(text, project_.string(), "PROJECT");
  replace_all(text, home_.string(), "HOME");
  text = std::regex_replace(text, date, "TIME");
  return std::regex_replace(text, took, "$1 TIME");
}

ChildRequest AmeTest::request(std::vector<std::string> argv, ChildStreams streams) const {
  ChildRequest request{.argv = std::move(argv),
                       .environment = environment_,
                       .directory = working_directory_,
                       .streams = streams,
                       .largest_file = largest_file_};
  if (streams == ChildStreams::terminal) {
    request.environment.emplace("TERM", "xterm");
  }
  return request;
}

std::string unindented(std::string_view text) {
  if (text.starts_with('\n')) {
    text.remove_prefix(1);
  }
  std::vector<std::string> lines;
  std::size_t shared = std::string::npos;
  std::istringstream stream{std::string(text)};
  for (std::string line; std::getline(stream, line);) {
    if (const std::size_t indent = line.find_first_not_of(' '); indent != std::string::npos) {
      shared = std::min(shared, indent);
    }
    lines.push_back(line);
  }
  std::string out;
  for (const std::string& line : lines) {
    const bool is_last_blank = &line == &lines.back() && line.find_first_not_of(' ') == std::string::npos;
    if (!is_last_blank) {
      out += (line.size() > shared ? line.substr(shared) : "") + "\n";
    }
  }
  return out;
}

}  // namespace ame
