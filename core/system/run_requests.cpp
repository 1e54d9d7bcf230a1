// SPDX-License-Identifier: Apache-2.0
#include "core/system/run_requests.hpp"

#include <fcntl.h>

#include <string>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include "core/system/disk_file_system.hpp"
#include "core/system/file_descriptor.hpp"
#include "core/system/system_call.hpp"

namespace ame {

namespace {

using Json = nlohmann::ordered_json;

constexpr const char* cancel_step = "cancel_step";

}  // namespace

RunRequests::RunRequests(std::filesystem::path file)
    : file_(std::move(file)) {}

std::vector<StepName> RunRequests::take_cancelled_steps() {
  std::vector<StepName> steps;
  const std::string text = DiskFileSystem().read(file_).value_or("");
  for (std::size_t end = text.find('\n', taken_); end != std::string::npos; end = text.find('\n', taken_)) {
    const Json request = Json::parse(std::string_view(text).substr(taken_, end - taken_), nullptr, false);
    taken_ = end + 1;
    if (request.is_object() && request.value("request", Json()) == cancel_step && request.contains("step") &&
        request["step"].is_string()) {
      steps.emplace_back(request["step"].get<std::string>());
    }
  }
  return steps;
}

void append_cancel_request(const std::filesystem::path& file, const StepName& step) {
  const FileDescriptor open(::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
  const Json request = {{"request", cancel_step}, {"step", step.text()}};
  const std::string line = request.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  const int failure = open.is_open() ? write_all(open.number(), line) : errno;
  if (failure != 0) {
    throw machine_error("write", file, failure);
  }
}

}  // namespace ame
