// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/files/recorded_files.hpp"
#include "core/model/cluster.hpp"
#include "core/model/command.hpp"
#include "core/names.hpp"
#include "core/ports/repository.hpp"

namespace ame {

/// What stands in a frozen text where something may be secret.
inline constexpr std::string_view withheld_text = "***";

/// A step as it was resolved when its run began.
struct FrozenStep {
  StepName name;
  TaskName task;
  std::vector<StepName> needs;
  CommandText command;
  std::filesystem::path directory;             ///< where the command starts, absolute
  std::string environment;                     ///< key of its environment; empty: none, or not known before it is made
  std::string image;                           ///< empty: none
  std::vector<EnvironmentVariable> variables;  ///< set by the task and the pipelines around it

  bool operator==(const FrozenStep&) const = default;
};

/// What the command line said of a run.
struct FrozenWishes {
  std::vector<EnvironmentVariable> variables;  ///< `--env`, but for those that are withheld
  std::vector<std::string> withheld;           ///< names of variables whose values may be secret
  std::string timeout;                         ///< empty: none
  std::size_t slots = 1;                       ///< steps that may run at once
  bool keeps_going = false;
  bool withholds_arguments = false;  ///< of those behind `--`, some are not kept

  bool operator==(const FrozenWishes&) const = default;
};

/// All that decides what a run does, kept with it from its beginning: a later run is resolved to the same steps even
/// when the files have changed. No secret stands in it.
struct FrozenRun {
  std::string ame;                                  ///< the version that resolved it
  std::vector<std::filesystem::path> project_path;  ///< where other projects were looked for
  FrozenWishes wishes;
  WorkingChanges changes;
  FileAnswers files;                               ///< that had a say in how the run was resolved
  std::set<std::filesystem::path> withheld_files;  ///< among them, those whose content may be secret
  std::vector<FrozenStep> steps;                   ///< in the order of the graph
  std::optional<Cluster> cluster = {};             ///< that runs it, as it was configured; none: this machine
  std::filesystem::path cluster_directory = {};    ///< of this run there
  bool goes_on = false;                            ///< there, with the files that steps of an earlier run have left
};

/// Whether a variable's name says that its value is for nobody's eyes: `API_TOKEN`, `DB_PASSWORD`,
/// `AWS_SECRET_ACCESS_KEY`.
bool sounds_secret(std::string_view variable);

/// Whether a file of this name usually holds secrets: `.env` and `.env.prod`, but not `.env.example`.
bool may_hold_secrets(const std::filesystem::path& file);

/// Takes the contents of files that may hold secrets out of the answers; gives their paths.
std::set<std::filesystem::path> withhold_secrets(FileAnswers& files);

/// What may be kept of the variables of a command line.
FrozenWishes without_secrets(FrozenWishes wishes);

/// The steps of `now` that differ from `then`, each as a sentence; empty when a run would be the same again. Keys of
/// environments do not count, nor what stands where `then` has withheld_text.
std::vector<std::string> differences_between(const std::vector<FrozenStep>& then, const std::vector<FrozenStep>& now);

}  // namespace ame
