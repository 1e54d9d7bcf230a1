// SPDX-License-Identifier: Apache-2.0
#include "tests/support/azure_server.hpp"

#include <filesystem>
#include <stdexcept>
#include <variant>

#include <fmt/format.h>

#include "core/ports/http.hpp"
#include "core/system/azure_signature.hpp"
#include "core/system/curl_http.hpp"
#include "core/system/sha256.hpp"
#include "tests/support/child.hpp"
#include "tests/support/rclone.hpp"
#include "tests/support/temporary_directory.hpp"

namespace ame {

namespace {

std::string program() {
  Child asked({.argv = {std::string(AME_SOURCE_DIR) + "/ci/azure-server", "--where"},
               .environment = environment_for_tools(std::filesystem::path(::getenv("HOME"))),
               .directory = AME_SOURCE_DIR});
  asked.wait();
  return asked.out().substr(0, asked.out().find('\n'));
}

struct Running {
  explicit Running(const std::string& azurite)
      : child(
            {.argv =
                 {azurite, "--blobHost", "127.0.0.1", "--blobPort", "0", "--disableTelemetry", "--inMemoryPersistence"},
             .environment = environment_for_tools(directory.path()),
             .directory = directory.path()}) {}

  TemporaryDirectory directory;
  Child child;
};

const std::string& started() {
  static const std::string endpoint = [] {
    const std::string azurite = program();
    if (!std::filesystem::exists(azurite)) {
      return std::string();
    }
    static Running running(azurite);
    const std::string listens = "successfully listens on ";
    if (!running.child.wait_for(listens) || !running.child.wait_for("\n")) {
      throw std::runtime_error("Azurite did not start: " + running.child.err());
    }
    const std::string& out = running.child.out();
    const std::size_t begin = out.find(listens) + listens.size();
    return out.substr(begin, out.find('\n', begin) - begin) + "/" + AzureServer::account;
  }();
  return endpoint;
}

std::string bytes_of_key() {
  Child base64({.argv = {"/bin/sh", "-c", fmt::format("printf %s {} | base64 -d", AzureServer::key)},
                .environment = {{"PATH", "/usr/bin:/bin"}},
                .directory = "/"});
  base64.wait();
  return base64.out();
}

}  // namespace

std::string AzureServer::endpoint() {
  return started();
}

/// Microsoft: "Create an account SAS", version 2020-10-02.
std::string AzureServer::signature_for(const std::string& permissions) {
  constexpr const char* version = "2020-10-02";
  constexpr const char* until = "2099-12-31T00:00:00Z";
  const std::string text =
      fmt::format("{}\n{}\nb\nsco\n\n{}\n\nhttps,http\n{}\n", account, permissions, until, version);
  const auto signature = hmac_sha256(bytes_of_key(), text);
  return fmt::format("sv={}&ss=b&srt=sco&sp={}&se={}&spr={}&sig={}",
                     version,
                     permissions,
                     url_encoded(until),
                     url_encoded("https,http"),
                     url_encoded(base64_text({reinterpret_cast<const char*>(signature.data()), signature.size()})));
}

void AzureServer::make_container(const std::string& name) {
  const HttpResult made = CurlHttp({}).send(
      {.method = "PUT", .url = fmt::format("{}/{}?restype=container&{}", endpoint(), name, signature_for("rwdlac"))});
  if (const auto* response = std::get_if<HttpResponse>(&made); response == nullptr || !response->is_success()) {
    throw std::runtime_error("Azurite made no container");
  }
}

/// To this rclone, a server that is none of Azure's own is known by the address of a container alone.
std::string AzureServer::rclone(const std::string& container, const std::string& words) {
  return run_rclone(
      {{"RCLONE_CONFIG_A_TYPE", "azureblob"},
       {"RCLONE_CONFIG_A_SAS_URL", fmt::format("{}/{}?{}", endpoint(), container, signature_for("rwdlac"))}},
      words);
}

}  // namespace ame
