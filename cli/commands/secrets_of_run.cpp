// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/secrets_of_run.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/secrets/hide_in_run.hpp"
#include "core/secrets/secret_marks.hpp"
#include "core/secrets/secret_masker.hpp"

namespace ame::cli {

namespace {

bool wants_secrets(const TaskGraph& graph) {
  return std::ranges::any_of(graph.steps, [](const Step& step) { return !secrets_of(step).empty(); });
}

/// Where secrets go as files: nothing may stand there, and one place has one value.
class FilePlaces {
 public:
  explicit FilePlaces(const FileReader& files)
      : files_(files) {}

  void add(const Task& task, const StepSecret& secret) {
    const auto path = (task.project_directory / secret.file).lexically_normal();
    const auto [before, is_new] = wanted_.emplace(path, secret.value.get());
    if (!is_new && !before->second->same_as(*secret.value)) {
      problems_.push_back({.message = fmt::format("different secrets are to be put into `{}`", path.string()),
                           .hint = "each needs a place of its own: `injectAsFile`"});
    }
    if (is_new && files_.status(path).kind != FileKind::missing) {
      problems_.push_back(
          {.message = fmt::format(
               "`{}` is there already, and a secret of the task `{}` goes there", path.string(), task.name.text()),
           .hint = "move it away, or give the secret another place with `injectAsFile`"});
    }
  }

  /// Whether there is any.
  bool check() {
    if (!problems_.empty()) {
      throw Error(ExitCode::machine, std::move(problems_));
    }
    return !wanted_.empty();
  }

 private:
  const FileReader& files_;
  std::map<std::filesystem::path, const SecretText*> wanted_;
  std::vector<Diagnostic> problems_;
};

bool has_files(const TaskGraph& graph, const RunSecrets& secrets, const FileReader& files) {
  FilePlaces places(files);
  for (StepIndex i = 0; i < graph.steps.size(); ++i) {
    for (const StepSecret& secret : secrets.of_steps.at(i)) {
      if (!secret.file.empty()) {
        places.add(*graph.steps[i].task, secret);
      }
    }
  }
  return places.check();
}

}  // namespace

SecretsOfRun::SecretsOfRun(
    Session& session, const Project& project, const TaskGraph& graph, Reporter& reporter, Steps steps)
    : session_(session),
      reporter_(reporter) {
  if (!wants_secrets(graph)) {
    return;
  }
  world_.emplace(session);
  secrets_ = world_->of_run(project, graph);
  if (steps == Steps::run_here && has_files(graph, secrets_, session.ports.files())) {
    files_ = session.ports.secret_files();
  }
  for (const Diagnostic& warning : secrets_.warnings) {
    reporter.warning(warning);
  }
}

SecretsOfRun::~SecretsOfRun() = default;

std::map<std::string, std::string> SecretsOfRun::inheritable(std::map<std::string, std::string> caller) const {
  for (const std::string& variable : secrets_.withheld) {
    caller.erase(variable);
  }
  return caller;
}

void SecretsOfRun::hide_in(FrozenRun& frozen, RunRecord& record) const {
  hide_secrets(frozen, record, secrets_.patterns);
}

std::string SecretsOfRun::hidden(const std::string& text) const {
  return secrets_.empty() ? text : masked(text, secrets_.patterns);
}

void SecretsOfRun::mark(std::vector<Job>& jobs) const {
  if (secrets_.empty()) {
    return;
  }
  Ports& ports = session_.ports;
  const SecretText key = key_of_marks(ports.state_directory() / "secrets" / "marks.key", ports.files(), ports.locks());
  for (Job& job : jobs) {
    job.secret_mark = mark_of(secrets_.of_steps.at(job.step), key);
  }
}

JobRunner& SecretsOfRun::around(JobRunner& runner) {
  if (!world_) {
    return runner;
  }
  renewing_ = std::make_unique<LeaseJobRunner>(
      runner, world_->leases(), session_.ports.clock(), [this](const Diagnostic& warning) {
        reporter_.warning(warning);
      });
  runner_ = std::make_unique<SecretJobRunner>(*renewing_, secrets_, files_.get());
  return *runner_;
}

}  // namespace ame::cli
