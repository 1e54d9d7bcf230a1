// SPDX-License-Identifier: Apache-2.0
#include "clusters/tes_client.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include <fmt/format.h>

namespace ame::clusters {

namespace {

using std::chrono::seconds;

constexpr seconds answer_within{60};
constexpr int page_size = 1000;  // a server may give fewer
constexpr std::size_t most_pages = 10'000;

std::optional<seconds> pause_wished(const HttpResponse& response) {
  const std::string_view text = response.header("retry-after");
  int number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  // A date, which it may be as well, is not worth reading.
  return read.ec == std::errc() && number >= 0 ? std::optional(seconds(number)) : std::nullopt;
}

const char* word_of(TesView view) {
  switch (view) {
    case TesView::minimal:
      return "MINIMAL";
    case TesView::basic:
      return "BASIC";
    case TesView::full:
      return "FULL";
  }
  return "";
}

TesFault::Kind kind_of(int status) {
  if (status == 401 || status == 403) {
    return TesFault::Kind::denied;
  }
  if (status == 404) {
    return TesFault::Kind::absent;
  }
  if (status == 408 || status == 425 || status == 429 || status >= 500) {
    return TesFault::Kind::busy;
  }
  return TesFault::Kind::refused;
}

TesFault fault_of(const HttpResponse& response) {
  const std::string said = read_tes_error(response.body);
  const TesFault::Kind kind = kind_of(response.status);
  return {.kind = kind,
          .reason = fmt::format("answers {}{}", response.status, said.empty() ? "" : fmt::format(" ({})", said)),
          .wait = pause_wished(response),
          .may_be_done = kind == TesFault::Kind::busy && response.status != 429 && response.status != 503};
}

TesFault fault_of(const HttpFailure& failure) {
  const bool never_began = failure.fault == HttpFault::bad_url || failure.fault == HttpFault::unknown_host ||
                           failure.fault == HttpFault::unreachable || failure.fault == HttpFault::untrusted ||
                           failure.fault == HttpFault::bad_ca_file || failure.fault == HttpFault::tls;
  return {.kind = TesFault::Kind::unanswered, .reason = failure.reason, .may_be_done = !never_began};
}

/// It did something, and what it says of it is not what the standard has it say.
TesFault senseless() {
  return {.kind = TesFault::Kind::unanswered, .reason = "answers with what is no answer of TES", .may_be_done = true};
}

template <class Value, class Read>
TesResult<Value> understood(TesResult<std::string> answer, Read read) {
  if (auto* const fault = std::get_if<TesFault>(&answer)) {
    return std::move(*fault);
  }
  std::optional<Value> value = read(std::get<std::string>(answer));
  if (!value) {
    return senseless();
  }
  return *std::move(value);
}

}  // namespace

TesClient::TesClient(Http& http, std::string endpoint, SecretText authorization, std::filesystem::path ca_file)
    : http_(http),
      endpoint_(std::move(endpoint)),
      authorization_(std::move(authorization)),
      ca_file_(std::move(ca_file)) {}

TesResult<std::string> TesClient::send(HttpRequest request, const std::stop_token& stop) {
  request.url = endpoint_ + request.url;
  request.headers.push_back({.name = "Accept", .value = "application/json"});
  if (!request.body.empty()) {
    request.headers.push_back({.name = "Content-Type", .value = "application/json"});
  }
  if (!authorization_.empty()) {
    request.headers.push_back({.name = "Authorization", .value = std::string(authorization_.reveal())});
  }
  request.ca_file = ca_file_;
  request.done_within = answer_within;
  request.is_cancelled = [&stop] { return stop.stop_requested(); };
  HttpResult result = http_.send(request);
  for (HttpHeader& header : request.headers) {
    wipe(header.value);
  }
  if (const auto* const failure = std::get_if<HttpFailure>(&result)) {
    return fault_of(*failure);
  }
  auto& response = std::get<HttpResponse>(result);
  if (!response.is_success()) {
    return fault_of(response);
  }
  return std::move(response.body);
}

TesResult<std::string> TesClient::create(const std::string& task, const std::stop_token& stop) {
  return understood<std::string>(send({.method = "POST", .url = "/tasks", .body = task}, stop), read_tes_created);
}

TesResult<SeenTask> TesClient::get(const std::string& id, TesView view, const std::stop_token& stop) {
  return understood<SeenTask>(send({.url = fmt::format("/tasks/{}?view={}", url_encoded(id), word_of(view))}, stop),
                              read_tes_task);
}

TesResult<std::vector<SeenTask>> TesClient::list(const std::string& name_prefix,
                                                 TesView view,
                                                 const std::stop_token& stop) {
  std::vector<SeenTask> tasks;
  std::string next;
  for (std::size_t page = 0; page < most_pages; ++page) {
    QueryParameters query = {
        {"name_prefix", name_prefix}, {"page_size", std::to_string(page_size)}, {"view", word_of(view)}};
    if (!next.empty()) {
      query.emplace_back("page_token", next);
    }
    TesResult<TesPage> read =
        understood<TesPage>(send({.url = "/tasks" + query_text(std::move(query))}, stop), read_tes_page);
    if (auto* const fault = std::get_if<TesFault>(&read)) {
      return std::move(*fault);
    }
    auto& got = std::get<TesPage>(read);
    for (SeenTask& task : got.tasks) {
      if (view == TesView::minimal || task.name.starts_with(name_prefix)) {
        tasks.push_back(std::move(task));
      }
    }
    if (got.next.empty() || got.next == next) {
      break;
    }
    next = std::move(got.next);
  }
  return tasks;
}

TesResult<std::string> TesClient::find(const std::string& name, const std::stop_token& stop) {
  TesResult<std::vector<SeenTask>> listed = list(name, TesView::basic, stop);
  if (auto* const fault = std::get_if<TesFault>(&listed)) {
    return std::move(*fault);
  }
  const auto& tasks = std::get<std::vector<SeenTask>>(listed);
  const auto found = std::ranges::find(tasks, name, &SeenTask::name);
  return found == tasks.end() ? std::string() : found->id;
}

TesResult<std::monostate> TesClient::cancel(const std::string& id, const std::stop_token& stop) {
  TesResult<std::string> answer =
      send({.method = "POST", .url = fmt::format("/tasks/{}:cancel", url_encoded(id))}, stop);
  if (auto* const fault = std::get_if<TesFault>(&answer)) {
    return std::move(*fault);
  }
  return std::monostate{};
}

TesResult<std::string> TesClient::service(const std::stop_token& stop) {
  return understood<std::string>(send({.url = "/service-info"}, stop),
                                 [](const std::string& body) { return std::optional(read_tes_service(body)); });
}

std::string tes_endpoint(std::string address) {
  while (address.ends_with('/')) {
    address.pop_back();
  }
  return address.ends_with("/v1") ? address : address + "/ga4gh/tes/v1";
}

}  // namespace ame::clusters
