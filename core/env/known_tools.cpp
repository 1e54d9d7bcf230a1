// SPDX-License-Identifier: Apache-2.0
#include "core/env/known_tools.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "core/env/remembered_files_json.hpp"

namespace ame {

namespace fs = std::filesystem;

using nlohmann::json;

namespace {

/// conda's kin understand the same words.
std::vector<std::string> names_of(const std::string& tool) {
  return tool == "conda" ? std::vector<std::string>{"conda", "mamba", "micromamba"} : std::vector<std::string>{tool};
}

/// conda is seldom on PATH outside an interactive shell.
std::vector<fs::path> usual_places(const std::string& tool, const CallerEnvironment& caller) {
  if (tool != "conda") {
    return {};
  }
  std::vector<fs::path> places = {value_of(caller, "CONDA_EXE"), value_of(caller, "MAMBA_EXE")};
  const fs::path home = value_of(caller, "HOME");
  for (const char* const root : {"miniconda3", "anaconda3", "miniforge3", "mambaforge"}) {
    places.push_back(home / root / "bin/conda");
  }
  places.emplace_back("/opt/conda/bin/conda");
  std::erase_if(places, [](const fs::path& place) { return !place.is_absolute(); });
  return places;
}

}  // namespace

KnownTools KnownTools::load(const FileReader& files, const fs::path& file) {
  KnownTools known;
  known.versions_ = load_remembered<std::string>(
      files, file, "version", [](const json& object) { return object.get<std::string>(); });
  return known;
}

void KnownTools::save(FileSystem& files, const fs::path& file) const {
  save_remembered(versions_, files, file, "version", [](const std::string& version) { return json(version); });
}

std::optional<std::string> KnownTools::version_of(const ToolCandidate& candidate) const {
  const std::string* const version = versions_.find(candidate.program, candidate.status);
  return version == nullptr ? std::nullopt : std::optional(*version);
}

void KnownTools::remember(const ToolCandidate& candidate, const std::string& version) {
  versions_.remember(candidate.program, candidate.status, version);
}

std::vector<ToolCandidate> tool_candidates(const std::string& name,
                                           const CallerEnvironment& caller,
                                           const FileReader& files) {
  constexpr unsigned executable = 0111;
  std::vector<fs::path> programs;
  for (const std::string& program : names_of(name)) {
    for (const fs::path& directory : program_directories(caller)) {
      programs.push_back(directory / program);
    }
  }
  for (const fs::path& place : usual_places(name, caller)) {
    programs.push_back(place);
  }
  std::vector<ToolCandidate> candidates;
  for (const fs::path& program : programs) {
    const FileStatus status = files.status(program);
    if (status.kind == FileKind::regular && (status.mode & executable) != 0) {
      candidates.push_back({.program = program, .status = status});
    }
  }
  return candidates;
}

std::optional<std::string> expected_version(const ToolRequest& wanted,
                                            const CacheLayout& layout,
                                            const CallerEnvironment& caller,
                                            const FileReader& files) {
  const KnownTools known = KnownTools::load(files, layout.known_tools());
  for (const ToolCandidate& candidate : tool_candidates(wanted.name, caller, files)) {
    std::optional<std::string> version = known.version_of(candidate);
    if (!version) {
      return std::nullopt;
    }
    if (!version->empty() && is_version(*version, wanted.version)) {
      return version;
    }
  }
  return wanted.version.empty() ? usual_version(wanted.name) : wanted.version;
}

std::string version_in(std::string_view text) {
  const auto is_digit = [](char letter) { return std::isdigit(static_cast<unsigned char>(letter)) != 0; };
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool starts =
        is_digit(text[at]) && (at == 0 || text[at - 1] == ' ' || text[at - 1] == '(' || text[at - 1] == 'v');
    const std::size_t end = std::min(text.find_first_of(" )\n\r,", at), text.size());
    if (starts && text.substr(at, end - at).find('.') != std::string_view::npos) {
      return std::string(text.substr(at, end - at));
    }
  }
  return {};
}

bool is_version(std::string_view version, std::string_view wanted) {
  return version.starts_with(wanted) &&
         (wanted.empty() || version.size() == wanted.size() || version[wanted.size()] == '.');
}

}  // namespace ame
