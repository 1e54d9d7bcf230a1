// SPDX-License-Identifier: Apache-2.0
#include <functional>
#include <map>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "core/secrets/vault_provider.hpp"
#include "core/system/curl_http.hpp"
#include "tests/support/loopback_server.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/memory_file_system.hpp"
#include "tests/support/no_processes.hpp"

namespace ame {

namespace {

const std::string accepted_token = R"({"data": {"ttl": 600, "renewable": true}})";

/// A Vault that answers the login by itself, and all else as the test says.
class ScriptedVault {
 public:
  explicit ScriptedVault(LoopbackServer::Script script)
      : server_([script = std::move(script)](const ReceivedRequest& request) {
          return request.target == "/v1/auth/token/lookup-self" ? ScriptedAnswer{.body = accepted_token}
                                                                : script(request);
        }) {
    vault_.address = server_.address();
  }

  Vault& settings() { return vault_; }

  ManualClock& clock() { return clock_; }

  [[nodiscard]] std::vector<ReceivedRequest> received() const { return server_.received(); }

  std::unique_ptr<VaultSession> open() {
    return std::make_unique<VaultSession>(vault_, ports(std::chrono::milliseconds(5000)));
  }

  VaultSession::Ports ports(std::chrono::milliseconds patience) {
    return {.http = http_,
            .clock = clock_,
            .login = {.files = files_, .tools = {processes_, clock_}, .environment = environment_},
            .patience = patience};
  }

  /// What the user is told; "" when all is well.
  std::string fault(std::chrono::milliseconds patience = std::chrono::milliseconds(5000)) {
    try {
      VaultSession session(vault_, ports(patience));
      const SecretAnswer answer = session.read({.key = "app/db"});
      const auto* absent = std::get_if<SecretAbsent>(&answer);
      return absent == nullptr ? "" : "absent: " + absent->reason;
    } catch (const Error& error) {
      return error.what();
    }
  }

 private:
  Vault vault_{.name = "company", .login = {}, .directory = "/project"};
  LoopbackServer server_;
  CurlHttp http_{{}};
  ManualClock clock_;
  MemoryFileSystem files_;
  NoProcesses processes_;
  std::map<std::string, std::string> environment_{{"VAULT_TOKEN", "hvs.secret-token"}};
};

std::string said_for(ScriptedAnswer answer) {
  return ScriptedVault([answer](const ReceivedRequest& /*request*/) { return answer; }).fault();
}

constexpr const char* unusable = "the vault `company` cannot be used: ";

}  // namespace

TEST_CASE("each fault of a Vault is told in its own words") {
  CHECK(said_for({.status = 503, .body = R"({"errors": ["Vault is sealed"]})"}) ==
        std::string(unusable) + "it is sealed");
  CHECK(said_for({.status = 501, .body = R"({"errors": []})"}) == std::string(unusable) + "it is not initialised");
  CHECK(said_for({.status = 429}) == std::string(unusable) + "it answers no more requests for now");
  CHECK(said_for({.status = 473}) == std::string(unusable) + "it is a standby that answers no requests");
  CHECK(said_for({.status = 412}) == std::string(unusable) + "it has not caught up with what was written to it");
  CHECK(said_for({.status = 500, .body = R"({"errors": ["1 error occurred", "disk is full"]})"}) ==
        std::string(unusable) + "it fails with 500: 1 error occurred; disk is full");
  CHECK(said_for({.status = 502, .body = "<html>proxy</html>"}) == std::string(unusable) + "it fails with 502");
  CHECK(said_for({.status = 200, .body = "<html>welcome</html>"}) ==
        std::string(unusable) + "what it answers (200) is no JSON of a Vault");
  CHECK(said_for({.status = 200, .body = R"({"data": {"password": "x"}})"}) ==
        std::string(unusable) + "what it answers for `app/db` is no secret");
  CHECK(said_for({.status = 200, .body = R"({"data": )"}) ==
        std::string(unusable) + "what it answers (200) is no JSON of a Vault");
  CHECK(said_for({.deed = ScriptedAnswer::Deed::raw}) ==
        std::string(unusable) + "it closed the connection without an answer");
  CHECK(said_for({.status = 403, .body = R"({"errors": ["permission denied"]})"}) ==
        "absent: which the token may not read");
  CHECK(said_for({.status = 307, .headers = {{"Location", "ftp://elsewhere/"}}}) ==
        std::string(unusable) + "it is a standby, and where it sends us cannot be followed");
}

TEST_CASE("a Vault that is slow is not waited for") {
  ScriptedVault vault(
      [](const ReceivedRequest& /*request*/) { return ScriptedAnswer{.deed = ScriptedAnswer::Deed::say_nothing}; });
  CHECK(vault.fault(std::chrono::milliseconds(100)) == std::string(unusable) + "it did not answer in time");
}

TEST_CASE("what Vault itself says never repeats what was sent to it") {
  const std::string told =
      said_for({.status = 500, .body = R"({"errors": ["bad token hvs.secret-token in request"]})"});
  CHECK(told == std::string(unusable) + "it fails with 500: bad token *** in request");
}

TEST_CASE("requests carry the token, the namespace, the mount and the version") {
  ScriptedVault vault([](const ReceivedRequest& /*request*/) {
    return ScriptedAnswer{.body = R"({"data": {"data": {"a": "first", "n": 7, "list": []}, "metadata": {}}})"};
  });
  vault.settings().name_space = "team/ml";
  vault.settings().mount = "kv/teams";
  const SecretAnswer answer = vault.open()->read({.key = "app/db pass", .version = "3"});
  const auto& fields = std::get<std::vector<SecretField>>(answer);
  REQUIRE(fields.size() == 2);
  CHECK(fields[0].name == "a");
  CHECK(fields[0].value.reveal() == "first");
  CHECK(fields[1].value.reveal() == "7");
  const ReceivedRequest request = vault.received().at(1);
  CHECK(request.method == "GET");
  CHECK(request.target == "/v1/kv/teams/data/app/db%20pass?version=3");
  CHECK(request.headers.at("x-vault-token") == "hvs.secret-token");
  CHECK(request.headers.at("x-vault-namespace") == "team/ml");
}

TEST_CASE("a standby that sends us on is followed") {
  LoopbackServer active([](const ReceivedRequest& /*request*/) {
    return ScriptedAnswer{.body = R"({"data": {"data": {"a": "value"}, "metadata": {}}})"};
  });
  ScriptedVault standby([&](const ReceivedRequest& request) {
    return ScriptedAnswer{.status = 307, .headers = {{"Location", active.address() + request.target}}};
  });
  CHECK(standby.fault().empty());
  CHECK(active.received().at(0).target == "/v1/secret/data/app/db");
}

TEST_CASE("tokens and leases are renewed with a third of their time left") {
  std::vector<std::string> renewed;
  ScriptedVault vault([&](const ReceivedRequest& request) {
    if (request.method == "GET") {
      return ScriptedAnswer{
          .body = R"({"lease_id": "db/1", "renewable": true, "lease_duration": 60, "data": {"a": "value"}})"};
    }
    renewed.push_back(request.target + " " + request.body);
    return ScriptedAnswer{.body = R"({"lease_duration": 60, "auth": {"lease_duration": 600}})"};
  });
  vault.settings().kv_version = 1;
  auto session = vault.open();
  session->read({.key = "creds/db"});
  CHECK(session->next_renewal() == vault.clock().steady() + std::chrono::seconds(40));
  vault.clock().advance(std::chrono::seconds(39));
  CHECK(session->renew().empty());
  CHECK(renewed.empty());
  vault.clock().advance(std::chrono::seconds(1));
  CHECK(session->renew().empty());
  CHECK(renewed == std::vector<std::string>{R"(/v1/sys/leases/renew {"lease_id":"db/1"})"});
  CHECK(session->next_renewal() == vault.clock().steady() + std::chrono::seconds(40));
  vault.clock().advance(std::chrono::seconds(360));
  session->renew();
  const std::string lease = R"(/v1/sys/leases/renew {"lease_id":"db/1"})";
  CHECK(renewed == std::vector<std::string>{lease, "/v1/auth/token/renew-self {}", lease});
  session.reset();
  CHECK(renewed.back() == R"(/v1/sys/leases/revoke {"lease_id":"db/1"})");  // the token is the user's own
}

TEST_CASE("what cannot be renewed is told once, and tried again") {
  int tries = 0;
  ScriptedVault vault([&](const ReceivedRequest& /*request*/) {
    ++tries;
    return ScriptedAnswer{.status = 403, .body = R"({"errors": ["permission denied"]})"};
  });
  auto session = vault.open();
  vault.clock().advance(std::chrono::seconds(400));
  const std::vector<Diagnostic> warnings = session->renew();
  REQUIRE(warnings.size() == 1);
  CHECK(warnings[0].message == "cannot renew the token of the vault `company`: permission denied");
  CHECK(warnings[0].hint == "what depends on it stops working when it ends");
  vault.clock().advance(std::chrono::seconds(60));
  CHECK(session->renew().empty());
  CHECK(tries == 2);
  vault.clock().advance(std::chrono::seconds(200));
  session->renew();
  CHECK_FALSE(session->next_renewal());
}

TEST_CASE("a vault that nobody configured is told with those that are") {
  ScriptedVault vault([](const ReceivedRequest& /*request*/) { return ScriptedAnswer{}; });
  VaultProvider none({}, vault.ports(std::chrono::milliseconds(5000)), "config.yml");
  CHECK(std::get<SecretAbsent>(none.fetch({.vault = "x"})) ==
        SecretAbsent{"and no vault of that name is configured", "name its address under `vaults` in `config.yml`"});
  VaultProvider some({vault.settings()}, vault.ports(std::chrono::milliseconds(5000)), "config.yml");
  CHECK(std::get<SecretAbsent>(some.fetch({.vault = "x"})) ==
        SecretAbsent{"and no vault of that name is configured", "there is `company`"});
}

}  // namespace ame
