// SPDX-License-Identifier: Apache-2.0
#include "schema/project_parts.hpp"

#include <fmt/format.h>

#include "core/text.hpp"
#include "schema/decode.hpp"

namespace ame::schema {

namespace {

Deployment decode_deployment(const Value& value, Decoding& decoding) {
  Deployment deployment;
  each_entry(value, Section::deployment, decoding, [&](const KnownEntry& known) {
    switch (known.row->key) {
      case Key::replicas:
        deployment.replicas = read_count(known.value(), decoding);
        break;
      case Key::image:
        deployment.image = read_text(known.value(), decoding);
        break;
      case Key::command:
        deployment.command = read_command(known.value(), decoding);
        break;
      case Key::resources:
        deployment.resources = decode_resources(known.value(), decoding);
        break;
      case Key::auto_train:
        deployment.auto_train = read_flag(known.value(), decoding);
        break;
      case Key::deploy:
        deployment.deploy = read_flag(known.value(), decoding);
        break;
      case Key::enable_tls:
        deployment.enable_tls = read_flag(known.value(), decoding);
        break;
      default:
        deployment.ingress_annotations = decode_labels(known.value(), decoding);
        break;
    }
  });
  return deployment;
}

/// The task of `training: {task: …}`.
Draft* training_task(
    OpenProject& project, const Value& value, const std::string& name, TaskBuilder& builder, Decoding& decoding) {
  Draft* task = nullptr;
  bool said = false;
  each_entry(value, Section::training, decoding, [&](const KnownEntry& known) {
    said = true;
    task = builder.inline_task(project, known.value(), name);
  });
  if (!said && value.node.kind == NodeKind::mapping) {
    decoding.problems.error({.where = value.node, .message = "`training` has no `task`"});
  }
  return task;
}

Model decode_model(OpenProject& project, const Written& written, TaskBuilder& builder, Decoding& decoding) {
  Model model{.name = std::string(written.name), .where = decoding.sources.place_of(*written.node)};
  each_entry({"model", *written.node}, Section::model, decoding, [&](const KnownEntry& known) {
    Draft* task = nullptr;
    switch (known.row->key) {
      case Key::training:
        task = training_task(project, known.value(), "train-" + model.name, builder, decoding);
        model.training = task == nullptr ? nullptr : builder.build(*task);
        break;
      case Key::validation_task:
        task = builder.inline_task(project, known.value(), "validate-" + model.name);
        model.validation = task == nullptr ? nullptr : builder.build(*task);
        break;
      case Key::deployment:
        model.deployment = decode_deployment(known.value(), decoding);
        break;
      default:
        break;
    }
  });
  return model;
}

DataSet decode_data_set(DataSetDraft& draft, TaskBuilder& builder, Decoding& decoding) {
  DataSet data_set{.name = std::string(draft.name),
                   .project = draft.project->file.name,
                   .where = decoding.sources.place_of(*draft.node)};
  each_entry({"data set", *draft.node}, Section::data_set, decoding, [&](const KnownEntry& known) {
    if (known.row->key == Key::path) {
      data_set.path = read_path(known.value(), decoding);
    } else if (known.row->key == Key::size) {
      data_set.size = read_quantity(known.value(), decoding);
    }
  });
  if (Draft* task = builder.plan_data_set(draft)) {
    data_set.task = builder.build(*task);
  }
  return data_set;
}

}  // namespace

std::vector<Model> decode_models(OpenProject& project, TaskBuilder& builder, Decoding& decoding) {
  std::vector<Model> models;
  for (const Written& written : project.file.models.all) {
    models.push_back(decode_model(project, written, builder, decoding));
  }
  return models;
}

std::vector<DataSet> decode_data_sets(OpenProject& project, TaskBuilder& builder, Decoding& decoding) {
  std::vector<DataSet> data_sets;
  for (DataSetDraft& draft : project.data_sets) {
    data_sets.push_back(decode_data_set(draft, builder, decoding));
  }
  // A data set of another project may itself lead to more of them.
  for (std::size_t index = 0; index < builder.used_data_sets().size(); ++index) {
    DataSetDraft& draft = *builder.used_data_sets()[index];
    if (draft.project != &project) {
      data_sets.push_back(decode_data_set(draft, builder, decoding));
    }
  }
  return data_sets;
}

}  // namespace ame::schema
