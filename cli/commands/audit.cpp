// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "cli/commands/commands.hpp"
#include "cli/commands/find_run.hpp"
#include "cli/commands/open_project.hpp"
#include "cli/commands/secret_world.hpp"
#include "cli/commands/storage_world.hpp"
#include "cli/render/audit_text.hpp"
#include "core/data/kept_manifests.hpp"
#include "core/error.hpp"
#include "core/secrets/leak_finder.hpp"
#include "core/text.hpp"

namespace ame::cli {

namespace {

constexpr std::uint64_t largest_file = 1ULL << 30U;

struct AuditOptions {
  std::string run;
  bool json = false;
};

class Audit {
 public:
  Audit(Session& session, const RunRecord& run)
      : session_(session),
        run_(run) {
    result_.run = display_name(run);
  }

  AuditResult perform() {
    add_secrets();
    look_at_logs();
    look_at_tree("record", session_.ports.runs().directory_of(run_.id));
    look_at_artifacts();
    look_at_tree("file", run_.project_file.parent_path());
    return std::move(result_);
  }

 private:
  void add_secrets() {
    SecretWorld world(session_);
    for (const SecretListing& listing : world.store().list()) {
      const auto value = world.store().find(listing.key);
      if (value && finder_.add(listing.key, *value)) {
        ++result_.secrets;
      } else {
        result_.too_short.push_back(listing.key);
      }
    }
    finder_.prepare();
  }

  void look_at(const std::string& kind, const std::string& place, std::string_view text) {
    for (Leak& leak : finder_.find(text)) {
      result_.leaks.push_back({.kind = kind, .place = finder_.shown(place), .leak = std::move(leak)});
    }
  }

  void look_at_name(const std::string& kind, const std::string& place, std::string_view name) {
    for (Leak& leak : finder_.find(name)) {
      result_.leaks.push_back(
          {.kind = kind + " name", .place = finder_.shown(place), .leak = {.secret = std::move(leak.secret)}});
    }
  }

  /// As they read, not as they are stored: a value may be cut in two by the pieces it came in.
  void look_at_logs() {
    for (const StepRecord& step : run_.steps) {
      std::string output;
      std::string errors;
      session_.ports.runs().read_log(run_.id, step.name, {}, [&](const LogChunk& chunk) {
        (chunk.stream == OutputStream::standard_output ? output : errors).append(chunk.bytes);
      });
      look_at("log", step.name.text(), output);
      look_at("log", step.name.text() + " (standard error)", errors);
    }
  }

  void look_at_tree(const std::string& kind, const std::filesystem::path& top) {
    if (session_.ports.files().status(top).kind != FileKind::directory) {
      return;
    }
    for (const TreeEntry& entry : session_.ports.trees().scan_below(top, "")) {
      const std::filesystem::path file = top / entry.path;
      look_at_name(kind, shown_path(session_, file), file.filename().string());
      if (entry.kind == TreeEntryKind::file) {
        look_at_file(kind, file);
      }
    }
  }

  void look_at_file(const std::string& kind, const std::filesystem::path& file) {
    std::optional<std::string> content;
    try {
      content = session_.ports.files().read(file, largest_file);
    } catch (const Error&) {
      result_.unread.push_back(finder_.shown(shown_path(session_, file)));
    }
    if (content) {
      look_at(kind, shown_path(session_, file), *content);
    }
  }

  void look_at_artifacts() {
    ObjectStore& store = store_of(session_);
    for (const Manifest& manifest : manifests_of(store, session_.ports.origin(), run_.id)) {
      for (const ManifestEntry& entry : manifest.entries) {
        look_at_name("artifact", entry.path, entry.path);
        const auto content = entry.kind == TreeEntryKind::file ? store.get_text(object_key(entry.hash)) : std::nullopt;
        if (content) {
          look_at("artifact", entry.path, *content);
        }
      }
    }
  }

  Session& session_;
  const RunRecord& run_;
  LeakFinder finder_;
  AuditResult result_;
};

void say_what_was_left_out(const AuditResult& result, Terminal& terminal) {
  if (!result.too_short.empty()) {
    terminal.say(fmt::format("too short to be looked for: {}\n", all_of(result.too_short)));
  }
  if (!result.unread.empty()) {
    terminal.say(fmt::format("not looked into: {}\n", all_of(result.unread)));
  }
}

ExitCode audit(const AuditOptions& options, Session& session) {
  const auto run = find_run_or_ask(session, options.run, "ame audit");
  if (!run) {
    return ExitCode::interrupted;
  }
  const AuditResult result = Audit(session, *run).perform();
  if (options.json) {
    session.terminal.answer(audit_json(result));
  } else {
    if (!result.leaks.empty()) {
      session.terminal.answer(audit_table(result, session.terminal.answer_paint()));
    }
    say_what_was_left_out(result, session.terminal);
    session.terminal.remark(result.leaks.empty()
                                ? fmt::format("looked for {}: found none\n", counted(result.secrets, "secret"))
                                : std::string());
  }
  return result.leaks.empty() ? ExitCode::success : ExitCode::task_failed;
}

}  // namespace

CommandSpec audit_command() {
  const auto options = std::make_shared<AuditOptions>();
  return {
      .name = "audit",
      .summary = "Look for values of stored secrets in what a run left behind",
      .details =
          "In its logs, its records, the artifacts it kept and the whole working tree of its project, names of files "
          "too, in every form in which output is masked. Places are shown, never values. Exit code 1 when one is "
          "found.",
      .options = {{"--json", &options->json, "", "Print JSON", {}}},
      .arguments = {{"RUN", &options->run, "Name or number of the run", false, Completion::run}},
      .examples = {{"ame audit train-142", "does anything of that run hold a secret?"}},
      .action = [options](Session& session) { return audit(*options, session); }};
}

}  // namespace ame::cli
