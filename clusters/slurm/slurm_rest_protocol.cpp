// SPDX-License-Identifier: Apache-2.0
#include "clusters/slurm/slurm_rest_protocol.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "clusters/line_fields.hpp"
#include "clusters/server_fault.hpp"
#include "core/base64.hpp"

namespace ame::clusters {

using nlohmann::json;

namespace {

constexpr std::int64_t most_elements = 1'000'000;
constexpr std::int64_t least_refusal = 2000;  // Slurm's own errors begin here; those before are of the way to it

/// A number that may be absent.
std::optional<std::int64_t> number_of(const json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end()) {
    return std::nullopt;
  }
  if (found->is_number_integer()) {
    return found->get<std::int64_t>();
  }
  if (found->is_object() && found->value("set", false)) {
    return found->at("number").get<std::int64_t>();
  }
  return std::nullopt;
}

json set_number(std::int64_t number) {
  return {{"set", true}, {"number", number}};
}

void say(json& job, const char* key, const std::string& text) {
  if (!text.empty()) {
    job[key] = text;
  }
}

void ask_for(json& job, const SlurmRequest& request, bool has_sets) {
  say(job, "partition", request.partition);
  say(job, "account", request.account);
  say(job, "constraints", request.constraint);
  if (request.cpus > 0) {
    job["cpus_per_task"] = request.cpus;
  }
  if (request.memory > 0) {
    job["memory_per_node"] = has_sets ? set_number(request.memory) : json(request.memory);
  }
  if (request.disk > 0) {
    job["temporary_disk_per_node"] = request.disk;
  }
  if (request.minutes > 0) {
    job["time_limit"] = has_sets ? set_number(request.minutes) : json(request.minutes);
  }
  if (!request.gpus.empty()) {
    job[has_sets ? "tres_per_node" : "gres"] = (has_sets ? "gres/" : "") + request.gpus;
  }
}

/// Words for the same in its two forms.
std::string state_of(const json& told) {
  const json& states = told.at("job_state");
  if (!states.is_array()) {
    return states.get<std::string>();
  }
  // What is put away still has its end among its words.
  const bool is_put_away = std::ranges::find(states, json("COMPLETING")) != states.end();
  return is_put_away ? "COMPLETING" : states.at(0).get<std::string>();
}

/// Elements of an array that are told of together: "0-3,7%2". None where that was cut short, or is something else.
std::optional<std::vector<std::int64_t>> elements_in(std::string_view text) {
  text = text.substr(0, text.find('%'));
  std::vector<std::int64_t> elements;
  while (!text.empty()) {
    std::string_view range = take(text, ',');
    const auto first = number_in<std::int64_t>(take(range, '-'));
    const auto last = range.empty() ? first : number_in<std::int64_t>(range);
    if (!first || !last || *last - *first > most_elements) {
      return std::nullopt;
    }
    for (std::int64_t element = *first; element <= *last; ++element) {
      elements.push_back(element);
    }
  }
  return elements;
}

std::vector<std::string> numbers_of(const json& told) {
  const std::int64_t array = number_of(told, "array_job_id").value_or(0);
  if (array == 0) {
    return {fmt::format("{}", told.at("job_id").get<std::int64_t>())};
  }
  if (const auto element = number_of(told, "array_task_id")) {
    return {fmt::format("{}_{}", array, *element)};
  }
  const auto elements = elements_in(told.value("array_task_string", ""));
  if (!elements || elements->empty()) {
    return {fmt::format("{}_*", array)};
  }
  std::vector<std::string> numbers;
  for (const std::int64_t element : *elements) {
    numbers.push_back(fmt::format("{}_{}", array, element));
  }
  return numbers;
}

/// Only what is asked for: a cluster tells of the jobs of all users, and much of each.
json fields_of_jobs(const std::string& body) {
  constexpr std::array wanted = {
      "job_id", "array_job_id", "array_task_id", "array_task_string", "job_state", "state_reason", "comment"};
  constexpr int in_a_job = 3;
  return json::parse(body, [&](int depth, json::parse_event_t event, json& parsed) {
    return event != json::parse_event_t::key || depth != in_a_job ||
           std::ranges::find(wanted, parsed.get_ref<const std::string&>()) != wanted.end();
  });
}

/// What `read` finds in JSON; none where that is not what it expects.
template <class Read>
auto found_in(const std::string& body, Read read) -> std::optional<decltype(read(json()))> {
  try {
    return read(json::parse(body));
  } catch (const json::exception&) {
    return std::nullopt;
  }
}

}  // namespace

const std::vector<SlurmRestVersion>& slurm_rest_versions() {
  static const std::vector<SlurmRestVersion> versions = {{.name = "v0.0.42", .has_sets = true},
                                                         {.name = "v0.0.41", .has_sets = true},
                                                         {.name = "v0.0.40", .has_sets = true},
                                                         {.name = "v0.0.38", .has_sets = false}};
  return versions;
}

std::string slurm_rest_submission(const SlurmRestJob& wanted, const SlurmRestVersion& version) {
  json job = {{"name", wanted.name},
              {"current_working_directory", wanted.directory},
              {"standard_output", wanted.output},
              {"tasks", 1}};
  ask_for(job, wanted.request, version.has_sets);
  say(job, "comment", wanted.comment);
  say(job, "dependency", wanted.dependency);
  if (wanted.elements > 1) {
    job["array"] = fmt::format("0-{}", wanted.elements - 1);
  }
  if (!version.has_sets) {
    job["nodes"] = {1, 1};
    job["environment"] = wanted.environment;
    job["kill_on_invalid_dependency"] = true;
    job["no_requeue"] = true;  // that it is not to be put back by `requeue` is not heard
    return json{{"job", job}, {"script", wanted.script}}.dump(2) + "\n";
  }
  job["nodes"] = "1";
  job["requeue"] = false;
  job["flags"] = {"KILL_INVALID_DEPENDENCY"};
  job["script"] = wanted.script;
  job["environment"] = json::array();
  for (const auto& [key, value] : wanted.environment) {
    job["environment"].push_back(fmt::format("{}={}", key, value));
  }
  return json{{"job", job}}.dump(2) + "\n";
}

std::string slurm_rest_cancelling(const std::vector<std::string>& numbers) {
  return json{{"jobs", numbers}}.dump();
}

std::optional<std::string> read_slurm_rest_number(const std::string& body) {
  const auto number = found_in(body, [](const json& answer) { return answer.at("job_id").get<std::int64_t>(); });
  return number && *number > 0 ? std::optional(std::to_string(*number)) : std::nullopt;
}

std::optional<Queue> read_slurm_rest_jobs(const std::string& body) {
  try {
    Queue queue;
    const json answer = fields_of_jobs(body);
    for (const json& told : answer.at("jobs")) {
      const QueuedJob job{
          .state = state_of(told), .reason = told.value("state_reason", ""), .comment = told.value("comment", "")};
      for (const std::string& number : numbers_of(told)) {
        queue[number] = job;
      }
    }
    return queue;
  } catch (const json::exception&) {
    return std::nullopt;
  }
}

std::optional<std::vector<std::string>> read_slurm_rest_partitions(const std::string& body) {
  return found_in(body, [](const json& answer) {
    std::vector<std::string> names;
    for (const json& partition : answer.at("partitions")) {
      names.push_back(partition.at("name").get<std::string>());
    }
    return names;
  });
}

SlurmRestError read_slurm_rest_error(const std::string& body) {
  const auto read = found_in(body, [](const json& answer) {
    const json errors = answer.value("errors", json::array());
    const json error = errors.empty() ? json::object() : errors.at(0);
    const std::int64_t number = error.value("error_number", error.value("error_code", std::int64_t{0}));
    return SlurmRestError{.words = plain_words(error.value("error", error.value("description", ""))),
                          .is_refusal = number >= least_refusal};
  });
  if (read) {
    return *read;
  }
  return {.words = body.starts_with('<') ? "" : plain_words(body), .is_refusal = false};
}

TokenClaims read_token(std::string_view token) {
  take(token, '.');
  const auto claims = found_in(bytes_of_base64_url(take(token, '.')).value_or(""), [](const json& said) {
    return TokenClaims{.user = said.value("sun", said.value("username", "")), .expires = number_of(said, "exp")};
  });
  return claims.value_or(TokenClaims{});
}

}  // namespace ame::clusters
