// SPDX-License-Identifier: Apache-2.0
#include "clusters/slurm/slurm_rest_client.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/model/duration.hpp"

namespace ame::clusters {

namespace {

using std::chrono::seconds;

constexpr std::uint64_t largest_answer = 1ULL << 30U;  // it tells of the jobs of all users
constexpr std::string_view of_slurm = "/slurm/";
constexpr const char* title = "slurmrestd";

std::string path_in(const SlurmRestVersion& version, std::string_view what) {
  // Lists have a path that ends since they have sets.
  what.remove_suffix(!version.has_sets && what.ends_with('/') ? 1 : 0);
  return fmt::format("{}{}/{}", of_slurm, version.name, what);
}

}  // namespace

SlurmRestClient::SlurmRestClient(Http& http, const Clock& clock, std::string endpoint, std::filesystem::path ca_file)
    : http_(http),
      clock_(clock),
      server_(std::move(endpoint)),
      version_name_(version_in(server_)),
      ca_file_(std::move(ca_file)) {
  server_.resize(std::min(server_.rfind(of_slurm), server_.size()));
}

std::string version_in(const std::string& endpoint) {
  const std::size_t path = endpoint.rfind(of_slurm);
  return path == std::string::npos ? "" : endpoint.substr(path + of_slurm.size());
}

void SlurmRestClient::use_token(SecretText token) {
  constexpr std::string_view name = "SLURM_JWT=";
  std::string_view text = token.reveal();
  text.remove_prefix(text.starts_with(name) ? name.size() : 0);
  text = text.substr(0, text.find_first_of(" \t\r\n"));
  claims_ = read_token(text);
  token_ = SecretText(text);
}

/// A server that does not like a token may say no more than that something went wrong.
ServerFault SlurmRestClient::explained(ServerFault fault) const {
  const std::int64_t now = std::chrono::duration_cast<seconds>(clock_.now().time_since_epoch()).count();
  if (claims_.expires && *claims_.expires <= now && fault.kind != ServerFault::Kind::absent) {
    fault.reason += fmt::format("; the token has expired {} ago", duration_text(seconds(now - *claims_.expires)));
  }
  return fault;
}

ServerResult<std::string> SlurmRestClient::send(HttpRequest request, const IsCancelled& is_cancelled) {
  request.url = server_ + request.url;
  if (!claims_.user.empty()) {
    request.headers.push_back({.name = "X-SLURM-USER-NAME", .value = claims_.user});
  }
  request.ca_file = ca_file_;
  request.largest_body = largest_answer;
  request.is_cancelled = is_cancelled;
  HttpResult result = send_json(http_, std::move(request), "X-SLURM-USER-TOKEN", token_);
  if (const auto* const failure = std::get_if<HttpFailure>(&result)) {
    return fault_of(*failure);
  }
  auto& response = std::get<HttpResponse>(result);
  if (!response.is_success()) {
    const SlurmRestError error = read_slurm_rest_error(response.body);
    ServerFault fault = fault_of(response, error.words);
    if (error.is_refusal && fault.kind == ServerFault::Kind::busy) {
      fault.kind = ServerFault::Kind::refused;
      fault.may_be_done = false;
    }
    return explained(std::move(fault));
  }
  return std::move(response.body);
}

ServerResult<SlurmRestVersion> SlurmRestClient::version(const IsCancelled& is_cancelled) {
  if (version_) {
    return *version_;
  }
  std::vector<std::string> names;
  for (const SlurmRestVersion& known : slurm_rest_versions()) {
    names.push_back(known.name);
    if (!version_name_.empty() && version_name_ != known.name) {
      continue;
    }
    const ServerResult<std::string> answer = send({.url = path_in(known, "ping")}, is_cancelled);
    const auto* const fault = std::get_if<ServerFault>(&answer);
    if (fault == nullptr) {
      version_ = known;
      return known;
    }
    if (fault->kind != ServerFault::Kind::absent) {
      return *fault;
    }
  }
  return ServerFault{.kind = ServerFault::Kind::refused,
                     .reason = version_name_.empty() ? fmt::format("speaks neither {}", fmt::join(names, " nor "))
                                                     : "does not speak " + version_name_};
}

ServerResult<std::string> SlurmRestClient::ask(HttpRequest request, const IsCancelled& is_cancelled) {
  const ServerResult<SlurmRestVersion> spoken = version(is_cancelled);
  if (const auto* const fault = std::get_if<ServerFault>(&spoken)) {
    return *fault;
  }
  request.url = path_in(*version_, request.url);
  return send(std::move(request), is_cancelled);
}

ServerResult<std::vector<std::string>> SlurmRestClient::partitions(const IsCancelled& is_cancelled) {
  return understood<std::vector<std::string>>(
      ask({.url = "partitions/"}, is_cancelled), title, read_slurm_rest_partitions);
}

ServerResult<Queue> SlurmRestClient::jobs(const IsCancelled& is_cancelled) {
  return understood<Queue>(ask({.url = "jobs/"}, is_cancelled), title, read_slurm_rest_jobs);
}

ServerResult<std::string> SlurmRestClient::submit(const SlurmRestJob& job, const IsCancelled& is_cancelled) {
  const ServerResult<SlurmRestVersion> spoken = version(is_cancelled);
  if (const auto* const fault = std::get_if<ServerFault>(&spoken)) {
    return *fault;
  }
  return understood<std::string>(
      ask({.method = "POST", .url = "job/submit", .body = slurm_rest_submission(job, *version_)}, is_cancelled),
      title,
      read_slurm_rest_number);
}

ServerResult<std::monostate> SlurmRestClient::cancel(const std::vector<std::string>& numbers,
                                                     const IsCancelled& is_cancelled) {
  const ServerResult<SlurmRestVersion> spoken = version(is_cancelled);
  if (const auto* const fault = std::get_if<ServerFault>(&spoken)) {
    return *fault;
  }
  if (version_->has_sets) {
    return done(ask({.method = "DELETE", .url = "jobs/", .body = slurm_rest_cancelling(numbers)}, is_cancelled));
  }
  for (const std::string& number : numbers) {
    const ServerResult<std::monostate> cancelled =
        done(ask({.method = "DELETE", .url = "job/" + url_encoded(number)}, is_cancelled));
    if (const auto* const fault = std::get_if<ServerFault>(&cancelled);
        fault != nullptr && fault->kind != ServerFault::Kind::refused) {
      return *fault;
    }
  }
  return std::monostate{};
}

}  // namespace ame::clusters
