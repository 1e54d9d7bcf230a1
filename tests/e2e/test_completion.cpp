// SPDX-License-Identifier: Apache-2.0
#include <filesystem>

#include <catch2/catch.hpp>

#include "tests/support/ame_test.hpp"
#include "tests/support/skip.hpp"

namespace ame {

namespace {

AmeTest& two_tasks(AmeTest& test) {
  return test.project(R"(
    tasks:
      - name: train
        description: fits the model
        executor: !custom {command: echo}
      - name: prepare
        executor: !custom {command: echo}
  )");
}

/// Output of a shell that reads `script`, with ame on its PATH.
Ran in_shell(AmeTest& test,
             const std::string& shell,
             const std::vector<std::string>& options,
             const std::string& script) {
  std::vector<std::string> words = {"/usr/bin/" + shell};
  words.insert(words.end(), options.begin(), options.end());
  words.insert(words.end(), {"-c", script});
  const std::string bin = std::filesystem::path(AME_BINARY).parent_path().string();
  return test.variable("PATH", bin + ":/usr/bin:/bin").run_program(words);
}

bool is_installed(const std::string& shell) {
  return std::filesystem::exists("/usr/bin/" + shell);
}

}  // namespace

TEST_CASE("what may be typed next is a word with its meaning", "[e2e]") {
  AmeTest test;
  two_tasks(test).run("internal complete -- task run -l t").out("train\tfits the model\n").err("").exits(0);
  test.run({"internal", "complete", "--", "task", "run", ""}).out("train\tfits the model\nprepare\t\n").exits(0);
  test.run("internal complete -- task graph --format=d").out("--format=dot\t\n").exits(0);
}

TEST_CASE("there is a script for each of three shells", "[e2e]") {
  AmeTest()
      .run("completion tcsh")
      .out("")
      .err("error: there is no completion for `tcsh`\nhint: there is one for `bash`, `zsh` and `fish`\n")
      .exits(2);
}

TEST_CASE("bash completes tasks", "[e2e]") {
  AmeTest test;
  two_tasks(test);
  in_shell(test, "bash", {"--norc"}, R"(
    source <(ame completion bash)
    COMP_WORDS=(ame task run -l tr) COMP_CWORD=4
    _ame
    echo "${COMPREPLY[@]}"
    COMP_WORDS=(ame ta) COMP_CWORD=1
    _ame
    echo "${COMPREPLY[@]}"
    complete -p ame
  )")
      .out("train\ntask\ncomplete -o default -F _ame ame\n")
      .err("")
      .exits(0);
}

TEST_CASE("zsh completes tasks", "[e2e]") {
  if (!is_installed("zsh")) {
    skip_test("zsh is not on this machine");
    return;
  }
  AmeTest test;
  two_tasks(test);
  in_shell(test, "zsh", {"-f"}, R"(
    autoload -U compinit && compinit -D
    source <(ame completion zsh)
    _describe() { print -l -- "${(@P)3}" }
    words=(ame task run -l tr) CURRENT=5
    _ame
    echo "$_comps[ame]"
  )")
      .out("train:fits the model\n_ame\n")
      .err("")
      .exits(0);
}

TEST_CASE("fish completes tasks", "[e2e]") {
  if (!is_installed("fish")) {
    skip_test("fish is not on this machine");
    return;
  }
  AmeTest test;
  two_tasks(test);
  in_shell(test, "fish", {"--no-config"}, R"(
    ame completion fish | source
    complete -C 'ame task run -l tr'
    complete -C 'ame tas'
  )")
      .out("train\tfits the model\ntask\tRun tasks and look at their runs\n")
      .err("")
      .exits(0);
}

}  // namespace ame
