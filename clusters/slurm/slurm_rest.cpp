// SPDX-License-Identifier: Apache-2.0
#include "clusters/slurm/slurm_rest.hpp"

#include <array>
#include <chrono>
#include <set>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "clusters/slurm/slurm_rest_client.hpp"
#include "clusters/slurm/slurm_rest_line.hpp"
#include "clusters/slurm/slurm_scripts.hpp"
#include "core/text.hpp"

namespace ame::clusters {

namespace {

namespace fs = std::filesystem;

using std::chrono::seconds;

constexpr seconds first_pause{1};
constexpr int most_tries = 6;

/// The jobs of a run as slurmrestd is told of them, the last one that cleans up after them where there are secrets.
class Submissions {
 public:
  /// What is not known yet has a name in angle brackets.
  Submissions(const SlurmPlan& plan,
              const SlurmOptions& options,
              fs::path directory,
              std::string comment,
              std::map<std::string, std::string> environment)
      : plan_(plan),
        options_(options),
        directory_(std::move(directory)),
        comment_(std::move(comment)),
        environment_(std::move(environment)) {
    environment_["AME_TOLD"] = (directory_ / "logs").string();
    if (options.has_secrets) {
      environment_["AME_SECRETS"] = secrets();
    }
  }

  [[nodiscard]] std::size_t size() const { return plan_.jobs().all().size() + (options_.has_secrets ? 1 : 0); }

  [[nodiscard]] std::string file_of(std::size_t index) const {
    const std::vector<SlurmJob>& jobs = plan_.jobs().all();
    return fmt::format("jobs/{}-{}.json", index + 1, index == jobs.size() ? "clean" : plan_.name_of(jobs[index]));
  }

  [[nodiscard]] SlurmRestJob job(std::size_t index, const SlurmJobs::NumberOf& number_of_job) const {
    return index == plan_.jobs().all().size() ? cleaning_job(number_of_job) : step_job(index, number_of_job);
  }

 private:
  [[nodiscard]] std::string secrets() const { return (directory_ / "secrets").string(); }

  [[nodiscard]] SlurmRestJob step_job(std::size_t index, const SlurmJobs::NumberOf& number_of_job) const {
    const SlurmJob& job = plan_.jobs().all()[index];
    return {.name = plan_.name_of(job),
            .request = plan_.request_of(job),
            .directory = directory_.string(),
            .output = (directory_ / "logs" / (job.is_array() ? "%A_%a.slurm" : "%j.slurm")).string(),
            .comment = comment_,
            .dependency = plan_.jobs().dependencies_of(job, number_of_job),
            .elements = job.steps.size(),
            .script = script(plan_.script_of(job), job.is_array() ? directory_.string() : ""),
            .environment = environment_};
  }

  [[nodiscard]] SlurmRestJob cleaning_job(const SlurmJobs::NumberOf& number_of_job) const {
    std::string after = "afterany";
    for (std::size_t index = 0; index < plan_.jobs().all().size(); ++index) {
      after += ":" + number_of_job(index);
    }
    return {.name = slurm_cleaning_name,
            .request = slurm_cleaning_request(options_),
            .directory = directory_.string(),
            .output = "/dev/null",
            .comment = comment_,
            .dependency = after,
            .script = script(slurm_cleaning(options_).name, secrets()),
            .environment = environment_};
  }

  /// Slurm keeps a copy of this; what it leads to is in the directory of the run.
  [[nodiscard]] std::string script(const std::string& file, const std::string& argument) const {
    return fmt::format("#!/bin/sh\nexec /bin/sh {}{}\n",
                       shell_quoted((directory_ / file).string()),
                       argument.empty() ? "" : " " + shell_quoted(argument));
  }

  const SlurmPlan& plan_;
  const SlurmOptions& options_;
  fs::path directory_;
  std::string comment_;
  std::map<std::string, std::string> environment_;
};

class SlurmByRest final : public SlurmTransport {
 public:
  SlurmByRest(Cluster cluster, const EnginePorts& ports)
      : cluster_(std::move(cluster)),
        ports_(ports),
        client_(ports_.http, ports_.clock, cluster_.endpoint, cluster_.ca_file) {}

  std::vector<std::string> partitions() override {
    return had(client().partitions([this] { return is_asked_to_stop(); }));
  }

  std::vector<RenderedFile> render(const Work& work, const SlurmOptions& options) override;
  std::vector<RenderedFile> scripts(const Work& work, const SlurmOptions& options) override;
  void submit(const SlurmSubmission& submission) override;

  std::unique_ptr<SlurmLine> line(const fs::path& /*directory*/) override {
    client();
    return std::make_unique<SlurmRestLine>(SlurmRestAccess{.client = client_,
                                                           .token = [this] { return ports_.authorization(cluster_); },
                                                           .server = fmt::format("`{}`", cluster_.endpoint)},
                                           ports_.make_errands(),
                                           ports_.processes,
                                           ports_.clock);
  }

 private:
  SlurmRestClient& client();
  std::string submitted(const SlurmRestJob& job, const SlurmSubmission& submission, std::set<std::string>& known);
  std::string found_of(const PlaceOfRun& place, const std::set<std::string>& known, const ServerFault& fault);
  bool is_asked_to_stop(seconds within = seconds(0));
  [[nodiscard]] std::map<std::string, std::string> environment() const;
  [[nodiscard]] Error trouble(const ServerFault& fault) const;

  [[nodiscard]] Error stopped() const {
    return {ExitCode::interrupted, Diagnostic{.message = fmt::format("stopped by signal {}", *stop_signal_)}};
  }

  template <class Value>
  Value had(ServerResult<Value> result) {
    if (stop_signal_) {
      throw stopped();
    }
    if (const auto* const fault = std::get_if<ServerFault>(&result)) {
      throw trouble(*fault);
    }
    return std::get<Value>(std::move(result));
  }

  Cluster cluster_;
  EnginePorts ports_;
  SlurmRestClient client_;
  bool has_token_ = false;
  std::optional<int> stop_signal_;
};

SlurmRestClient& SlurmByRest::client() {
  if (!std::exchange(has_token_, true)) {
    client_.use_token(ports_.authorization(cluster_));
  }
  return client_;
}

Error SlurmByRest::trouble(const ServerFault& fault) const {
  Error error = slurm_trouble(cluster_, fmt::format("`{}` {}", cluster_.endpoint, fault.reason));
  if (fault.kind != ServerFault::Kind::denied) {
    return error;
  }
  return {error.code(),
          Diagnostic{.message = error.what(),
                     .hint = fmt::format("`scontrol token` makes one, `ame secret add cluster/{}/token` keeps it",
                                         cluster_.name)}};
}

/// Waits so long for it.
bool SlurmByRest::is_asked_to_stop(seconds within) {
  const auto until = ports_.clock.steady() + within;
  while (!stop_signal_) {
    const ProcessEvent event = ports_.processes.wait(until);
    if (const auto* const stop = std::get_if<StopRequested>(&event)) {
      stop_signal_ = stop->signal;
    } else if (std::holds_alternative<DeadlineReached>(event)) {
      return false;
    }
  }
  return true;
}

/// What a job begins with: who the user is and where programs are, and nothing else that this machine may hold.
std::map<std::string, std::string> SlurmByRest::environment() const {
  constexpr std::array kept = {"HOME", "LANG", "LC_ALL", "LOGNAME", "PATH", "SHELL", "TZ", "USER"};
  std::map<std::string, std::string> variables;
  for (const char* const key : kept) {
    if (const auto found = ports_.caller.find(key); found != ports_.caller.end()) {
      variables.insert(*found);
    }
  }
  variables.try_emplace("PATH", "/usr/local/bin:/usr/bin:/bin");
  return variables;
}

std::vector<RenderedFile> SlurmByRest::render(const Work& work, const SlurmOptions& options) {
  const SlurmRestVersion version = had(client().version([this] { return is_asked_to_stop(); }));
  const SlurmPlan plan(work.graph, work.jobs, options);
  const Submissions submissions(plan, options, cluster_.directory / "runs" / "<run>", "<run>", environment());
  std::vector<RenderedFile> rendered;
  for (std::size_t index = 0; index < submissions.size(); ++index) {
    const SlurmRestJob job = submissions.job(index, [](std::size_t number) { return fmt::format("<{}>", number + 1); });
    rendered.push_back({.name = submissions.file_of(index), .text = slurm_rest_submission(job, version)});
  }
  for (RenderedFile& script : scripts(work, options)) {
    rendered.push_back(std::move(script));
  }
  return rendered;
}

std::vector<RenderedFile> SlurmByRest::scripts(const Work& work, const SlurmOptions& options) {
  std::vector<RenderedFile> scripts =
      slurm_scripts(SlurmPlan(work.graph, work.jobs, options), work.jobs, options, ports_.files);
  if (options.has_secrets) {
    scripts.push_back(slurm_cleaning(options));
  }
  return scripts;
}

void SlurmByRest::submit(const SlurmSubmission& submission) {
  const SlurmPlan plan(submission.work.graph, submission.work.jobs, submission.options);
  std::map<std::string, std::string> variables = environment();
  variables.merge(slurm_variables(submission));
  const PlaceOfRun& place = submission.place;
  const Submissions submissions(plan, submission.options, place.directory, place.token(), std::move(variables));
  std::vector<std::string> numbers;
  std::set<std::string> known;
  std::string told;  // all at once: what is submitted bears the name of the run, whether or not it is written down here
  const auto number_of_job = [&numbers](std::size_t job) { return numbers.at(job); };
  for (std::size_t index = 0; index < submissions.size(); ++index) {
    numbers.push_back(submitted(submissions.job(index, number_of_job), submission, known));
    known.insert(numbers.back());
    if (index < plan.jobs().all().size()) {
      for (const StepIndex step : plan.jobs().all()[index].steps) {
        told += fmt::format("{} {}\n", plan.jobs().number_of(step, number_of_job), plan.script_of(step));
      }
    }
  }
  ports_.files.write_atomically(place.directory / "submitted", told + "complete\n");
  if (stop_signal_) {  // while the last was under way
    throw SubmissionFailed(stopped(), /*may_have_left=*/true);
  }
}

/// The number of the job. One that may have been submitted is looked for, and never submitted again.
std::string SlurmByRest::submitted(const SlurmRestJob& job,
                                   const SlurmSubmission& submission,
                                   std::set<std::string>& known) {
  seconds wait = first_pause;
  for (int tries = 1;; ++tries) {
    if (is_asked_to_stop()) {
      throw SubmissionFailed(stopped(), !known.empty());
    }
    const ServerResult<std::string> number = client().submit(job, [this] { return is_asked_to_stop(); });
    const auto* const fault = std::get_if<ServerFault>(&number);
    if (fault == nullptr) {
      return std::get<std::string>(number);
    }
    if (fault->may_be_done) {
      return found_of(submission.place, known, *fault);
    }
    if (!fault->is_passing() || tries == most_tries) {
      throw SubmissionFailed(trouble(*fault), !known.empty());
    }
    static_cast<void>(is_asked_to_stop(fault->wait.value_or(wait)));
    wait *= 2;
  }
}

/// The job of the run that is not known yet: there is one at most.
std::string SlurmByRest::found_of(const PlaceOfRun& place,
                                  const std::set<std::string>& known,
                                  const ServerFault& fault) {
  if (stop_signal_) {
    throw SubmissionFailed(stopped(), /*may_have_left=*/true);
  }
  static_cast<void>(is_asked_to_stop(first_pause));
  const ServerResult<Queue> jobs = client().jobs([this] { return is_asked_to_stop(); });
  if (const auto* const queue = std::get_if<Queue>(&jobs)) {
    for (const auto& [number, job] : *queue) {
      std::string whole = number.substr(0, number.find('_'));
      if (job.comment == place.token() && !known.contains(whole)) {
        return whole;
      }
    }
  }
  throw SubmissionFailed(trouble(fault), /*may_have_left=*/true);
}

}  // namespace

std::unique_ptr<SlurmTransport> slurm_by_rest(const Cluster& cluster, const EnginePorts& ports) {
  return std::make_unique<SlurmByRest>(cluster, ports);
}

}  // namespace ame::clusters
