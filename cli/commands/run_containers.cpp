// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/run_containers.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/run/ask_program.hpp"
#include "core/text.hpp"

namespace ame::cli {

namespace fs = std::filesystem;

namespace {

using Variables = std::map<std::string, std::string>;

constexpr std::chrono::minutes patience_with_pulls{60};
constexpr std::chrono::minutes patience_with_questions{2};
constexpr std::size_t digits_of_id = 16;

/// An image as the engine knows it.
struct KnownImage {
  std::string id;  ///< of its content
  Variables environment;
};

const Executor& executor_of(const Step& step) {
  return std::get<Executor>(step.task->work);
}

std::optional<SourceSpan> span_if_known(const Place& place) {
  return place.source ? std::optional(span_of(place)) : std::nullopt;
}

/// What of the caller's own environment means the same inside: how to reach things, and in which language.
bool means_the_same_inside(std::string_view key) {
  constexpr std::array<std::string_view, 21> known = {"http_proxy",
                                                      "https_proxy",
                                                      "no_proxy",
                                                      "HTTP_PROXY",
                                                      "HTTPS_PROXY",
                                                      "NO_PROXY",
                                                      "LANG",
                                                      "LC_ALL",
                                                      "TZ",
                                                      "NO_COLOR",
                                                      "FORCE_COLOR",
                                                      "PIP_INDEX_URL",
                                                      "PIP_EXTRA_INDEX_URL",
                                                      "PIP_TRUSTED_HOST",
                                                      "UV_INDEX",
                                                      "UV_DEFAULT_INDEX",
                                                      "UV_INDEX_URL",
                                                      "UV_EXTRA_INDEX_URL",
                                                      "MLFLOW_TRACKING_URI",
                                                      "MLFLOW_EXPERIMENT_NAME",
                                                      "PIPENV_PYPI_MIRROR"};
  return std::ranges::find(known, key) != known.end() || key.starts_with("POETRY_HTTP_BASIC_") ||
         key.starts_with("POETRY_REPOSITORIES_");
}

bool is_on_path(const FileReader& files, const std::string& path, const std::string& program) {
  constexpr unsigned executable = 0111;
  std::string_view rest = path;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(':'), rest.size());
    const FileStatus status = files.status(fs::path(rest.substr(0, end)) / program);
    if (status.kind == FileKind::regular && (status.mode & executable) != 0) {
      return true;
    }
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return false;
}

/// Talks to the engine before a run.
class EngineTalk {
 public:
  EngineTalk(Session& session, const CallerEnvironment& caller, ContainerEngine engine)
      : session_(session),
        caller_(caller),
        engine_(engine) {}

  /// The image, pulled if need be.
  KnownImage find(const std::string& name, const Diagnostic& otherwise) {
    std::optional<KnownImage> image = look_at(name);
    if (!image) {
      pull(name, otherwise);
      image = look_at(name);
    }
    if (!image) {
      throw Error(ExitCode::machine, otherwise);
    }
    return *image;
  }

  /// Rootless podman hands limits on to cgroups of version 2 alone, and has none of its own unless systemd makes them.
  /// With version 1 it only says so; with a manager that may not make one, no container starts that has a limit.
  bool can_limit() {
    if (engine_ != ContainerEngine::podman || session_.ports.accounts().caller().is_root()) {
      return true;
    }
    if (session_.ports.files().status("/sys/fs/cgroup/cgroup.controllers").kind == FileKind::missing) {
      return false;
    }
    const ProgramAnswer answer =
        ask({"info", "--format", "{{.Host.CgroupManager}} {{.Host.CgroupControllers}}"}, patience_with_questions);
    return !answer.is_fine() ||
           (answer.output.starts_with("systemd ") && answer.output.find("memory") != std::string::npos);
  }

 private:
  ProgramAnswer ask(std::vector<std::string> argv, std::chrono::milliseconds patience) {
    argv.insert(argv.begin(), program_of(engine_));
    ProcessRequest request{.argv = std::move(argv), .environment = {}, .directory = "/"};
    for (const auto& [key, value] : caller_) {
      request.environment.push_back(fmt::format("{}={}", key, value));
    }
    return ask_programs(session_.ports.processes(), session_.ports.clock(), {request}, patience).front();
  }

  std::optional<KnownImage> look_at(const std::string& name) {
    const ProgramAnswer answer = ask(
        {"image", "inspect", "--format", "{{.Id}}{{range .Config.Env}}\n{{.}}{{end}}", name}, patience_with_questions);
    if (!answer.is_fine()) {
      return std::nullopt;
    }
    KnownImage image;
    std::string_view rest = answer.output;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      const std::string line(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
      const std::size_t equals = line.find('=');
      if (image.id.empty()) {
        image.id = line;
      } else if (equals != std::string::npos) {
        image.environment[line.substr(0, equals)] = line.substr(equals + 1);
      }
    }
    return image;
  }

  void pull(const std::string& name, Diagnostic otherwise) {
    session_.terminal.say(fmt::format("pulling the image {} with {}\n", name, program_of(engine_)));
    const ProgramAnswer answer = ask({"pull", "--quiet", name}, patience_with_pulls);
    if (!answer.is_fine()) {
      otherwise.message += fmt::format(": `{} pull` {}", program_of(engine_), answer.failure());
      throw Error(ExitCode::machine, std::move(otherwise));
    }
  }

  Session& session_;
  const CallerEnvironment& caller_;
  ContainerEngine engine_;
};

ContainerEngine engine_for(const Step& step, const std::string& image, Session& session) {
  const std::string path = session.variable("PATH");
  const std::string wanted = session.variable("AME_CONTAINER_ENGINE");
  if (!wanted.empty() && wanted != "podman" && wanted != "docker") {
    throw Error(ExitCode::usage,
                Diagnostic{.message = fmt::format("AME_CONTAINER_ENGINE is `{}`", wanted),
                           .hint = "ame starts containers with `podman` or `docker`"});
  }
  for (const ContainerEngine engine : {ContainerEngine::podman, ContainerEngine::docker}) {
    const bool is_wanted = wanted.empty() || wanted == program_of(engine);
    if (is_wanted && is_on_path(session.ports.files(), path, program_of(engine))) {
      return engine;
    }
  }
  const std::string missing =
      wanted.empty() ? "neither `podman` nor `docker` is on PATH" : fmt::format("`{}` is not on PATH", wanted);
  throw Error(ExitCode::machine,
              Diagnostic{.message = fmt::format(
                             "the task `{}` runs in the image `{}`, and {}", step.task->name.text(), image, missing),
                         .where = span_if_known(executor_of(step).where),
                         .hint = "install one of them, or run it on this machine itself with `--no-container`"});
}

/// Who the processes inside are.
ContainerUser user_for(const fs::path& project, const ContainerWishes& wishes, Accounts& accounts) {
  const Account caller = accounts.caller();
  if (wishes.as_root) {
    return {.uid = 0, .gid = 0};
  }
  const Account user = caller.is_root() ? accounts.owner_of(project) : caller;
  if (user.is_root()) {
    throw Error(ExitCode::machine,
                Diagnostic{.message = fmt::format("you are root and own `{}`, and steps in containers are not root "
                                                  "unless that is asked for",
                                                  project.string()),
                           .hint = "give the project to another user, or ask for root with `--container-root`"});
  }
  return {.uid = user.uid, .gid = user.gid};
}

/// A directory that the user inside may write to.
void make_for(const ContainerUser& user, const fs::path& directory, Ports& ports) {
  ports.files().make_directories(directory);
  if (ports.accounts().caller().is_root() && user.uid != 0) {
    ports.accounts().give(directory, {.uid = user.uid, .gid = user.gid});
  }
}

CallerEnvironment environment_inside(const KnownImage& image, const fs::path& home, const CallerEnvironment& caller) {
  CallerEnvironment environment;
  for (const auto& [key, value] : caller) {
    if (means_the_same_inside(key)) {
      environment[key] = value;
    }
  }
  environment["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  for (const auto& [key, value] : image.environment) {
    environment[key] = value;
  }
  environment["HOME"] = home.string();
  return environment;
}

std::vector<EnvironmentVariable> variables_from(const CallerEnvironment& environment) {
  std::vector<EnvironmentVariable> variables;
  for (const auto& [key, value] : environment) {
    variables.push_back({.key = key, .value = value});
  }
  return variables;
}

std::string without_algorithm(const std::string& id) {
  const std::size_t colon = id.find(':');
  return id.substr(colon == std::string::npos ? 0 : colon + 1, digits_of_id);
}

}  // namespace

std::string default_image(const Session& session) {
  const std::string named = session.variable("AME_DEFAULT_IMAGE");
  return named.empty() ? "localhost/ame-default:latest" : named;
}

RunContainers::RunContainers(const ContainerRun& run, const ContainerWishes& wishes, Session& session)
    : caller_(run.caller) {
  const std::vector<Step>& steps = run.graph.steps;
  if (wishes.always && wishes.never) {
    throw Error(ExitCode::usage, Diagnostic{.message = "`--container` and `--no-container` exclude each other"});
  }
  image_of_.resize(steps.size());
  if (wishes.never) {
    return;
  }
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const std::string& own = run.plans[i].image;
    const std::string name = own.empty() && wishes.always ? default_image(session) : own;
    if (name.empty()) {
      continue;
    }
    const fs::path& project = steps[i].task->project_directory;
    const auto known =
        std::ranges::find_if(images_, [&](const Prepared& one) { return one.name == name && one.project == project; });
    image_of_[i] = static_cast<std::size_t>(known - images_.begin());
    if (known == images_.end()) {
      images_.push_back(prepare(steps[i], name, wishes, session));
    }
  }
}

RunContainers::Prepared RunContainers::prepare(const Step& step,
                                               const std::string& name,
                                               const ContainerWishes& wishes,
                                               Session& session) {
  const fs::path& project = step.task->project_directory;
  Ports& ports = session.ports;
  const ContainerEngine engine = engine_for(step, name, session);
  const ContainerUser user = user_for(project, wishes, ports.accounts());
  EngineTalk talk(session, caller_, engine);
  const KnownImage known =
      talk.find(name,
                {.message = fmt::format("the image `{}` of the task `{}` cannot be had", name, step.task->name.text()),
                 .where = span_if_known(executor_of(step).where),
                 .hint = "check its name, or run the task on this machine itself with "
                         "`--no-container`"});
  if (!can_limit_) {
    can_limit_ = talk.can_limit();
  }
  const EnvironmentSettings& host = ports.environment_settings();
  const fs::path cache = host.cache / "images" / fmt::format("{}-{}", without_algorithm(known.id), user.uid);
  const fs::path home = cache / "home";
  make_for(user, cache, ports);
  make_for(user, home, ports);
  ContainerImage image{
      .place = {.engine = engine,
                .image = known.id,
                .image_name = name,
                .mounts = {{.path = project}, {.path = cache}},
                .user = user,
                .keeps_id = engine == ContainerEngine::podman && user.uid != 0 && !ports.accounts().caller().is_root(),
                .is_unlimited = !*can_limit_,
                .files = host.cache / "containers",
                .engine_environment = {}},
      .cache = cache,
      .environment = environment_inside(known, home, caller_)};
  ContainerPlace place = image.place;
  place.engine_environment = variables_from(caller_);
  return {.name = name,
          .project = project,
          .place = std::make_shared<const ContainerPlace>(std::move(place)),
          .inherited = std::make_shared<const std::vector<EnvironmentVariable>>(variables_from(image.environment)),
          .environments = std::make_unique<ImageEnvironments>(image, host, ports.files(), ports.locks())};
}

void RunContainers::place(std::vector<Job>& jobs) const {
  for (Job& job : jobs) {
    const auto& image = image_of_.at(job.step);
    if (!image) {
      continue;
    }
    const Prepared& prepared = images_.at(*image);
    job.container = prepared.place;
    job.environments = prepared.environments.get();
    job.inherited = prepared.inherited;
  }
}

}  // namespace ame::cli
