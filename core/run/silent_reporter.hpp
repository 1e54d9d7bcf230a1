// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/ports/reporter.hpp"

namespace ame {

/// For a run that nobody watches: all is in its record.
class SilentReporter final : public Reporter {
 public:
  void run_started(const RunRecord& /*run*/, const TaskGraph& /*graph*/) override {}

  void step_started(const StepRecord& /*step*/) override {}

  void step_progress(const StepName& /*step*/, const std::string& /*line*/) override {}

  void step_output(const StepName& /*step*/, OutputStream /*stream*/, std::string_view /*bytes*/) override {}

  void step_ended(const StepRecord& /*step*/) override {}

  void warning(const Diagnostic& /*diagnostic*/) override {}

  void stopping(int /*signal*/) override {}

  void run_ended(const RunRecord& /*run*/) override {}
};

}  // namespace ame
