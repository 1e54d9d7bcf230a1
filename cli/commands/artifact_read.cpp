// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include "cli/commands/artifact_get.hpp"
#include "cli/commands/commands.hpp"
#include "cli/commands/find_artifacts.hpp"
#include "cli/commands/storage_world.hpp"
#include "cli/render/artifact_text.hpp"
#include "core/error.hpp"
#include "core/files/keep_artifacts.hpp"
#include "core/text.hpp"

namespace ame::cli {

namespace {

struct ArtifactOptions {
  std::string run;
  std::string other;
  std::string to;
  bool force = false;
  bool json = false;
};

/// `ame artifact list`
ExitCode list(const ArtifactOptions& options, Session& session) {
  const Painter& paint = session.terminal.answer_paint();
  if (options.run.empty()) {
    const std::vector<Manifest> newest = newest_artifacts(session);
    session.terminal.answer(options.json ? manifests_json(newest) : kept_steps_text(newest, paint));
    return ExitCode::success;
  }
  const RunArtifacts run = artifacts_of(session, options.run);
  session.terminal.answer(options.json ? manifests_json(run.manifests) : kept_files_text(joined(run.manifests), paint));
  return ExitCode::success;
}

/// What stands where a kept file or link would be written, and is something else.
std::vector<std::string> in_the_way(const Manifest& files, const std::filesystem::path& target, Session& session) {
  std::vector<std::string> different;
  std::vector<const ManifestEntry*> entries;
  std::vector<std::string> paths;
  for (const ManifestEntry& entry : files.entries) {
    std::error_code failure;
    const auto there = std::filesystem::symlink_status(target / entry.path, failure);
    if (!std::filesystem::exists(there)) {
      continue;
    }
    const bool is_link = std::filesystem::is_symlink(there);
    if (entry.kind == TreeEntryKind::file && std::filesystem::is_regular_file(there)) {
      entries.push_back(&entry);
      paths.push_back(entry.path);
    } else if (!is_link || std::filesystem::read_symlink(target / entry.path, failure) != entry.target) {
      different.push_back(entry.path);
    }
  }
  const std::vector<std::string> hashes = session.ports.hasher().hashes_of(target, paths);
  for (std::size_t index = 0; index < paths.size(); ++index) {
    if (hashes[index] != entries[index]->hash) {
      different.push_back(paths[index]);
    }
  }
  return different;
}

/// Nothing that the user has is written over, unless it is the same.
void require_free(const Manifest& files, const std::filesystem::path& target, Session& session) {
  const std::vector<std::string> different = in_the_way(files, target, session);
  if (!different.empty()) {
    throw Error(ExitCode::usage,
                Diagnostic{.message = fmt::format("{} in `{}` would be written over, so nothing was fetched",
                                                  different.size() == 1 ? "`" + different.front() + "`"
                                                                        : counted(different.size(), "file"),
                                                  target.string()),
                           .hint = "`--to` names another directory, `--force` writes over what is there"});
  }
}

/// `ame artifact get`
ExitCode get(const ArtifactOptions& options, Session& session) {
  get_artifacts(options.run, options.to, options.force ? WriteOver::yes : WriteOver::no, session);
  return ExitCode::success;
}

/// `ame artifact diff`
ExitCode diff(const ArtifactOptions& options, Session& session) {
  const Manifest left = joined(artifacts_of(session, options.run).manifests);
  const Manifest right = joined(artifacts_of(session, options.other).manifests);
  const auto differences = compare_manifests(left, right);
  session.terminal.answer(options.json ? differences_json(differences)
                                       : differences_text(differences, session.terminal.answer_paint()));
  if (differences.empty()) {
    session.terminal.remark("both left the same files behind\n");
  }
  return ExitCode::success;
}

constexpr const char* run_text = "A run, as `142` or `train-142`, or a task for its newest run";

}  // namespace

void get_artifacts(const std::string& wanted, const std::string& to, WriteOver over, Session& session) {
  const RunArtifacts run = artifacts_of(session, wanted);
  const std::string directory = to.empty() ? run.name : to;
  const std::filesystem::path target = (session.directory / directory).lexically_normal();
  const Manifest files = joined(run.manifests);
  if (over == WriteOver::no) {
    require_free(files, target, session);
  }
  Ports& ports = session.ports;
  ports.files().make_directories(target);
  fetch_artifacts(files, target, {.scanner = ports.trees(), .hasher = ports.hasher(), .store = store_of(session)});
  session.terminal.remark(fmt::format(
      "{} of {} are in `{}`, each checked by its hash\n", counted(files.entries.size(), "file"), run.name, directory));
}

CommandSpec artifact_list_command() {
  const auto options = std::make_shared<ArtifactOptions>();
  return {.name = "list",
          .summary = "Show what runs left behind, or the files of one run",
          .options = {{"--json", &options->json, "", "Print JSON", {}}},
          .arguments = {{"RUN", &options->run, run_text, false, Completion::run}},
          .examples = {{"ame artifact list", "the runs that left something behind, newest first"},
                       {"ame artifact list train", "the files of the newest run of `train`"}},
          .action = [options](Session& session) { return list(*options, session); },
          .aliases = {"ls"}};
}

CommandSpec artifact_get_command() {
  const auto options = std::make_shared<ArtifactOptions>();
  return {.name = "get",
          .summary = "Fetch what a run left behind, each file checked by its hash",
          .details = "Where several steps of the run left something behind, each has a directory of its own.",
          .options = {{"--to", &options->to, "DIR", "Directory to write to; default: one named after the run", {}},
                      {"--force", &options->force, "", "Write over files that are there and differ", {}}},
          .arguments = {{"RUN", &options->run, run_text, true, Completion::run}},
          .examples = {{"ame artifact get 142 --to best", "the files of run 142 in the directory `best`"}},
          .action = [options](Session& session) { return get(*options, session); }};
}

CommandSpec artifact_diff_command() {
  const auto options = std::make_shared<ArtifactOptions>();
  return {.name = "diff",
          .summary = "Show which files differ between what two runs left behind",
          .details =
              "`+` stands for a file that only the second has, `-` for one that only the first has, `~` for one "
              "whose content or mode differs.",
          .options = {{"--json", &options->json, "", "Print JSON", {}}},
          .arguments = {{"RUN", &options->run, run_text, true, Completion::run},
                        {"OTHER", &options->other, "The run to compare with", true, Completion::run}},
          .examples = {{"ame artifact diff 141 142", "what run 142 left behind otherwise than run 141"}},
          .action = [options](Session& session) { return diff(*options, session); }};
}

}  // namespace ame::cli
