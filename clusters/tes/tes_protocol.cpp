// SPDX-License-Identifier: Apache-2.0
#include "clusters/tes/tes_protocol.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "clusters/server_fault.hpp"

namespace ame::clusters {

using nlohmann::json;

namespace {

std::string text_of(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

/// A list, or nothing to go through.
const json& list_of(const json& object, const char* key) {
  static const json none = json::array();
  const auto found = object.find(key);
  return found != object.end() && found->is_array() ? *found : none;
}

std::optional<int> number_at(std::string_view text, std::size_t begin, std::size_t size) {
  int number = 0;
  if (begin + size > text.size()) {
    return std::nullopt;
  }
  const char* const end = text.data() + begin + size;
  const auto read = std::from_chars(text.data() + begin, end, number);
  return read.ec == std::errc() && read.ptr == end ? std::optional(number) : std::nullopt;
}

/// RFC 3339, as "2026-11-29T10:15:30.25Z"; what has another offset than Z is not taken.
std::optional<UtcTime> time_of(std::string_view text) {
  const auto year = number_at(text, 0, 4);
  const auto month = number_at(text, 5, 2);
  const auto day = number_at(text, 8, 2);
  const auto hour = number_at(text, 11, 2);
  const auto minute = number_at(text, 14, 2);
  const auto second = number_at(text, 17, 2);
  if (!year || !month || !day || !hour || !minute || !second || !text.ends_with('Z')) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date(std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day)));
  if (!date.ok()) {
    return std::nullopt;
  }
  std::int64_t micro = 0;
  if (text.size() > 20 && text[19] == '.') {
    std::string digits(text.substr(20, text.size() - 21));
    digits.resize(6, '0');
    std::from_chars(digits.data(), digits.data() + digits.size(), micro);
  }
  return UtcTime(std::chrono::sys_days(date) + std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
                 std::chrono::seconds(*second) + std::chrono::microseconds(micro));
}

void read_logs(const json& log, SeenTask& task) {
  task.started = time_of(text_of(log, "start_time"));
  task.ended = time_of(text_of(log, "end_time"));
  for (const json& line : list_of(log, "system_logs")) {
    if (line.is_string()) {
      task.system_logs.push_back(line.get<std::string>());
    }
  }
  const json& executors = list_of(log, "logs");
  if (executors.empty() || !executors.back().is_object()) {
    return;
  }
  const json& executor = executors.back();
  if (const auto started = time_of(text_of(executor, "start_time"))) {
    task.started = started;
  }
  if (const auto ended = time_of(text_of(executor, "end_time"))) {
    task.ended = ended;
  }
  task.output = text_of(executor, "stdout");
  task.errors = text_of(executor, "stderr");
  if (const auto code = executor.find("exit_code"); code != executor.end() && code->is_number_integer()) {
    task.exit_code = code->get<int>();
  }
}

std::optional<SeenTask> task_of(const json& object) {
  if (!object.is_object() || text_of(object, "id").empty()) {
    return std::nullopt;
  }
  SeenTask task{.id = text_of(object, "id"), .state = text_of(object, "state"), .name = text_of(object, "name")};
  // A server that began it anew has a log for each time: the last counts.
  const json& logs = list_of(object, "logs");
  if (!logs.empty() && logs.back().is_object()) {
    read_logs(logs.back(), task);
  }
  return task;
}

json read(std::string_view text) {
  return json::parse(text, nullptr, /*allow_exceptions=*/false);
}

json resources_of(const TesTask& task) {
  json resources = json::object();
  if (task.cpu_cores > 0) {
    resources["cpu_cores"] = task.cpu_cores;
  }
  if (task.ram_gb > 0) {
    resources["ram_gb"] = task.ram_gb;
  }
  if (task.disk_gb > 0) {
    resources["disk_gb"] = task.disk_gb;
  }
  return resources;
}

}  // namespace

std::string tes_task_json(const TesTask& task) {
  json inputs = json::array();
  for (const TesInput& input : task.inputs) {
    json one = {{"path", input.path}, {"type", "FILE"}};
    if (input.url.empty()) {
      one["content"] = input.content;
    } else {
      one["url"] = input.url;
    }
    inputs.push_back(std::move(one));
  }
  json outputs = json::array();
  for (const TesOutput& output : task.outputs) {
    outputs.push_back({{"path", output.path}, {"url", output.url}, {"type", "FILE"}});
  }
  json document = {{"name", task.name},
                   {"description", task.description},
                   {"tags", task.tags},
                   {"inputs", std::move(inputs)},
                   {"outputs", std::move(outputs)},
                   {"volumes", task.volumes},
                   {"executors",
                    {{{"image", task.image},
                      {"command", task.command},
                      {"stdout", task.standard_output},
                      {"stderr", task.standard_error}}}}};
  if (const json resources = resources_of(task); !resources.empty()) {
    document["resources"] = resources;
  }
  return document.dump(2);
}

TesPhase phase_of_tes(std::string_view state) {
  // A task that is being cancelled may still run.
  if (state == "RUNNING" || state == "CANCELING") {
    return TesPhase::running;
  }
  const bool is_over = state == "COMPLETE" || state == "EXECUTOR_ERROR" || state == "SYSTEM_ERROR" ||
                       state == "CANCELED" || state == "PREEMPTED";
  return is_over ? TesPhase::over : TesPhase::waiting;
}

std::optional<SeenTask> read_tes_task(std::string_view text) {
  return task_of(read(text));
}

std::optional<TesPage> read_tes_page(std::string_view text) {
  const json document = read(text);
  if (!document.is_object()) {
    return std::nullopt;
  }
  const auto tasks = document.find("tasks");
  if (tasks == document.end() || !tasks->is_array()) {
    return std::nullopt;
  }
  TesPage page{.tasks = {}, .next = text_of(document, "next_page_token")};
  for (const json& object : *tasks) {
    if (std::optional<SeenTask> task = task_of(object)) {
      page.tasks.push_back(*std::move(task));
    }
  }
  return page;
}

std::optional<std::string> read_tes_created(std::string_view text) {
  const json document = read(text);
  std::string id = document.is_object() ? text_of(document, "id") : "";
  return id.empty() ? std::nullopt : std::optional(std::move(id));
}

std::optional<std::string> read_tes_service(std::string_view text) {
  const json document = read(text);
  if (!document.is_object()) {
    return std::nullopt;
  }
  const std::string name = text_of(document, "name");
  const std::string version = text_of(document, "version");
  return name.empty() || version.empty() ? name : fmt::format("{} {}", name, version);
}

std::string read_tes_error(std::string_view body) {
  const json document = read(body);
  std::string text;
  if (document.is_object()) {
    for (const char* const key : {"error", "message", "detail", "title", "msg"}) {
      text = text.empty() ? text_of(document, key) : text;
    }
  } else if (document.is_discarded() && !body.starts_with('<')) {
    text = body;
  }
  return plain_words(text);
}

}  // namespace ame::clusters
