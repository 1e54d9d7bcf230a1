// SPDX-License-Identifier: Apache-2.0
#include "clusters/server_fault.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

#include <fmt/format.h>

namespace ame::clusters {

namespace {

using std::chrono::seconds;

std::optional<seconds> pause_wished(const HttpResponse& response) {
  const std::string_view text = response.header("retry-after");
  int number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  // A date, which it may be as well, is not worth reading.
  return read.ec == std::errc() && number >= 0 ? std::optional(seconds(number)) : std::nullopt;
}

ServerFault::Kind kind_of(int status) {
  if (status == 401 || status == 403 || status == 511) {
    return ServerFault::Kind::denied;
  }
  if (status == 404) {
    return ServerFault::Kind::absent;
  }
  if (status == 408 || status == 425 || status == 429 || status >= 500) {
    return ServerFault::Kind::busy;
  }
  return ServerFault::Kind::refused;
}

}  // namespace

ServerFault fault_of(const HttpResponse& response, const std::string& said) {
  const ServerFault::Kind kind = kind_of(response.status);
  return {.kind = kind,
          .reason = fmt::format("answers {}{}", response.status, said.empty() ? "" : fmt::format(" ({})", said)),
          .wait = pause_wished(response),
          .may_be_done = kind == ServerFault::Kind::busy && response.status != 429 && response.status != 503};
}

ServerFault fault_of(const HttpFailure& failure) {
  const bool never_began = failure.fault == HttpFault::bad_url || failure.fault == HttpFault::unknown_host ||
                           failure.fault == HttpFault::unreachable || failure.fault == HttpFault::untrusted ||
                           failure.fault == HttpFault::bad_ca_file || failure.fault == HttpFault::tls;
  return {.kind = ServerFault::Kind::unanswered, .reason = failure.reason, .may_be_done = !never_began};
}

ServerFault senseless_answer(const std::string& of) {
  return {.kind = ServerFault::Kind::unanswered,
          .reason = fmt::format("answers with what is no answer of {}", of),
          .may_be_done = true};
}

HttpResult send_json(Http& http, HttpRequest request, const char* header, const SecretText& credentials) {
  constexpr seconds answer_within{60};
  request.headers.push_back({.name = "Accept", .value = "application/json"});
  if (!request.body.empty()) {
    request.headers.push_back({.name = "Content-Type", .value = "application/json"});
  }
  if (!credentials.empty()) {
    request.headers.push_back({.name = header, .value = std::string(credentials.reveal())});
  }
  request.done_within = answer_within;
  HttpResult result = http.send(request);
  for (HttpHeader& sent : request.headers) {
    wipe(sent.value);
  }
  return result;
}

ServerResult<std::monostate> done(const ServerResult<std::string>& answer) {
  if (const auto* const fault = std::get_if<ServerFault>(&answer)) {
    return *fault;
  }
  return std::monostate{};
}

std::string plain_words(std::string_view text) {
  constexpr std::size_t longest = 300;
  std::string words(text.substr(0, std::min(longest, text.find('\n'))));
  std::ranges::replace_if(
      words, [](char letter) { return std::iscntrl(static_cast<unsigned char>(letter)) != 0; }, ' ');
  return words;
}

}  // namespace ame::clusters
