// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "cli/complete.hpp"

namespace ame::cli {

namespace {

using Words = std::vector<std::string>;

Words completed(const Words& words) {
  static bool flag = false;
  static std::string text;
  static Words list;
  const CommandSpec run{.name = "run",
                        .options = {{"-l,--local", &flag, "", "here", {}},
                                    {"--format", &text, "FORMAT", "how", {"text", "json"}},
                                    {"-f,--file", &text, "FILE", "which", {}}},
                        .arguments = {{"NAME", &list, "tasks", false, Completion::task}},
                        .rest = &list};
  const CommandSpec view{.name = "view",
                         .arguments = {{"NAME", &text, "a task or a run", true, Completion::task_or_run}},
                         .aliases = {"show"}};
  const CommandSpec secret{.name = "vanish", .hidden = true};
  const CommandSpec root{.name = "ame",
                         .options = {{"-q,--quiet", &flag, "", "quiet", {}}},
                         .commands = {{.name = "task", .commands = {run, view, secret}}}};
  const CompletionSources sources{.tasks =
                                      [] {
                                        return std::vector<Candidate>{{"train", "fits"}, {"test", ""}};
                                      },
                                  .runs =
                                      [] {
                                        return std::vector<Candidate>{{"train-7", "Failed"}};
                                      }};
  Words found;
  for (const Candidate& candidate : complete(root, words, sources)) {
    found.push_back(candidate.word);
  }
  return found;
}

}  // namespace

TEST_CASE("commands are completed, hidden ones are not", "[cli]") {
  CHECK(completed({""}) == Words{"task"});
  CHECK(completed({"task", ""}) == Words{"run", "view"});
  CHECK(completed({"-q", "task", "v"}) == Words{"view"});
}

TEST_CASE("options are completed, also those of every command", "[cli]") {
  CHECK(completed({"task", "run", "-"}) == Words{"--help", "--local", "--format", "--file", "--quiet"});
  CHECK(completed({"task", "run", "--fo"}) == Words{"--format"});
}

TEST_CASE("values are completed where they are known", "[cli]") {
  CHECK(completed({"task", "run", "--format", ""}) == Words{"text", "json"});
  CHECK(completed({"task", "run", "--format=j"}) == Words{"--format=json"});
  CHECK(completed({"task", "run", "-f", ""}).empty());
}

TEST_CASE("names of tasks and runs are completed where they may stand", "[cli]") {
  CHECK(completed({"task", "run", "-l", "tr"}) == Words{"train"});
  CHECK(completed({"task", "run", "train", ""}) == Words{"train", "test"});
  CHECK(completed({"task", "run", "-f", "some.yml", ""}) == Words{"train", "test"});
  CHECK(completed({"task", "show", "t"}) == Words{"train", "test", "train-7"});
  CHECK(completed({"task", "view", "train", ""}).empty());
  CHECK(completed({"task", "run", "train", "--", ""}).empty());
}

}  // namespace ame::cli
