// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <variant>

#include "core/ports/clock.hpp"
#include "core/ports/front_door.hpp"
#include "core/ports/http.hpp"
#include "core/run/job.hpp"

namespace ame {

/// Why the server at this port of loopback cannot work, asked at a path where it answers with 200 when it can. None: it
/// is well.
std::optional<std::string> illness_at(Http& http,
                                      std::uint16_t port,
                                      const std::string& path,
                                      std::chrono::milliseconds patience);

/// When a server counts as well.
struct HealthRules {
  std::string path = "/health";                     ///< answers with 200 when the server can work
  std::chrono::milliseconds first_within{120'000};  ///< from its start on, without what prepares its environment
  std::chrono::milliseconds between_first_looks{250};
  std::chrono::milliseconds between_looks{5'000};
  std::chrono::milliseconds answers_within{5'000};
  int bad_looks = 3;                               ///< in a row, that make it ill
  std::chrono::milliseconds restart_pause{1'000};  ///< doubled with each restart in a row
  std::chrono::milliseconds longest_pause{60'000};
  std::chrono::milliseconds steady_after{60'000};  ///< well for so long: the restarts before are forgotten
  std::chrono::milliseconds drain_within{5'000};   ///< for requests under way, when it is stopped
};

/// What a server is told and who hears of it.
struct ServingHooks {
  std::filesystem::path handover;  ///< where another door can take this one's port over
  std::function<void()> opened;    ///< once: the first time that clients are let in
};

/// Runs the one job of a deployment: a server that never ends by itself. It learns its port in AME_MODEL_PORT. Clients
/// are let in by the door when the server is healthy, and not before; when it ends or falls ill, they wait while it is
/// started again. A server that never gets healthy fails as its job. When it is stopped, nobody comes in any more, and
/// requests under way are answered first.
class ServingJobRunner final : public JobRunner {
 public:
  /// The ports outlive this. The door was taken.
  ServingJobRunner(
      JobRunner& inner, FrontDoor& door, Http& http, const Clock& clock, ServingHooks hooks, HealthRules rules = {});

  [[nodiscard]] bool has_capacity() const override { return inner_.has_capacity(); }

  void start(const Job& job) override;
  JobEvent wait(std::optional<std::chrono::steady_clock::time_point> deadline) override;

  void stop_all(Force force) override;
  void stop(StepIndex step, Force force) override;

 private:
  using Time = std::chrono::steady_clock::time_point;

  enum class Phase : std::uint8_t {
    starting,  ///< the server was started and was not healthy yet
    serving,
    ending,    ///< it was told to end, since it is ill
    pausing,   ///< it ended, and will be started again
    draining,  ///< nobody comes in; requests under way are answered
    stopping,  ///< somebody asked for its end
  };

  void launch();
  void look();
  void look_at_first();
  void look_again();
  void give_up(std::string why);
  void drain();
  std::optional<JobEvent> pass(JobEvent event);
  std::optional<JobEvent> end(JobEnded ended);
  void tell(std::string line);

  JobRunner& inner_;
  FrontDoor& door_;
  Http& http_;
  const Clock& clock_;
  ServingHooks hooks_;
  HealthRules rules_;

  std::optional<Job> job_;
  StepIndex step_ = 0;
  Phase phase_ = Phase::starting;
  std::uint16_t server_ = 0;  ///< its port
  Time next_look_;
  Time since_;  ///< when the phase began; of starting: the last word on what prepares it
  int bad_looks_ = 0;
  int restarts_ = 0;
  bool was_opened_ = false;
  std::string illness_;            ///< why the server was told to end; empty: nobody told it
  std::deque<std::string> told_;   ///< lines for the log
  std::string said_;               ///< the one that was handed out last
  std::optional<JobEnded> ended_;  ///< of a job that had nothing running when it was stopped
};

}  // namespace ame
