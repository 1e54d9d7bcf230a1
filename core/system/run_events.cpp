// SPDX-License-Identifier: Apache-2.0
#include "core/system/run_events.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/system/json_text.hpp"

namespace ame {

namespace {

using Json = nlohmann::ordered_json;

constexpr int format_version = 1;

/// Of a line that tells of a step.
constexpr std::size_t usual_size = 320;

std::int64_t microseconds_of(UtcTime time) {
  return time.time_since_epoch().count();
}

UtcTime time_from(std::int64_t microseconds) {
  return UtcTime(UtcTime::duration(microseconds));
}

std::string line_of(const Json& event) {
  return text_of(event) + "\n";
}

Json json_of(const RunOwner& owner) {
  return {{"host", owner.host}, {"boot", owner.boot}, {"pid", owner.pid}, {"started", owner.started}};
}

RunOwner owner_from(const Json& json) {
  RunOwner owner;
  owner.host = json.at("host");
  owner.boot = json.at("boot");
  owner.pid = json.at("pid");
  owner.started = json.at("started");
  return owner;
}

std::vector<StepRecord> steps_from(const Json& names) {
  std::vector<StepRecord> steps;
  steps.reserve(names.size());
  for (const Json& name : names) {
    steps.push_back({.name = StepName(name.get<std::string>())});
  }
  return steps;
}

RunRecord run_from(const Json& json) {
  RunRecord run;
  run.id = RunId{json.at("id")};
  run.name = json.at("name");
  run.kind = json.at("kind");
  run.project = ProjectName(json.at("project").get<std::string>());
  run.project_file = json.at("project_file").get<std::string>();
  run.targets = json.at("targets").get<std::vector<std::string>>();
  run.extra_arguments = json.at("extra_arguments").get<std::vector<std::string>>();
  run.commit = json.at("commit");
  if (const auto earlier = json.find("rerun_of"); earlier != json.end()) {
    run.rerun_of = RunId{earlier->get<long>()};
  }
  run.dirty = json.at("dirty");
  run.cluster = json.value("cluster", "");
  run.owner = owner_from(json.at("owner"));
  run.steps = steps_from(json.at("steps"));
  return run;
}

void apply_step_started(StepRecord& step, const Json& event) {
  const std::int64_t time = event.at("time");
  const int attempt = event.at("attempt");
  StepRecord started;
  started.name = step.name;
  started.state = RunState::running;
  started.started = time_from(time);
  started.attempt = attempt;
  started.cause = event.value("cause", "");
  step = std::move(started);
}

void apply_step_ended(StepRecord& step, const Json& event) {
  step.state = state_of_word(event.at("state")).value_or(RunState::failed);
  step.ended = time_from(event.at("time").get<std::int64_t>());
  step.end.exit_code = event.at("exit_code");
  step.end.signal = event.at("signal");
  step.end.reason = event.at("reason");
  step.attempt = event.at("attempt");
  step.environment = event.at("environment");
  step.python = event.at("python");
  step.tool = event.value("tool", "");  // a line of an earlier ame has none
  step.mlflow_run = event.value("mlflow_run", "");
  step.cpu = std::chrono::microseconds(event.at("cpu_us").get<std::int64_t>());
  step.peak_memory = event.at("peak_memory");
  step.needless = event.value("needless", false);
  step.end.out_of_memory = event.value("out_of_memory", false);
  step.peak_gpu_memory = event.value("peak_gpu_memory", std::int64_t{0});
  step.memory_limit = event.value("memory_limit", std::int64_t{0});
  step.limited_by = event.value("limited_by", "");
}

void apply_run_ended(RunRecord& run, const Json& event) {
  run.state = state_of_word(event.at("state")).value_or(RunState::failed);
  run.reason = event.at("reason");
  run.ended = time_from(event.at("time").get<std::int64_t>());
  end_steps_with(run);
}

}  // namespace

void end_steps_with(RunRecord& run) {
  for (StepRecord& step : run.steps) {
    if (!is_finished(step.state)) {
      step.state = step.state == RunState::running ? RunState::failed : RunState::skipped;
      step.ended = run.ended;
      step.end.reason = run.reason;
    }
  }
}

std::string run_begun_line(const RunRecord& run) {
  constexpr std::size_t size_of_head = 1024;
  constexpr std::size_t size_of_name = 32;
  JsonText line(size_of_head + size_of_name * run.steps.size());
  line.open_object()
      .text("event", "run_begun")
      .number("v", format_version)
      .number("time", microseconds_of(run.created))
      .number("id", run.id.number)
      .text("name", run.name)
      .text("kind", run.kind)
      .text("project", run.project.text())
      .text("project_file", run.project_file.string());
  line.texts("targets", run.targets).texts("extra_arguments", run.extra_arguments);
  line.text("commit", run.commit).flag("dirty", run.dirty).value("owner", json_of(run.owner));
  if (run.rerun_of) {
    line.number("rerun_of", run.rerun_of->number);
  }
  if (!run.cluster.empty()) {
    line.text("cluster", run.cluster);
  }
  line.open_list("steps");
  for (const StepRecord& step : run.steps) {
    line.item(step.name.text());
  }
  return std::move(line.close_list().close_object()).finish();
}

std::string run_taken_up_line(const RunOwner& owner, UtcTime time) {
  return line_of({{"event", "run_taken_up"}, {"time", microseconds_of(time)}, {"owner", json_of(owner)}});
}

std::string step_started_line(const StepRecord& step, std::uint64_t log_size) {
  JsonText line(usual_size);
  line.open_object()
      .text("event", "step_started")
      .number("time", microseconds_of(step.started.value_or(UtcTime{})))
      .text("step", step.name.text())
      .number("attempt", step.attempt)
      .number("log_size", static_cast<std::int64_t>(log_size));
  if (!step.cause.empty()) {
    line.text("cause", step.cause);
  }
  return std::move(line.close_object()).finish();
}

std::string step_ended_line(const StepRecord& step) {
  JsonText line(usual_size);
  line.open_object()
      .text("event", "step_ended")
      .number("time", microseconds_of(step.ended.value_or(UtcTime{})))
      .text("step", step.name.text())
      .text("state", word_of(step.state))
      .number("exit_code", step.end.exit_code)
      .number("signal", step.end.signal)
      .text("reason", step.end.reason)
      .number("attempt", step.attempt)
      .text("environment", step.environment)
      .text("python", step.python)
      .text("tool", step.tool)
      .text("mlflow_run", step.mlflow_run)
      .number("cpu_us", step.cpu.count())
      .number("peak_memory", step.peak_memory);
  if (step.needless) {
    line.flag("needless", true);
  }
  if (step.end.out_of_memory) {
    line.flag("out_of_memory", true);
  }
  if (step.peak_gpu_memory != 0) {
    line.number("peak_gpu_memory", step.peak_gpu_memory);
  }
  if (step.memory_limit != 0) {
    line.number("memory_limit", step.memory_limit).text("limited_by", step.limited_by);
  }
  return std::move(line.close_object()).finish();
}

std::string run_ended_line(RunState state, const std::string& reason, UtcTime time) {
  return line_of(
      {{"event", "run_ended"}, {"time", microseconds_of(time)}, {"state", word_of(state)}, {"reason", reason}});
}

StepTable::StepTable(const RunRecord& run) {
  positions_.reserve(run.steps.size());
  for (const StepRecord& step : run.steps) {
    positions_.emplace(step.name, positions_.size());
  }
}

StepRecord& StepTable::find_or_add(RunRecord& run, const StepName& name) {
  if (const auto found = positions_.find(name); found != positions_.end()) {
    return run.steps.at(found->second);
  }
  positions_.emplace(name, run.steps.size());
  run.steps.push_back({.name = name});
  return run.steps.back();
}

void RunReplay::apply(std::string_view line) {
  const Json event = Json::parse(line, nullptr, false);
  if (!event.is_object()) {
    return;
  }
  try {
    const std::string kind = event.at("event");
    if (kind == "run_begun") {
      RunRecord run = run_from(event);
      run.created = time_from(event.at("time").get<std::int64_t>());
      steps_ = StepTable(run);
      record_ = std::move(run);
    } else if (!record_) {
      return;
    } else if (kind == "run_taken_up") {
      record_->owner = owner_from(event.at("owner"));
    } else if (kind == "step_started") {
      apply_step_started(steps_.find_or_add(*record_, StepName(event.at("step").get<std::string>())), event);
      record_->state = RunState::running;
    } else if (kind == "step_ended") {
      apply_step_ended(steps_.find_or_add(*record_, StepName(event.at("step").get<std::string>())), event);
    } else if (kind == "run_ended") {
      apply_run_ended(*record_, event);
    }
  } catch (const Json::exception&) {
    return;  // a line of some other format; what it says is not known here
  }
}

void RunReplay::apply_all(std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    apply(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

}  // namespace ame
