// SPDX-License-Identifier: Apache-2.0
#include "schema/reference.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "core/text.hpp"
#include "schema/keys.hpp"
#include "schema/reserved_variables.hpp"
#include "schema/tags.hpp"

namespace ame::schema {

namespace {

struct Chapter {
  Section section;
  std::string_view title;
  std::string_view introduction;
};

constexpr std::array<Chapter, 28> chapters = {{
    {Section::project, "The file", "The keys at the top. All of them may be left out."},
    {Section::task, "A task", "An entry of `tasks`. It has exactly one of `executor`, `taskRef` and `pipeline`."},
    {Section::item, "A step", "An item of a `pipeline`, or the task of a model or data set."},
    {Section::task_template, "A template", "An entry of `templates`: a partial task."},
    {Section::executor, "`executor`", "Written with a tag, such as `executor: !poetry`."},
    {Section::reference, "A reference", "Another task, as a mapping. `name` and `project.name` mean the same."},
    {Section::template_use, "`fromTemplate`", "As a mapping. `name` and `project.name` mean the same."},
    {Section::matrix, "`matrix`", "Every other key is an axis with its list of values."},
    {Section::resources, "`resources`", "Keys of the form `vendor.tld/name` are quantities as well."},
    {Section::gpu, "`gpu`", "A quantity by itself means `count`."},
    {Section::retries, "`retries`", "A number by itself means `count`."},
    {Section::secret, "A secret", "An entry of `secrets`, written with a tag, such as `- !ame`."},
    {Section::variable, "A variable", "An entry of `environment`. A mapping from names to values means the same."},
    {Section::artifacts, "`artifacts`", ""},
    {Section::artifact_path, "An artifact path", "A text by itself means `path`."},
    {Section::data_set, "A data set", "An entry of `dataSets` at the top."},
    {Section::data_set_use,
     "A data set that is used",
     "An entry of a task's `dataSets`. `name` and `project.name` work too."},
    {Section::triggers, "`triggers`", ""},
    {Section::git_trigger, "`git` of triggers", ""},
    {Section::cache, "`cache`", ""},
    {Section::cleanup, "`cleanup`", ""},
    {Section::model, "A model", "An entry of `models`."},
    {Section::training, "`training`", ""},
    {Section::deployment, "`deployment`", ""},
    {Section::defaults, "`defaults`", ""},
    {Section::import, "An import", "An entry of `imports`. A text by itself means `path`."},
    {Section::vault, "A Vault", "A value of `vaults`; its key is the name."},
    {Section::vault_login, "`auth` of a Vault", ""},
}};

struct KindRow {
  ValueType type;
  std::string_view words;
};

constexpr std::array<KindRow, 30> kinds = {{
    {ValueType::text, "text"},
    {ValueType::name, "name"},
    {ValueType::project_name, "name"},
    {ValueType::variable_name, "name of a variable"},
    {ValueType::flag, "`true` or `false`"},
    {ValueType::count, "whole number"},
    {ValueType::decimal, "number"},
    {ValueType::quantity, "quantity"},
    {ValueType::duration, "duration: `90s`, `2h30m`"},
    {ValueType::cron, "cron"},
    {ValueType::path, "path in the project"},
    {ValueType::command, "text or list"},
    {ValueType::texts, "list of texts"},
    {ValueType::paths, "list of paths"},
    {ValueType::counts, "list of whole numbers"},
    {ValueType::text_map, "mapping of texts"},
    {ValueType::dependencies, "list of names"},
    {ValueType::section, "mapping"},
    {ValueType::sections, "list"},
    {ValueType::count_or_section, "number or mapping"},
    {ValueType::text_or_section, "name or mapping"},
    {ValueType::mixed_list, "list of texts or mappings"},
    {ValueType::named_sections, "mapping of names"},
    {ValueType::executor, "mapping with a tag"},
    {ValueType::secrets, "list with tags"},
    {ValueType::environment, "list or mapping"},
    {ValueType::pipeline, "list of steps"},
    {ValueType::templates_used, "name, mapping or list"},
    {ValueType::matrix, "mapping"},
    {ValueType::parameters, "mapping"},
}};

std::string_view kind_of(const KeyRow& row) {
  const auto* found = std::ranges::find(kinds, row.type, &KindRow::type);
  return found == kinds.end() ? std::string_view() : found->words;
}

std::string only_for(const KeyRow& row, Section section) {
  std::vector<std::string> tags;
  std::size_t all = 0;
  const auto look = [&](const auto& rows, auto bit_of) {
    for (const auto& one : rows) {
      ++all;
      if ((row.tags & bit_of(one)) != 0) {
        tags.push_back("!" + std::string(one.name));
      }
    }
  };
  if (section == Section::executor) {
    look(all_executor_tags(), [](const ExecutorTagRow& one) { return bit(one.tag); });
  } else if (section == Section::secret) {
    look(all_secret_tags(), [](const SecretTagRow& one) { return bit(one.source); });
  }
  return tags.size() == all ? std::string() : fmt::format(" Only {}.", all_of(tags));
}

std::string row_text(const KeyRow& row, Section section) {
  std::vector<std::string> aliases;
  for (const std::string_view alias : row.aliases) {
    if (!alias.empty()) {
      aliases.emplace_back(alias);
    }
  }
  const std::string also = aliases.empty() ? std::string() : fmt::format(" Also {}.", one_of(aliases));
  return fmt::format("| `{}`{} | {} | {}.{}{} |\n",
                     row.name,
                     row.need == Need::required ? " (required)" : "",
                     kind_of(row),
                     row.doc,
                     only_for(row, section),
                     also);
}

std::string chapter_text(const Chapter& chapter) {
  std::string text = fmt::format("## {}\n\n", chapter.title);
  if (!chapter.introduction.empty()) {
    text += fmt::format("{}\n\n", chapter.introduction);
  }
  text += "| key | value | meaning |\n| --- | --- | --- |\n";
  for (const KeyRow& row : all_keys()) {
    if (row.where.has(chapter.section)) {
      text += row_text(row, chapter.section);
    }
  }
  return text + "\n";
}

template <class Rows>
std::string tag_table(std::string_view title, const Rows& rows) {
  std::string text = fmt::format("## {}\n\n| tag | meaning |\n| --- | --- |\n", title);
  for (const auto& row : rows) {
    text += fmt::format("| `!{}` | {} |\n", row.name, row.doc);
  }
  return text + "\n";
}

}  // namespace

std::string reference_text() {
  std::string text =
      "# Reference of `ame.yml`\n\n"
      "Every key there is, from the table that the loader itself reads; the [guide](guide/README.md) explains them. A "
      "value of nothing (`key:`) is as good as none, and takes away what a template says.\n\n";
  for (const Chapter& chapter : chapters) {
    text += chapter_text(chapter);
  }
  text += tag_table("Tags of an executor", all_executor_tags());
  text += tag_table("Tags of a secret", all_secret_tags());
  text +=
      "## Variables that ame sets\n\nNone of them can be set in `ame.yml`.\n\n| variable | value |\n| --- | --- |\n";
  for (const ProvidedVariable& variable : provided_variables()) {
    text += fmt::format("| `{}` | {} |\n", variable.name, variable.doc);
  }
  return text;
}

}  // namespace ame::schema
