// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <memory>
#include <set>

#include "cli/commands/commands.hpp"
#include "cli/commands/open_project.hpp"
#include "cli/commands/secret_world.hpp"
#include "cli/render/secret_text.hpp"
#include "core/error.hpp"

namespace ame::cli {

namespace {

struct SecretListOptions {
  bool json = false;
};

using Users = std::map<std::string, std::set<std::string>>;

void add_users(const Project& project, Users& users) {
  for (const auto& task : project.tasks) {
    for (const SecretReference& secret : task->secrets) {
      if (secret.source == SecretSource::ame) {
        users[secret.key].insert(task->name.text());
      }
    }
  }
}

/// Which tasks of the project at hand want which secret. A project that is absent or has mistakes wants none: this
/// command is about the store.
Users users_here(Session& session) {
  Users users;
  try {
    add_users(schema::load_project(session.ports.files(), project_file(session), load_options(session)).project, users);
  } catch (const Error& error) {
    if (error.code() != ExitCode::bad_project) {
      throw;
    }
  }
  return users;
}

ExitCode secret_list(const SecretListOptions& options, Session& session) {
  SecretWorld world(session);
  const Users users = users_here(session);
  std::vector<SecretRow> rows;
  for (SecretListing& listing : world.store().list()) {
    SecretRow row{.listing = std::move(listing)};
    if (const auto found = users.find(row.listing.key); found != users.end()) {
      row.tasks.assign(found->second.begin(), found->second.end());
    }
    rows.push_back(std::move(row));
  }
  session.terminal.answer(options.json ? secrets_json(rows) : secret_table(rows, session.terminal.answer_paint()));
  if (rows.empty() && !options.json) {
    session.terminal.remark("no secrets; `ame secret add` stores one\n");
  }
  return ExitCode::success;
}

}  // namespace

CommandSpec secret_list_command() {
  const auto options = std::make_shared<SecretListOptions>();
  return {.name = "list",
          .summary = "List the keys of stored secrets",
          .details = "With their dates, and the tasks of the project at hand that use them. Never with a value.",
          .options = {{"--json", &options->json, "", "Print JSON", {}}},
          .examples = {{"ame secret list", "what is stored, and who uses it"}},
          .action = [options](Session& session) { return secret_list(*options, session); },
          .aliases = {"ls"}};
}

}  // namespace ame::cli
