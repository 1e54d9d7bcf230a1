// SPDX-License-Identifier: Apache-2.0
#include "core/run/mlflow_job_runner.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "core/run/step_plan.hpp"

namespace ame {

namespace {

constexpr std::size_t digits = 32;

/// Arguments: the tag of the step's job, and anything where a tracking server or store is named. The first run that
/// bears the tag is the outermost. Says nothing where there is none, and makes no store where the command made none.
constexpr const char* question = R"py(
import os, sys

if len(sys.argv) < 3 and not any(map(os.path.exists, ("mlflow.db", "mlruns"))):
    sys.exit()
from mlflow import MlflowClient

client = MlflowClient()
everywhere = [experiment.experiment_id for experiment in client.search_experiments()]
wanted = "tags.`ame.job` = '%s'" % sys.argv[1]
for run in client.search_runs(everywhere, wanted, max_results=1, order_by=["attributes.start_time ASC"]):
    print("ID '%s'" % run.info.run_id)
)py";

bool has(const std::vector<EnvironmentVariable>& variables, std::string_view key) {
  return std::any_of(variables.begin(), variables.end(), [&](const auto& variable) { return variable.key == key; });
}

bool is_given(const Job& job, std::string_view key) {
  return has(job.environment, key) || (job.inherited != nullptr && has(*job.inherited, key));
}

/// What stands between the quotes. Names of steps have no control characters.
std::string in_json(std::string_view text) {
  std::string escaped;
  for (const char letter : text) {
    escaped += letter == '"' || letter == '\\' ? std::string{'\\', letter} : std::string{letter};
  }
  return escaped;
}

}  // namespace

MlflowJobRunner::MlflowJobRunner(JobRunner& inner, std::string run, std::string token)
    : inner_(inner),
      run_(std::move(run)),
      token_(std::move(token)) {}

void MlflowJobRunner::start(const Job& job) {
  const bool is_mlflow = job.plan != nullptr && job.plan->environment && job.plan->environment->manager == "mlflow";
  searches_.erase(job.step);
  if (!is_mlflow) {
    inner_.start(job);
    return;
  }
  Job tagged = job;
  tag(tagged, searches_[job.step]);
  inner_.start(tagged);
}

/// A command of the user's, which is given the name of its run in MLflow; `mlflow run` says what it did itself.
void MlflowJobRunner::tag(Job& job, Search& search) {
  if (!has(job.plan->variables, "MLFLOW_RUN_NAME") || is_given(job, "MLFLOW_RUN_CONTEXT")) {
    return;
  }
  const std::string mark = fmt::format("{}-{}", token_, ++tagged_);
  // MLflow knows no variable for the name of a run.
  job.environment.push_back(
      {.key = "MLFLOW_RUN_CONTEXT",
       .value = fmt::format(
           R"({{"mlflow.runName":"{}","ame.run":"{}","ame.job":"{}"}})", in_json(job.name.text()), run_, mark)});
  StepPlan& plan = plans_.emplace_back(*job.plan);
  std::vector<std::string> argv = {"python", "-c", question, mark};
  if (is_given(job, "MLFLOW_TRACKING_URI")) {
    argv.emplace_back("named");
  }
  plan.command = ArgvCommand{std::move(argv)};
  search.asking = job;
  search.asking->plan = &plan;
  search.asking->timeout = std::chrono::seconds(20);
  // One that cannot be reached is not waited for: the step is done.
  search.asking->environment.push_back({.key = "MLFLOW_HTTP_REQUEST_MAX_RETRIES", .value = "1"});
  search.asking->environment.push_back({.key = "MLFLOW_HTTP_REQUEST_TIMEOUT", .value = "10"});
}

JobEvent MlflowJobRunner::wait(std::optional<std::chrono::steady_clock::time_point> deadline) {
  while (!searches_.empty()) {
    if (std::optional<JobEvent> event = pass(inner_.wait(deadline))) {
      return *std::move(event);
    }
  }
  return inner_.wait(deadline);
}

/// None: nobody needs to know.
std::optional<JobEvent> MlflowJobRunner::pass(JobEvent event) {
  if (const auto* const output = std::get_if<JobOutput>(&event)) {
    const auto search = searches_.find(output->step);
    if (search != searches_.end()) {
      hear(search->second, output->bytes);
      return search->second.ended ? std::nullopt : std::optional(std::move(event));
    }
  } else if (const auto* const progress = std::get_if<JobProgress>(&event)) {
    const auto search = searches_.find(progress->step);
    return search != searches_.end() && search->second.ended ? std::nullopt : std::optional(std::move(event));
  } else if (auto* const ended = std::get_if<JobEnded>(&event)) {
    return end(std::move(*ended));
  }
  return event;
}

void MlflowJobRunner::hear(Search& search, std::string_view bytes) {
  constexpr std::size_t longest = 2 * digits;
  if (search.found.empty()) {
    std::string& tail = search.tail;
    tail += bytes;
    search.found = mlflow_run_in(tail);
    tail.erase(0, tail.size() - std::min(tail.size(), longest));
  }
}

std::optional<JobEvent> MlflowJobRunner::end(JobEnded ended) {
  const auto found = searches_.find(ended.step);
  if (found == searches_.end()) {
    return ended;
  }
  Search& search = found->second;
  const bool was_started = ended.end.reason.empty() && ended.state != RunState::cancelled;
  if (search.asking && !search.ended && search.found.empty() && was_started && !search.is_stopping) {
    search.ended = std::move(ended);
    search.tail.clear();
    inner_.start(*search.asking);
    return std::nullopt;
  }
  JobEnded whole = search.ended ? *std::move(search.ended) : std::move(ended);
  whole.mlflow_run = std::move(search.found);
  searches_.erase(found);
  return whole;
}

void MlflowJobRunner::stop_all(Force force) {
  for (auto& [step, search] : searches_) {
    search.is_stopping = true;
  }
  inner_.stop_all(force);
}

void MlflowJobRunner::stop(StepIndex step, Force force) {
  if (const auto search = searches_.find(step); search != searches_.end()) {
    search->second.is_stopping = true;
  }
  inner_.stop(step, force);
}

std::string mlflow_run_in(std::string_view output) {
  constexpr std::array<std::string_view, 2> before = {"ID '", "/runs/"};
  for (const std::string_view word : before) {
    for (std::size_t at = output.find(word); at != std::string_view::npos; at = output.find(word, at + 1)) {
      const std::string_view id = output.substr(at + word.size(), digits);
      if (id.size() == digits && id.find_first_not_of("0123456789abcdef") == std::string_view::npos) {
        return std::string(id);
      }
    }
  }
  return {};
}

}  // namespace ame
