// SPDX-License-Identifier: Apache-2.0
#include "core/secrets/secret_job_runner.hpp"

#include <algorithm>
#include <utility>

namespace ame {

namespace {

void set_secret(std::vector<EnvironmentVariable>& environment, const StepSecret& secret) {
  const auto same = std::ranges::find(environment, secret.variable, &EnvironmentVariable::key);
  EnvironmentVariable& variable = same == environment.end() ? environment.emplace_back() : *same;
  variable = {.key = secret.variable, .value = std::string(secret.value->reveal())};
}

/// Who is meant to read it inside; nobody else does.
std::optional<Account> reader_in(const Job& job) {
  return job.container ? std::optional(Account{.uid = job.container->user.uid, .gid = job.container->user.gid})
                       : std::nullopt;
}

/// A container sees these files, each where the link in the project leads, and nothing else of the memory.
void show_inside(Job& job, const std::vector<std::filesystem::path>& in_memory) {
  if (!job.container || in_memory.empty()) {
    return;
  }
  ContainerPlace place = *job.container;
  for (const std::filesystem::path& file : in_memory) {
    place.mounts.push_back({.path = file, .read_only = true});
  }
  job.container = std::make_shared<const ContainerPlace>(std::move(place));
}

}  // namespace

SecretJobRunner::SecretJobRunner(JobRunner& inner, const RunSecrets& secrets, SecretFiles* files)
    : AroundJobRunner(inner),
      secrets_(secrets),
      files_(files) {}

void SecretJobRunner::start(const Job& job) {
  if (job.environment.empty()) {  // ame's own work for the step, without its variables: without its secrets too
    inner().start(job);
    return;
  }
  Job with_secrets = job;
  if (!put_files(with_secrets)) {
    return;
  }
  for (const StepSecret& secret : secrets_.of_steps.at(job.step)) {
    if (!secret.variable.empty()) {
      set_secret(with_secrets.environment, secret);
      with_secrets.secret_variables.push_back(secret.variable);
    }
  }
  inner().start(with_secrets);
  for (EnvironmentVariable& variable : with_secrets.environment) {
    wipe(variable.value);
  }
}

JobEvent SecretJobRunner::wait(std::optional<std::chrono::steady_clock::time_point> deadline) {
  while (true) {
    if (!waiting_.empty()) {
      JobEvent event = std::move(waiting_.front());
      waiting_.pop_front();
      return event;
    }
    JobEvent event = inner().wait(deadline);
    if (auto* output = std::get_if<JobOutput>(&event)) {
      if (auto shown = masked_output(*output)) {
        return *shown;
      }
      continue;  // all of it may still be a secret
    }
    if (auto* progress = std::get_if<JobProgress>(&event)) {
      progress->line = masked(progress->line, secrets_.patterns);
    }
    if (auto* end = std::get_if<JobEnded>(&event)) {
      return ended(std::move(*end));
    }
    return event;
  }
}

bool SecretJobRunner::put_files(Job& job) {
  std::vector<std::filesystem::path> in_memory;
  try {
    for (const StepSecret& secret : secrets_.of_steps.at(job.step)) {
      if (!secret.file.empty() && files_ != nullptr) {
        const std::filesystem::path path = (job.project / secret.file).lexically_normal();
        in_memory.push_back(files_->put({job.project, path, reader_in(job)}, *secret.value));
        put_[job.step].push_back(path);
      }
    }
    show_inside(job, in_memory);
    return true;
  } catch (const Error& error) {
    remove_files(job.step);
    waiting_.emplace_back(JobEnded{.step = job.step, .state = RunState::failed, .end = {.reason = error.what()}});
    return false;
  }
}

void SecretJobRunner::remove_files(StepIndex step) {
  for (const std::filesystem::path& path : put_[step]) {
    files_->remove(path);
  }
  put_.erase(step);
}

SecretJobRunner::Maskers& SecretJobRunner::maskers_of(StepIndex step) {
  return maskers_.try_emplace(step, secrets_.patterns).first->second;
}

std::optional<JobEvent> SecretJobRunner::masked_output(const JobOutput& output) {
  Maskers& maskers = maskers_of(output.step);
  SecretMasker& masker = output.stream == OutputStream::standard_output ? maskers.of_output : maskers.of_error;
  bytes_.clear();
  masker.write(output.bytes, [this](std::string_view bytes) { bytes_.append(bytes); });
  if (bytes_.empty()) {
    return std::nullopt;
  }
  return JobOutput{.step = output.step, .stream = output.stream, .bytes = bytes_};
}

JobEvent SecretJobRunner::ended(JobEnded end) {
  remove_files(end.step);
  Maskers& maskers = maskers_of(end.step);
  rest_ = {};
  maskers.of_output.finish([this](std::string_view bytes) { rest_[0].append(bytes); });
  maskers.of_error.finish([this](std::string_view bytes) { rest_[1].append(bytes); });
  maskers_.erase(end.step);
  end.end.reason = masked(end.end.reason, secrets_.patterns);
  if (!rest_[0].empty()) {
    waiting_.emplace_back(JobOutput{.step = end.step, .stream = OutputStream::standard_output, .bytes = rest_[0]});
  }
  if (!rest_[1].empty()) {
    waiting_.emplace_back(JobOutput{.step = end.step, .stream = OutputStream::standard_error, .bytes = rest_[1]});
  }
  waiting_.emplace_back(std::move(end));
  JobEvent first = std::move(waiting_.front());
  waiting_.pop_front();
  return first;
}

}  // namespace ame
