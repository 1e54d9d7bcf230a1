// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/ports/http.hpp"

namespace ame {

/// A slurmrestd that speaks v0.0.41 and runs nothing: jobs are in the state that the test says. A wish to cancel a
/// request always comes too late.
class SmallSlurmrestd final : public Http {
 public:
  struct Held {
    nlohmann::json job;  ///< as it was submitted
    std::string state = "PENDING";
  };

  std::map<int, Held> jobs;
  std::deque<HttpResult> faults;      ///< in place of the next answers, but to what is asked of versions
  bool does_it_all_the_same = false;  ///< although a fault is what is answered
  std::vector<std::string> asked;     ///< of versions nothing
  std::vector<std::string> tokens;    ///< that came with what was asked

  HttpResult send(const HttpRequest& request) override {
    const std::string path = request.url.substr(request.url.find("/slurm/") + 7);
    if (path.ends_with("/ping")) {
      return HttpResponse{.status = path.starts_with("v0.0.41/") ? 200 : 404, .headers = {}, .body = "{}"};
    }
    asked.push_back(request.method + " " + path);
    for (const HttpHeader& header : request.headers) {
      if (header.name == "X-SLURM-USER-TOKEN") {
        tokens.push_back(header.value);
      }
    }
    if (request.is_cancelled) {
      static_cast<void>(request.is_cancelled());
    }
    if (!faults.empty()) {
      HttpResult fault = std::move(faults.front());
      faults.pop_front();
      if (does_it_all_the_same) {
        static_cast<void>(answer(request));
      }
      return fault;
    }
    return answer(request);
  }

 private:
  HttpResult answer(const HttpRequest& request) {
    nlohmann::json said = {{"errors", nlohmann::json::array()}};
    if (request.method == "POST") {
      const int number = static_cast<int>(jobs.size()) + 11;
      jobs[number].job = nlohmann::json::parse(request.body).at("job");
      said["job_id"] = number;
    } else if (request.method == "DELETE") {
      const nlohmann::json body = nlohmann::json::parse(request.body);
      for (const nlohmann::json& number : body.at("jobs")) {
        jobs.at(std::stoi(number.get<std::string>())).state = "CANCELLED";
      }
    } else {
      for (const auto& [number, held] : jobs) {
        said["jobs"].push_back({{"job_id", number},
                                {"job_state", {held.state}},
                                {"state_reason", "None"},
                                {"comment", held.job.at("comment")}});
      }
      said.emplace("jobs", nlohmann::json::array());
    }
    return HttpResponse{.status = 200, .headers = {}, .body = said.dump()};
  }
};

}  // namespace ame
