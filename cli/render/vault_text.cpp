// SPDX-License-Identifier: Apache-2.0
#include "cli/render/vault_text.hpp"

#include <algorithm>

#include "cli/render/json_values.hpp"
#include "cli/render/table.hpp"
#include "cli/render/time_text.hpp"

namespace ame::cli {

namespace {

std::string mount_of(const Vault& vault) {
  return vault.mount.empty() ? "secret" : vault.mount;
}

std::string file_of(const Vault& vault) {
  return vault.where.source == nullptr ? std::string() : vault.where.source->file;
}

Json json_of(const TestedVault& tested) {
  Json problems = Json::array();
  for (const Diagnostic& problem : tested.problems) {
    problems.push_back(ame::cli::json_of(problem));
  }
  return {{"name", tested.vault.name},
          {"usable", tested.problems.empty()},
          {"tokenSeconds", tested.token_lasts.count() == 0 ? Json() : Json(tested.token_lasts.count())},
          {"problems", problems}};
}

}  // namespace

std::string vault_table(const std::vector<Vault>& vaults, const Painter& paint) {
  std::vector<TableRow> rows;
  for (const Vault& vault : vaults) {
    rows.push_back({{vault.name},
                    {vault.address},
                    {mount_of(vault)},
                    {std::to_string(vault.kv_version)},
                    {std::string(word_of(vault.login.method))},
                    {file_of(vault)}});
  }
  return table_text({"Name", "Address", "Mount", "KV", "Auth", "File"}, rows, paint);
}

std::string vaults_json(const std::vector<Vault>& vaults) {
  Json items = Json::array();
  for (const Vault& vault : vaults) {
    items.push_back({{"name", vault.name},
                     {"address", vault.address},
                     {"namespace", text_or_null(vault.name_space)},
                     {"mount", mount_of(vault)},
                     {"kvVersion", vault.kv_version},
                     {"auth", word_of(vault.login.method)},
                     {"file", text_or_null(file_of(vault))}});
  }
  return document_text({{"vaults", items}});
}

std::string tested_vaults_table(const std::vector<TestedVault>& vaults, const Painter& paint) {
  std::vector<TableRow> rows;
  for (const TestedVault& tested : vaults) {
    const bool is_usable = tested.problems.empty();
    const std::string lasts = tested.token_lasts.count() == 0 ? "" : elapsed_text(tested.token_lasts);
    rows.push_back({{tested.vault.name},
                    {tested.vault.address},
                    {is_usable ? "usable" : "not usable", is_usable ? Style::good : Style::error},
                    {lasts}});
  }
  return table_text({"Name", "Address", "Status", "Token lasts"}, rows, paint);
}

std::string tested_vaults_json(const std::vector<TestedVault>& vaults) {
  Json items = Json::array();
  for (const TestedVault& tested : vaults) {
    items.push_back(json_of(tested));
  }
  const bool is_usable = std::ranges::all_of(vaults, [](const auto& tested) { return tested.problems.empty(); });
  return document_text({{"usable", is_usable}, {"vaults", items}});
}

}  // namespace ame::cli
