// SPDX-License-Identifier: Apache-2.0
#include "core/env/carry_out.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/env/install_progress.hpp"
#include "core/env/run_process.hpp"
#include "core/text.hpp"

namespace ame {

namespace fs = std::filesystem;

namespace {

/// What tools say when they get no answer from where packages come from.
bool tells_of_no_network(const std::string& output) {
  constexpr std::array<std::string_view, 9> words = {"Temporary failure in name resolution",
                                                     "Name or service not known",
                                                     "Network is unreachable",
                                                     "Connection refused",
                                                     "dns error",
                                                     "client error (Connect)",
                                                     "tcp connect error",
                                                     "Failed to establish a new connection",
                                                     "All attempts to connect to"};
  return std::any_of(
      words.begin(), words.end(), [&output](std::string_view word) { return output.find(word) != std::string::npos; });
}

/// The packages whose pages on an index (`…/simple/NAME/`) the output speaks of, each once.
std::vector<std::string> packages_asked_for(const std::string& output) {
  constexpr std::string_view before = "/simple/";
  std::vector<std::string> names;
  for (std::size_t at = output.find(before); at != std::string::npos; at = output.find(before, at + 1)) {
    const std::size_t begin = at + before.size();
    const std::size_t end = std::min(output.find_first_of("/`'\" \n", begin), output.size());
    std::string name = output.substr(begin, end - begin);
    if (!name.empty() && std::find(names.begin(), names.end(), name) == names.end()) {
      names.push_back(std::move(name));
    }
  }
  return names;
}

Diagnostic no_network(const std::string& output) {
  const std::vector<std::string> names = packages_asked_for(output);
  return {.message = names.empty() ? "the package index cannot be reached"
                                   : fmt::format("the package index cannot be reached, and {} {} not in the cache",
                                                 all_of(names),
                                                 names.size() == 1 ? "is" : "are"),
          .hint = "once the environment is there, ame needs no network"};
}

StepFailure failure_of(const InstallStep& step, const ProcessRequest& request, const FinishedProcess& finished) {
  for (const KnownFailure& known : step.known_failures) {
    if (finished.output.find(known.output_has) != std::string::npos) {
      return {.diagnostic = {.message = known.message, .hint = known.hint}, .is_understood = true};
    }
  }
  if (tells_of_no_network(finished.output)) {
    return {.diagnostic = no_network(finished.output), .is_understood = true};
  }
  const std::string what = fs::path(request.argv.front()).filename().string();
  return {.diagnostic = {.message = fmt::format("{}: `{}` {}", step.label, what, what_became_of(finished.end)),
                         .hint = "see the output above"}};
}

}  // namespace

InstallSteps::InstallSteps(CacheLayout layout, fs::path project, BuildPorts ports, BuildListener listener)
    : layout_(std::move(layout)),
      project_(std::move(project)),
      ports_(ports),
      listener_(std::move(listener)) {}

std::optional<StepFailure> InstallSteps::carry_out(const InstallStep& step,
                                                   const PlaceholderValues& values,
                                                   CallerEnvironment environment) const {
  constexpr std::chrono::milliseconds between{400};
  listener_.progress(step.label);
  environment["PATH"] = (values.environment / "bin").string() + ":" + value_of(environment, "PATH");
  for (const EnvironmentVariable& variable : step.environment) {
    environment[variable.key] = fill_placeholders(variable.value, values);
  }
  ProcessRequest request{.environment = as_strings(environment)};
  for (const std::string& argument : step.argv) {
    request.argv.push_back(fill_placeholders(argument, values));
  }
  request.directory = step.directory.empty() ? project_ : fs::path(fill_placeholders(step.directory, values));

  const fs::path given = value_of(environment, "UV_CACHE_DIR");
  InstallProgress progress(ports_.files, given.empty() ? layout_.wheels() : given, ports_.clock);
  const auto hear = [&](std::string_view bytes) {
    progress.hear(bytes);
    listener_.output(bytes);
  };
  const Ticking ticking{.every = between, .clock = &ports_.clock, .tick = [&] {
                          if (const auto text = listener_.passing ? progress.now() : std::nullopt) {
                            listener_.passing(*text);
                          }
                        }};
  const FinishedProcess finished = run_process(ports_.processes, request, hear, &ticking);
  if (!finished.is_fine()) {
    return failure_of(step, request, finished);
  }
  if (finished.output.find("falling back to full copy") != std::string::npos) {
    listener_.progress("no hard links lead from uv's cache to this one: the packages were copied");
  }
  return std::nullopt;
}

}  // namespace ame
