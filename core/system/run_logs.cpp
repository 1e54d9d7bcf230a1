// SPDX-License-Identifier: Apache-2.0
#include "core/system/run_logs.hpp"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include <utility>

#include "core/system/system_call.hpp"

namespace ame {

RunLogs::RunLogs(RunLayout layout, RunId run)
    : layout_(std::move(layout)),
      run_(run),
      short_logs_(layout_.short_logs(run)) {}

void RunLogs::add(const StepName& step, OutputStream stream, UtcTime time, std::string_view bytes) {
  if (bytes.empty()) {
    return;
  }
  make_directory();
  StepLog& log = log_of(step);
  if (auto* const short_log = std::get_if<ShortLog>(&log)) {
    if (short_log->bytes.size() + bytes.size() <= longest_short_log) {
      const std::uint64_t origin = packed_origin(time, stream);
      short_logs_.add(step, origin, bytes);
      short_log->add(origin, bytes);
      return;
    }
    log = give_own_file(step, *short_log);
  }
  std::get<RunLogWriter>(log).add(stream, time, bytes);
}

std::uint64_t RunLogs::size_of(const StepName& step) {
  const StepLog& log = log_of(step);
  const auto* const short_log = std::get_if<ShortLog>(&log);
  return short_log != nullptr ? short_log->bytes.size() : std::get<RunLogWriter>(log).size();
}

void RunLogs::close(const StepName& step) {
  if (open_.erase(step) > 0) {
    closed_.insert(step);
  }
}

void RunLogs::go_on_with(const StepName& step) {
  closed_.insert(step);
}

void RunLogs::make_directory() {
  if (has_directory_) {
    return;
  }
  const auto directory = layout_.logs(run_);
  if (::mkdir(directory.c_str(), 0755) != 0 && errno != EEXIST) {
    throw machine_error("create the directory", directory, errno);
  }
  has_directory_ = true;
}

/// Goes on where an earlier attempt ended.
RunLogs::StepLog& RunLogs::log_of(const StepName& step) {
  const auto found = open_.find(step);
  if (found != open_.end()) {
    return found->second;
  }
  if (closed_.count(step) == 0) {
    return open_.emplace(step, ShortLog{}).first->second;
  }
  const auto path = layout_.log(run_, step);
  if (::access(path.c_str(), F_OK) == 0) {
    return open_.emplace(step, writer_of(step)).first->second;
  }
  return open_.emplace(step, ShortLogs(layout_.short_logs(run_)).read(step)).first->second;
}

RunLogWriter RunLogs::give_own_file(const StepName& step, const ShortLog& log) const {
  write_run_log(layout_.log(run_, step), log);
  return writer_of(step);
}

RunLogWriter RunLogs::writer_of(const StepName& step) const {
  const auto limit = limits_.find(step);
  return RunLogWriter(layout_.log(run_, step), limit == limits_.end() ? 0 : limit->second);
}

}  // namespace ame
