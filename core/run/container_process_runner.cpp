// SPDX-License-Identifier: Apache-2.0
#include "core/run/container_process_runner.hpp"

#include <algorithm>
#include <csignal>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "core/error.hpp"

namespace ame {

namespace {

constexpr ProcessKey first_helper = 0xE0000000U;
constexpr ProcessKey end_of_helpers = 0xF0000000U;
constexpr int exit_of_killed = 128 + SIGKILL;
constexpr std::chrono::milliseconds between_looks{50};

/// By which what runs inside is recognised as belonging to ame; its value is in the environment of the engine's
/// program.
constexpr const char* mark = "--env=AME_TREE";

std::filesystem::path record_of(const ProcessRequest& request, const ContainerNames& names) {
  return request.container->files / fmt::format("{}.{}", names.name, program_of(request.container->engine));
}

std::vector<std::string> engine_environment(const ProcessRequest& request) {
  std::vector<std::string> environment;
  for (const EnvironmentVariable& variable : request.container->engine_environment) {
    environment.push_back(variable.key + "=" + variable.value);
  }
  return environment;
}

/// The engine's own, and what no file may or can hold.
std::vector<std::string> environment_of_run(const ProcessRequest& request) {
  std::vector<std::string> environment = engine_environment(request);
  for (const std::string& variable : unwritten_variables(request)) {
    const std::string key = variable.substr(0, variable.find('=') + 1);
    std::erase_if(environment, [&key](const std::string& other) { return other.starts_with(key); });
    environment.push_back(variable);
  }
  return environment;
}

std::vector<std::string> marked_argv(const ProcessRequest& request, const ContainerNames& names) {
  std::vector<std::string> argv = container_argv(request, names);
  argv.insert(argv.begin() + 2, mark);
  return argv;
}

}  // namespace

ContainerProcessRunner::ContainerProcessRunner(Ports ports)
    : ports_(ports),
      last_helper_(first_helper) {}

void ContainerProcessRunner::start(ProcessKey key, const ProcessRequest& request) {
  if (!request.container) {
    ports_.inner.start(key, request);
    return;
  }
  const std::filesystem::path& files = request.container->files;
  if (containers_ == 0) {
    ports_.files.make_directories(files, FileMode::owner_only);
    ports_.guard.watch_over(files);
  }
  const std::string name = fmt::format("{}{}", ports_.guard.name_prefix(), ++containers_);
  Running& running = running_[key];
  running = {
      .request = request,
      .names = {.name = name, .variables_file = files / (name + ".env"), .started_file = files / (name + ".started")}};
  ports_.files.write_atomically(record_of(request, running.names), "", FileMode::owner_only);
  ports_.files.write_atomically(running.names.variables_file, variables_text(request), FileMode::owner_only);
  const bool is_podman = request.container->engine == ContainerEngine::podman;
  ports_.inner.start(key,
                     {.argv = marked_argv(request, running.names),
                      .environment = environment_of_run(request),
                      .directory = "/",
                      .other_root = is_podman ? running.names.started_file : std::filesystem::path{}});
}

ProcessEvent ContainerProcessRunner::wait(std::optional<Time> deadline) {
  while (true) {
    if (!told_.empty()) {
      ProcessEvent event = std::move(told_.front());
      told_.pop_front();
      return event;
    }
    if (running_.empty() && helpers_.empty()) {
      return ports_.inner.wait(deadline);
    }
    std::optional<Time> next = deadline;
    if (is_starting()) {
      const Time look = ports_.clock.steady() + between_looks;
      next = next ? std::min(*next, look) : look;
    }
    ProcessEvent event = ports_.inner.wait(next);
    look_for_started();
    if (auto* output = std::get_if<ProcessOutput>(&event)) {
      const auto helper = helpers_.find(output->process);
      if (helper == helpers_.end()) {
        return event;
      }
      helper->second.output += output->bytes;
    } else if (auto* ended = std::get_if<ProcessEnded>(&event)) {
      hear_end(ended->process, std::move(*ended));
    } else if (!std::holds_alternative<DeadlineReached>(event) || (deadline && ports_.clock.steady() >= *deadline)) {
      return event;
    }
  }
}

void ContainerProcessRunner::hear_end(ProcessKey key, ProcessEnded ended) {
  if (const auto helper = helpers_.find(key); helper != helpers_.end()) {
    const Helper done = std::move(helper->second);
    helpers_.erase(helper);
    helper_ended(done);
    return;
  }
  const auto found = running_.find(key);
  if (found == running_.end()) {
    told_.emplace_back(std::move(ended));
    return;
  }
  Running& running = found->second;
  running.ended = std::move(ended);
  if (running.ended->start_error != 0) {  // no engine, so no container
    tell_end(key);
  } else if (running.ended->exit_code == exit_of_killed && memory_limit_of(running) > 0) {
    send(key, Errand::ask_for_memory, out_of_memory_query(running.request.container->engine, running.names.name));
  } else {
    remove(key);
  }
}

void ContainerProcessRunner::helper_ended(const Helper& helper) {
  const auto found = running_.find(helper.container);
  if (found == running_.end()) {
    return;
  }
  Running& running = found->second;
  if (helper.errand == Errand::ask_for_memory) {
    running.is_out_of_memory = helper.output.starts_with("true");
    remove(helper.container);
    return;
  }
  // The end sends a removal. Of two, the one that is under way may be the one that does it; with the run it would end
  // half-way.
  if (running.ended && !is_helped(helper.container)) {
    tell_end(helper.container);
  }
}

bool ContainerProcessRunner::is_helped(ProcessKey container) const {
  return std::ranges::any_of(helpers_, [&](const auto& entry) { return entry.second.container == container; });
}

void ContainerProcessRunner::tell_end(ProcessKey key) {
  Running& running = running_.at(key);
  ProcessEnded ended = std::move(*running.ended);
  const std::int64_t limit = memory_limit_of(running);
  // On a busy machine podman may not have noticed what the kernel did: its monitor is told of both at once.
  const bool was_killed_for_memory = running.is_out_of_memory || (ended.exceeded && ended.exit_code == exit_of_killed);
  ended.exceeded.reset();
  if (was_killed_for_memory && limit > 0) {
    ended.exceeded = LimitExceeded{.limit = limit, .peak = limit};
  }
  if (limit > 0 && ended.start_error == 0) {
    ended.limited_by = program_of(running.request.container->engine);
  }
  if (ended.signal == 0 && ended.start_error == 0) {
    ended.failure = engine_failure(running.request, ended.exit_code).value_or("");
  }
  ended.usage = {};  // of the engine's program
  remove_files(running);
  running_.erase(key);
  told_.emplace_back(std::move(ended));
}

void ContainerProcessRunner::send(ProcessKey container, Errand errand, const std::vector<std::string>& argv) {
  last_helper_ = last_helper_ + 1 == end_of_helpers ? first_helper : last_helper_ + 1;
  helpers_[last_helper_] = {.container = container, .errand = errand, .output = {}};
  ports_.inner.start(
      last_helper_,
      {.argv = argv, .environment = engine_environment(running_.at(container).request), .directory = "/"});
}

void ContainerProcessRunner::remove(ProcessKey key) {
  const Running& running = running_.at(key);
  send(key, Errand::remove, container_removal(running.request.container->engine, running.names.name));
}

void ContainerProcessRunner::signal(ProcessKey key, int signal) {
  const auto found = running_.find(key);
  if (found == running_.end()) {
    ports_.inner.signal(key, signal);
    return;
  }
  const Running& running = found->second;
  if (running.ended) {
    return;  // its container is being removed
  }
  if (signal == SIGKILL) {
    ports_.inner.signal(key, signal);
    remove(key);
  } else if (running.has_started) {
    // Not by the engine's program: it complains in the step's log of what came too late.
    send(key, Errand::hand_on_signal, container_signal(running.request.container->engine, running.names.name, signal));
  } else {
    ports_.inner.signal(key, signal);
  }
}

std::int64_t ContainerProcessRunner::memory_limit_of(const Running& running) {
  return running.request.container->is_unlimited ? 0 : running.request.limits.memory;
}

bool ContainerProcessRunner::is_starting() const {
  return std::ranges::any_of(running_, [](const auto& entry) { return !entry.second.has_started; });
}

void ContainerProcessRunner::look_for_started() {
  for (auto& [key, running] : running_) {
    if (!running.has_started && ports_.files.status(running.names.started_file).kind == FileKind::regular) {
      running.has_started = true;
      ports_.files.remove_all(running.names.variables_file);
    }
  }
}

void ContainerProcessRunner::remove_files(const Running& running) {
  ports_.files.remove_all(running.names.variables_file);
  ports_.files.remove_all(running.names.started_file);
  ports_.files.remove_all(record_of(running.request, running.names));
}

}  // namespace ame
