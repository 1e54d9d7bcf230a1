// SPDX-License-Identifier: Apache-2.0
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "core/secrets/secret_job_runner.hpp"

namespace ame {

namespace {

/// Says what it was told to say.
class Script final : public JobRunner {
 public:
  std::deque<JobEvent> events;
  std::vector<Job> started;

  [[nodiscard]] bool has_capacity() const override { return true; }

  void start(const Job& job) override { started.push_back(job); }

  JobEvent wait(std::optional<std::chrono::steady_clock::time_point> /*deadline*/) override {
    JobEvent event = events.front();
    events.pop_front();
    return event;
  }

  void stop_all(Force /*force*/) override {}

  void stop(StepIndex /*step*/, Force /*force*/) override {}

  void says(StepIndex step, std::string_view bytes, OutputStream stream = OutputStream::standard_output) {
    events.emplace_back(JobOutput{.step = step, .stream = stream, .bytes = bytes});
  }
};

RunSecrets secrets_with(const std::string& value) {
  SecretForms forms;
  forms.add_value(value);
  RunSecrets run;
  run.of_steps.resize(2);
  run.of_steps[0].push_back({.variable = "TOKEN", .value = std::make_shared<const SecretText>(value)});
  run.patterns = std::make_shared<const MaskPatterns>(forms);
  return run;
}

}  // namespace

TEST_CASE("a job gets its own secrets as it starts") {
  const RunSecrets secrets = secrets_with("hunter2-token");
  Script script;
  SecretJobRunner runner(script, secrets);
  Job job{.step = 0, .environment = {{"TOKEN", "from elsewhere"}, {"A", "b"}}};
  runner.start(job);
  job.step = 1;
  runner.start(job);
  CHECK(script.started[0].environment == std::vector<EnvironmentVariable>{{"TOKEN", "hunter2-token"}, {"A", "b"}});
  CHECK(script.started[1].environment == std::vector<EnvironmentVariable>{{"TOKEN", "from elsewhere"}, {"A", "b"}});
}

TEST_CASE("nothing of a secret comes back from a runner") {
  const RunSecrets secrets = secrets_with("hunter2-token");
  Script script;
  SecretJobRunner runner(script, secrets);
  script.says(0, "token=hunter2-");
  script.says(1, "hunter2-");
  script.says(0, "on error", OutputStream::standard_error);
  script.says(0, "token\n");
  script.events.emplace_back(JobProgress{.step = 0, .line = "using hunter2-token"});
  script.events.emplace_back(JobEnded{.step = 0, .end = {.reason = "cannot start `hunter2-token`"}});
  script.events.emplace_back(JobEnded{.step = 1});

  std::vector<std::string> heard;
  for (std::size_t ended = 0; ended < 2;) {
    const JobEvent event = runner.wait(std::nullopt);
    if (const auto* output = std::get_if<JobOutput>(&event)) {
      heard.push_back(std::to_string(output->step) + " " + std::string(output->bytes));
    } else if (const auto* progress = std::get_if<JobProgress>(&event)) {
      heard.push_back("progress " + progress->line);
    } else if (const auto* end = std::get_if<JobEnded>(&event)) {
      heard.push_back("end " + end->end.reason);
      ++ended;
    }
  }
  CHECK(heard ==
        std::vector<std::string>{
            "0 token=", "0 on error", "0 ***\n", "progress using ***", "end cannot start `***`", "1 hunter2-", "end "});
}

}  // namespace ame
