// SPDX-License-Identifier: Apache-2.0
#include "clusters/slurm/slurm_programs.hpp"

#include <algorithm>
#include <csignal>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "clusters/line_fields.hpp"
#include "clusters/slurm/slurm_export.hpp"
#include "core/run/ask_program.hpp"

namespace ame::clusters {

namespace {

namespace fs = std::filesystem;

using std::chrono::milliseconds;

constexpr ProcessKey asking = 0;

std::vector<std::string> command_of(const SlurmQuestion& question) {
  switch (question.kind) {
    case SlurmQuestion::Kind::cancel:
      return cancel_command(question.numbers);
    case SlurmQuestion::Kind::accounting:
      return accounting_command(question.numbers);
    case SlurmQuestion::Kind::queue:
      break;
  }
  return queue_command();
}

const char* program_of(SlurmQuestion::Kind kind) {
  switch (kind) {
    case SlurmQuestion::Kind::cancel:
      return "scancel";
    case SlurmQuestion::Kind::accounting:
      return "sacct";
    case SlurmQuestion::Kind::queue:
      break;
  }
  return "squeue";
}

constexpr milliseconds patience_with_submission{3'600'000};
constexpr milliseconds patience_with_questions{30'000};

class SlurmByPrograms final : public SlurmTransport {
 public:
  SlurmByPrograms(Cluster cluster, const EnginePorts& ports)
      : cluster_(std::move(cluster)),
        ports_(ports) {}

  std::vector<std::string> partitions() override;

  std::vector<RenderedFile> render(const Work& work, const SlurmOptions& options) override {
    return slurm_export(work.graph, work.jobs, options, ports_.files);
  }

  std::vector<RenderedFile> scripts(const Work& work, const SlurmOptions& options) override {
    return render(work, options);
  }

  void submit(const SlurmSubmission& submission) override;

  std::unique_ptr<SlurmLine> line(const fs::path& directory) override {
    return std::make_unique<SlurmProgramLine>(
        SlurmPrograms{.environment = environment(), .directory = directory}, ports_.processes, ports_.clock);
  }

 private:
  [[nodiscard]] std::vector<std::string> environment() const;

  ProgramAnswer run(std::vector<std::string> argv,
                    std::vector<std::string> variables,
                    milliseconds patience,
                    const fs::path& directory) {
    return ask_programs(ports_.processes,
                        ports_.clock,
                        {{.argv = std::move(argv), .environment = std::move(variables), .directory = directory}},
                        patience)
        .front();
  }

  Cluster cluster_;
  EnginePorts ports_;
};

/// With which the programs of Slurm are started: all that ame was started with but its own variables.
std::vector<std::string> SlurmByPrograms::environment() const {
  std::vector<std::string> variables;
  for (const auto& [key, value] : ports_.caller) {
    const bool is_replaced = key == "SLURM_CONF" && !cluster_.config.empty();
    if (!key.starts_with("AME_") && !is_replaced) {
      variables.push_back(fmt::format("{}={}", key, value));
    }
  }
  if (!cluster_.config.empty()) {
    variables.push_back("SLURM_CONF=" + cluster_.config.string());
  }
  return variables;
}

std::vector<std::string> SlurmByPrograms::partitions() {
  const ProgramAnswer answer =
      run({"sinfo", "--noheader", "--format=%R"}, environment(), patience_with_questions, fs::path("/"));
  if (!answer.is_fine()) {
    throw slurm_trouble(cluster_, fmt::format("`sinfo` {}", answer.failure()));
  }
  const std::vector<std::string_view> lines = whole_lines(answer.output);
  return {lines.begin(), lines.end()};
}

void SlurmByPrograms::submit(const SlurmSubmission& submission) {
  const PlaceOfRun& place = submission.place;
  std::vector<std::string> variables = environment();
  for (const auto& [key, value] : slurm_variables(submission)) {
    variables.push_back(fmt::format("{}={}", key, value));
  }
  const ProgramAnswer answer = run({"/bin/sh", (place.directory / "submit.sh").string()},
                                   std::move(variables),
                                   patience_with_submission,
                                   place.directory);
  const SubmittedJobs jobs = read_submitted(ports_.files.read(place.directory / "submitted").value_or(""));
  if (!answer.is_fine() || !jobs.are_all) {
    // A script that ended by itself has taken back what it submitted; where that was nothing, nobody has to be asked.
    throw SubmissionFailed(slurm_trouble(cluster_, fmt::format("submitting {}", answer.failure())),
                           answer.was_late || answer.end.signal != 0 || !jobs.numbers.empty());
  }
}

}  // namespace

SlurmProgramLine::SlurmProgramLine(SlurmPrograms programs, ProcessRunner& processes, const Clock& clock)
    : programs_(std::move(programs)),
      processes_(processes),
      clock_(clock) {}

void SlurmProgramLine::ask(SlurmQuestion question) {
  const std::vector<std::string> command = command_of(question);
  running_ = Running{.question = std::move(question),
                     .patience_ends = clock_.steady() + programs_.answer_within,
                     .output = {},
                     .errors = {}};
  processes_.start(asking, {.argv = command, .environment = programs_.environment, .directory = programs_.directory});
}

SlurmEvent SlurmProgramLine::wait(Time until) {
  while (true) {
    const ProcessEvent event = processes_.wait(running_ ? std::min(until, running_->patience_ends) : until);
    if (const auto* output = std::get_if<ProcessOutput>(&event)) {
      (output->stream == OutputStream::standard_output ? running_->output : running_->errors) += output->bytes;
    } else if (const auto* ended = std::get_if<ProcessEnded>(&event)) {
      return answered(*ended);
    } else if (const auto* stop = std::get_if<StopRequested>(&event)) {
      return *stop;
    } else if (const auto* requests = std::get_if<RequestsWaiting>(&event)) {
      return *requests;
    } else if (has_lost_patience(until)) {
      return DeadlineReached{};
    }
  }
}

/// With the program, which is killed then, or with waiting: true.
bool SlurmProgramLine::has_lost_patience(Time until) {
  const Time now = clock_.steady();
  if (running_ && now >= running_->patience_ends) {
    running_->was_late = true;
    running_->patience_ends += programs_.answer_within;
    processes_.signal(asking, SIGKILL);
  }
  return now >= until;
}

SlurmAnswer SlurmProgramLine::answered(const ProcessEnded& ended) {
  const Running running = *std::exchange(running_, std::nullopt);
  const SlurmQuestion::Kind kind = running.question.kind;
  const ProgramAnswer answer{
      .end = ended, .output = running.output, .errors = running.errors, .was_late = running.was_late};
  const bool cancels = kind == SlurmQuestion::Kind::cancel;
  // What has ended meanwhile cannot be cancelled any more.
  const bool is_fine = answer.is_fine() || (cancels && answer.errors.find("Invalid job id") != std::string::npos);
  SlurmAnswer heard{.question = running.question, .jobs = {}, .trouble = {}};
  if (!is_fine) {
    heard.trouble = fmt::format("`{}` {}", program_of(kind), answer.failure());
  } else if (!cancels) {
    heard.jobs = kind == SlurmQuestion::Kind::queue ? read_queue(answer.output) : read_accounting(answer.output);
  }
  return heard;
}

std::unique_ptr<SlurmTransport> slurm_by_programs(const Cluster& cluster, const EnginePorts& ports) {
  return std::make_unique<SlurmByPrograms>(cluster, ports);
}

}  // namespace ame::clusters
