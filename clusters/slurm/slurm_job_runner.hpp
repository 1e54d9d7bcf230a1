// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "clusters/engine.hpp"
#include "clusters/event_queue.hpp"
#include "clusters/slurm/slurm_line.hpp"
#include "clusters/slurm/slurm_queue.hpp"
#include "clusters/told_state.hpp"
#include "core/ports/clock.hpp"
#include "core/ports/file_system.hpp"
#include "core/run/job.hpp"

namespace ame::clusters {

/// A graph that was submitted to Slurm.
struct SlurmRun {
  std::string name;                  ///< for messages: "train-142"
  std::filesystem::path directory;   ///< of the run, where `logs` is
  std::vector<std::string> names;    ///< of the steps (name_of_step)
  std::vector<std::string> numbers;  ///< of their jobs
  Listener listener;
};

/// How often it is looked, and how long it is waited for what must come.
struct SlurmPatience {
  std::chrono::milliseconds between_looks{100};  ///< at files
  std::chrono::milliseconds between_questions{2'000};
  std::chrono::milliseconds longest_between_questions{30'000};  ///< where Slurm does not answer
  std::chrono::milliseconds word_within{10'000};                ///< of one side about an end that the other has told
};

/// Follows jobs that Slurm runs by itself: starts nothing, and ends nothing unless it is told to. What becomes of a job
/// is told by Slurm's queue and by the files that the job's script writes; either may be late or silent. A job has room
/// when it runs, and what it waits for is Slurm's word. Slurm may be away for any time; that is told, once. Ctrl-C is
/// for the jobs; what else ends ame ends the following alone: wait() throws Error(interrupted).
class SlurmJobRunner final : public EngineRunner {
 public:
  /// The ports outlive this.
  SlurmJobRunner(SlurmRun run,
                 const FileReader& files,
                 std::unique_ptr<SlurmLine> line,
                 const Clock& clock,
                 SlurmPatience patience = {});

  [[nodiscard]] bool has_room_for(const Job& job) const override { return jobs_.at(job.step).phase != Phase::waiting; }

  [[nodiscard]] std::string waits_for(const Job& job) const override;

  void start(const Job& job) override;
  JobEvent wait(std::optional<std::chrono::steady_clock::time_point> deadline) override;
  void stop_all(Force force) override;
  void stop(StepIndex step, Force force) override;

  std::vector<std::string> finish(std::chrono::milliseconds at_most) override;

 private:
  using Time = std::chrono::steady_clock::time_point;

  enum class Phase : std::uint8_t {
    waiting,  ///< nothing of it has run
    running,  ///< it has, or has ended; nobody waits for it yet
    active,   ///< and who runs the graph has started it
    over,     ///< and has heard of its end
  };

  struct Followed {
    Phase phase = Phase::waiting;
    bool was_asked_to_stop = false;
    std::optional<QueuedJob> queued;  ///< as Slurm told it last
    bool is_unknown = false;          ///< Slurm knew nothing of it, the last time
    ToldState told;
    std::optional<Time> end_seen;            ///< when one side first told its end
    std::array<std::uint64_t, 3> read = {};  ///< bytes of each of its outputs
    std::int64_t memory = 0;                 ///< bytes that it asked for; 0: nothing said
    std::optional<std::chrono::milliseconds> timeout;
  };

  void look(Time now);
  void look_for_begins();
  void look_at(StepIndex step, Time now);
  bool read_outputs(StepIndex step);
  void ask();
  std::optional<JobEvent> hear(const SlurmEvent& event);
  void answered(const SlurmAnswer& answer);
  void hear_queue(const Queue& queue);
  void hear_accounting(const Queue& jobs);
  void has_answered();
  void has_failed(const std::string& trouble);
  void say(const std::string& line);
  void has_begun(Followed& job);
  void ask_to_stop(StepIndex step, Force force);
  [[nodiscard]] std::filesystem::path told_file(StepIndex step, const char* suffix) const;
  [[nodiscard]] std::optional<JobEnded> end_of(StepIndex step, Time now) const;
  [[nodiscard]] Time next_turn() const;

  SlurmRun run_;
  const FileReader& files_;
  std::unique_ptr<SlurmLine> line_;
  const Clock& clock_;
  SlurmPatience patience_;
  std::vector<Followed> jobs_;
  EventQueue to_tell_;
  std::set<std::string> to_cancel_;  ///< numbers that Slurm was not told yet
  std::set<std::string> leaving_;    ///< that were to end, and whose end is not known
  std::set<std::string> forgotten_;  ///< by the queue, and the accounting was not asked yet
  Time next_look_;
  Time next_question_;
  std::chrono::milliseconds pause_;  ///< before the next question
  bool was_answered_ = false;        ///< well or not
  bool has_looked_ = false;          ///< and `looked` was called
  bool has_trouble_ = false;         ///< that was told
  bool has_news_ = false;            ///< for jobs that had no room
};

}  // namespace ame::clusters
