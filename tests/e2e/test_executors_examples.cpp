// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>
#include <filesystem>

#include <catch2/catch.hpp>

#include "core/env/run_process.hpp"
#include "core/system/posix_process_runner.hpp"
#include "tests/support/skip.hpp"
#include "tests/support/temporary_directory.hpp"

namespace ame {

namespace fs = std::filesystem;

namespace {

/// A copy of an example, run with the real managers and the real package index. All examples of a build share one
/// cache, so that each environment is made once.
class Example {
 public:
  explicit Example(const std::string& name)
      : project_(directory_ / name) {
    fs::copy(fs::path(AME_SOURCE_DIR) / "examples" / name, project_, fs::copy_options::recursive);
    for (const char* const made : {"data", "models", "mlruns"}) {
      fs::remove_all(project_ / made);
    }
  }

  FinishedProcess run(const std::string& task) {
    return run_process(
        processes_,
        {.argv = {AME_BINARY, "task", "run", "-l", task}, .environment = environment(), .directory = project_});
  }

  [[nodiscard]] bool has(const std::string& file) const { return fs::exists(project_ / file); }

 private:
  [[nodiscard]] std::vector<std::string> environment() const {
    const fs::path cache = fs::path(AME_BINARY).parent_path() / "e2e-cache";
    std::vector<std::string> variables = {"PATH=/usr/local/bin:/usr/bin:/bin",
                                          "LANG=C.UTF-8",
                                          "HOME=" + directory_.path().string(),
                                          "XDG_CACHE_HOME=" + cache.string()};
    // How this machine reaches its package index.
    for (const char* const name : {"PIP_INDEX_URL",
                                   "PIP_CERT",
                                   "PIP_FIND_LINKS",
                                   "UV_DEFAULT_INDEX",
                                   "SSL_CERT_FILE",
                                   "REQUESTS_CA_BUNDLE",
                                   "HTTPS_PROXY",
                                   "https_proxy",
                                   "NO_PROXY",
                                   "no_proxy"}) {
      if (const char* const value = std::getenv(name); value != nullptr) {
        variables.push_back(std::string(name) + "=" + value);
      }
    }
    return variables;
  }

  TemporaryDirectory directory_;
  fs::path project_;
  PosixProcessRunner processes_;
};

/// Runs the task twice: the first run may make the environment, the second must find it.
void require_runs(Example& example, const std::string& task, const std::string& says) {
  const FinishedProcess first = example.run(task);
  if (first.output.find("the package index cannot be reached") != std::string::npos) {
    skip_test("the package index cannot be reached");
    return;
  }
  INFO(first.output);
  REQUIRE(first.is_fine());
  CHECK(first.output.find(says) != std::string::npos);

  const FinishedProcess second = example.run(task);
  INFO(second.output);
  REQUIRE(second.is_fine());
  CHECK(second.output.find("making") == std::string::npos);
}

}  // namespace

TEST_CASE("the poetry example runs its pipeline", "[e2e]") {
  Example example("poetry");
  require_runs(example, "pipeline", "best: ");
  CHECK(example.has("report.json"));
}

TEST_CASE("the pip example runs its three tasks", "[e2e]") {
  Example example("pip");
  require_runs(example, "forecast", "highest water in 47 hours: 7.63 m");
  CHECK(example.has("forecast.csv"));
}

TEST_CASE("the pipenv example runs the scripts of its Pipfile", "[e2e]") {
  Example example("pipenv");
  require_runs(example, "report", "of the customers");
}

TEST_CASE("the mlflow example reads back what it logged", "[e2e]") {
  Example example("mlflow");
  require_runs(example, "validate", "r2 0.954");
  CHECK(example.has("mlruns"));
}

TEST_CASE("the custom example runs without Python", "[e2e]") {
  Example example("custom");
  require_runs(example, "pond", "deep pond: 1.7 degrees at the ground");
}

}  // namespace ame
