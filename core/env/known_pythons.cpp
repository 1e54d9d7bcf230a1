// SPDX-License-Identifier: Apache-2.0
#include "core/env/known_pythons.hpp"

#include <algorithm>

#include "core/env/remembered_files_json.hpp"

namespace ame {

using nlohmann::json;

namespace {

json to_json(const Interpreter& interpreter) {
  return {{"program", interpreter.program.string()},
          {"version", interpreter.version.text()},
          {"release", interpreter.is_release},
          {"venv", interpreter.makes_venvs},
          {"platform", interpreter.platform},
          {"fingerprint", interpreter.fingerprint}};
}

Interpreter interpreter_from(const json& object) {
  Interpreter interpreter;
  interpreter.program = object.at("program").get<std::string>();
  interpreter.version = parse_python_version(object.at("version").get<std::string>()).value();
  interpreter.is_release = object.at("release").get<bool>();
  interpreter.makes_venvs = object.at("venv").get<bool>();
  interpreter.platform = object.at("platform").get<std::string>();
  interpreter.fingerprint = object.at("fingerprint").get<std::string>();
  return interpreter;
}

}  // namespace

KnownPythons KnownPythons::load(const FileReader& files, const std::filesystem::path& file) {
  KnownPythons known;
  known.pythons_ = load_remembered<std::optional<Interpreter>>(files, file, "python", [](const json& object) {
    return object.is_null() ? std::nullopt : std::optional(interpreter_from(object));
  });
  return known;
}

void KnownPythons::save(FileSystem& files, const std::filesystem::path& file) const {
  save_remembered(pythons_, files, file, "python", [](const std::optional<Interpreter>& interpreter) {
    return interpreter ? to_json(*interpreter) : json();
  });
}

KnownPythons::Sorted KnownPythons::sort(const std::vector<PythonCandidate>& candidates) const {
  Sorted sorted;
  for (const PythonCandidate& candidate : candidates) {
    const std::optional<Interpreter>* const remembered = pythons_.find(candidate.path, candidate.status);
    if (remembered == nullptr) {
      sorted.unknown.push_back(candidate);
      continue;
    }
    const std::optional<Interpreter>& interpreter = *remembered;
    const bool is_new =
        interpreter && std::none_of(sorted.interpreters.begin(),
                                    sorted.interpreters.end(),
                                    [&](const Interpreter& one) { return one.program == interpreter->program; });
    if (is_new) {
      sorted.interpreters.push_back(*interpreter);
      sorted.interpreters.back().origin = candidate.origin;
    }
  }
  return sorted;
}

void KnownPythons::remember(const PythonCandidate& candidate, const std::optional<Interpreter>& interpreter) {
  pythons_.remember(candidate.path, candidate.status, interpreter);
}

void KnownPythons::forget_missing(const FileReader& files) {
  pythons_.forget_missing(files);
}

}  // namespace ame
