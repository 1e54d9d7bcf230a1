// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schema/migrate/edits.hpp"

namespace ame::schema {

/// What one round over a text found: what it rewrites, and what it must leave.
struct MigrationNote {
  std::uint32_t at = 0;
  std::string what;
};

/// One round over the tree of an ame.yml. Parts that stand in each other are rewritten one after another, in rounds, so
/// that no change meets another.
class Migrator {
 public:
  explicit Migrator(std::string_view text)
      : edits_(text) {}

  void project(const SyntaxNode& root);

  [[nodiscard]] SyntaxEdits& edits() { return edits_; }

  [[nodiscard]] const std::vector<MigrationNote>& rewritten() const { return rewritten_; }

  [[nodiscard]] const std::vector<MigrationNote>& left() const { return left_; }

 private:
  enum class Kind { task, step, task_template };

  // migrate_project.cpp
  void named_list(const SyntaxEntry& list, std::string_view noun);
  void model(const SyntaxNode& model);
  void inner_task(const SyntaxNode& mapping);
  void renamed(const SyntaxNode& mapping, std::string_view before, std::string_view after);
  void dropped(const SyntaxNode& mapping, std::string_view key, std::string_view why);

  // migrate_tasks.cpp
  void task(const SyntaxNode& task, Kind kind, std::string_view inherited_tag);
  bool steps(const SyntaxNode& task, std::string_view tag);
  void step(const SyntaxNode& step, std::string_view tag);
  void task_name(const SyntaxNode& step);
  void executor(const SyntaxNode& task, std::string_view inherited_tag);
  void new_executor(const SyntaxNode& task, const SyntaxEntry& command, std::string_view tag);
  void into_executor(const SyntaxNode& task, const SyntaxEntry& command, const SyntaxEntry& executor);
  [[nodiscard]] const SyntaxEntry* command_of(const SyntaxNode& task) const;
  [[nodiscard]] const SyntaxEntry* kind_of(const SyntaxNode& task) const;
  std::optional<std::string_view> tag_of(const SyntaxEntry& kind);

  // migrate_parts.cpp
  void parts(const SyntaxNode& task);
  void variables(const SyntaxNode& list);
  void secret(const SyntaxNode& secret);
  void secret_keys(const SyntaxNode& fields, bool is_vault);
  void resources(const SyntaxNode& resources);

  void note(const SyntaxEntry& entry, std::string what) { rewritten_.push_back({entry.begin, std::move(what)}); }

  void leave(const SyntaxEntry& entry, std::string why) { left_.push_back({entry.begin, std::move(why)}); }

  SyntaxEdits edits_;
  std::vector<MigrationNote> rewritten_;
  std::vector<MigrationNote> left_;
};

}  // namespace ame::schema
