// SPDX-License-Identifier: Apache-2.0
#include "clusters/slurm/slurm_rest_line.hpp"

#include <algorithm>
#include <chrono>
#include <stop_token>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "core/error.hpp"

namespace ame::clusters {

namespace {

constexpr std::chrono::milliseconds between_glances{20};

template <class Value>
std::string trouble_in(const ServerResult<Value>& result, const std::string& server) {
  const auto* const fault = std::get_if<ServerFault>(&result);
  return fault == nullptr ? "" : fmt::format("{} {}", server, fault->reason);
}

SlurmAnswer answer_of(const SlurmRestAccess& access, const SlurmQuestion& question, const std::stop_token& stop) {
  const IsCancelled is_cancelled = [&stop] { return stop.stop_requested(); };
  SlurmAnswer answer{.question = question, .jobs = {}, .trouble = {}};
  switch (question.kind) {
    case SlurmQuestion::Kind::queue: {
      ServerResult<Queue> jobs = access.client.jobs(is_cancelled);
      answer.trouble = trouble_in(jobs, access.server);
      if (answer.trouble.empty()) {
        answer.jobs = std::get<Queue>(std::move(jobs));
      }
      break;
    }
    case SlurmQuestion::Kind::cancel:
      answer.trouble = trouble_in(access.client.cancel(question.numbers, is_cancelled), access.server);
      break;
    case SlurmQuestion::Kind::accounting:
      // A server of the accounting is another one, and there need not be any.
      answer.trouble = access.server + " has no accounting";
      break;
  }
  return answer;
}

}  // namespace

SlurmRestLine::SlurmRestLine(SlurmRestAccess access,
                             std::unique_ptr<Errands> errands,
                             ProcessRunner& processes,
                             const Clock& clock)
    : access_(std::move(access)),
      processes_(processes),
      clock_(clock),
      errands_(std::move(errands)) {}

void SlurmRestLine::ask(SlurmQuestion question) {
  if (std::exchange(had_trouble_, false)) {
    try {
      access_.client.use_token(access_.token());
    } catch (const Error&) {
      // It is asked with the one that there was.
    }
  }
  errands_->send([this, question = std::move(question)](const std::stop_token& stop) -> Errands::Then {
    auto answer = std::make_shared<SlurmAnswer>(answer_of(access_, question, stop));
    return [this, answer] { answer_ = std::move(*answer); };
  });
}

SlurmEvent SlurmRestLine::wait(Time until) {
  while (true) {
    errands_->take();
    if (answer_) {
      had_trouble_ = !answer_->trouble.empty();
      return *std::exchange(answer_, std::nullopt);
    }
    const Time now = clock_.steady();
    if (now >= until) {
      return DeadlineReached{};
    }
    const ProcessEvent event = processes_.wait(is_busy() ? std::min(until, now + between_glances) : until);
    if (const auto* const stop = std::get_if<StopRequested>(&event)) {
      return *stop;
    }
    if (const auto* const requests = std::get_if<RequestsWaiting>(&event)) {
      return *requests;
    }
  }
}

}  // namespace ame::clusters
