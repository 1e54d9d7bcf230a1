// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "schema/migrate/migrator.hpp"

namespace ame::schema {

void Migrator::project(const SyntaxNode& root) {
  dropped(root, "defaultTask", "there is no default task; name the one to run");
  for (const SyntaxEntry& entry : root.entries) {
    const std::string_view key = edits_.key_of(entry);
    if (key == "tasks") {
      named_list(entry, "task");
    } else if (key == "templates") {
      named_list(entry, "template");
    } else if (key == "models") {
      named_list(entry, "model");
    } else if (key == "dataSets" || key == "data_sets") {
      named_list(entry, "data set");
    }
  }
}

void Migrator::named_list(const SyntaxEntry& list, std::string_view noun) {
  const SyntaxNode& value = list.value;
  if (is_mapping(value)) {
    if (value.entries.empty()) {
      return;
    }
    if (edits_.list_from_mapping(value)) {
      note(list, fmt::format("each {} is an entry with a `name` today", noun));
    } else {
      leave(list, fmt::format("a {} here is no mapping, so it cannot become an entry of a list", noun));
    }
    return;
  }
  for (const SyntaxEntry& item : value.entries) {
    if (noun == "task") {
      task(item.value, Kind::task, "");
    } else if (noun == "template") {
      task(item.value, Kind::task_template, "");
    } else if (noun == "model") {
      model(item.value);
    } else {
      inner_task(item.value);
    }
  }
}

void Migrator::model(const SyntaxNode& model) {
  if (!is_mapping(model)) {
    return;
  }
  dropped(model, "type", "what a model is follows from its training task");
  if (const SyntaxEntry* deployment = edits_.find(model, "deployment")) {
    renamed(deployment->value, "auto_train", "autoTrain");
    renamed(deployment->value, "enable_tls", "enableTls");
  }
  if (const SyntaxEntry* training = edits_.find(model, "training")) {
    inner_task(training->value);
  }
  if (const SyntaxEntry* validation = edits_.find(model, "validationTask")) {
    task(validation->value, Kind::step, "");
  }
}

void Migrator::inner_task(const SyntaxNode& mapping) {
  if (const SyntaxEntry* inner = edits_.find(mapping, "task")) {
    task(inner->value, Kind::step, "");
  }
}

void Migrator::renamed(const SyntaxNode& mapping, std::string_view before, std::string_view after) {
  const SyntaxEntry* entry = edits_.find(mapping, before);
  if (entry == nullptr) {
    return;
  }
  if (edits_.find(mapping, after) != nullptr) {
    leave(*entry, fmt::format("`{}` is `{}` today, and both stand here: keep one", before, after));
    return;
  }
  edits_.rename(*entry, after);
  note(*entry, fmt::format("`{}` is `{}` today", before, after));
}

void Migrator::dropped(const SyntaxNode& mapping, std::string_view key, std::string_view why) {
  const SyntaxEntry* entry = edits_.find(mapping, key);
  if (entry == nullptr) {
    return;
  }
  if (edits_.remove(mapping, *entry)) {
    note(*entry, fmt::format("`{}` is gone: {}", key, why));
  } else {
    leave(*entry, fmt::format("`{}` is a key of an older version: {}", key, why));
  }
}

}  // namespace ame::schema
