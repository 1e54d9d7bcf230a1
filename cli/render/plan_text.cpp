// SPDX-License-Identifier: Apache-2.0
#include "cli/render/plan_text.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "cli/render/text_width.hpp"
#include "core/graph/graph_shape.hpp"
#include "core/text.hpp"

namespace ame::cli {

namespace {

std::string needs_text(const TaskGraph& graph, const Step& step) {
  std::string text;
  for (const StepIndex index : step.needs) {
    text += (text.empty() ? "" : ", ") + graph.steps[index].name.text();
  }
  return text;
}

void add_line(std::string& out, const char* label, const std::string& text) {
  if (!text.empty()) {
    out += fmt::format("   {:<12} {}\n", label, visible(text));
  }
}

std::string environment_text(const EnvironmentPlan& plan) {
  std::string text = plan.manager;
  for (const auto& input : plan.inputs) {
    text += (&input == &plan.inputs.front() ? " from " : ", ") + input.string();
  }
  if (!plan.settings.empty()) {
    text += fmt::format(" ({})", fmt::join(plan.settings, ", "));
  }
  return text;
}

std::string python_text(const PythonRequest& python) {
  if (python.constraint.empty()) {
    return "any";
  }
  return python.source.empty() ? python.constraint : fmt::format("{} ({})", python.constraint, python.source);
}

void add_environment(std::string& out, const EnvironmentPlan& plan) {
  add_line(out, "environment:", environment_text(plan));
  add_line(out, "python:", python_text(plan.python));
  for (const InstallStep& step : plan.install) {
    add_line(out, "made by:", command_line(ArgvCommand{step.argv}));
  }
}

std::string variables_text(const std::vector<EnvironmentVariable>& variables) {
  std::string text;
  for (const EnvironmentVariable& variable : variables) {
    text += (text.empty() ? "" : " ") + variable.key + "=" + shell_quoted(variable.value);
  }
  return text;
}

std::string dot_quoted(const std::string& text) {
  std::string out = "\"";
  for (const char character : text) {
    out += character == '"' || character == '\\' ? std::string("\\") + character : std::string(1, character);
  }
  return out + "\"";
}

/// "4 steps, up to 2 at once; the longest chain is a, b, c".
std::string shape_text(const TaskGraph& graph) {
  constexpr std::size_t most_names = 12;
  const GraphShape shape = shape_of(graph);
  std::string text = graph.steps.size() == 1 ? "1 step" : fmt::format("{} steps", graph.steps.size());
  if (shape.longest_chain.size() == graph.steps.size()) {
    return text + (graph.steps.size() > 1 ? ", one after another" : "");
  }
  text += fmt::format(", up to {} at once", shape.most_at_once);
  if (shape.longest_chain.size() > 1) {
    text += fmt::format("; the longest chain has {}: ", shape.longest_chain.size());
    for (std::size_t i = 0; i < std::min(shape.longest_chain.size(), most_names); ++i) {
      text += (i > 0 ? ", " : "") + visible(graph.steps[shape.longest_chain[i]].name.text());
    }
    text += shape.longest_chain.size() > most_names ? ", …" : "";
  }
  return text;
}

}  // namespace

std::string directory_text(const Task& task) {
  const bool is_project = task.working_directory.empty();
  return (is_project ? task.project_directory : task.project_directory / task.working_directory).lexically_normal();
}

std::string command_line(const CommandText& command) {
  if (const auto* shell = std::get_if<ShellCommand>(&command)) {
    return shell->text;
  }
  std::string line;
  for (const std::string& word : std::get<ArgvCommand>(command).argv) {
    line += (line.empty() ? "" : " ") + shell_quoted(word);
  }
  return line;
}

std::string plan_text(const TaskGraph& graph, const std::vector<StepPlan>& plans, const Painter& paint) {
  std::string out;
  for (std::size_t i = 0; i < graph.steps.size(); ++i) {
    const Step& step = graph.steps[i];
    const StepPlan& plan = plans[i];
    out += fmt::format("{}{}\n", i == 0 ? "" : "\n", paint(Style::bold, visible(step.name.text())));
    add_line(out, "after:", needs_text(graph, step));
    if (plan.environment) {
      add_environment(out, *plan.environment);
    }
    add_line(out, "image:", plan.image);
    add_line(out, "variables:", variables_text(plan.variables));
    add_line(out, "directory:", directory_text(*step.task));
    add_line(out, "command:", command_line(plan.command));
  }
  return out;
}

std::string graph_text(const TaskGraph& graph, const Painter& paint) {
  int width = 0;
  for (const Step& step : graph.steps) {
    width = std::max(width, columns_of(visible(step.name.text())));
  }
  std::string out;
  for (const Step& step : graph.steps) {
    const std::string name = visible(step.name.text());
    const std::string needs = visible(needs_text(graph, step));
    const std::string gap(static_cast<std::size_t>(width - columns_of(name)) + 2, ' ');
    out += paint(Style::bold, name);
    if (!needs.empty()) {
      out += fmt::format("{}{} {}", gap, paint(Style::dim, "after"), needs);
    }
    out += "\n";
  }
  return out + paint(Style::dim, shape_text(graph)) + "\n";
}

std::string graph_dot(const TaskGraph& graph) {
  std::string out = "digraph " + dot_quoted(graph.project.text()) + " {\n  rankdir=LR;\n  node [shape=box];\n";
  for (const Step& step : graph.steps) {
    out += "  " + dot_quoted(step.name.text()) + ";\n";
  }
  for (const Step& step : graph.steps) {
    for (const StepIndex index : step.needs) {
      out += fmt::format("  {} -> {};\n", dot_quoted(graph.steps[index].name.text()), dot_quoted(step.name.text()));
    }
  }
  return out + "}\n";
}

std::string graph_mermaid(const TaskGraph& graph) {
  std::string out = "flowchart LR\n";
  for (std::size_t i = 0; i < graph.steps.size(); ++i) {
    std::string label = graph.steps[i].name.text();
    std::ranges::replace(label, '"', '\'');
    out += fmt::format("  s{}[\"{}\"]\n", i, label);
  }
  for (std::size_t i = 0; i < graph.steps.size(); ++i) {
    for (const StepIndex index : graph.steps[i].needs) {
      out += fmt::format("  s{} --> s{}\n", index, i);
    }
  }
  return out;
}

}  // namespace ame::cli
