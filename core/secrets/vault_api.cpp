// SPDX-License-Identifier: Apache-2.0
#include "core/secrets/vault_api.hpp"

#include <utility>

#include <fmt/format.h>

#include "core/secrets/secret_faults.hpp"
#include "core/secrets/secret_masker.hpp"

namespace ame {

namespace {

constexpr std::size_t longest_words = 300;

std::string hint_of(const HttpFailure& failure, const Vault& vault) {
  switch (failure.fault) {
    case HttpFault::untrusted:
      return vault.ca_file.empty() ? "name its certificate authority with `caFile`"
                                   : fmt::format("`caFile` is `{}`", vault.ca_file);
    case HttpFault::bad_ca_file:
      return fmt::format("`caFile` is `{}`", vault.ca_file);
    case HttpFault::tls:
      return "is its address meant to begin with `http://`?";
    case HttpFault::bad_url:
    case HttpFault::unknown_host:
    case HttpFault::unreachable:
      return fmt::format("its address is `{}`", vault.address);
    default:
      return {};
  }
}

/// Vault says {"errors": ["…", "…"]}.
std::string words_of(const SecretJson& body) {
  std::string words;
  const auto errors = body.is_object() ? body.find("errors") : body.end();
  if (errors == body.end() || !errors->is_array()) {
    return words;
  }
  for (const auto& error : *errors) {
    if (error.is_string()) {
      words += (words.empty() ? "" : "; ") + std::string(error.get_ref<const WipedString&>());
    }
  }
  for (char& byte : words) {
    byte = byte == '\n' || byte == '\t' ? ' ' : byte;
  }
  return words.substr(0, longest_words);
}

void hide_texts(const SecretJson& json, SecretForms& forms) {
  for (auto entry = json.begin(); entry != json.end(); ++entry) {
    const bool is_name = entry.key() == "role" || entry.key() == "lease_id";
    if (entry->is_string() && !is_name) {
      forms.add_value(entry->get_ref<const WipedString&>());
    }
  }
}

/// Where a standby sends its clients: never from TLS to clear text.
bool may_follow(const std::string& from, std::string_view location) {
  return location.starts_with("https://") || (location.starts_with("http://") && from.starts_with("http://"));
}

}  // namespace

VaultApi::VaultApi(Http& http, const Vault& vault, std::chrono::milliseconds patience)
    : http_(http),
      vault_(vault),
      patience_(patience) {}

void VaultApi::use_token(SecretText token) {
  token_ = std::move(token);
  sent_.add_value(token_.reveal());
}

Error VaultApi::fault(const std::string& what, const std::string& hint) const {
  return secret_fault(fmt::format("the vault `{}` cannot be used: {}", vault_.name, what), hint);
}

HttpRequest VaultApi::request_of(const char* method, const std::string& path, const SecretJson* body) const {
  HttpRequest request{.method = method,
                      .url = fmt::format("{}/v1/{}", vault_.address, path),
                      .headers = {{"X-Vault-Request", "true"}},
                      .connect_within = patience_,
                      .done_within = patience_};
  if (!vault_.ca_file.empty()) {
    request.ca_file = vault_.directory / vault_.ca_file;
  }
  if (!vault_.name_space.empty()) {
    request.headers.push_back({"X-Vault-Namespace", vault_.name_space});
  }
  if (!token_.empty()) {
    request.headers.push_back({"X-Vault-Token", std::string(token_.reveal())});
  }
  if (body != nullptr) {
    request.headers.push_back({"Content-Type", "application/json"});
    request.body = std::string(body->dump());
  }
  return request;
}

VaultReply VaultApi::send(const char* method, const std::string& path, const SecretJson* body) {
  if (body != nullptr) {
    hide_texts(*body, sent_);
  }
  HttpRequest request = request_of(method, path, body);
  HttpResponse response = answer_of(request);
  for (HttpHeader& header : request.headers) {
    wipe(header.value);
  }
  wipe(request.body);
  VaultReply reply = understood(response);
  require_usable(reply);
  return reply;
}

HttpResponse VaultApi::answer_of(HttpRequest& request) {
  constexpr int most_redirects = 2;
  for (int redirects = 0;; ++redirects) {
    HttpResult result = http_.send(request);
    if (const auto* failure = std::get_if<HttpFailure>(&result)) {
      throw fault(failure->reason, hint_of(*failure, vault_));
    }
    auto& response = std::get<HttpResponse>(result);
    if (response.status != 307 && response.status != 308) {
      return std::move(response);
    }
    if (redirects == most_redirects || !may_follow(request.url, response.header("location"))) {
      throw fault("it is a standby, and where it sends us cannot be followed");
    }
    request.url = response.header("location");
  }
}

VaultReply VaultApi::understood(HttpResponse& response) {
  VaultReply reply{.status = response.status};
  if (!response.body.empty()) {
    reply.body = SecretJson::parse(response.body.begin(), response.body.end(), nullptr, false);
    wipe(response.body);
    const bool is_vaults = reply.body.is_object();
    if (!is_vaults && (reply.is_success() || response.status < 500)) {
      throw fault(fmt::format("what it answers ({}) is no JSON of a Vault", response.status),
                  fmt::format("its address is `{}`", vault_.address));
    }
  }
  reply.errors = masked(words_of(reply.body), std::make_shared<const MaskPatterns>(sent_));
  return reply;
}

void VaultApi::require_usable(const VaultReply& reply) const {
  switch (reply.status) {
    case 412:
      throw fault("it has not caught up with what was written to it", "try again");
    case 429:
      throw fault("it answers no more requests for now", "it limits how many come in; try again later");
    case 472:
    case 473:
      throw fault("it is a standby that answers no requests");
    case 501:
      throw fault("it is not initialised", "`vault operator init` does that");
    case 503:
      if (reply.errors.find("sealed") != std::string::npos) {
        throw fault("it is sealed", "`vault operator unseal` opens it");
      }
      [[fallthrough]];
    default:
      break;
  }
  if (reply.status >= 500) {
    throw fault(reply.errors.empty() ? fmt::format("it fails with {}", reply.status)
                                     : fmt::format("it fails with {}: {}", reply.status, reply.errors));
  }
}

}  // namespace ame
