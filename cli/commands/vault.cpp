// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "cli/commands/commands.hpp"
#include "cli/commands/known_vaults.hpp"
#include "cli/commands/open_project.hpp"
#include "cli/render/diagnostic.hpp"
#include "cli/render/vault_text.hpp"
#include "core/error.hpp"
#include "core/text.hpp"

namespace ame::cli {

namespace {

struct VaultListOptions {
  bool json = false;
};

struct VaultTestOptions {
  std::vector<std::string> names;
  bool json = false;
};

/// Those of the user, and of the project where there is one.
std::vector<Vault> vaults_here(Session& session) {
  try {
    project_file(session);
  } catch (const Error&) {
    return known_vaults(session, nullptr);  // no project is fine here; one with mistakes is not
  }
  const Project project = open_project(session);
  return known_vaults(session, &project);
}

std::vector<Vault> chosen(std::vector<Vault> vaults, const std::vector<std::string>& names) {
  if (names.empty()) {
    return vaults;
  }
  std::vector<Vault> some;
  for (const std::string& name : names) {
    const auto found = std::ranges::find(vaults, name, &Vault::name);
    if (found == vaults.end()) {
      std::vector<std::string> known;
      for (const Vault& vault : vaults) {
        known.push_back(vault.name);
      }
      const std::string near = did_you_mean(name, known);
      throw Error(ExitCode::usage,
                  Diagnostic{.message = fmt::format("no vault `{}` is configured", name),
                             .hint = near.empty() ? "`ame vault list` shows which are" : near});
    }
    some.push_back(*found);
  }
  return some;
}

TestedVault tested(const Vault& vault, Session& session) {
  TestedVault result{.vault = vault};
  try {
    VaultSession opened(vault, vault_ports(session));
    result.token_lasts = opened.token().lasts;
    if (const std::string problem = opened.problem_of_mount(); !problem.empty()) {
      result.problems.push_back({.message = fmt::format("the vault `{}` cannot be used: {}", vault.name, problem)});
    }
  } catch (const Error& error) {
    if (error.code() != ExitCode::machine) {
      throw;
    }
    result.problems = error.diagnostics();
  }
  return result;
}

ExitCode vault_list(const VaultListOptions& options, Session& session) {
  const std::vector<Vault> vaults = vaults_here(session);
  session.terminal.answer(options.json ? vaults_json(vaults) : vault_table(vaults, session.terminal.answer_paint()));
  if (vaults.empty() && !options.json) {
    session.terminal.remark(
        fmt::format("no vaults; name one under `vaults` in `{}`\n", shown_path(session, user_config_file(session))));
  }
  return ExitCode::success;
}

ExitCode vault_test(const VaultTestOptions& options, Session& session) {
  session.ports.hide_memory();
  std::vector<TestedVault> results;
  std::vector<Diagnostic> problems;
  for (const Vault& vault : chosen(vaults_here(session), options.names)) {
    results.push_back(tested(vault, session));
    problems.insert(problems.end(), results.back().problems.begin(), results.back().problems.end());
  }
  session.terminal.answer(options.json ? tested_vaults_json(results)
                                       : tested_vaults_table(results, session.terminal.answer_paint()));
  if (!options.json) {
    session.terminal.say(diagnostics_text(problems, session.terminal.say_paint()));
  }
  return problems.empty() ? ExitCode::success : ExitCode::machine;
}

}  // namespace

CommandSpec vault_list_command() {
  const auto options = std::make_shared<VaultListOptions>();
  return {.name = "list",
          .summary = "List the Vaults that secrets can come from",
          .details = "Those of your configuration, and of the project at hand where it has others.",
          .options = {{"--json", &options->json, "", "Print JSON", {}}},
          .examples = {{"ame vault list", "which Vaults are known here, and from which file"}},
          .action = [options](Session& session) { return vault_list(*options, session); },
          .aliases = {"ls"}};
}

CommandSpec vault_test_command() {
  const auto options = std::make_shared<VaultTestOptions>();
  return {.name = "test",
          .summary = "Log in to Vaults and look whether secrets can be read",
          .details = "No secret is read. Exit code 4 when one cannot be used.",
          .options = {{"--json", &options->json, "", "Print JSON", {}}},
          .arguments = {{"NAME", &options->names, "Vaults to try; default: all"}},
          .examples = {{"ame vault test company", "whether it can be reached, is open, and lets you in"}},
          .action = [options](Session& session) { return vault_test(*options, session); }};
}

}  // namespace ame::cli
