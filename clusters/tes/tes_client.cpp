// SPDX-License-Identifier: Apache-2.0
#include "clusters/tes/tes_client.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace ame::clusters {

namespace {

constexpr int page_size = 1000;  // a server may give fewer
constexpr std::size_t most_pages = 10'000;

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

}  // namespace

TesClient::TesClient(Http& http, std::string endpoint, SecretText authorization, std::filesystem::path ca_file)
    : http_(http),
      endpoint_(std::move(endpoint)),
      authorization_(std::move(authorization)),
      ca_file_(std::move(ca_file)) {}

ServerResult<std::string> TesClient::send(HttpRequest request, const std::stop_token& stop) {
  request.url = endpoint_ + request.url;
  request.ca_file = ca_file_;
  request.is_cancelled = [&stop] { return stop.stop_requested(); };
  HttpResult result = send_json(http_, std::move(request), "Authorization", authorization_);
  if (const auto* const failure = std::get_if<HttpFailure>(&result)) {
    return fault_of(*failure);
  }
  auto& response = std::get<HttpResponse>(result);
  if (!response.is_success()) {
    return fault_of(response, read_tes_error(response.body));
  }
  return std::move(response.body);
}

ServerResult<std::string> TesClient::create(const std::string& task, const std::stop_token& stop) {
  return understood<std::string>(
      send({.method = "POST", .url = "/tasks", .body = task}, stop), "TES", read_tes_created);
}

ServerResult<SeenTask> TesClient::get(const std::string& id, TesView view, const std::stop_token& stop) {
  return understood<SeenTask>(
      send({.url = fmt::format("/tasks/{}?view={}", url_encoded(id), word_of(view))}, stop), "TES", read_tes_task);
}

ServerResult<std::vector<SeenTask>> TesClient::list(const std::string& name_prefix,
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
    ServerResult<TesPage> read =
        understood<TesPage>(send({.url = "/tasks" + query_text(std::move(query))}, stop), "TES", read_tes_page);
    if (auto* const fault = std::get_if<ServerFault>(&read)) {
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

ServerResult<std::string> TesClient::find(const std::string& name, const std::stop_token& stop) {
  ServerResult<std::vector<SeenTask>> listed = list(name, TesView::basic, stop);
  if (auto* const fault = std::get_if<ServerFault>(&listed)) {
    return std::move(*fault);
  }
  const auto& tasks = std::get<std::vector<SeenTask>>(listed);
  const auto found = std::ranges::find(tasks, name, &SeenTask::name);
  return found == tasks.end() ? std::string() : found->id;
}

ServerResult<std::monostate> TesClient::cancel(const std::string& id, const std::stop_token& stop) {
  return done(send({.method = "POST", .url = fmt::format("/tasks/{}:cancel", url_encoded(id))}, stop));
}

ServerResult<std::string> TesClient::service(const std::stop_token& stop) {
  return understood<std::string>(send({.url = "/service-info"}, stop), "TES", [](const std::string& body) {
    return std::optional(read_tes_service(body));
  });
}

std::string tes_endpoint(std::string address) {
  while (address.ends_with('/')) {
    address.pop_back();
  }
  return address.ends_with("/v1") ? address : address + "/ga4gh/tes/v1";
}

}  // namespace ame::clusters
