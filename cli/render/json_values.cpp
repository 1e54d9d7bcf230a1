// SPDX-License-Identifier: Apache-2.0
#include "cli/render/json_values.hpp"

#include "cli/render/time_text.hpp"

namespace ame::cli {

namespace {

std::string dumped(const Json& json, int indent) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace) + "\n";
}

Json json_of(const SourceSpan& span) {
  return {{"file", span.file},
          {"line", span.line},
          {"column", span.column},
          {"length", span.length},
          {"text", span.line_text}};
}

}  // namespace

std::string document_text(const Json& json) {
  return dumped(json, 2);
}

std::string line_text(const Json& json) {
  return dumped(json, -1);
}

Json text_or_null(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(text);
}

Json time_or_null(const std::optional<UtcTime>& time) {
  return time ? Json(utc_text(*time)) : Json(nullptr);
}

Json json_of(const Diagnostic& diagnostic) {
  Json related = Json::array();
  for (const RelatedPlace& place : diagnostic.related) {
    related.push_back({{"message", place.message}, {"place", json_of(place.where)}});
  }
  return {{"severity", diagnostic.severity == Severity::error ? "error" : "warning"},
          {"message", diagnostic.message},
          {"expected", text_or_null(diagnostic.expected)},
          {"place", diagnostic.where ? json_of(*diagnostic.where) : Json(nullptr)},
          {"related", related},
          {"hint", text_or_null(diagnostic.hint)}};
}

Json json_of(const StepRecord& step) {
  const bool has_code = step.ended && step.end.signal == 0 && step.end.reason.empty();
  return {{"name", step.name.text()},
          {"status", word_of(step.state)},
          {"started", time_or_null(step.started)},
          {"ended", time_or_null(step.ended)},
          {"exit_code", has_code ? Json(step.end.exit_code) : Json(nullptr)},
          {"signal", step.end.signal == 0 ? Json(nullptr) : Json(step.end.signal)},
          {"reason", text_or_null(step.end.reason)},
          {"attempt", step.attempt},
          {"cause", text_or_null(step.cause)},
          {"needless", step.needless},
          {"environment", text_or_null(step.environment)},
          {"python", text_or_null(step.python)},
          {"tool", text_or_null(step.tool)},
          {"mlflow_run", text_or_null(step.mlflow_run)},
          {"cpu_seconds", std::chrono::duration<double>(step.cpu).count()},
          {"peak_memory_bytes", step.peak_memory},
          {"peak_gpu_memory_bytes", step.peak_gpu_memory == 0 ? Json(nullptr) : Json(step.peak_gpu_memory)},
          {"memory_limit_bytes", step.memory_limit == 0 ? Json(nullptr) : Json(step.memory_limit)},
          {"limited_by", text_or_null(step.limited_by)},
          {"out_of_memory", step.end.out_of_memory}};
}

Json json_of(const RunRecord& run) {
  return {{"id", run.id.number},
          {"name", display_name(run)},
          {"task", run.name},
          {"kind", run.kind},
          {"status", word_of(run.state)},
          {"reason", text_or_null(run.reason)},
          {"project", text_or_null(run.project.text())},
          {"project_file", text_or_null(run.project_file.string())},
          {"targets", run.targets},
          {"arguments", run.extra_arguments},
          {"rerun_of", run.rerun_of ? Json(run.rerun_of->number) : Json(nullptr)},
          {"commit", text_or_null(run.commit)},
          {"dirty", run.dirty},
          {"cluster", text_or_null(run.cluster)},
          {"created", utc_text(run.created)},
          {"ended", time_or_null(run.ended)},
          {"host", text_or_null(run.owner.host)},
          {"pid", run.owner.pid}};
}

}  // namespace ame::cli
