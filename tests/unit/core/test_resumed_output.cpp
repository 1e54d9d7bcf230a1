// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <variant>

#include <catch2/catch.hpp>

#include "core/run/resumed_output.hpp"
#include "tests/support/scripted_job_runner.hpp"

namespace ame {

TEST_CASE("what a log has already is left out, of each stream its own") {
  ScriptedJobRunner inner(1);
  const auto output = [](StepIndex step, OutputStream stream, std::string_view bytes) {
    return JobOutput{.step = step, .stream = stream, .bytes = bytes};
  };
  inner.then(output(0, OutputStream::standard_output, "abc"))
      .then(output(0, OutputStream::standard_output, "def"))
      .then(output(0, OutputStream::standard_error, "xyz"))
      .then(output(1, OutputStream::standard_output, "new"))
      .then(output(0, OutputStream::standard_output, "g"));
  ResumedOutput resumed(inner, {{0, {4, 1}}});
  for (const std::string& told : {std::string("ef"), std::string("yz"), std::string("new"), std::string("g")}) {
    const JobEvent event = resumed.wait(std::nullopt);
    CHECK(std::get<JobOutput>(event).bytes == told);
  }
}

}  // namespace ame
