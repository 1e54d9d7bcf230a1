// SPDX-License-Identifier: Apache-2.0
#include "cli/render/json_reporter.hpp"

#include "cli/render/json_values.hpp"
#include "cli/render/run_words.hpp"

namespace ame::cli {

JsonReporter::JsonReporter(Terminal& terminal)
    : terminal_(terminal) {}

void JsonReporter::run_started(const RunRecord& run, const TaskGraph& graph) {
  Json steps = Json::array();
  for (const Step& step : graph.steps) {
    steps.push_back(step.name.text());
  }
  terminal_.answer(line_text({{"event", "run_started"}, {"run", json_of(run)}, {"steps", steps}}));
}

void JsonReporter::step_started(const StepRecord& step) {
  terminal_.answer(line_text({{"event", "step_started"}, {"step", json_of(step)}}));
}

void JsonReporter::step_progress(const StepName& step, const std::string& line) {
  terminal_.answer(line_text({{"event", "step_progress"}, {"step", step.text()}, {"text", line}}));
}

void JsonReporter::step_output(const StepName& step, OutputStream stream, std::string_view bytes) {
  splitters_[{step, stream}].add(bytes, [&](std::string_view line) { tell_line(step, stream, line); });
}

void JsonReporter::step_ended(const StepRecord& step) {
  for (const OutputStream stream : {OutputStream::standard_output, OutputStream::standard_error}) {
    splitters_[{step.name, stream}].finish([&](std::string_view line) { tell_line(step.name, stream, line); });
  }
  terminal_.answer(line_text({{"event", "step_ended"}, {"step", json_of(step)}}));
}

void JsonReporter::warning(const Diagnostic& diagnostic) {
  terminal_.answer(line_text({{"event", "warning"}, {"diagnostic", json_of(diagnostic)}}));
}

void JsonReporter::stopping(int signal) {
  terminal_.answer(line_text({{"event", "stopping"}, {"signal", signal_name(signal)}}));
}

void JsonReporter::run_ended(const RunRecord& run) {
  terminal_.answer(line_text({{"event", "run_ended"}, {"run", json_of(run)}}));
}

void JsonReporter::tell_line(const StepName& step, OutputStream stream, std::string_view line) {
  terminal_.answer(line_text({{"event", "output"},
                              {"step", step.text()},
                              {"stream", stream == OutputStream::standard_output ? "stdout" : "stderr"},
                              {"line", line}}));
}

}  // namespace ame::cli
