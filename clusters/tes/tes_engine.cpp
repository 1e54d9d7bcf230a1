// SPDX-License-Identifier: Apache-2.0
#include "clusters/tes/tes_engine.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "clusters/shared_files.hpp"
#include "clusters/step_script.hpp"
#include "clusters/tes/tes_client.hpp"
#include "clusters/tes/tes_export.hpp"
#include "clusters/tes/tes_files.hpp"
#include "clusters/tes/tes_job_runner.hpp"

namespace ame::clusters {

namespace {

namespace fs = std::filesystem;

/// The step's own image, or that of the cluster; both may be missing.
void require_images(const Work& work, const Cluster& cluster) {
  for (StepIndex index = 0; index < work.graph.steps.size(); ++index) {
    const Step& step = work.graph.steps[index];
    if (work.jobs.at(index).plan->image.empty() && cluster.image.empty()) {
      throw Error(
          ExitCode::bad_project,
          Diagnostic{
              .message = fmt::format("TES runs containers, and neither `{}` nor the cluster `{}` says of which image",
                                     step.name.text(),
                                     cluster.name),
              .where = step.task->where.source ? std::optional(span_of(step.task->where)) : std::nullopt,
              .hint = "`image: python:3.12` under `executor`, or `ame cluster add --image python:3.12`"});
    }
  }
}

class TesEngine final : public Engine {
 public:
  TesEngine(Cluster cluster, EnginePorts ports)
      : cluster_(std::move(cluster)),
        ports_(std::move(ports)) {}

  [[nodiscard]] const char* title() const override { return "TES"; }

  std::string reach() override;
  [[nodiscard]] std::vector<Diagnostic> fit(const Work& work) const override;
  [[nodiscard]] std::vector<RenderedFile> render(const Work& work) const override;
  std::size_t send(const Shipment& files, const Work& work, const PlaceOfRun& to) override;
  void take_over(const fs::path& earlier, const PlaceOfRun& to) override;
  std::string hand_over(const Work& work, const std::vector<SecretText>& secrets, const PlaceOfRun& to) override;

  [[nodiscard]] bool is_handed_over(const PlaceOfRun& place) override {
    return ports_.files.status(place.directory / "handed-over").kind == FileKind::regular;
  }

  std::unique_ptr<EngineRunner> follow(const PlaceOfRun& place,
                                       const TaskGraph& graph,
                                       const std::string& name,
                                       Listener listener) override;
  std::map<StepIndex, std::string> waiting(const PlaceOfRun& place) override;
  void take_back(const PlaceOfRun& place) override;
  void put_away(const PlaceOfRun& place) override;
  void forget(const PlaceOfRun& place) override;

  OldContents prune(UtcTime /*before*/, Pruning /*pruning*/) override {
    throw Error(ExitCode::usage,
                Diagnostic{.message = fmt::format("the age of what was sent to `{}` is not known: a storage does not "
                                                  "tell it",
                                                  cluster_.name),
                           .hint = "`ame task prune` removes what runs have left there"});
  }

  [[nodiscard]] std::string help_with_what_is_left() const override {
    return fmt::format("`ame cluster test {}` says what of the server works", cluster_.name);
  }

 private:
  ObjectStore& store() {
    if (storage_.store == nullptr) {
      storage_ = ports_.open_storage(cluster_.storage);
    }
    return *storage_.store;
  }

  TesClient& client() {
    if (!client_) {
      client_ =
          std::make_unique<TesClient>(ports_.http, cluster_.endpoint, ports_.authorization(cluster_), cluster_.ca_file);
    }
    return *client_;
  }

  [[nodiscard]] TesRun run_of(const PlaceOfRun& place, std::string storage) const {
    return {.token = place.token(), .number = place.run, .storage = std::move(storage), .image = cluster_.image};
  }

  std::vector<SeenTask> tasks_of(const PlaceOfRun& place);
  [[nodiscard]] Error trouble(const ServerFault& fault) const;

  Cluster cluster_;
  EnginePorts ports_;
  OpenedStorage storage_;
  std::unique_ptr<TesClient> client_;
  std::string fresh_;  ///< token of the run that was handed over just now
};

Error TesEngine::trouble(const ServerFault& fault) const {
  const std::string hint =
      fault.kind == ServerFault::Kind::denied && cluster_.auth == "basic"
          ? fmt::format("`ame secret add cluster/{0}/user` and `ame secret add cluster/{0}/password` say who asks",
                        cluster_.name)
      : fault.kind == ServerFault::Kind::denied
          ? fmt::format(
                "`ame cluster add --auth bearer` or `basic`, and `ame secret add cluster/{}/token`, say who asks",
                cluster_.name)
          : fmt::format("`ame cluster test {}` says what of it works", cluster_.name);
  const char* const subject = fault.reason.starts_with("answers") ? "it " : "";
  return {
      ExitCode::cluster,
      Diagnostic{
          .message = fmt::format(
              "the cluster `{}` cannot be asked at {}: {}{}", cluster_.name, cluster_.endpoint, subject, fault.reason),
          .hint = hint}};
}

std::string TesEngine::reach() {
  auto answer = client().service();
  if (const auto* const fault = std::get_if<ServerFault>(&answer)) {
    throw trouble(*fault);
  }
  // What a server says of itself is for all; only this shows whether the user is let in.
  static_cast<void>(tasks_of({.cluster = cluster_, .directory = "nothing", .run = {}}));
  return std::get<std::string>(std::move(answer));
}

std::vector<Diagnostic> TesEngine::fit(const Work& work) const {
  require_images(work, cluster_);
  std::vector<Diagnostic> cannot = tes_fit(work);
  if (work.has_secrets) {
    cannot.push_back({.severity = Severity::warning,
                      .message = fmt::format("TES has no secrets: those of the tasks lie in the storage `{}` until the "
                                             "run is over, for all who may read it",
                                             cluster_.storage)});
  }
  return cannot;
}

std::vector<RenderedFile> TesEngine::render(const Work& work) const {
  std::vector<RenderedFile> tasks;
  const TesRun run = run_of({.cluster = cluster_, .directory = "RUN", .run = "NUMBER"}, "STORAGE");
  for (StepIndex step = 0; step < work.graph.steps.size(); ++step) {
    tasks.push_back(
        {.name = fmt::format("tasks/{}.json", name_of_step(step, work.graph.steps[step])),
         .text = tes_task_json(tes_task(work, step, run, {.pack = "FILES", .large = {}, .changes = {}}, ports_.files)) +
                 "\n"});
  }
  return tasks;
}

std::size_t TesEngine::send(const Shipment& files, const Work& work, const PlaceOfRun& to) {
  require_images(work, cluster_);
  static_cast<void>(reach());
  ports_.files.make_directories(to.directory, FileMode::owner_only);
  const Sending sending = send_to_storage(files, store(), to.directory, ports_);
  ports_.files.write_atomically(to.directory / "sent.json", sent_files_json(sending.files));
  if (work.keeps_files) {
    unpack_sent(sending.files, store(), to.project(), to.directory, ports_);
  }
  return sending.fresh;
}

void TesEngine::take_over(const fs::path& earlier, const PlaceOfRun& to) {
  static_cast<void>(reach());
  FileSystem& files = ports_.files;
  files.make_directories(to.directory, FileMode::owner_only);
  SentFiles sent = read_sent_files(files.read(earlier / "sent.json", UINT64_MAX).value_or(""));
  std::string kept = files.read(earlier / "kept").value_or("");
  for (std::size_t end = kept.find('\n'); end != std::string::npos; end = kept.find('\n')) {
    sent.changes.push_back(kept.substr(0, end));
    kept.erase(0, end + 1);
  }
  if (!store().missing(sent.changes).empty()) {
    throw Error(ExitCode::machine,
                Diagnostic{.message = fmt::format("what the steps of {} have left is not in the storage `{}` any more",
                                                  earlier.filename().string(),
                                                  cluster_.storage),
                           .hint = "without `--from-failed` or `--step` the run begins with the project's files"});
  }
  files.write_atomically(to.directory / "sent.json", sent_files_json(sent));
  if (files.status(earlier / "project").kind == FileKind::directory) {
    copy_project(earlier, to, ports_);
  }
}

std::string TesEngine::hand_over(const Work& work, const std::vector<SecretText>& secrets, const PlaceOfRun& to) {
  require_images(work, cluster_);
  ObjectStore& kept = store();
  const SentFiles sent = read_sent_files(ports_.files.read(to.directory / "sent.json", UINT64_MAX).value_or(""));
  const fs::path tasks = to.directory / "tasks";
  ports_.files.make_directories(tasks, FileMode::owner_only);
  const TesRun run = run_of(to, storage_.url);
  try {
    for (StepIndex step = 0; step < work.graph.steps.size(); ++step) {
      const std::string name = name_of_step(step, work.graph.steps[step]);
      ports_.files.write_atomically(
          tasks / (name + ".json"), tes_task_json(tes_task(work, step, run, sent, ports_.files)), FileMode::owner_only);
      if (work.has_secrets) {
        kept.put_text(key_of_secrets(run.token, name), secrets.at(step).empty() ? "\n" : secrets.at(step).reveal());
      }
    }
  } catch (const Error&) {
    put_away(to);
    throw;
  }
  ports_.files.write_atomically(to.directory / "handed-over", "");
  fresh_ = to.token();
  return fmt::format("tasks {}/…", to.token());
}

std::unique_ptr<EngineRunner> TesEngine::follow(const PlaceOfRun& place,
                                                const TaskGraph& graph,
                                                const std::string& name,
                                                Listener listener) {
  TesGraph followed{.name = name,
                    .token = place.token(),
                    .directory = place.directory,
                    .names = {},
                    .is_left = fresh_ != place.token(),
                    .keeps_files = ports_.files.status(place.project()).kind == FileKind::directory,
                    .listener = std::move(listener)};
  for (StepIndex step = 0; step < graph.steps.size(); ++step) {
    followed.names.push_back(name_of_step(step, graph.steps[step]));
  }
  return std::make_unique<TesJobRunner>(std::move(followed),
                                        TesWorld{.client = client(),
                                                 .store = store(),
                                                 .files = ports_.files,
                                                 .processes = ports_.processes,
                                                 .clock = ports_.clock},
                                        ports_.make_errands());
}

std::vector<SeenTask> TesEngine::tasks_of(const PlaceOfRun& place) {
  auto tasks = client().list(place.token() + "/", TesView::basic);
  if (const auto* const fault = std::get_if<ServerFault>(&tasks)) {
    throw trouble(*fault);
  }
  return std::get<std::vector<SeenTask>>(std::move(tasks));
}

std::map<StepIndex, std::string> TesEngine::waiting(const PlaceOfRun& place) {
  std::map<StepIndex, std::string> waiting;
  for (const SeenTask& task : tasks_of(place)) {
    // "3-fit" is the third step.
    const std::string name = task.name.substr(place.token().size() + 1);
    const int number = std::atoi(name.c_str());
    if (number > 0 && phase_of_tes(task.state) == TesPhase::waiting) {
      waiting[static_cast<StepIndex>(number - 1)] = fmt::format("TES ({})", task.state);
    }
  }
  return waiting;
}

void TesEngine::take_back(const PlaceOfRun& place) {
  put_away(place);
  for (const SeenTask& task : tasks_of(place)) {
    if (phase_of_tes(task.state) == TesPhase::over) {
      continue;
    }
    const auto answer = client().cancel(task.id);
    const auto* const fault = std::get_if<ServerFault>(&answer);
    if (fault != nullptr && fault->kind != ServerFault::Kind::absent) {
      throw trouble(*fault);
    }
  }
}

void TesEngine::put_away(const PlaceOfRun& place) {
  std::vector<std::string> secrets;
  for (std::string& key : store().list(fmt::format("runs/{}/", place.token()))) {
    if (key.ends_with("/secrets")) {
      secrets.push_back(std::move(key));
    }
  }
  store().remove(secrets);
}

void TesEngine::forget(const PlaceOfRun& place) {
  const fs::path parent = place.directory.parent_path();
  if (parent == cluster_.directory / "runs" || parent == cluster_.directory / "tests") {
    store().remove(store().list(fmt::format("runs/{}/", place.token())));
    ports_.files.remove_all(place.directory);
  }
}

[[noreturn]] void refuse(std::string message, std::string hint) {
  throw Error(ExitCode::usage, Diagnostic{.message = std::move(message), .hint = std::move(hint)});
}

}  // namespace

void complete_tes(Cluster& cluster, const std::filesystem::path& own) {
  if (cluster.endpoint.empty()) {
    refuse("a cluster of kind `tes` needs `--endpoint`", "as `--endpoint https://tes.example.org/ga4gh/tes/v1`");
  }
  require_address(cluster.endpoint);
  if (cluster.auth == "jwt") {
    refuse("`--auth jwt` is for Slurm", "`bearer` and `basic` are for TES");
  }
  cluster.endpoint = tes_endpoint(cluster.endpoint);
  cluster.directory = own;
  if (cluster.storage.empty()) {
    refuse("a cluster of kind `tes` needs `--storage`",
           "one of `ame storage list` that its server reads and writes: files go there and come from there");
  }
}

std::unique_ptr<Engine> make_tes_engine(const Cluster& cluster, EnginePorts ports) {
  return std::make_unique<TesEngine>(cluster, std::move(ports));
}

}  // namespace ame::clusters
