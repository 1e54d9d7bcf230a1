// SPDX-License-Identifier: Apache-2.0
#include "cli/render/secret_text.hpp"

#include <algorithm>

#include "cli/render/json_values.hpp"
#include "cli/render/table.hpp"
#include "cli/render/time_text.hpp"

namespace ame::cli {

namespace {

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    text += (text.empty() ? "" : ", ") + word;
  }
  return text;
}

Json json_of(const CheckedSecret& secret) {
  Json problems = Json::array();
  for (const Diagnostic& problem : secret.problems) {
    problems.push_back(ame::cli::json_of(problem));
  }
  return {{"task", secret.task},
          {"source", word_of(secret.reference.source)},
          {"vault", text_or_null(secret.reference.vault)},
          {"key", secret.reference.key},
          {"found", secret.problems.empty()},
          {"problems", problems}};
}

}  // namespace

std::string secret_table(const std::vector<SecretRow>& rows, const Painter& paint) {
  std::vector<TableRow> table;
  for (const SecretRow& row : rows) {
    table.push_back(
        {{row.listing.key}, {local_text(row.listing.created)}, {local_text(row.listing.changed)}, {joined(row.tasks)}});
  }
  return table_text({"Key", "Created", "Changed", "Tasks"}, table, paint);
}

std::string secrets_json(const std::vector<SecretRow>& rows) {
  Json secrets = Json::array();
  for (const SecretRow& row : rows) {
    secrets.push_back({{"key", row.listing.key},
                       {"created", utc_text(row.listing.created)},
                       {"changed", utc_text(row.listing.changed)},
                       {"tasks", row.tasks}});
  }
  return document_text({{"secrets", secrets}});
}

std::string_view word_of(SecretSource source) {
  switch (source) {
    case SecretSource::ame:
      return "ame";
    case SecretSource::vault:
      return "vault";
    case SecretSource::env:
      return "env";
    case SecretSource::file:
      return "file";
    case SecretSource::command:
      break;
  }
  return "command";
}

std::string checked_secrets_table(const std::vector<CheckedSecret>& secrets, const Painter& paint) {
  std::vector<TableRow> table;
  for (const CheckedSecret& secret : secrets) {
    const bool is_found = secret.problems.empty();
    table.push_back({{secret.task},
                     {std::string(word_of(secret.reference.source))},
                     {secret.reference.key},
                     {is_found ? "found" : "missing", is_found ? Style::good : Style::error}});
  }
  return table_text({"Task", "Source", "Key", "Status"}, table, paint);
}

std::string checked_secrets_json(const std::vector<CheckedSecret>& secrets) {
  Json items = Json::array();
  for (const CheckedSecret& secret : secrets) {
    items.push_back(json_of(secret));
  }
  const bool is_complete = std::ranges::all_of(secrets, [](const auto& secret) { return secret.problems.empty(); });
  return document_text({{"complete", is_complete}, {"secrets", items}});
}

}  // namespace ame::cli
