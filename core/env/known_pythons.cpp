// SPDX-License-Identifier: Apache-2.0
#include "core/env/known_pythons.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace ame {

using nlohmann::json;

namespace {

constexpr int format = 1;

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
  const std::optional<std::string> text = files.read(file);
  if (!text) {
    return known;
  }
  try {
    const json document = json::parse(*text);
    if (document.at("format") != format) {
      return known;
    }
    for (const auto& [path, object] : document.at("files").items()) {
      Entry entry{.size = object.at("size").get<std::uint64_t>(),
                  .modified_ns = object.at("modified_ns").get<std::int64_t>(),
                  .interpreter = std::nullopt};
      if (!object.at("python").is_null()) {
        entry.interpreter = interpreter_from(object.at("python"));
      }
      known.entries_.emplace(path, std::move(entry));
    }
  } catch (const std::exception&) {  // of another make, or damaged: it is a memory, not a record
    known.entries_.clear();
  }
  return known;
}

void KnownPythons::save(FileSystem& files, const std::filesystem::path& file) const {
  json document = {{"format", format}, {"files", json::object()}};
  for (const auto& [path, entry] : entries_) {
    document["files"][path] = {{"size", entry.size},
                               {"modified_ns", entry.modified_ns},
                               {"python", entry.interpreter ? to_json(*entry.interpreter) : json()}};
  }
  files.make_directories(file.parent_path());
  files.write_atomically(file, document.dump(1));
}

KnownPythons::Sorted KnownPythons::sort(const std::vector<PythonCandidate>& candidates) const {
  Sorted sorted;
  for (const PythonCandidate& candidate : candidates) {
    const auto found = entries_.find(candidate.path.string());
    if (found == entries_.end() || found->second.size != candidate.status.size ||
        found->second.modified_ns != candidate.status.modified_ns) {
      sorted.unknown.push_back(candidate);
      continue;
    }
    const std::optional<Interpreter>& interpreter = found->second.interpreter;
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
  entries_[candidate.path.string()] = {
      .size = candidate.status.size, .modified_ns = candidate.status.modified_ns, .interpreter = interpreter};
}

void KnownPythons::forget_missing(const FileReader& files) {
  std::erase_if(entries_, [&files](const auto& entry) { return files.status(entry.first).kind == FileKind::missing; });
}

}  // namespace ame
