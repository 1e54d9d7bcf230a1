// SPDX-License-Identifier: Apache-2.0
#include "core/data/manifest_json.hpp"

#include <fmt/format.h>

#include "core/data/entries_json.hpp"
#include "core/error.hpp"

namespace ame {

using nlohmann::json;

namespace {

constexpr int format = 1;

json texts_json(const std::vector<std::string>& texts) {
  json list = json::array();
  for (const std::string& text : texts) {
    list.push_back(text_json(text));
  }
  return list;
}

}  // namespace

std::string manifest_json(const Manifest& manifest) {
  const json document = {{"format", format},
                         {"project", manifest.project.text()},
                         {"task", manifest.task},
                         {"run", manifest.run.number},
                         {"origin", manifest.origin},
                         {"step", manifest.step.text()},
                         {"created", microseconds_of(manifest.created)},
                         {"entries", entries_json(manifest.entries)},
                         {"deleted", texts_json(manifest.deleted)}};
  return document.dump(1) + "\n";
}

Manifest read_manifest(std::string_view text, const std::string& place) {
  try {
    const json document = json::parse(text);
    if (document.at("format").get<int>() != format) {
      throw Error(ExitCode::machine,
                  Diagnostic{.message = fmt::format("{} was written by another version of ame", place),
                             .hint = "a newer ame reads it"});
    }
    Manifest manifest{.project = ProjectName(document.at("project").get<std::string>()),
                      .task = document.at("task").get<std::string>(),
                      .run = {document.at("run").get<long>()},
                      .origin = document.at("origin").get<std::string>(),
                      .step = StepName(document.at("step").get<std::string>()),
                      .created = time_from(document.at("created").get<std::int64_t>()),
                      .entries = entries_from(document.at("entries")),
                      .deleted = {}};
    for (const json& path : document.at("deleted")) {
      manifest.deleted.push_back(text_from(path));
    }
    return manifest;
  } catch (const json::exception&) {
    throw Error(ExitCode::machine,
                Diagnostic{.message = fmt::format("{} is no manifest that ame wrote", place),
                           .hint = "somebody changed the store; `ame artifact rm` takes it away"});
  }
}

}  // namespace ame
