// SPDX-License-Identifier: Apache-2.0
#include "core/run/cache_gate.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/files/artifact_selection.hpp"
#include "core/files/manifest.hpp"
#include "core/run/booked_files.hpp"
#include "core/run/step_description.hpp"
#include "core/stable_hash.hpp"
#include "core/text.hpp"

namespace ame {

namespace fs = std::filesystem;

namespace {

/// The key of an environment that is not there: equal to none.
constexpr const char* not_made = "(not made yet)";

bool has_cache(const Task& task) {
  return !task.cache.inputs.empty() || !task.cache.outputs.empty();
}

}  // namespace

CacheGate::CacheGate(const TaskGraph& graph, CacheWorld world, CachePorts ports, CacheUse use)
    : graph_(graph),
      world_(std::move(world)),
      ports_(ports),
      use_(use),
      saved_(ports.clock.steady()) {}

GateVerdict CacheGate::judge(const Job& job) {
  const Step& step = graph_.steps[job.step];
  // What makes a data set has a cache of its own.
  if (!has_cache(*step.task) || !step.produces.empty()) {
    return {};
  }
  Look look = look_at(job);
  if (world_.forced.contains(job.step)) {
    looks_.insert_or_assign(job.step, std::move(look));
    return {.skip = false, .reason = "it was asked for"};
  }
  const std::vector<BookedStep>& known = book_of(job.project).of(step.name.text());
  std::string reason;
  for (const BookedStep& then : known) {
    std::string change = change_since(then, look);
    if (change.empty()) {
      GateVerdict verdict = skip(job, then, look);
      if (verdict.skip) {
        results_[job.step] = verdict.result;
        return verdict;
      }
      change = verdict.reason;
    }
    // The newest is what a person compares with.
    reason = reason.empty() ? std::move(change) : std::move(reason);
  }
  looks_.insert_or_assign(job.step, std::move(look));
  return {.skip = false, .reason = known.empty() ? "it was never done before" : std::move(reason)};
}

void CacheGate::passed_over(const Job& job, const GateVerdict& verdict) {
  results_[job.step] = verdict.result;
}

CacheGate::Look CacheGate::look_at(const Job& job) {
  const Step& step = graph_.steps[job.step];
  Look look{.now = {.step = step.name.text(),
                    .run = world_.run,
                    .result = {},
                    .command = world_.hide(described_command(job)),
                    .environment = world_.environments.empty() ? "" : world_.environments[job.step],
                    .variables = world_.hide(described_variables(job, *step.task)),
                    .needs = {},
                    .inputs = {},
                    .outputs = {}},
            .unmet = {}};
  if (job.plan->environment && look.now.environment.empty()) {
    look.now.environment = not_made;
  }
  for (const StepIndex need : step.needs) {
    look.now.needs.push_back({.step = graph_.steps[need].name.text(), .result = results_[need]});
  }
  find_inputs(step, look);
  return look;
}

void CacheGate::find_inputs(const Step& step, Look& look) {
  const fs::path& top = step.task->project_directory;
  FoundFiles found = find_files(step.task->cache.inputs, top, ports_.files);
  const std::vector<BookedStep>& earlier = book_of(top).of(step.name.text());
  std::vector<BookedFile> known = earlier.empty() ? std::vector<BookedFile>() : earlier.front().inputs;
  add_what_would_be(step, found, known);
  look.unmet = found.unmet.empty() ? "" : found.unmet.front();
  look.directories = std::move(found.directories);
  look.now.inputs = booked(top, found.files, known);
}

/// Outputs that were not put back, since this only looks, count as if they were.
void CacheGate::add_what_would_be(const Step& step, FoundFiles& found, std::vector<BookedFile>& known) const {
  const fs::path& top = step.task->project_directory;
  Tree tree;
  for (const auto& [path, file] : would_be_) {
    if (path == top / file.path) {
      tree.push_back({.path = file.path});
    }
  }
  for (const std::string& pattern : step.task->cache.inputs) {
    const ArtifactSelection selection = select_artifacts({{.path = pattern}}, tree);
    for (const std::size_t entry : selection.entries) {
      const BookedFile& file = would_be_.at(top / tree[entry].path);
      // Booked as it would be, so that it is not read.
      BookedFile as_known = file;
      as_known.changed_ns = 1;
      std::erase_if(known, [&file](const BookedFile& other) { return other.path == file.path; });
      known.insert(std::ranges::upper_bound(known, file.path, {}, &BookedFile::path), as_known);
      found.files.insert_or_assign(file.path,
                                   FileStatus{.kind = FileKind::regular,
                                              .size = file.size,
                                              .modified_ns = file.modified_ns,
                                              .changed_ns = 1,
                                              .inode = file.inode,
                                              .mode = file.mode});
      std::erase(found.unmet, pattern);
    }
  }
}

/// Only files whose books differ from what is known are read.
std::vector<BookedFile> CacheGate::booked(const fs::path& top,
                                          const std::map<std::string, FileStatus>& files,
                                          const std::vector<BookedFile>& known) const {
  const std::int64_t now = now_in_ns();
  std::vector<BookedFile> booked;
  std::vector<std::string> unsure;
  std::vector<std::size_t> places;
  for (const auto& [path, status] : files) {
    booked.push_back(booked_file(path, status, now));
    const BookedFile* const old = find_booked(known, path);
    if (old != nullptr && has_same_books(*old, status)) {
      booked.back().hash = old->hash;
    } else {
      unsure.push_back(path);
      places.push_back(booked.size() - 1);
    }
  }
  const std::vector<std::string> hashes = ports_.hasher.hashes_of(top, unsure);
  for (std::size_t i = 0; i < places.size(); ++i) {
    booked[places[i]].hash = hashes[i];
  }
  return booked;
}

std::int64_t CacheGate::now_in_ns() const {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(ports_.clock.now().time_since_epoch()).count();
}

std::string CacheGate::change_since(const BookedStep& then, const Look& look) const {
  if (then.command != look.now.command) {
    return "its command is another one";
  }
  if (look.now.environment == not_made) {
    return "its environment is yet to be made";
  }
  if (then.environment != look.now.environment) {
    return "its environment is another one";
  }
  const bool has_same_variables = use_ == CacheUse::look ? are_same_but_for_secrets(then.variables, look.now.variables)
                                                         : then.variables == look.now.variables;
  if (!has_same_variables) {
    return "its variables are others";
  }
  for (const BookedNeed& need : look.now.needs) {
    const auto old = std::ranges::find(then.needs, need.step, &BookedNeed::step);
    if (old == then.needs.end()) {
      return fmt::format("it needs `{}` now", need.step);
    }
    if (need.result == result_as_before) {
      continue;
    }
    if (need.result.empty()) {
      return fmt::format("`{}`, which it needs, {}", need.step, use_ == CacheUse::look ? "would run" : "ran");
    }
    if (old->result != need.result) {
      return fmt::format("`{}`, which it needs, has another result", need.step);
    }
  }
  return look.unmet.empty() ? first_change(then.inputs, look.now.inputs) : fmt::format("there is no `{}`", look.unmet);
}

GateVerdict CacheGate::skip(const Job& job, const BookedStep& then, const Look& look) {
  const std::vector<const BookedFile*> lost = lost_outputs(job.project, then);
  std::string reason = fmt::format("nothing has changed since {}", then.run);
  if (!lost.empty()) {
    if (!restore(job.project, lost)) {
      return {.skip = false, .reason = fmt::format("`{}` is gone, and its content is not kept", lost.front()->path)};
    }
    reason += fmt::format("; {} {} back",
                          lost.size() == 1 ? fmt::format("`{}`", lost.front()->path) : counted(lost.size(), "output"),
                          use_ == CacheUse::look ? "would be put"
                          : lost.size() == 1     ? "was put"
                                                 : "were put");
  }
  GateVerdict verdict{.skip = true, .reason = std::move(reason), .result = then.result};
  if (use_ == CacheUse::restore) {
    // Files that were touched or put back are known again by their books.
    BookedStep fresh = then;
    fresh.inputs = look.now.inputs;
    std::map<std::string, FileStatus> statuses;
    for (const BookedFile& output : then.outputs) {
      statuses.emplace(output.path, ports_.files.status(job.project / output.path));
    }
    fresh.outputs = rebooked(then.outputs, statuses, now_in_ns());
    note_paths(job.project, fresh, look);
    if (fresh != then) {
      note(job.project, std::move(fresh));
    }
  }
  return verdict;
}

std::vector<const BookedFile*> CacheGate::lost_outputs(const fs::path& top, const BookedStep& then) const {
  std::vector<const BookedFile*> lost;
  std::vector<const BookedFile*> unsure;
  std::vector<std::string> paths;
  for (const BookedFile& output : then.outputs) {
    const FileStatus status = ports_.files.status(top / output.path);
    if (status.kind != FileKind::regular || status.size != output.size) {
      lost.push_back(&output);
    } else if (!has_same_books(output, status)) {
      unsure.push_back(&output);
      paths.push_back(output.path);
    }
  }
  const std::vector<std::string> hashes = ports_.hasher.hashes_of(top, paths);
  for (std::size_t i = 0; i < unsure.size(); ++i) {
    if (hashes[i] != unsure[i]->hash) {
      lost.push_back(unsure[i]);
    }
  }
  return lost;
}

/// False where an object is gone; then nothing was written.
bool CacheGate::restore(const fs::path& top, const std::vector<const BookedFile*>& outputs) {
  std::vector<std::string> keys;
  std::vector<Download> downloads;
  for (const BookedFile* const output : outputs) {
    keys.push_back(object_key(output->hash));
    downloads.push_back({.key = keys.back(),
                         .file = top / output->path,
                         .mode = (output->mode & 0111U) != 0 ? FileMode::executable : FileMode::shared});
  }
  if (!ports_.objects.missing(keys).empty()) {
    return false;
  }
  if (use_ == CacheUse::look) {
    for (const BookedFile* const output : outputs) {
      would_be_.insert_or_assign(top / output->path, *output);
    }
  } else {
    ports_.objects.get(downloads, [](std::uint64_t /*bytes*/) {});
  }
  return true;
}

std::string CacheGate::ended(const Job& job, const StepRecord& record) {
  if (record.state != RunState::succeeded || !has_cache(*graph_.steps[job.step].task)) {
    return {};
  }
  try {
    return book(job, record);
  } catch (const Error& error) {
    return fmt::format("the result of `{}` is not kept: {}", job.name.text(), error.diagnostics().front().message);
  }
}

/// Writes down what was done; gives the reason where that would be wrong.
std::string CacheGate::book(const Job& job, const StepRecord& record) {
  const auto found = looks_.extract(job.step);
  if (found.empty()) {
    return {};
  }
  Look look = std::move(found.mapped());
  const Step& step = graph_.steps[job.step];
  const fs::path& top = job.project;
  Look after;
  find_inputs(step, after);
  const std::string changed = first_change(look.now.inputs, after.now.inputs);
  if (!changed.empty() || !look.unmet.empty()) {
    return fmt::format("the result of `{}` is not kept: {}",
                       job.name.text(),
                       look.unmet.empty() ? changed + " while it ran" : fmt::format("there is no `{}`", look.unmet));
  }
  const FoundFiles outputs = find_files(step.task->cache.outputs, top, ports_.files);
  if (!outputs.unmet.empty()) {
    return fmt::format(
        "the result of `{}` is not kept: it left no `{}` behind", job.name.text(), outputs.unmet.front());
  }
  const std::vector<BookedStep>& earlier = book_of(top).of(look.now.step);
  look.now.outputs = booked(top, outputs.files, earlier.empty() ? std::vector<BookedFile>() : earlier.front().outputs);
  keep(top, look.now.outputs);
  const auto same = std::ranges::find_if(
      earlier, [&look](const BookedStep& then) { return have_same_hashes(then.outputs, look.now.outputs); });
  // Without outputs nobody can tell two results apart.
  const bool is_same = same != earlier.end() && !look.now.outputs.empty();
  look.now.result = is_same ? same->result : fmt::format("{} {}", world_.run, look.now.step);
  look.now.environment = record.environment;
  results_[job.step] = look.now.result;
  note(top, std::move(look.now));
  return {};
}

void CacheGate::note(const fs::path& project, BookedStep step) {
  book_of(project).add(step);
  unsaved_[project].push_back(std::move(step));
  constexpr std::chrono::seconds between_saves{1};
  if (ports_.clock.steady() - saved_ >= between_saves) {
    save();
  }
}

void CacheGate::note_paths(const fs::path& top, const BookedStep& step, const Look& look) {
  bool is_told_by_files = step.environment.empty();
  for (const auto* const files : {&step.inputs, &step.outputs}) {
    for (const BookedFile& file : *files) {
      is_told_by_files = is_told_by_files && file.changed_ns != 0;
      noted_.push_back({.path = top / file.path,
                        .status = {.kind = FileKind::regular,
                                   .size = file.size,
                                   .modified_ns = file.modified_ns,
                                   .changed_ns = file.changed_ns,
                                   .inode = file.inode,
                                   .mode = file.mode}});
    }
  }
  for (const std::string& directory : look.directories) {
    noted_.push_back({.path = top / directory, .status = ports_.files.status(top / directory)});
  }
  skipped_ += is_told_by_files ? 1 : 0;
}

std::optional<std::vector<NotedPath>> CacheGate::noted_paths() const {
  const bool has_conditions =
      std::ranges::any_of(graph_.steps, [](const Step& step) { return !step.task->when.empty(); });
  return skipped_ == graph_.steps.size() && !has_conditions ? std::optional(noted_) : std::nullopt;
}

void CacheGate::save() {
  for (auto& [project, steps] : std::exchange(unsaved_, {})) {
    ports_.files.make_directories(world_.directory);
    const auto lock = ports_.locks.lock(file_of(project).string() + ".lock");
    // Other runs of the project may have written meanwhile.
    StepBook newest = StepBook::parse(ports_.files.read(file_of(project)).value_or(""));
    for (BookedStep& step : steps) {
      newest.add(std::move(step));
    }
    ports_.files.write_atomically(file_of(project), newest.text());
  }
  saved_ = ports_.clock.steady();
}

void CacheGate::keep(const fs::path& top, const std::vector<BookedFile>& outputs) {
  std::map<std::string, const BookedFile*> by_key;
  for (const BookedFile& output : outputs) {
    by_key.emplace(object_key(output.hash), &output);
  }
  std::vector<std::string> keys;
  for (const auto& [key, output] : by_key) {
    keys.push_back(key);
  }
  std::vector<Upload> uploads;
  for (const std::string& key : ports_.objects.missing(keys)) {
    uploads.push_back({.key = key, .file = top / by_key.at(key)->path, .size = by_key.at(key)->size});
  }
  ports_.objects.put(uploads, [](std::uint64_t /*bytes*/) {});
}

StepBook& CacheGate::book_of(const fs::path& project) {
  const auto found = books_.find(project);
  if (found != books_.end()) {
    return found->second;
  }
  return books_.emplace(project, StepBook::parse(ports_.files.read(file_of(project)).value_or(""))).first->second;
}

fs::path CacheGate::file_of(const fs::path& project) const {
  return world_.directory / fmt::format("{:016x}", stable_hash(project.string()));
}

}  // namespace ame
