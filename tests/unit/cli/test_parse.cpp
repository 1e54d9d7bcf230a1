// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "cli/parse.hpp"
#include "core/error.hpp"

namespace ame::cli {

namespace {

/// A small tool with all that a command line can have.
struct Tool {
  bool quiet = false;
  std::string directory;
  bool local = false;
  std::optional<long> jobs;
  std::string format;
  std::vector<std::string> variables;
  std::vector<std::string> names;
  std::vector<std::string> rest;
  std::string run;

  CommandSpec spec() {
    CommandSpec start{.name = "start",
                      .options = {{"-l,--local", &local, "", "here", {}},
                                  {"-j,--jobs", &jobs, "N", "at once", {}},
                                  {"--format", &format, "FORMAT", "how", {"text", "json"}},
                                  {"--env", &variables, "KEY=VALUE", "a variable", {}}},
                      .arguments = {{"NAME", &names, "what to start"}},
                      .rest = &rest};
    CommandSpec end{.name = "end", .arguments = {{"RUN", &run, "the run to end", true}}, .aliases = {"stop"}};
    CommandSpec group{.name = "task", .commands = {start, end}};
    CommandSpec secret{.name = "hidden", .hidden = true};
    return {.name = "tool",
            .options = {{"-q,--quiet", &quiet, "", "be quiet", {}}, {"-C", &directory, "DIRECTORY", "where", {}}},
            .commands = {group, secret}};
  }

  std::string parse(const std::vector<std::string>& words) {
    const CommandSpec root = spec();
    const Parsed parsed = parse_command_line(root, words);
    return parsed.path.text() + (parsed.help ? " help" : "");
  }

  std::string mistake(const std::vector<std::string>& words) {
    try {
      return "understood as " + parse(words);
    } catch (const Error& error) {
      CHECK(error.code() == ExitCode::usage);
      return error.diagnostics().front().message + " | " + error.diagnostics().front().hint;
    }
  }
};

}  // namespace

TEST_CASE("options, names and what stands after the dashes arrive", "[cli]") {
  Tool tool;
  CHECK(tool.parse({"task", "start", "a", "-lj4", "b", "--env", "X=1", "--env=Y=2", "--", "--flag", "c"}) ==
        "tool task start");
  CHECK(tool.local);
  CHECK(tool.jobs == 4);
  CHECK(tool.names == std::vector<std::string>{"a", "b"});
  CHECK(tool.variables == std::vector<std::string>{"X=1", "Y=2"});
  CHECK(tool.rest == std::vector<std::string>{"--flag", "c"});
}

TEST_CASE("options of every command stand before or after it", "[cli]") {
  Tool tool;
  CHECK(tool.parse({"-q", "task", "start", "-C", "/tmp"}) == "tool task start");
  CHECK(tool.quiet);
  CHECK(tool.directory == "/tmp");
}

TEST_CASE("an argument may be called like a command", "[cli]") {
  Tool tool;
  CHECK(tool.parse({"task", "start", "end", "task", "hidden"}) == "tool task start");
  CHECK(tool.names == std::vector<std::string>{"end", "task", "hidden"});
}

TEST_CASE("a command has its other names", "[cli]") {
  Tool tool;
  CHECK(tool.parse({"task", "stop", "12"}) == "tool task end");
  CHECK(tool.run == "12");
}

TEST_CASE("help is given whatever else is wrong", "[cli]") {
  Tool tool;
  CHECK(tool.parse({"--help"}) == "tool help");
  CHECK(tool.parse({"task", "-h"}) == "tool task help");
  CHECK(tool.parse({"task", "end", "--help"}) == "tool task end help");
}

TEST_CASE("what is mistyped is named, with what may have been meant", "[cli]") {
  Tool tool;
  CHECK(tool.mistake({"tsak"}) == "`tool` has no command `tsak` | did you mean `task`?");
  CHECK(tool.mistake({"task", "strat", "x"}) == "`tool task` has no command `strat` | did you mean `start`?");
  CHECK(tool.mistake({"hiden"}) == "`tool` has no command `hiden` | `tool --help` shows how it is used");
  CHECK(tool.mistake({"task", "start", "--lcoal"}) ==
        "`tool task start` has no option `--lcoal` | did you mean `--local`?");
  CHECK(tool.mistake({"task", "start", "--job=3"}) ==
        "`tool task start` has no option `--job` | did you mean `--jobs`?");
  CHECK(tool.mistake({"--qiet"}) == "`tool` has no option `--qiet` | did you mean `--quiet`?");
}

TEST_CASE("values that are missing or wrong are named", "[cli]") {
  Tool tool;
  CHECK(tool.mistake({"task", "start", "-j"}) ==
        "`-j` needs a value: N | `tool task start --help` shows how it is used");
  CHECK(tool.mistake({"task", "start", "--jobs", "many"}) ==
        "`--jobs` needs a whole number, not `many` | `tool task start --help` shows how it is used");
  CHECK(tool.mistake({"task", "start", "--jobs=many"}) ==
        "`--jobs` needs a whole number, not `many` | `tool task start --help` shows how it is used");
  CHECK(tool.mistake({"task", "start", "--format", "jsn"}) ==
        "`jsn` is no value for `--format`, which takes `text` or `json` | did you mean `json`?");
}

TEST_CASE("arguments that are missing or too many are named", "[cli]") {
  Tool tool;
  CHECK(tool.mistake({"task", "end"}) ==
        "`tool task end` needs RUN: the run to end | `tool task end --help` shows how it is used");
  CHECK(tool.mistake({"task", "end", "1", "2"}) ==
        "`tool task end` does not take the argument `2` | `tool task end --help` shows how it is used");
  CHECK(tool.mistake({"task", "end", "1", "--", "x"}) ==
        "`tool task end` takes nothing after `--` | `tool task end --help` shows how it is used");
}

}  // namespace ame::cli
