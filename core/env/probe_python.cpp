// SPDX-License-Identifier: Apache-2.0
#include "core/env/probe_python.hpp"

#include <csignal>
#include <variant>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/env/run_process.hpp"

namespace ame {
namespace {

constexpr std::size_t at_a_time = 8;
constexpr std::chrono::seconds patience{20};

/// `-S` keeps out what others have put into the installation, `-I` what the caller's variables would.
constexpr const char* question = R"(
import importlib.util, json, os, sys, sysconfig
program = os.path.realpath(getattr(sys, '_base_executable', None) or sys.executable)
about = os.stat(program)
print(json.dumps({
    'program': program,
    'version': '%d.%d.%d' % sys.version_info[:3],
    'release': sys.version_info[3] == 'final',
    'implementation': sys.implementation.name,
    'venv': all(importlib.util.find_spec(name) for name in ('venv', 'ensurepip')),
    'platform': sysconfig.get_platform(),
    'fingerprint': '%d-%d' % (about.st_size, about.st_mtime_ns),
}))
)";

class Probing {
 public:
  Probing(const std::vector<PythonCandidate>& candidates, const CallerEnvironment& caller, ProcessRunner& processes)
      : candidates_(&candidates),
        environment_(as_strings(for_installing(caller))),
        processes_(&processes),
        printed_(candidates.size()),
        answers_(candidates.size()) {}

  std::vector<std::optional<Interpreter>> run(const Clock& clock) {
    const auto deadline = clock.steady() + patience;
    bool is_late = false;
    while (ended_ < candidates_->size()) {
      while (started_ < candidates_->size() && started_ - ended_ < at_a_time) {
        start(started_++);
      }
      const ProcessEvent event = processes_->wait(is_late ? std::nullopt : std::optional(deadline));
      if (std::holds_alternative<DeadlineReached>(event)) {
        is_late = true;
        kill_all();
        skip_unstarted();
      } else {
        take(event);
      }
    }
    if (stop_) {
      throw stopped_by(*stop_);
    }
    return std::move(answers_);
  }

 private:
  void start(std::size_t index) {
    const PythonCandidate& candidate = (*candidates_)[index];
    processes_->start(
        static_cast<ProcessKey>(index),
        {.argv = {candidate.path.string(), "-I", "-S", "-c", question}, .environment = environment_, .directory = "/"});
    ++running_;
  }

  void take(const ProcessEvent& event) {
    if (const auto* const output = std::get_if<ProcessOutput>(&event)) {
      if (output->stream == OutputStream::standard_output) {
        printed_[output->process] += output->bytes;
      }
    } else if (const auto* const end = std::get_if<ProcessEnded>(&event)) {
      ++ended_;
      --running_;
      const bool is_fine = end->exit_code == 0 && end->signal == 0 && end->start_error == 0;
      answers_[end->process] = is_fine ? read_probe(printed_[end->process]) : std::nullopt;
    } else if (const auto* const asked = std::get_if<StopRequested>(&event)) {
      stop_ = asked->signal;
      kill_all();
      skip_unstarted();
    }
  }

  void kill_all() {
    for (std::size_t index = 0; index < candidates_->size(); ++index) {
      processes_->signal(static_cast<ProcessKey>(index), SIGKILL);
    }
  }

  void skip_unstarted() {
    started_ = candidates_->size();
    ended_ = started_ - running_;
  }

  const std::vector<PythonCandidate>* candidates_;
  std::vector<std::string> environment_;
  ProcessRunner* processes_;
  std::vector<std::string> printed_;
  std::vector<std::optional<Interpreter>> answers_;
  std::size_t started_ = 0;
  std::size_t running_ = 0;
  std::size_t ended_ = 0;
  std::optional<int> stop_;
};

}  // namespace

std::vector<std::optional<Interpreter>> probe_pythons(const std::vector<PythonCandidate>& candidates,
                                                      const CallerEnvironment& caller,
                                                      ProcessRunner& processes,
                                                      const Clock& clock) {
  return Probing(candidates, caller, processes).run(clock);
}

std::optional<Interpreter> read_probe(std::string_view printed) {
  const auto answer = nlohmann::json::parse(printed, nullptr, false);
  if (!answer.is_object() || answer.value("implementation", "") != "cpython") {
    return std::nullopt;
  }
  const auto version = parse_python_version(answer.value("version", ""));
  Interpreter interpreter{.program = answer.value("program", ""),
                          .version = version.value_or(PythonVersion{}),
                          .is_release = answer.value("release", true),
                          .makes_venvs = answer.value("venv", false),
                          .platform = answer.value("platform", ""),
                          .fingerprint = answer.value("fingerprint", "")};
  return version && interpreter.program.is_absolute() ? std::optional(std::move(interpreter)) : std::nullopt;
}

}  // namespace ame
