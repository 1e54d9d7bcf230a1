// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/ports/clock.hpp"

namespace ame::clusters {

/// A file that is there before the command of a task begins: from somewhere, or with this content. Paths are absolute
/// and of the container.
struct TesInput {
  std::string url;      ///< empty: there is a content
  std::string content;  ///< UTF-8
  std::string path;
};

/// A file that is kept when the command has ended.
struct TesOutput {
  std::string url;
  std::string path;
};

/// A task as the GA4GH Task Execution Service, version 1.1, is asked to run it; one command in one container.
struct TesTask {
  std::string name;
  std::string description;
  std::map<std::string, std::string> tags;
  std::vector<TesInput> inputs;
  std::vector<TesOutput> outputs;
  std::vector<std::string> volumes;  ///< directories that can be written to
  std::string image;
  std::vector<std::string> command;
  std::string standard_output;  ///< file of the container
  std::string standard_error;   ///< likewise
  std::int64_t cpu_cores = 0;   ///< 0: the server's default
  double ram_gb = 0;            ///< of 10^9 bytes; 0: likewise
  double disk_gb = 0;           ///< likewise
};

/// The body of a request that creates it.
std::string tes_task_json(const TesTask& task);

/// A task as a server tells of it. What its view leaves out is empty.
struct SeenTask {
  std::string id;
  std::string state;  ///< "QUEUED", "EXECUTOR_ERROR"
  std::string name;
  std::optional<int> exit_code;  ///< of the command
  std::string output;            ///< of the command, or the end of it
  std::string errors;            ///< likewise, of its standard error
  std::vector<std::string> system_logs;
  std::optional<UtcTime> started;  ///< the command, or the task where only that is known
  std::optional<UtcTime> ended;    ///< likewise
};

enum class TesPhase : std::uint8_t { waiting, running, over };

/// A state that no server should tell waits.
TesPhase phase_of_tes(std::string_view state);

/// None for what is no task.
std::optional<SeenTask> read_tes_task(std::string_view json);

/// One page of a list.
struct TesPage {
  std::vector<SeenTask> tasks;
  std::string next;  ///< token of the next page; empty: this is the last
};

std::optional<TesPage> read_tes_page(std::string_view json);

/// The id in the answer to a request that created a task; none where there is none.
std::optional<std::string> read_tes_created(std::string_view json);

/// What a server calls itself: "Funnel 0.12.2"; empty where it does not say, none for what is no answer to that.
std::optional<std::string> read_tes_service(std::string_view json);

/// What the body of an answer that is an error says, in one line; empty: nothing that can be shown.
std::string read_tes_error(std::string_view body);

}  // namespace ame::clusters
