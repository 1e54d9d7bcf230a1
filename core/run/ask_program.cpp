// SPDX-License-Identifier: Apache-2.0
#include "core/run/ask_program.hpp"

#include <cerrno>
#include <csignal>
#include <optional>
#include <variant>

#include <fmt/format.h>

#include "core/error.hpp"

namespace ame {

namespace {

std::string first_line(const std::string& text) {
  const auto begin = text.find_first_not_of(" \t\r\n");
  return begin == std::string::npos ? "" : text.substr(begin, text.find_first_of("\r\n", begin) - begin);
}

class Asking {
 public:
  Asking(ProcessRunner& processes, std::size_t count)
      : processes_(processes),
        answers_(count),
        running_(count) {}

  void hear(const ProcessOutput& output) {
    ProgramAnswer& answer = answers_.at(output.process);
    (output.stream == OutputStream::standard_output ? answer.output : answer.errors) += output.bytes;
  }

  void hear(const ProcessEnded& ended) {
    answers_.at(ended.process).end = ended;
    has_ended_.at(ended.process) = true;
    --running_;
  }

  void hear(const StopRequested& request) {
    stop_ = request.signal;
    kill_all();
  }

  void hear(const RequestsWaiting& /*event*/) {}

  void hear(const DeadlineReached& /*event*/) {
    is_late_ = true;
    for (std::size_t i = 0; i < answers_.size(); ++i) {
      answers_[i].was_late = !has_ended_[i];
    }
    kill_all();
  }

  std::vector<ProgramAnswer> run(std::chrono::steady_clock::time_point deadline) {
    while (running_ > 0) {
      const bool is_patient = !is_late_ && !stop_;
      std::visit([this](const auto& event) { hear(event); },
                 processes_.wait(is_patient ? std::optional(deadline) : std::nullopt));
    }
    if (stop_) {
      throw Error(ExitCode::interrupted, Diagnostic{.message = fmt::format("stopped by signal {}", *stop_)});
    }
    return std::move(answers_);
  }

 private:
  void kill_all() {
    for (std::size_t i = 0; i < answers_.size(); ++i) {
      if (!has_ended_[i]) {
        processes_.signal(static_cast<ProcessKey>(i), SIGKILL);
      }
    }
  }

  ProcessRunner& processes_;
  std::vector<ProgramAnswer> answers_;
  std::vector<bool> has_ended_ = std::vector<bool>(answers_.size(), false);
  std::size_t running_;
  std::optional<int> stop_;
  bool is_late_ = false;
};

}  // namespace

std::string ProgramAnswer::failure() const {
  if (was_late) {
    return "did not answer in time";
  }
  if (end.start_error != 0) {
    return end.start_error == ENOENT ? "is not on PATH" : with_errno("cannot be started", end.start_error);
  }
  const std::string words = first_line(errors.empty() ? output : errors);
  const std::string what = end.signal != 0 ? fmt::format("was killed by signal {}", end.signal)
                                           : fmt::format("failed with exit code {}", end.exit_code);
  return words.empty() ? what : fmt::format("{} ({})", what, words);
}

std::vector<ProgramAnswer> ask_programs(ProcessRunner& processes,
                                        const Clock& clock,
                                        const std::vector<ProcessRequest>& requests,
                                        std::chrono::milliseconds patience) {
  Asking asking(processes, requests.size());
  for (std::size_t i = 0; i < requests.size(); ++i) {
    processes.start(static_cast<ProcessKey>(i), requests[i]);
  }
  return asking.run(clock.steady() + patience);
}

}  // namespace ame
