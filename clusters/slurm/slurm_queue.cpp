// SPDX-License-Identifier: Apache-2.0
#include "clusters/slurm/slurm_queue.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "clusters/line_fields.hpp"

namespace ame::clusters {

const QueuedJob* job_in(const Queue& queue, const std::string& number) {
  auto found = queue.find(number);
  if (const std::size_t array = number.find('_'); found == queue.end() && array != std::string::npos) {
    found = queue.find(number.substr(0, array) + "_*");
  }
  return found == queue.end() ? nullptr : &found->second;
}

std::vector<std::string> queue_command() {
  // The comment comes last: it alone may hold anything.
  return {"squeue", "--noheader", "--array", "--me", "--states=all", "--format=%i|%T|%r|%k"};
}

Queue read_queue(std::string_view printed) {
  Queue queue;
  for (std::string_view line : whole_lines(printed)) {
    const std::string number(take(line, '|'));
    const std::string state(take(line, '|'));
    const std::string reason(take(line, '|'));
    if (!number.empty() && !state.empty()) {
      queue[number] = {.state = state, .reason = reason, .comment = std::string(line)};
    }
  }
  return queue;
}

std::string meaning_of_reason(const std::string& reason) {
  struct Meaning {
    const char* word;
    const char* meaning;
  };

  constexpr std::array<Meaning, 10> meanings = {{
      {"Resources", "what it asks for is in use"},
      {"Priority", "others come first"},
      {"Dependency", "what it needs is not done"},
      {"DependencyNeverSatisfied", "what it needs has failed"},
      {"ReqNodeNotAvail", "a machine that it needs is not available"},
      {"PartitionTimeLimit", "its timeout is longer than the partition allows"},
      {"PartitionNodeLimit", "the partition has no such machine"},
      {"JobHeldUser", "it is held, and `scontrol release` lets it go"},
      {"JobHeldAdmin", "an administrator holds it"},
      {"BeginTime", "it is not to begin yet"},
  }};
  const auto found = std::ranges::find(meanings, reason, [](const Meaning& one) { return std::string(one.word); });
  return found == meanings.end() ? "" : found->meaning;
}

std::vector<std::string> cancel_command(const std::vector<std::string>& numbers) {
  std::vector<std::string> command = {"scancel"};
  command.insert(command.end(), numbers.begin(), numbers.end());
  return command;
}

std::vector<std::string> accounting_command(const std::vector<std::string>& numbers) {
  return {
      "sacct", "--noheader", "--parsable2", "--format=JobID,State", fmt::format("--jobs={}", fmt::join(numbers, ","))};
}

Queue read_accounting(std::string_view printed) {
  Queue jobs;
  for (std::string_view line : whole_lines(printed)) {
    const std::string number(take(line, '|'));
    const std::string state(take(line, ' '));  // "CANCELLED by 1000"
    if (number.find('.') == std::string::npos && !state.empty()) {
      jobs[number] = {.state = state, .reason = {}, .comment = {}};
    }
  }
  return jobs;
}

QueuePhase phase_of(const QueuedJob& job) {
  constexpr std::array waiting = {"PENDING", "CONFIGURING", "REQUEUED", "REQUEUE_HOLD", "REQUEUE_FED", "SPECIAL_EXIT"};
  constexpr std::array running = {
      "RUNNING", "COMPLETING", "SUSPENDED", "STOPPED", "SIGNALING", "STAGE_OUT", "RESIZING"};
  if (std::ranges::find(waiting, job.state) != waiting.end()) {
    return QueuePhase::waiting;
  }
  return std::ranges::find(running, job.state) == running.end() ? QueuePhase::over : QueuePhase::running;
}

SubmittedJobs read_submitted(std::string_view text) {
  constexpr std::string_view script = "steps/";
  SubmittedJobs jobs;
  for (std::string_view line : whole_lines(text)) {
    const std::string number(take(line, ' '));
    jobs.are_all = jobs.are_all || number == "complete";
    if (line.starts_with(script)) {
      if (const auto step = number_in<std::size_t>(line.substr(script.size())); step && *step > 0) {
        jobs.numbers[*step - 1] = number;
      }
    }
  }
  return jobs;
}

}  // namespace ame::clusters
