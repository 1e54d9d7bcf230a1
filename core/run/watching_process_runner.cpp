// SPDX-License-Identifier: Apache-2.0
#include "core/run/watching_process_runner.hpp"

#include <algorithm>
#include <charconv>
#include <csignal>
#include <utility>
#include <variant>

#include "core/run/gpu.hpp"

namespace ame {

namespace {

constexpr ProcessKey first_question = 0xF0000000U;
constexpr int share_of_time = 20;

std::optional<std::int64_t> number_at_start(const std::string& text) {
  std::int64_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  return failure == std::errc{} && end != text.data() ? std::optional(number) : std::nullopt;
}

}  // namespace

WatchingProcessRunner::WatchingProcessRunner(ProcessRunner& inner, const Clock& clock, WatchIntervals intervals)
    : inner_(inner),
      clock_(clock),
      intervals_(intervals),
      last_question_(first_question) {}

void WatchingProcessRunner::start(ProcessKey key, const ProcessRequest& request) {
  const Time now = clock_.steady();
  watched_[key] = {.limits = request.limits,
                   .directory = request.limits.storage > 0 ? request.directory : std::filesystem::path(),
                   .gpus = request.gpus,
                   .is_in_container = request.container != nullptr,
                   .is_held_by_engine = request.container != nullptr && !request.container->is_unlimited,
                   .next_look = now + (request.limits.memory > 0 ? intervals_.limited : intervals_.unlimited)};
  if (!request.gpus.empty()) {
    environment_ = request.environment;
    inherited_ = request.inherited;
    next_devices_ = std::max(next_devices_, now + intervals_.limited);
  }
  if (request.limits.storage > 0) {
    ask({.about = key, .answer = {}}, {"du", "-sxB1", request.directory.string()});
    next_storage_ = std::max(next_storage_, now + intervals_.storage);
  }
  inner_.start(key, request);
}

ProcessEvent WatchingProcessRunner::wait(std::optional<Time> deadline) {
  while (true) {
    ProcessEvent event = inner_.wait(next_time(deadline));
    if (auto* output = std::get_if<ProcessOutput>(&event)) {
      const auto question = questions_.find(output->process);
      if (question == questions_.end()) {
        // A flood of output must not keep anything from being looked at.
        look(clock_.steady());
        return event;
      }
      if (output->stream == OutputStream::standard_output) {
        question->second.answer += output->bytes;
      }
    } else if (auto* ended = std::get_if<ProcessEnded>(&event)) {
      const auto question = questions_.find(ended->process);
      if (question == questions_.end()) {
        return finished(std::move(*ended));
      }
      const Question answered = std::move(question->second);
      questions_.erase(question);
      if (ended->start_error == 0) {
        take_answer(answered);
      }
    } else if (!std::holds_alternative<DeadlineReached>(event)) {
      return event;
    }
    const Time now = clock_.steady();
    look(now);
    ask(now);
    if (deadline && now >= *deadline) {
      return DeadlineReached{};
    }
  }
}

std::optional<WatchingProcessRunner::Time> WatchingProcessRunner::next_time(std::optional<Time> deadline) const {
  std::optional<Time> next = deadline;
  const auto sooner = [&next](Time time) { next = next ? std::min(*next, time) : time; };
  for (const auto& [key, watched] : watched_) {
    sooner(watched.next_look);
    if (watched.limits.storage > 0 && !is_asking(key)) {
      sooner(next_storage_);
    }
    if (!watched.gpus.empty() && !is_asking(std::nullopt)) {
      sooner(next_devices_);
    }
  }
  return next;
}

void WatchingProcessRunner::look(Time now) {
  std::vector<ProcessKey> due;
  for (const auto& [key, watched] : watched_) {
    if (watched.next_look <= now) {
      due.push_back(key);
    }
  }
  if (due.empty()) {
    return;
  }
  for (const TreeUsage& usage : inner_.measure(due)) {
    if (const auto found = watched_.find(usage.process); found != watched_.end()) {
      weigh(found->second, usage);
    }
  }
  const Time after = clock_.steady();
  cost_ = after - now;
  for (const ProcessKey key : due) {
    Watched& watched = watched_.at(key);
    const auto usual = watched.limits.memory > 0 ? intervals_.limited : intervals_.unlimited;
    watched.next_look = after + std::max(usual, std::chrono::ceil<std::chrono::milliseconds>(cost_ * share_of_time));
    const bool is_over = watched.limits.memory > 0 && watched.peak_memory > watched.limits.memory;
    if (is_over && !watched.is_held_by_engine && !watched.exceeded) {
      kill(key, watched, {.limit = watched.limits.memory, .peak = watched.peak_memory});
    }
  }
}

void WatchingProcessRunner::weigh(Watched& watched, const TreeUsage& usage) {
  watched.processes = usage.processes;
  watched.cpu = std::max(watched.cpu, usage.cpu);
  watched.peak_memory = std::max(watched.peak_memory, usage.memory);
}

void WatchingProcessRunner::kill(ProcessKey key, Watched& watched, LimitExceeded exceeded) {
  watched.exceeded = exceeded;
  inner_.signal(key, SIGKILL);
}

void WatchingProcessRunner::ask(Time now) {
  for (const auto& [key, watched] : watched_) {
    const bool is_due = watched.limits.storage > 0 && !watched.exceeded && next_storage_ <= now;
    if (is_due && !is_asking(key)) {
      ask({.about = key, .answer = {}}, {"du", "-sxB1", watched.directory.string()});
    }
  }
  if (next_storage_ <= now) {
    next_storage_ = now + intervals_.storage;
  }
  const bool has_devices = std::ranges::any_of(watched_, [](const auto& entry) { return !entry.second.gpus.empty(); });
  if (has_devices && next_devices_ <= now && !is_asking(std::nullopt)) {
    next_devices_ = now + intervals_.devices;
    ask({.about = std::nullopt, .answer = {}}, nvidia_memory_query());
  }
}

void WatchingProcessRunner::ask(Question question, const std::vector<std::string>& argv) {
  last_question_ = last_question_ == ~ProcessKey{0} ? first_question : last_question_ + 1;
  questions_[last_question_] = std::move(question);
  inner_.start(last_question_, {.argv = argv, .environment = environment_, .directory = "/", .inherited = inherited_});
}

bool WatchingProcessRunner::is_asking(std::optional<ProcessKey> about) const {
  return std::ranges::any_of(questions_, [&](const auto& entry) { return entry.second.about == about; });
}

void WatchingProcessRunner::take_answer(const Question& question) {
  if (question.about) {
    take_size(*question.about, question.answer);
  } else {
    take_gpu_memory(question.answer);
  }
}

void WatchingProcessRunner::take_size(ProcessKey key, const std::string& answer) {
  const auto found = watched_.find(key);
  const auto size = number_at_start(answer);
  if (found == watched_.end() || !size) {
    return;
  }
  Watched& watched = found->second;
  if (!watched.storage_before) {
    watched.storage_before = *size;
    return;
  }
  const std::int64_t grown = *size - *watched.storage_before;
  if (grown > watched.limits.storage && !watched.exceeded) {
    kill(key, watched, {.kind = LimitExceeded::Kind::storage, .limit = watched.limits.storage, .peak = grown});
  }
}

void WatchingProcessRunner::take_gpu_memory(const std::string& answer) {
  const std::map<int, std::int64_t> of_processes = parse_nvidia_memory(answer);
  for (auto& [key, watched] : watched_) {
    std::int64_t sum = 0;
    for (const int process : watched.processes) {
      const auto found = of_processes.find(process);
      sum += found == of_processes.end() ? 0 : found->second;
    }
    watched.peak_gpu_memory = std::max(watched.peak_gpu_memory, watched.gpus.empty() ? 0 : sum);
  }
}

void WatchingProcessRunner::signal(ProcessKey key, int signal) {
  if (const auto found = watched_.find(key); found != watched_.end()) {
    found->second.was_signalled = true;
  }
  inner_.signal(key, signal);
}

/// Engines miss it where control groups are of version 1: then a kill that nobody asked for, close to the limit, is
/// one.
bool WatchingProcessRunner::ran_out_in_container(const Watched& watched, const ProcessEnded& ended) {
  constexpr int close_to = 10;  // a tenth
  const std::int64_t limit = watched.limits.memory;
  return watched.is_held_by_engine && limit > 0 && !watched.was_signalled && ended.exit_code == 128 + SIGKILL &&
         watched.peak_memory >= limit - limit / close_to;
}

ProcessEnded WatchingProcessRunner::finished(ProcessEnded ended) {
  const auto found = watched_.find(ended.process);
  if (found == watched_.end()) {
    return ended;
  }
  const Watched& watched = found->second;
  if (watched.is_in_container) {  // the kernel tells it of the engine's program alone
    ended.usage.cpu = watched.cpu;
  }
  ended.usage.peak_memory = std::max(ended.usage.peak_memory, watched.peak_memory);
  ended.usage.peak_gpu_memory = std::max(ended.usage.peak_gpu_memory, watched.peak_gpu_memory);
  const bool is_killed = ended.signal == SIGKILL || ended.exit_code == 128 + SIGKILL;
  if (watched.exceeded && is_killed && !ended.exceeded) {
    ended.exceeded = watched.exceeded;
  }
  if (ended.exceeded && ended.exceeded->kind != LimitExceeded::Kind::storage) {
    ended.exceeded->peak = std::max(ended.exceeded->peak, ended.usage.peak_memory);
  }
  if (!ended.exceeded && ran_out_in_container(watched, ended)) {
    ended.exceeded =
        LimitExceeded{.limit = watched.limits.memory, .peak = std::max(watched.limits.memory, watched.peak_memory)};
  }
  if (ended.limited_by.empty() && watched.limits.memory > 0 && ended.start_error == 0) {
    ended.limited_by = "watchdog";
  }
  watched_.erase(found);
  return ended;
}

}  // namespace ame
