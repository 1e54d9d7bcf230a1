// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "clusters/engine.hpp"
#include "clusters/event_queue.hpp"
#include "clusters/tes/tes_client.hpp"
#include "clusters/tes/tes_end.hpp"
#include "clusters/tes/tes_output.hpp"
#include "core/ports/clock.hpp"
#include "core/ports/errands.hpp"
#include "core/ports/file_system.hpp"
#include "core/ports/object_store.hpp"
#include "core/ports/process_runner.hpp"

namespace ame::clusters {

/// A graph that a server of TES runs, step by step as they can.
struct TesGraph {
  std::string name;                 ///< for messages: "train-142"
  std::string token;                ///< names of its tasks begin with it and a slash
  std::filesystem::path directory;  ///< of the run: its tasks are in `tasks`, as JSON
  std::vector<std::string> names;   ///< of the steps (name_of_step)
  bool is_left = false;             ///< another process has begun it, so the server may know tasks of it
  bool keeps_files = false;         ///< what steps change is brought into `project` of the directory
  Listener listener = {};
};

struct TesPatience {
  std::chrono::milliseconds between_questions{1'000};  ///< at most, where nothing has changed
  std::chrono::milliseconds least_between_questions{100};
  std::chrono::milliseconds between_views{1'000};               ///< of what one task has written
  std::chrono::milliseconds between_any_views{20};              ///< of whichever: many tasks are looked at less often
  std::chrono::milliseconds longest_between_questions{30'000};  ///< where the server does not answer
  std::chrono::milliseconds between_glances{20};                ///< at errands that are under way
};

/// What the runner works with. All outlives it.
struct TesWorld {
  TesClient& client;
  ObjectStore& store;
  FileSystem& files;
  ProcessRunner& processes;  ///< no other process runs beside those that unpack
  const Clock& clock;
};

/// Has a server of TES run the steps of a graph. The server knows nothing of what needs what: a step is put into its
/// queue when somebody asks whether there is room for it, and there is when the server runs it. The server alone knows
/// what there is: who comes later asks it for the tasks of the run by their names, and so does who got no answer,
/// before anything is sent again. It may be away for any time; that is told, once. Ctrl-C is for the tasks; what else
/// ends ame ends the following alone: wait() throws Error(interrupted).
class TesJobRunner final : public EngineRunner {
 public:
  TesJobRunner(TesGraph graph, TesWorld world, std::unique_ptr<Errands> errands, TesPatience patience = {});

  [[nodiscard]] bool has_room_for(const Job& job) const override;
  [[nodiscard]] std::string waits_for(const Job& job) const override;

  void start(const Job& job) override;
  JobEvent wait(std::optional<std::chrono::steady_clock::time_point> deadline) override;
  void stop_all(Force force) override;
  void stop(StepIndex step, Force force) override;
  std::vector<std::string> finish(std::chrono::milliseconds at_most) override;

 private:
  using Time = std::chrono::steady_clock::time_point;

  enum class Phase : std::uint8_t {
    unknown,   ///< nobody has asked for it, and the server has no task of it
    sending,   ///< the server is being asked to take it
    there,     ///< the server has it
    fetching,  ///< it is over there, and what it left is being fetched
    telling,   ///< what it left is here
    over,      ///< and all of it was told
  };

  struct Followed {
    Phase phase = Phase::unknown;
    bool has_room = false;      ///< it runs there, or has ended
    bool is_started = false;    ///< and who runs the graph waits for it
    bool is_abandoned = false;  ///< nobody will ever wait for it
    bool may_be_there = false;  ///< it was sent, and no answer came
    bool is_busy = false;       ///< an errand for it is under way
    std::string id;
    std::string state;
    Time next_try;  ///< of what was not answered
    Time next_view;
    int tries = 0;
    std::optional<Time> runs_since;
    std::optional<std::chrono::milliseconds> timeout;
    bool is_to_end = false;
    bool was_told_to_end = false;
    WantedEnd wanted;
    std::array<LiveOutput, 2> live;
    std::array<std::uint64_t, 2> told = {};  ///< bytes of its outputs
    std::optional<JobEnded> end;             ///< once it is known
  };

  /// What was fetched of a task that is over.
  struct Fetched {
    ServerResult<SeenTask> task;
    std::string failure;  ///< why what it left could not be had; empty: it could
  };

  bool go_on(Time now);
  bool go_on_with(StepIndex step, Time now);
  void look_for_left();
  void found_left(const ServerResult<std::vector<SeenTask>>& tasks);
  void ask();
  void heard_states(const ServerResult<std::vector<SeenTask>>& tasks);
  void heard_state(StepIndex step, const std::string& state);
  void send(StepIndex step);
  void was_sent(StepIndex step, const ServerResult<std::string>& id);
  void view(StepIndex step);
  void was_viewed(StepIndex step, const ServerResult<SeenTask>& task);
  void end_task(StepIndex step);
  void fetch(StepIndex step);
  void was_fetched(StepIndex step, const Fetched& fetched);
  void unpack_next();
  void unpacked(const ProcessEnded& ended);
  bool tell_output(StepIndex step);
  void note_kept(StepIndex step);
  void tell_live(StepIndex step, const SeenTask& task);
  void fail(StepIndex step, std::string reason);
  void has_begun(Followed& step);
  bool is_passing(StepIndex step, const ServerFault& fault);
  void has_answered();
  void has_failed(const std::string& trouble);
  void say(const std::string& line);
  void ask_to_stop(StepIndex step, Force force);
  std::optional<JobEvent> hear(const ProcessEvent& event);
  [[nodiscard]] Time next_turn(Time now) const;
  [[nodiscard]] std::filesystem::path results_of(StepIndex step) const;
  [[nodiscard]] std::set<std::string> still_there() const;

  TesGraph graph_;
  TesWorld world_;
  TesPatience patience_;
  mutable std::vector<Followed> steps_;  ///< that somebody asks for one is noted in it
  EventQueue to_tell_;
  std::deque<StepIndex> to_unpack_;
  bool is_unpacking_ = false;
  std::string complaints_;  ///< of what unpacks
  Time next_question_;
  Time next_any_view_;
  std::chrono::milliseconds pause_;  ///< before the next question
  bool is_asking_ = false;
  bool is_known_ = false;  ///< what of the run the server has
  bool has_looked_ = false;
  bool has_trouble_ = false;
  bool has_news_ = false;
  std::unique_ptr<Errands> errands_;  ///< last: goes first, and is about the others
};

}  // namespace ame::clusters
