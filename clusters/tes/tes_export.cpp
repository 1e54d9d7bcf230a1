// SPDX-License-Identifier: Apache-2.0
#include "clusters/tes/tes_export.hpp"

#include <set>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "clusters/fit.hpp"
#include "clusters/step_script.hpp"
#include "clusters/tes/tes_script.hpp"
#include "core/files/manifest.hpp"

namespace ame::clusters {

using nlohmann::json;

namespace {

constexpr double giga = 1e9;

/// All that a step needs, and what that needs, in the order of the graph.
std::set<StepIndex> needed_by(const TaskGraph& graph, StepIndex step) {
  std::set<StepIndex> needed;
  std::vector<StepIndex> to_do = graph.steps[step].needs;
  while (!to_do.empty()) {
    const StepIndex one = to_do.back();
    to_do.pop_back();
    if (needed.insert(one).second) {
      to_do.insert(to_do.end(), graph.steps[one].needs.begin(), graph.steps[one].needs.end());
    }
  }
  return needed;
}

std::string in(const std::string& name) {
  return fmt::format("{}/{}", tes_inputs, name);
}

void ask_for(TesTask& task, const Resources& resources) {
  if (resources.cpu) {
    task.cpu_cores = resources.cpu->whole();
  }
  if (resources.memory) {
    task.ram_gb = static_cast<double>(resources.memory->whole()) / giga;
  }
  if (resources.storage) {
    task.disk_gb = static_cast<double>(resources.storage->whole()) / giga;
  }
}

void look_at(const Step& step, const Job& job, Fit& fit) {
  const Task& task = *step.task;
  if (job.resources.gpu) {
    fit.cannot("gpu", "TES cannot be asked for devices, so the step gets what its machine happens to have");
  }
  if (!job.resources.extended.empty()) {
    fit.cannot("resources", fmt::format("`{}` is for Kubernetes", job.resources.extended.front().key));
  }
  if (!task.node_selector.empty()) {
    fit.cannot("nodeSelector", "TES cannot choose machines");
  }
  if (!task.when.empty()) {
    fit.cannot("when", "the step always runs");
  }
  if (task.retries.on_out_of_memory) {
    fit.cannot("onOutOfMemory", "a task cannot be given more memory than it began with");
  }
  if (!task.cache.inputs.empty() || !task.cache.outputs.empty()) {
    fit.cannot("cache", "the step always runs");
  }
  for (const SecretReference& secret : task.secrets) {
    if (secret.inject_as.empty()) {
      fit.cannot("secrets", fmt::format("`{}` reaches the task by a variable alone", secret.key));
    }
  }
}

}  // namespace

std::string sent_files_json(const SentFiles& files) {
  json large = json::array();
  for (const LargeFile& file : files.large) {
    large.push_back({{"path", file.path}, {"hash", file.hash}, {"executable", file.is_executable}});
  }
  return json{{"pack", files.pack}, {"large", large}, {"changes", files.changes}}.dump(2) + "\n";
}

SentFiles read_sent_files(std::string_view text) {
  try {
    const json document = json::parse(text);
    SentFiles files{.pack = document.at("pack"), .large = {}, .changes = document.at("changes")};
    for (const json& file : document.at("large")) {
      files.large.push_back(
          {.path = file.at("path"), .hash = file.at("hash"), .is_executable = file.at("executable").get<bool>()});
    }
    return files;
  } catch (const json::exception&) {
    throw Error(ExitCode::machine,
                Diagnostic{.message = "what is noted of the files that were sent cannot be read",
                           .hint = "a new run sends them again"});
  }
}

std::string key_of_result(const std::string& token, const std::string& name, const char* what) {
  return fmt::format("runs/{}/{}/{}", token, name, what);
}

std::string key_of_secrets(const std::string& token, const std::string& name) {
  return fmt::format("runs/{}/{}/secrets", token, name);
}

TesTask tes_task(const Work& work, StepIndex index, const TesRun& run, const SentFiles& sent, const FileReader& files) {
  const Step& step = work.graph.steps[index];
  const Job& job = work.jobs.at(index);
  const std::string name = name_of_step(index, step);
  const auto url = [&](const std::string& key) { return fmt::format("{}/{}", run.storage, key); };
  const auto result = [&](const char* what) {
    return TesOutput{.url = url(key_of_result(run.token, name, what)), .path = fmt::format("{}/{}", tes_outputs, what)};
  };
  TesTask task{.name = fmt::format("{}/{}", run.token, name),
               .description = fmt::format("{} of {}", step.name.text(), step.task->project.text()),
               .tags = {{"ame_run", run.token}, {"ame_step", name}},
               .inputs = {{.url = url(sent.pack), .content = {}, .path = in("files.tar")}},
               .outputs = {result("state"), result("changes.tar"), result("stdout"), result("stderr")},
               .volumes = {tes_work},
               .image = job.plan->image.empty() ? run.image : job.plan->image,
               .command = {"/bin/sh", tes_around},
               .standard_output = fmt::format("{}/stdout", tes_outputs),
               .standard_error = fmt::format("{}/stderr", tes_outputs)};
  for (const LargeFile& file : sent.large) {
    task.inputs.push_back({.url = url(object_key(file.hash)), .content = {}, .path = in(file.hash)});
  }
  std::vector<std::string> changes = sent.changes;
  for (const StepIndex needed : needed_by(work.graph, index)) {
    changes.push_back(key_of_result(run.token, name_of_step(needed, work.graph.steps[needed]), "changes.tar"));
  }
  for (std::size_t number = 1; number <= changes.size(); ++number) {
    task.inputs.push_back(
        {.url = url(changes[number - 1]), .content = {}, .path = in(fmt::format("changes-{}.tar", number))});
  }
  if (work.has_secrets) {
    task.inputs.push_back({.url = url(key_of_secrets(run.token, name)), .content = {}, .path = in("secrets")});
  }
  task.inputs.push_back({.url = {},
                         .content = tes_around_step({.name = name,
                                                     .number = run.number,
                                                     .has_secrets = work.has_secrets,
                                                     .large = sent.large,
                                                     .changes = changes.size()}),
                         .path = tes_around});
  task.inputs.push_back({.url = {},
                         .content = step_script({.step = step,
                                                 .job = job,
                                                 .project = fmt::format("{}/project", tes_work),
                                                 .secrets = name,
                                                 .has_secrets_file = work.has_secrets},
                                                "",
                                                files),
                         .path = tes_step});
  ask_for(task, job.resources);
  return task;
}

std::vector<Diagnostic> tes_fit(const Work& work) {
  std::vector<Diagnostic> cannot;
  for (StepIndex index = 0; index < work.graph.steps.size(); ++index) {
    Fit fit(work.graph.steps[index]);
    look_at(work.graph.steps[index], work.jobs.at(index), fit);
    std::vector<Diagnostic> found = std::move(fit).found();
    cannot.insert(cannot.end(), found.begin(), found.end());
  }
  return cannot;
}

}  // namespace ame::clusters
