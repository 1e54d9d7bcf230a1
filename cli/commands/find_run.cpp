// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/find_run.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "cli/render/chooser.hpp"
#include "cli/render/time_text.hpp"
#include "core/error.hpp"
#include "core/text.hpp"

namespace ame::cli {

namespace {

constexpr std::size_t others_noted = 5;
constexpr std::size_t runs_offered = 50;
constexpr std::size_t runs_near = 500;

std::optional<RunId> number_in(std::string_view text) {
  RunId id;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), id.number);
  const bool is_whole =
      !text.empty() && text.front() != '-' && result.ec == std::errc() && result.ptr == text.data() + text.size();
  return is_whole ? std::optional(id) : std::nullopt;
}

std::string hint_for(RunStore& runs, const std::string& wanted) {
  std::vector<std::string> words;
  for (const RunRecord& run : runs.list({.limit = runs_near})) {
    words.push_back(display_name(run));
    words.push_back(run.name);
  }
  const std::string near = did_you_mean(wanted, words);
  return near.empty() ? "`ame task list` shows the runs there are" : near;
}

[[noreturn]] void refuse(RunStore& runs, const std::string& wanted) {
  throw Error(ExitCode::usage,
              Diagnostic{.message = fmt::format("there is no run `{}`", wanted), .hint = hint_for(runs, wanted)});
}

void note_others(Session& session, const std::vector<RunRecord>& found) {
  if (found.size() < 2) {
    return;
  }
  std::string others;
  for (std::size_t i = 1; i < std::min(found.size(), others_noted + 1); ++i) {
    others += fmt::format("{}{}", i == 1 ? "" : ", ", found[i].id.number);
  }
  others += found.size() > others_noted + 1 ? ", …" : "";
  session.terminal.remark(fmt::format(
      "{} is the newest run of `{}`; older ones: {}\n", display_name(found.front()), found.front().name, others));
}

std::string told(const RunRecord& run) {
  return fmt::format("{} {}", word_of(run.state), local_text(run.created));
}

[[noreturn]] void list_instead(const std::vector<RunRecord>& offered, const std::string& command) {
  std::string hint = "the newest runs are:";
  for (const RunRecord& run : offered) {
    hint += fmt::format("\n  {} {}", display_name(run), word_of(run.state));
  }
  throw Error(ExitCode::usage,
              Diagnostic{.message = fmt::format("`{}` needs a run or the name of a task", command), .hint = hint});
}

}  // namespace

std::optional<RunRecord> find_exact_run(RunStore& runs, const std::string& wanted) {
  if (const std::optional<RunId> id = number_in(wanted)) {
    return runs.find(*id);
  }
  const std::size_t dash = wanted.rfind('-');
  if (dash == std::string::npos) {
    return std::nullopt;
  }
  const std::optional<RunId> id = number_in(std::string_view(wanted).substr(dash + 1));
  std::optional<RunRecord> run = id ? runs.find(*id) : std::nullopt;
  return run && display_name(*run) == wanted ? run : std::nullopt;
}

RunRecord find_run(Session& session, const std::string& wanted) {
  RunStore& runs = session.ports.runs();
  if (std::optional<RunRecord> run = find_exact_run(runs, wanted)) {
    return *std::move(run);
  }
  const std::vector<RunRecord> found = runs.list({.name = wanted, .limit = others_noted + 2});
  if (found.empty()) {
    refuse(runs, wanted);
  }
  note_others(session, found);
  return runs.find(found.front().id).value_or(found.front());
}

std::optional<RunRecord> find_run_or_ask(Session& session, const std::string& wanted, const std::string& command) {
  if (!wanted.empty()) {
    return find_run(session, wanted);
  }
  RunStore& runs = session.ports.runs();
  const std::vector<RunRecord> offered = runs.list({.limit = runs_offered});
  if (offered.empty()) {
    throw Error(ExitCode::usage,
                Diagnostic{.message = "there are no runs yet", .hint = "`ame task run -l NAME` makes one"});
  }
  if (!session.terminal.console().can_ask()) {
    list_instead(offered, command);
  }
  std::vector<Choice> choices;
  for (const RunRecord& run : offered) {
    choices.push_back({display_name(run), told(run)});
  }
  const std::optional<std::size_t> choice = choose(session.terminal, "run:", choices);
  if (!choice) {
    return std::nullopt;
  }
  return runs.find(offered[*choice].id).value_or(offered[*choice]);
}

}  // namespace ame::cli
