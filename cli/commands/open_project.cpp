// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/open_project.hpp"

#include <utility>

#include <fmt/format.h>

#include "cli/render/diagnostic.hpp"
#include "core/error.hpp"
#include "core/run/wanted_resources.hpp"
#include "schema/locate.hpp"
#include "schema/user_config.hpp"

namespace ame::cli {

namespace {

void require_no_directory(Session& session, const std::filesystem::path& file) {
  if (session.ports.files().status(file).kind == FileKind::directory) {
    throw Error(ExitCode::bad_project,
                Diagnostic{.message = fmt::format("`{}` is a directory, not a file", shown_path(session, file)),
                           .hint = "`-f` names a file, `-C` the directory to work in"});
  }
}

}  // namespace

std::filesystem::path project_file(Session& session) {
  std::filesystem::path file = session.options.file.empty()
                                   ? schema::find_project_file(session.ports.files(), session.directory)
                                   : (session.directory / session.options.file).lexically_normal();
  require_no_directory(session, file);
  return file;
}

std::string shown_path(const Session& session, const std::filesystem::path& path) {
  const std::string whole = path.string();
  const std::string relative = path.lexically_relative(session.working_directory).string();
  return relative.empty() || relative.size() >= whole.size() ? whole : relative;
}

std::filesystem::path user_config_file(Session& session) {
  return session.ports.config_directory() / "config.yml";
}

schema::LoadOptions load_options(const Session& session) {
  schema::LoadOptions options{.shown_from = session.working_directory,
                              .fetched = &session.ports.project_fetcher(),
                              .allow_reserved = session.options.allow_reserved};
  const std::string places = session.variable("AME_PROJECT_PATH");
  for (std::size_t begin = 0; begin < places.size();) {
    const std::size_t end = std::min(places.find(':', begin), places.size());
    if (end > begin) {
      options.project_path.emplace_back(places.substr(begin, end - begin));
    }
    begin = end + 1;
  }
  return options;
}

Project open_project(Session& session) {
  return open_project(session, session.ports.files());
}

Project open_project(Session& session, const FileReader& files) {
  schema::LoadedProject loaded = schema::load_project(files, project_file(session), load_options(session));
  if (!loaded.warnings.empty()) {
    session.terminal.remark(diagnostics_text(loaded.warnings, session.terminal.say_paint()));
  }
  loaded.project.default_resources = with_defaults(
      loaded.project.default_resources,
      schema::load_user_config(files, user_config_file(session), session.working_directory).default_resources);
  return std::move(loaded.project);
}

}  // namespace ame::cli
