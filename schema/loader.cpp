// SPDX-License-Identifier: Apache-2.0
#include "schema/loader.hpp"

#include <memory>
#include <utility>

#include "schema/artifact_overlaps.hpp"
#include "schema/decode_vaults.hpp"
#include "schema/project_parts.hpp"
#include "schema/task_decoder.hpp"

namespace ame::schema {

namespace {

Strictness strictness_of(const LoadOptions& options) {
  if (options.strict) {
    return Strictness::strict;
  }
  return options.lenient ? Strictness::lenient : Strictness::normal;
}

}  // namespace

Loader::Loader(const FileReader& files, const LoadOptions& options)
    : problems_(sources_, strictness_of(options)),
      decoding_{sources_, problems_},
      projects_(files, options, sources_, decoding_),
      fields_(projects_, arena_, decoding_),
      builder_(fields_, projects_, decoding_) {
  if (options.allow_reserved) {
    problems_.allow_reserved();
  }
}

LoadedProject Loader::load(const std::filesystem::path& path) {
  OpenProject& main = projects_.open_main(path);
  main_ = &main;
  Project project{.name = main.file.name, .directory = main.file.directory, .file = main.file.path};
  project.tasks.reserve(main.tasks.size());
  for (Draft& draft : main.tasks) {
    project.tasks.push_back(builder_.build(draft));
  }
  project.models = decode_models(main, builder_, decoding_);
  project.data_sets = decode_data_sets(main, builder_, decoding_);
  if (main.file.vaults != nullptr) {
    project.vaults = decode_vaults(*main.file.vaults, main.file.directory, decoding_);
  }
  project.default_resources = main.file.default_resources;
  check_templates(main);
  projects_.check_imports(main);
  if (!problems_.has_error()) {
    warn_of_artifact_overlaps(project.tasks, decoding_);
  }
  std::vector<Diagnostic> warnings = problems_.finish();
  for (const Draft* draft : builder_.built()) {
    if (draft->project != &main && draft->section == Section::task) {
      project.other_tasks.push_back(draft->task);
    }
  }
  return {.project = std::move(project), .warnings = std::move(warnings)};
}

/// R178: what nothing uses can do no harm yet.
void Loader::check_templates(OpenProject& main) {
  for (Draft& one : main.templates) {
    std::unique_ptr<Problems::Downgrade> downgrade;
    if (!one.used) {
      downgrade = std::make_unique<Problems::Downgrade>(problems_);
    }
    if (const Node* fields = fields_.templates().standalone(one)) {
      check_partial_task(one.section, *fields, decoding_);
    }
  }
}

}  // namespace ame::schema
