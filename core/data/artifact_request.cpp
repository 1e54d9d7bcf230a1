// SPDX-License-Identifier: Apache-2.0
#include "core/data/artifact_request.hpp"

#include "core/data/entries_json.hpp"
#include "core/data/manifest_json.hpp"
#include "core/error.hpp"

namespace ame {

using nlohmann::json;

bool wants_any(const Artifacts& wanted) {
  return wanted.save_changed_files || !wanted.paths.empty();
}

void let_be_absent(Artifacts& wanted) {
  for (ArtifactPath& path : wanted.paths) {
    path.optional = true;
  }
}

std::string step_artifacts_json(const StepArtifacts& request) {
  json paths = json::array();
  for (const ArtifactPath& path : request.wanted.paths) {
    paths.push_back({{"path", text_json(path.path)}, {"optional", path.optional}});
  }
  return json{{"project_directory", text_json(request.project_directory.string())},
              {"paths", paths},
              {"changed_files", request.wanted.save_changed_files},
              {"on_failure", request.wanted.save_on_failure},
              {"before", text_json(request.before.string())},
              {"known", text_json(request.known.string())},
              {"labels", manifest_json(request.labels)}}
      .dump();
}

StepArtifacts read_step_artifacts(std::string_view text) {
  try {
    const json document = json::parse(text);
    StepArtifacts request{.project_directory = text_from(document.at("project_directory")),
                          .wanted = {.paths = {},
                                     .save_changed_files = document.at("changed_files").get<bool>(),
                                     .save_on_failure = document.at("on_failure").get<bool>()},
                          .before = text_from(document.at("before")),
                          .known = text_from(document.at("known")),
                          .labels = read_manifest(document.at("labels").get<std::string>(), "the request")};
    for (const json& path : document.at("paths")) {
      request.wanted.paths.push_back({.path = text_from(path.at("path")), .optional = path.at("optional").get<bool>()});
    }
    return request;
  } catch (const json::exception&) {
    throw Error(ExitCode::bug, Diagnostic{.message = "the request is none that this ame wrote"});
  }
}

}  // namespace ame
