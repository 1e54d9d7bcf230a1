// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "clusters/engine.hpp"
#include "clusters/tes/tes_protocol.hpp"
#include "core/ports/file_system.hpp"

namespace ame::clusters {

/// A file of a project that travels by itself.
struct LargeFile {
  std::string path;  ///< in the project
  std::string hash;  ///< SHA-256, of 64 digits
  bool is_executable = false;

  bool operator==(const LargeFile&) const = default;
};

/// The files that a run begins with, as a storage keeps them.
struct SentFiles {
  std::string pack;  ///< key of an archive with all that is small, and the links
  std::vector<LargeFile> large;
  std::vector<std::string> changes;  ///< keys of what steps of earlier runs have changed, in their order

  bool operator==(const SentFiles&) const = default;
};

std::string sent_files_json(const SentFiles& files);

/// Throws Error(machine) for what is none.
SentFiles read_sent_files(std::string_view text);

/// How the tasks of one run are called and where their files are.
struct TesRun {
  std::string token;    ///< names of tasks begin with it and a slash
  std::string number;   ///< of the run
  std::string storage;  ///< before keys, as the server reads it: "file:///shared/ame", "s3://bucket/ame"
  std::string image;    ///< of tasks that name none
};

/// Key of what a step leaves: "runs/fit-7-1a2b3c4d/2-train/changes.tar". `name` is that of name_of_step.
std::string key_of_result(const std::string& token, const std::string& name, const char* what);

/// Key of the lines with its secrets.
std::string key_of_secrets(const std::string& token, const std::string& name);

/// A step of the work as a task. It is told by files that it leaves how its command has ended, and the server alone
/// that it could: servers keep no file of a task that failed.
TesTask tes_task(const Work& work, StepIndex step, const TesRun& run, const SentFiles& sent, const FileReader& files);

/// What the graph says and TES cannot be told, each a warning.
std::vector<Diagnostic> tes_fit(const Work& work);

}  // namespace ame::clusters
