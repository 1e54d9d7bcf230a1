// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/done_notes.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <utility>

#include <fmt/format.h>

#include "cli/commands/open_project.hpp"
#include "core/error.hpp"
#include "core/run/done_note.hpp"
#include "core/run/frozen_run.hpp"
#include "core/stable_hash.hpp"
#include "core/text.hpp"

namespace ame::cli {

namespace {

std::filesystem::path file_of(Session& session, const std::string& asked) {
  return session.ports.environment_settings().cache / "steps" / "done" / fmt::format("{:016x}", stable_hash(asked));
}

void add_all(std::string& text, char kind, const std::vector<std::string>& words) {
  for (const std::string& word : words) {
    text += fmt::format("{}{}:{}\n", kind, word.size(), word);
  }
}

}  // namespace

std::string asked_text(Session& session,
                       const std::vector<std::string>& names,
                       const std::vector<std::string>& variables,
                       const std::vector<std::string>& extra_arguments) {
  // The text is kept, and no secret may be.
  const bool has_secret = std::ranges::any_of(
      variables, [](const std::string& variable) { return sounds_secret(variable.substr(0, variable.find('='))); });
  if (has_secret) {
    return {};
  }
  std::string text =
      fmt::format("{} {}\n{}\n", AME_VERSION, project_file(session).string(), session.variable("AME_PROJECT_PATH"));
  add_all(text, 't', names);
  add_all(text, 'v', variables);
  add_all(text, 'a', extra_arguments);
  return text;
}

bool tell_nothing_to_do(Session& session, const std::string& asked) {
  const FileReader& files = session.ports.files();
  const std::optional<std::string> text = files.read(file_of(session, asked));
  const std::optional<DoneNote> note = text ? DoneNote::parse(*text) : std::nullopt;
  if (!note || note->asked != asked || !still_holds(*note, files)) {
    return false;
  }
  session.terminal.remark(fmt::format("nothing to do: {} {} unchanged since {}\n",
                                      counted(note->steps, "step"),
                                      note->steps == 1 ? "is" : "are",
                                      note->run));
  return true;
}

void note_nothing_to_do(Session& session,
                        const std::string& asked,
                        const RunRecord& run,
                        const CacheGate& cache,
                        const FileAnswers& answers) {
  std::optional<std::vector<NotedPath>> paths = cache.noted_paths();
  if (asked.empty() || !paths || run.state != RunState::succeeded) {
    return;
  }
  FileSystem& files = session.ports.files();
  const std::int64_t now =
      std::chrono::duration_cast<std::chrono::nanoseconds>(session.ports.clock().now().time_since_epoch()).count();
  const std::vector<NotedPath> resolved = noted_paths_of(answers, files);
  paths->insert(paths->end(), resolved.begin(), resolved.end());
  if (changed_just_now(*paths, now)) {
    return;
  }
  const DoneNote note{.asked = asked, .run = display_name(run), .steps = run.steps.size(), .paths = *std::move(paths)};
  const std::filesystem::path file = file_of(session, asked);
  try {
    files.make_directories(file.parent_path());
    files.write_atomically(file, note.text());
  } catch (const Error&) {
    return;  // the next run finds out by itself
  }
}

}  // namespace ame::cli
