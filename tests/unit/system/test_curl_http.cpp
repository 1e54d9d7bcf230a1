// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <fstream>
#include <string>

#include <catch2/catch.hpp>

#include "core/error.hpp"
#include "core/system/curl_http.hpp"
#include "tests/support/loopback_server.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/tls_server.hpp"

namespace ame {

namespace {

HttpResponse answer_of(const HttpRequest& request) {
  CurlHttp http({});
  const HttpResult result = http.send(request);
  const auto* failure = std::get_if<HttpFailure>(&result);
  INFO((failure == nullptr ? std::string() : failure->reason));
  REQUIRE(failure == nullptr);
  return std::get<HttpResponse>(result);
}

HttpFailure failure_of(const HttpRequest& request) {
  CurlHttp http({});
  const HttpResult result = http.send(request);
  REQUIRE(std::holds_alternative<HttpFailure>(result));
  return std::get<HttpFailure>(result);
}

ScriptedAnswer hello(const ReceivedRequest& /*request*/) {
  return {.body = "hello", .headers = {{"X-Thing", " a value "}}};
}

}  // namespace

TEST_CASE("a request is sent as it is written, and the answer comes back whole") {
  LoopbackServer server(hello);
  const HttpResponse response = answer_of({.method = "POST",
                                           .url = server.address() + "/a/../b?x=1&y=%2F",
                                           .headers = {{"X-Token", "abc"}, {"X-Empty", ""}},
                                           .body = "the body"});
  CHECK(response.status == 200);
  CHECK(response.body == "hello");
  CHECK(response.header("x-thing") == "a value");
  REQUIRE(server.received().size() == 1);
  const ReceivedRequest request = server.received().front();
  CHECK(request.method == "POST");
  CHECK(request.target == "/a/../b?x=1&y=%2F");
  CHECK(request.body == "the body");
  auto headers = request.headers;
  headers.erase("host");
  CHECK(headers == std::map<std::string, std::string>{
                       {"x-token", "abc"}, {"x-empty", ""}, {"user-agent", "ame"}, {"content-length", "8"}});
}

TEST_CASE("every status is an answer, and a redirect is not followed") {
  LoopbackServer server([](const ReceivedRequest& /*request*/) {
    return ScriptedAnswer{.status = 307, .headers = {{"Location", "http://127.0.0.1:1/"}}};
  });
  const HttpResponse response = answer_of({.url = server.address()});
  CHECK(response.status == 307);
  CHECK(response.header("location") == "http://127.0.0.1:1/");
  CHECK(server.received().size() == 1);
}

TEST_CASE("a connection is kept and used again") {
  LoopbackServer server(hello);
  CurlHttp http({});
  for (int i = 0; i < 3; ++i) {
    CHECK(std::holds_alternative<HttpResponse>(http.send({.url = server.address()})));
  }
  CHECK(server.received().size() == 3);
}

TEST_CASE("large bodies go through piece by piece") {
  const std::string sent(300'000, 'u');
  LoopbackServer server([](const ReceivedRequest& request) { return ScriptedAnswer{.body = request.body}; });
  std::size_t at = 0;
  std::size_t got = 0;
  HttpRequest request{.method = "PUT", .url = server.address()};
  request.upload = HttpUpload{.size = sent.size(),
                              .read =
                                  [&](std::span<char> room) {
                                    const std::size_t count = std::min(room.size(), sent.size() - at);
                                    std::copy_n(sent.data() + at, count, room.data());
                                    at += count;
                                    return count;
                                  },
                              .rewind = [&] { at = 0; }};
  request.download = [&](std::string_view bytes) { got += bytes.size(); };
  const HttpResponse response = answer_of(request);
  CHECK(response.body.empty());
  CHECK(got == sent.size());
  CHECK(server.received().front().body == sent);
}

TEST_CASE("the body of an answer that is no success is kept, not handed on") {
  LoopbackServer server([](const ReceivedRequest& /*request*/) { return ScriptedAnswer{.status = 404, .body = "no"}; });
  std::string got;
  HttpRequest request{.url = server.address()};
  request.download = [&](std::string_view bytes) { got += bytes; };
  const HttpResponse response = answer_of(request);
  CHECK(response.body == "no");
  CHECK(got.empty());
}

TEST_CASE("what a caller throws in the middle comes out") {
  LoopbackServer server(hello);
  HttpRequest request{.url = server.address()};
  request.download = [](std::string_view /*bytes*/) { throw Error(ExitCode::machine, Diagnostic{.message = "full"}); };
  CurlHttp http({});
  CHECK_THROWS_AS(http.send(request), Error);
}

TEST_CASE("each fault of a connection is told apart") {
  LoopbackServer silent(
      [](const ReceivedRequest& /*request*/) { return ScriptedAnswer{.deed = ScriptedAnswer::Deed::say_nothing}; });
  LoopbackServer closing(
      [](const ReceivedRequest& /*request*/) { return ScriptedAnswer{.deed = ScriptedAnswer::Deed::raw}; });
  LoopbackServer talker(hello);
  CHECK(failure_of({.url = "ftp://127.0.0.1/"}).fault == HttpFault::bad_url);
  CHECK(failure_of({.url = "http://nowhere.invalid/"}).fault == HttpFault::unknown_host);
  CHECK(failure_of({.url = "http://127.0.0.1:1/"}).fault == HttpFault::unreachable);
  CHECK(failure_of({.url = silent.address(), .done_within = std::chrono::milliseconds(50)}).fault ==
        HttpFault::timed_out);
  CHECK(failure_of({.url = silent.address(), .is_cancelled = [] { return true; }}).fault == HttpFault::cancelled);
  CHECK(failure_of({.url = closing.address()}).fault == HttpFault::broken);
  CHECK(failure_of({.url = talker.address(), .largest_body = 3}).fault == HttpFault::too_large);
}

TEST_CASE("a failure tells nothing of the request") {
  const HttpFailure failure = failure_of(
      {.url = "http://127.0.0.1:1/path?signature=hush", .headers = {{"X-Vault-Token", "hush"}}, .body = "hush"});
  CHECK(failure.reason.find("hush") == std::string::npos);
}

TEST_CASE("a certificate is trusted only when its authority is") {
  TemporaryDirectory directory;
  const TlsServer server(directory);
  CHECK(answer_of({.url = server.address(), .ca_file = server.ca_file()}).status == 200);
  const HttpFailure untrusted = failure_of({.url = server.address()});
  CHECK(untrusted.fault == HttpFault::untrusted);
  CHECK(untrusted.reason == "its certificate is not trusted: self-signed certificate");
  CHECK(failure_of({.url = server.address(), .ca_file = directory / "absent"}).fault == HttpFault::bad_ca_file);
}

TEST_CASE("a certificate for another name is not trusted") {
  TemporaryDirectory directory;
  const TlsServer server(directory);
  std::string other = server.address();
  other.replace(other.find("127.0.0.1"), 9, "localhost");
  CHECK(failure_of({.url = other, .ca_file = server.ca_file()}).fault == HttpFault::untrusted);
}

TEST_CASE("an address in clear text is private on this machine alone") {
  CHECK(is_private_address("https://vault.example.org"));
  CHECK(is_private_address("http://127.0.0.1:8200/v1"));
  CHECK(is_private_address("http://localhost"));
  CHECK_FALSE(is_private_address("http://localhost.example.org"));
  CHECK_FALSE(is_private_address("http://vault.example.org"));
}

TEST_CASE("texts are encoded for an address") {
  CHECK(url_encoded("a b/ü~") == "a%20b%2F%C3%BC~");
  CHECK(url_encoded("a b/c", "/") == "a%20b/c");
}

}  // namespace ame
