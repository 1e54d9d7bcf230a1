// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/model_serving.hpp"

#include <filesystem>
#include <functional>
#include <limits>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "cli/commands/carry_out.hpp"
#include "cli/commands/model_run.hpp"
#include "cli/commands/model_world.hpp"
#include "core/error.hpp"
#include "core/run/serving_job_runner.hpp"

namespace ame::cli {

namespace {

std::filesystem::path file_of(Session& session, const Project& project, const std::string& model) {
  return session.ports.data_layout().deployment(project.name.text(), model);
}

constexpr const char* deployment_kind = "deployment";

std::string name_of_run(const std::string& model) {
  return "serve-" + model;
}

std::string address_of(const DeploymentRecord& record) {
  return fmt::format("http://127.0.0.1:{}", record.port);
}

/// In the environment in which the version was validated, so that what serves it is what was proven to load it.
std::shared_ptr<const Task> serving_task(const Model& model, const Deployment& deployment) {
  const Task& proven = *require_task(model.validation, model, "validationTask");
  const auto* const executor = std::get_if<Executor>(&proven.work);
  if (executor == nullptr) {
    throw Error(ExitCode::bad_project,
                Diagnostic{.message = fmt::format("the model `{}` cannot be served: its validation task `{}` is a "
                                                  "pipeline, which has no environment of its own",
                                                  model.name,
                                                  proven.name.text()),
                           .where = span_of(model.where),
                           .hint = "let `validationTask` name a task with an executor"});
  }
  Executor serving = *executor;
  serving.command = deployment.command.value_or(ShellCommand{
      fmt::format("exec mlflow models serve --model-uri \"$AME_MODEL_URI\" --host 127.0.0.1 --port \"$AME_MODEL_PORT\" "
                  "--env-manager local --workers {}",
                  deployment.replicas)});
  serving.image = deployment.image.empty() ? serving.image : deployment.image;
  Task task{.name = TaskName(name_of_run(model.name)), .work = std::move(serving)};
  task.description = "serves the model " + model.name;
  task.resources = deployment.resources;
  task.secrets = proven.secrets;
  task.environment = proven.environment;
  task.working_directory = proven.working_directory;
  task.project = proven.project;
  task.project_directory = proven.project_directory;
  task.where = model.where;
  return std::make_shared<const Task>(std::move(task));
}

/// A port of its own for each model; the one it had before, unless another is wished for.
void take_port(FrontDoor& door,
               const DeployWishes& wishes,
               const std::optional<Served>& before,
               const std::filesystem::path& from) {
  constexpr std::uint16_t first_port = 5001;  // 5000 is where MLflow's own server is
  constexpr std::uint16_t last_port = 5100;
  if (wishes.port) {
    if (*wishes.port < 1 || *wishes.port > std::numeric_limits<std::uint16_t>::max()) {
      throw Error(ExitCode::usage, Diagnostic{.message = fmt::format("`{}` is no port", *wishes.port)});
    }
    door.take(static_cast<std::uint16_t>(*wishes.port), from);
    return;
  }
  if (before) {
    door.take(before->record.port, from);
    return;
  }
  for (std::uint16_t port = first_port;; ++port) {
    try {
      door.take(port, {});
      return;
    } catch (const Error&) {
      if (port == last_port) {
        throw;
      }
    }
  }
}

std::unique_ptr<FileLock> lock_deployment(const std::filesystem::path& file, const Model& model, Session& session) {
  session.ports.files().make_directories(file.parent_path());
  auto lock = session.ports.locks().try_lock(file.parent_path() / (model.name + ".lock"));
  if (!lock) {
    throw Error(ExitCode::machine,
                Diagnostic{.message = fmt::format("the model `{}` is being deployed at this moment", model.name),
                           .hint = "`ame task list` shows the run that does it"});
  }
  return lock;
}

/// A version that takes the place of the one that is served.
class Deploying {
 public:
  Deploying(const VersionOfModel& wanted, Session& session)
      : wanted_(wanted),
        session_(session),
        file_(file_of(session, wanted.project, wanted.model.name)),
        lock_(lock_deployment(file_, wanted.model, session)),
        before_(served_of(session, wanted.project, wanted.model.name)),
        door_(session.ports.make_front_door()) {}

  /// Where this very version answers already; null: nowhere.
  [[nodiscard]] const Served* served_already() const {
    const bool is_the_same = takes_over() && before_->record.version == wanted_.version.number &&
                             before_->record.mlflow_run == wanted_.version.run &&
                             before_->record.registry == wanted_.registry;
    return is_the_same ? &*before_ : nullptr;
  }

  ExitCode run(const DeployWishes& wishes, const TellServed& tell) {
    take_port(*door_, wishes, before_, takes_over() ? handover_of(before_->run.id) : std::filesystem::path());
    const Deployment deployment = wanted_.model.deployment.value_or(Deployment{});
    PreparedRun run =
        prepare_model_run(wanted_.project, serving_task(wanted_.model, deployment), deployment_kind, session_);
    RunWishes run_wishes{.local = wishes.local, .variables = variables_for_version(wanted_.model, wanted_.version)};
    run_wishes.variables.push_back({.key = "AME_MODEL_REPLICAS", .value = std::to_string(deployment.replicas)});
    run_wishes.serving = [&](JobRunner& inner, const RunRecord& begun) {
      return std::make_unique<ServingJobRunner>(
          inner,
          *door_,
          session_.ports.http(),
          session_.ports.clock(),
          ServingHooks{.handover = handover_of(begun.id), .opened = [this, &tell, &begun] { opened(begun, tell); }});
    };
    const ExitCode code = carry_out(run, run_wishes, session_);
    if (lock_ != nullptr && takes_over()) {
      session_.terminal.remark(fmt::format("version {} goes on at {}\n", before_->record.version, before_->address()));
    }
    return code;
  }

 private:
  [[nodiscard]] bool takes_over() const { return before_ && before_->is_alive; }

  [[nodiscard]] std::filesystem::path handover_of(RunId run) const {
    return session_.ports.runs().directory_of(run) / "door";
  }

  void opened(const RunRecord& begun, const TellServed& tell) {
    const DeploymentRecord record{.registry = wanted_.registry,
                                  .version = wanted_.version.number,
                                  .mlflow_run = wanted_.version.run,
                                  .run = begun.id,
                                  .port = door_->port(),
                                  .opened = session_.ports.clock().now(),
                                  .before = before_ ? std::optional(before_->record.version) : std::nullopt};
    session_.ports.files().write_atomically(file_, deployment_record_json(record));
    lock_.reset();
    stop_others(begun);
    tell(fmt::format("version {} of the model `{}` answers at {} ({})",
                     record.version,
                     wanted_.model.name,
                     address_of(record),
                     display_name(begun)));
  }

  /// Also one that an earlier deployment did not come to stop.
  void stop_others(const RunRecord& begun) {
    for (const RunRecord& other : runs_that_serve(session_, wanted_.project, wanted_.model.name)) {
      if (other.id != begun.id) {
        session_.ports.run_control().ask_to_stop(other.owner);
      }
    }
  }

  const VersionOfModel& wanted_;
  Session& session_;
  std::filesystem::path file_;
  std::unique_ptr<FileLock> lock_;  ///< until the version is let in
  std::optional<Served> before_;
  std::unique_ptr<FrontDoor> door_;
};

}  // namespace

std::string Served::address() const {
  return address_of(record);
}

std::optional<Served> served_of(Session& session, const Project& project, const std::string& model) {
  const auto text = session.ports.files().read(file_of(session, project, model));
  auto record = text ? read_deployment_record(*text) : std::nullopt;
  auto run = record ? session.ports.runs().find(record->run) : std::nullopt;
  if (!run) {
    return std::nullopt;
  }
  const bool is_alive =
      !is_finished(run->state) && session.ports.run_control().state_of(run->owner) == OwnerState::alive;
  return Served{.record = *std::move(record), .run = *std::move(run), .is_alive = is_alive};
}

std::vector<RunRecord> runs_that_serve(Session& session, const Project& project, const std::string& model) {
  return session.ports.runs().list({.name = name_of_run(model),
                                    .project = project.name,
                                    .states = {RunState::pending, RunState::running},
                                    .kind = deployment_kind});
}

void remark_on_deployment(const Project& project, const std::string& model, Session& session) {
  const auto served = served_of(session, project, model);
  if (served && served->is_alive) {
    session.terminal.remark(
        fmt::format("version {} is still the one that is served; `ame model deploy {}` brings the newest up\n",
                    served->record.version,
                    model));
  }
}

ExitCode serve_version(const VersionOfModel& wanted,
                       const DeployWishes& wishes,
                       const TellServed& tell,
                       Session& session) {
  Deploying deploying(wanted, session);
  const Served* const served = deploying.served_already();
  if (served != nullptr && !wishes.force && (!wishes.port || *wishes.port == served->record.port)) {
    tell(fmt::format("version {} of the model `{}` answers at {} already",
                     wanted.version.number,
                     wanted.model.name,
                     served->address()));
    return ExitCode::success;
  }
  return deploying.run(wishes, tell);
}

}  // namespace ame::cli
