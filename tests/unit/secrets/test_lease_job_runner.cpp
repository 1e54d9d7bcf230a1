// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "core/secrets/lease_job_runner.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/scripted_job_runner.hpp"

namespace ame {

namespace {

class OneLease final : public SecretLeases {
 public:
  explicit OneLease(ManualClock& clock)
      : clock_(clock),
        due_(clock.steady() + std::chrono::seconds(40)) {}

  int renewals = 0;

  [[nodiscard]] std::optional<std::chrono::steady_clock::time_point> next_renewal() const override { return due_; }

  std::vector<Diagnostic> renew() override {
    ++renewals;
    due_ = clock_.steady() + std::chrono::seconds(40);
    return {{.severity = Severity::warning, .message = "renewal " + std::to_string(renewals)}};
  }

 private:
  ManualClock& clock_;
  std::chrono::steady_clock::time_point due_;
};

}  // namespace

TEST_CASE("a lease is renewed while a job runs, and nobody else hears of it") {
  ManualClock clock;
  OneLease lease(clock);
  ScriptedJobRunner inner(1);
  inner.start({});
  inner.then(DeadlineReached{}, [&] { clock.advance(std::chrono::seconds(40)); })
      .then(DeadlineReached{}, [&] { clock.advance(std::chrono::seconds(40)); })
      .then_end(0, RunState::succeeded);
  std::vector<std::string> warnings;
  LeaseJobRunner runner(inner, lease, clock, [&](const Diagnostic& warning) { warnings.push_back(warning.message); });
  CHECK(std::holds_alternative<JobEnded>(runner.wait(std::nullopt)));
  CHECK(lease.renewals == 2);
  CHECK(warnings == std::vector<std::string>{"renewal 1", "renewal 2"});
}

TEST_CASE("the caller's own deadline is kept") {
  ManualClock clock;
  OneLease lease(clock);
  ScriptedJobRunner inner(1);
  inner.then(DeadlineReached{}, [&] { clock.advance(std::chrono::seconds(10)); });
  LeaseJobRunner runner(inner, lease, clock, [](const Diagnostic& /*warning*/) {});
  CHECK(std::holds_alternative<DeadlineReached>(runner.wait(clock.steady() + std::chrono::seconds(10))));
  CHECK(lease.renewals == 0);
}

}  // namespace ame
