// SPDX-License-Identifier: Apache-2.0
#include "cli/render/run_text.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "cli/render/run_table.hpp"
#include "cli/render/run_words.hpp"
#include "cli/render/table.hpp"
#include "cli/render/text_width.hpp"
#include "cli/render/time_text.hpp"
#include "core/model/size_text.hpp"
#include "core/text.hpp"

namespace ame::cli {

namespace {

void add_line(std::string& out, const char* label, const std::string& text) {
  if (!text.empty()) {
    out += fmt::format("{:<10} {}\n", label, visible(text));
  }
}

std::string project_text(const RunRecord& run) {
  const std::string name = run.project.empty() ? "Unknown" : run.project.text();
  return run.project_file.empty() ? name : fmt::format("{} ({})", name, run.project_file.string());
}

std::string commit_text(const RunRecord& run) {
  return run.commit.empty() || !run.dirty ? run.commit : run.commit + " with changes";
}

std::string words_text(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    text += (text.empty() ? "" : " ") + shell_quoted(word);
  }
  return text;
}

/// What no process told is left open.
std::string end_text(const StepRecord& step) {
  const bool is_told_otherwise = step.state != RunState::succeeded && step.end.exit_code == 0 && step.end.signal == 0;
  if (!step.ended || is_told_otherwise) {
    return "-";
  }
  return step.end.signal != 0 ? signal_name(step.end.signal) : std::to_string(step.end.exit_code);
}

/// "118.2Mi of 128Mi, watchdog": the most it used, what it might, and who saw to that.
std::string memory_text(const StepRecord& step) {
  if (step.peak_memory == 0) {
    return "-";
  }
  const std::string peak = ame::size_text(step.peak_memory);
  return step.memory_limit == 0 ? peak
                                : fmt::format("{} of {}, {}", peak, ame::size_text(step.memory_limit), step.limited_by);
}

/// What not every run has to tell.
struct Columns {
  bool memory = false;  ///< some step was held to a limit
  bool environment = false;
  bool reason = false;
};

Columns columns_for(const RunRecord& run) {
  Columns columns;
  for (const StepRecord& step : run.steps) {
    columns.memory = columns.memory || step.memory_limit > 0;
    columns.environment = columns.environment || !step.environment.empty();
    columns.reason = columns.reason || !step.end.reason.empty();
  }
  return columns;
}

TableRow row_of(const StepRecord& step, const Columns& columns) {
  const std::string took = step.started && step.ended ? elapsed_text(*step.ended - *step.started) : "-";
  TableRow row{{step.name.text()}, {word_of(step.state), style_of(step.state)}, {took}, {end_text(step)}};
  if (columns.memory) {
    row.push_back({memory_text(step)});
  }
  if (columns.environment) {
    row.push_back({step.environment.empty() ? "-" : step.environment});
  }
  if (columns.reason) {
    row.push_back({step.end.reason});
  }
  return row;
}

std::string steps_table(const RunRecord& run, const Painter& paint) {
  const Columns columns = columns_for(run);
  std::vector<std::string> header{"Step", "Status", "Took", "Exit"};
  if (columns.memory) {
    header.emplace_back("Memory");
  }
  if (columns.environment) {
    header.emplace_back("Environment");
  }
  if (columns.reason) {
    header.emplace_back("Reason");
  }
  std::vector<TableRow> rows;
  for (const StepRecord& step : run.steps) {
    rows.push_back(row_of(step, columns));
  }
  return table_text(header, rows, paint);
}

/// What is said of single steps below the table: tools and runs of MLflow.
std::string remarks_text(const RunRecord& run) {
  std::string out;
  std::vector<std::string> told;
  for (const StepRecord& step : run.steps) {
    const bool is_new = !step.environment.empty() && !step.tool.empty() &&
                        std::find(told.begin(), told.end(), step.environment) == told.end();
    if (is_new) {
      told.push_back(step.environment);
      out += visible(fmt::format("{}: made by {}, with {}", step.environment, step.tool, step.python)) + "\n";
    }
  }
  for (const StepRecord& step : run.steps) {
    if (!step.mlflow_run.empty()) {
      out += visible(fmt::format("{}: MLflow run {}", step.name.text(), step.mlflow_run)) + "\n";
    }
  }
  return out;
}

}  // namespace

std::string run_text(const RunRecord& run, const std::string& directory, const Painter& paint) {
  std::string out;
  add_line(out, "run:", display_name(run));
  out += fmt::format("{:<10} {}\n", "status:", paint(style_of(run.state), word_of(run.state)));
  add_line(out, "reason:", run.reason);
  add_line(out, "project:", project_text(run));
  add_line(out, "tasks:", words_text(run.targets));
  add_line(out, "arguments:", words_text(run.extra_arguments));
  add_line(out, "again:", run.rerun_of ? "run " + std::to_string(run.rerun_of->number) : "");
  add_line(out, "commit:", commit_text(run));
  add_line(out, "cluster:", run.cluster);
  add_line(out, "started:", local_text(run.created));
  add_line(out, "took:", run.ended ? elapsed_text(*run.ended - run.created) : "");
  add_line(out, "logs:", directory);
  return out + "\n" + steps_table(run, paint) + remarks_text(run);
}

}  // namespace ame::cli
