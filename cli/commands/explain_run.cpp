// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/explain_run.hpp"

#include <algorithm>
#include <deque>
#include <map>

#include <fmt/format.h>

#include "cli/commands/cluster_submission.hpp"
#include "cli/commands/cluster_world.hpp"
#include "cli/render/line_splitter.hpp"
#include "cli/render/run_words.hpp"
#include "cli/render/time_text.hpp"
#include "core/run/frozen_run.hpp"
#include "core/text.hpp"

namespace ame::cli {

namespace {

constexpr std::size_t lines_told = 10;

/// What the numbers that shells and the kernel give usually mean.
std::string meaning_of(const StepEnd& end) {
  if (end.signal == 9 && end.reason.empty()) {
    return "nothing that ame did: somebody killed it, or the kernel did, when the machine had no memory left";
  }
  if (end.signal == 11) {
    return "it used memory that is not its own: a bug in the program or a library";
  }
  if (end.signal != 0 || !end.reason.empty()) {
    return {};
  }
  switch (end.exit_code) {
    case 126:
      return "the shell found the program, and it cannot be executed";
    case 127:
      return "the shell did not find a program";
    case 137:
      return "a program in it was killed by SIGKILL, mostly because the machine had no memory left";
    case 139:
      return "a program in it was killed by SIGSEGV: it used memory that is not its own";
    case 143:
      return "a program in it was ended by SIGTERM";
    default:
      return {};
  }
}

std::string outcome_sentence(const StepRecord& step) {
  std::string text = outcome_of(step);
  if (step.started && step.ended && step.state != RunState::skipped) {
    text += fmt::format(
        ", {} {}", step.state == RunState::succeeded ? "in" : "after", elapsed_text(*step.ended - *step.started));
  }
  return text;
}

std::vector<std::string> last_lines_of(const RunRecord& run,
                                       const StepRecord& step,
                                       const std::vector<StepAttempt>& attempts,
                                       Session& session) {
  std::deque<std::string> lines;
  const auto add = [&lines](std::string_view line) {
    lines.emplace_back(line);
    if (lines.size() > lines_told) {
      lines.pop_front();
    }
  };
  RunStore& runs = session.ports.runs();
  const LogPosition begin = runs.seek_log(run.id, step.name, {.since = {}, .last_lines = 4 * lines_told});
  const std::uint64_t first = attempts.empty() ? 0 : attempts.back().log_begin;
  std::map<OutputStream, LineSplitter> splitters;
  runs.read_log(run.id, step.name, begin, [&](const LogChunk& chunk) {
    const std::uint64_t skipped = std::clamp(first, chunk.offset, chunk.offset + chunk.bytes.size()) - chunk.offset;
    splitters[chunk.stream].add(chunk.bytes.substr(skipped), add);
  });
  for (auto& [stream, splitter] : splitters) {
    splitter.finish(add);
  }
  return {lines.begin(), lines.end()};
}

/// Explains the steps of one run.
class Explainer {
 public:
  Explainer(const RunRecord& run, Session& session)
      : run_(run),
        session_(session),
        frozen_(session.ports.runs().frozen(run.id)) {
    for (const StepRecord& step : run.steps) {
      states_[step.name] = step.state;
    }
  }

  StepExplanation explain(const StepRecord& step) {
    StepExplanation explanation{.step = step};
    explanation.sentences.push_back(outcome_sentence(step));
    if (const std::string meaning = meaning_of(step.end); step.state == RunState::failed && !meaning.empty()) {
      explanation.sentences.push_back(meaning);
    }
    if (!step.cause.empty()) {
      explanation.sentences.push_back("it ran because " + step.cause);
    }
    if (step.state == RunState::pending) {
      explain_waiting(explanation);
    }
    if (step.started) {
      explanation.earlier = session_.ports.runs().attempts(run_.id, step.name);
      if (step.state == RunState::failed || step.state == RunState::cancelled) {
        explanation.last_lines = last_lines_of(run_, step, explanation.earlier, session_);
      }
      if (!explanation.earlier.empty()) {
        explanation.earlier.pop_back();
      }
    }
    return explanation;
  }

 private:
  void explain_waiting(StepExplanation& explanation) {
    const FrozenStep* const frozen = frozen_step(explanation.step.name);
    if (frozen == nullptr) {
      return;
    }
    for (const StepName& need : frozen->needs) {
      if (!is_finished(states_[need])) {
        explanation.waits_for.push_back(need.text());
      }
    }
    if (!explanation.waits_for.empty()) {
      explanation.sentences.push_back("it waits for " + all_of(explanation.waits_for));
      return;
    }
    if (const auto place = place_of(*frozen_, run_.id)) {
      const auto step = static_cast<StepIndex>(frozen - frozen_->steps.data());
      explanation.sentences.push_back("everything that it needs is done; it waits for " + awaited(*place, step));
      return;
    }
    const auto running =
        static_cast<std::size_t>(std::ranges::count(run_.steps, RunState::running, &StepRecord::state));
    explanation.sentences.push_back(
        running >= frozen_->wishes.slots
            ? fmt::format("it waits for a free place: {} of {} are in use", running, frozen_->wishes.slots)
            : "everything that it needs is done; it waits until the machine has what it asks for");
  }

  /// All are asked about at once.
  std::string awaited(const clusters::PlaceOfRun& place, StepIndex step) {
    const auto engine = engine_of(place.cluster, session_.environment, session_);
    if (!waiting_) {
      try {
        waiting_ = engine->waiting(place);
      } catch (const Error& error) {
        waiting_.emplace();
        trouble_ = error.diagnostics().front().message;
      }
    }
    const auto found = waiting_->find(step);
    const std::string awaited = found == waiting_->end() ? engine->title() : found->second;
    return trouble_.empty() ? awaited : fmt::format("{}; {}", awaited, trouble_);
  }

  [[nodiscard]] const FrozenStep* frozen_step(const StepName& name) const {
    if (!frozen_) {
      return nullptr;
    }
    const auto found = std::ranges::find(frozen_->steps, name, &FrozenStep::name);
    return found == frozen_->steps.end() ? nullptr : &*found;
  }

  const RunRecord& run_;
  Session& session_;
  std::optional<FrozenRun> frozen_;
  std::map<StepName, RunState> states_;
  std::optional<std::map<StepIndex, std::string>> waiting_;  ///< on a cluster, by step; none: not asked yet
  std::string trouble_;                                      ///< why it could not be asked
};

bool has_something_to_say(const StepRecord& step) {
  return step.state != RunState::succeeded || !step.cause.empty() || step.attempt > 1;
}

int rank_of(const StepRecord& step) {
  switch (step.state) {
    case RunState::failed:
      return 0;
    case RunState::cancelled:
      return 1;
    case RunState::running:
      return 2;
    case RunState::pending:
      return 3;
    case RunState::skipped:
      return 4;
    case RunState::succeeded:
      return 5;
  }
  return 6;
}

}  // namespace

std::vector<StepExplanation> explain_run(const RunRecord& run, const std::optional<StepName>& step, Session& session) {
  std::vector<StepRecord> wanted;
  for (const StepRecord& record : run.steps) {
    if (step ? record.name == *step : has_something_to_say(record)) {
      wanted.push_back(record);
    }
  }
  std::ranges::stable_sort(wanted, {}, rank_of);
  Explainer explainer(run, session);
  std::vector<StepExplanation> explanations;
  for (const StepRecord& record : wanted) {
    explanations.push_back(explainer.explain(record));
  }
  return explanations;
}

}  // namespace ame::cli
