// SPDX-License-Identifier: Apache-2.0
#include "core/secrets/vault_session.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "core/secrets/secret_fields.hpp"

namespace ame {

namespace {

std::string mount_of(const Vault& vault) {
  return vault.mount.empty() ? "secret" : vault.mount;
}

const SecretJson* member(const SecretJson& object, const char* name) {
  const auto found = object.is_object() ? object.find(name) : object.end();
  return found == object.end() || !found->is_object() ? nullptr : &*found;
}

std::string text_in(const SecretJson& object, const char* name) {
  const auto found = object.is_object() ? object.find(name) : object.end();
  return found == object.end() || !found->is_string() ? std::string()
                                                      : std::string(found->get_ref<const WipedString&>());
}

std::string in_version(const SecretReference& reference) {
  return reference.version.empty() ? std::string() : fmt::format(" in version {}", reference.version);
}

/// A version that was there: {"data": {"data": null, "metadata": {"deletion_time": …, "destroyed": …, "version": …}}}.
std::optional<SecretAbsent> deleted(const SecretJson& body) {
  const SecretJson* data = member(body, "data");
  const SecretJson* metadata = data == nullptr ? nullptr : member(*data, "metadata");
  if (metadata == nullptr) {
    return std::nullopt;
  }
  const int version = metadata->value("version", 0);
  if (metadata->value("destroyed", false)) {
    return SecretAbsent{.reason = fmt::format("whose version {} is destroyed", version),
                        .hint = "`version` names another one"};
  }
  return SecretAbsent{
      .reason = fmt::format("whose version {} was deleted at {}", version, text_in(*metadata, "deletion_time")),
      .hint = "`vault kv undelete` brings it back; `version` names another one"};
}

}  // namespace

VaultSession::VaultSession(const Vault& vault, const Ports& ports)
    : api_(ports.http, vault, ports.patience),
      clock_(ports.clock),
      token_(log_in(api_, ports.login)) {
  if (token_.is_renewable) {
    keep_alive({}, "the token", token_.lasts);
  }
}

VaultSession::~VaultSession() {
  try {
    for (const Lease& lease : leases_) {
      if (!lease.id.empty()) {
        api_.post("sys/leases/revoke", {{"lease_id", WipedString(lease.id)}});
      }
    }
    if (token_.is_own) {
      api_.post("auth/token/revoke-self", SecretJson::object());
    }
  } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch): they end by themselves, only later
  }
}

std::string VaultSession::path_of(const SecretReference& reference) const {
  const std::string mount = url_encoded(mount_of(api_.vault()), "/");
  const std::string key = url_encoded(reference.key, "/");
  if (api_.vault().kv_version == 1) {
    return fmt::format("{}/{}", mount, key);
  }
  const std::string version = reference.version.empty() ? "" : "?version=" + url_encoded(reference.version);
  return fmt::format("{}/data/{}{}", mount, key, version);
}

SecretAnswer VaultSession::read(const SecretReference& reference) {
  if (!reference.version.empty() && api_.vault().kv_version == 1) {
    return SecretAbsent{.reason = fmt::format("and version 1 of the key-value engine has no versions of secrets"),
                        .hint = "take `version` away, or set `kvVersion: 2` for the vault"};
  }
  const VaultReply reply = api_.get(path_of(reference));
  return reply.is_success() ? fields_in(reference, reply) : absent_reason(reference, reply);
}

SecretAnswer VaultSession::fields_in(const SecretReference& reference, const VaultReply& reply) {
  const SecretJson* data = member(reply.body, "data");
  if (data != nullptr && api_.vault().kv_version == 2) {
    data = member(*data, "data");
  }
  if (data == nullptr) {
    throw api_.fault(
        fmt::format("what it answers for `{}` is no secret", reference.key),
        fmt::format("is the engine at `{}` of version {}?", mount_of(api_.vault()), api_.vault().kv_version));
  }
  if (std::string id = text_in(reply.body, "lease_id"); !id.empty() && reply.body.value("renewable", false)) {
    keep_alive(std::move(id),
               fmt::format("the lease of `{}`", reference.key),
               std::chrono::seconds(reply.body.value("lease_duration", 0)));
  }
  return fields_of(*data);
}

SecretAnswer VaultSession::absent_reason(const SecretReference& reference, const VaultReply& reply) {
  const std::string mount = mount_of(api_.vault());
  if (reply.status == 403) {
    return SecretAbsent{
        .reason = "which the token may not read",
        .hint = fmt::format("its policies have to allow `read` on `{}`", path_of({.key = reference.key}))};
  }
  if (auto gone = deleted(reply.body)) {
    return *gone;
  }
  if (reply.status != 404) {
    return SecretAbsent{.reason = fmt::format("which it refuses with {}: {}", reply.status, reply.errors)};
  }
  if (const std::string problem = problem_of_mount(); !problem.empty()) {
    throw api_.fault(problem);
  }
  return SecretAbsent{.reason = fmt::format("which is not there{}", in_version(reference)),
                      .hint = fmt::format("looked for `{}`", path_of(reference))};
}

std::string VaultSession::problem_of_mount() {
  const std::string mount = mount_of(api_.vault());
  const VaultReply reply = api_.get("sys/internal/ui/mounts/" + url_encoded(mount, "/"));
  const SecretJson* data = member(reply.body, "data");
  if (!reply.is_success() || data == nullptr) {
    return fmt::format("it has no engine at `{}`, or the token may not see it", mount);
  }
  const std::string type = text_in(*data, "type");
  const SecretJson* options = member(*data, "options");
  const std::string version = options == nullptr ? "" : text_in(*options, "version");
  const int has = type == "kv" && version == "2" ? 2 : 1;
  return has == api_.vault().kv_version
             ? std::string()
             : fmt::format(
                   "the engine at `{}` is of version {}, and `kvVersion` says {}", mount, has, api_.vault().kv_version);
}

std::optional<std::chrono::steady_clock::time_point> VaultSession::next_renewal() const {
  const auto first = std::ranges::min_element(leases_, {}, &Lease::due);
  return first == leases_.end() ? std::nullopt : std::optional(first->due);
}

std::vector<Diagnostic> VaultSession::renew() {
  std::vector<Diagnostic> warnings;
  const Time now = clock_.steady();
  for (Lease& lease : leases_) {
    if (lease.due <= now) {
      renew_one(lease, warnings);
    }
  }
  std::erase_if(leases_, [now](const Lease& lease) { return lease.ends <= now; });
  return warnings;
}

/// Renewed with a third of its time left.
void VaultSession::keep_alive(std::string id, std::string subject, std::chrono::seconds lasts) {
  if (lasts.count() > 0) {
    const Time now = clock_.steady();
    leases_.push_back({.id = std::move(id),
                       .subject = std::move(subject),
                       .lasts = lasts,
                       .due = now + lasts * 2 / 3,
                       .ends = now + lasts});
  }
}

void VaultSession::renew_one(Lease& lease, std::vector<Diagnostic>& warnings) {
  try {
    const VaultReply reply = lease.id.empty() ? api_.post("auth/token/renew-self", SecretJson::object())
                                              : api_.post("sys/leases/renew", {{"lease_id", WipedString(lease.id)}});
    const SecretJson* answer = lease.id.empty() ? member(reply.body, "auth") : &reply.body;
    const int lasts = reply.is_success() && answer != nullptr ? answer->value("lease_duration", 0) : 0;
    if (lasts <= 0) {
      put_off(lease, reply.errors.empty() ? "it is refused" : reply.errors, warnings);
      return;
    }
    const Time now = clock_.steady();
    lease.lasts = std::chrono::seconds(lasts);
    lease.due = now + lease.lasts * 2 / 3;
    lease.ends = now + lease.lasts;
    lease.was_told = false;
  } catch (const Error& error) {
    put_off(lease, error.what(), warnings);
  }
}

void VaultSession::put_off(Lease& lease, const std::string& why, std::vector<Diagnostic>& warnings) {
  lease.due = clock_.steady() + std::max(std::chrono::seconds(1), lease.lasts / 10);
  if (!std::exchange(lease.was_told, true)) {
    warnings.push_back(
        {.severity = Severity::warning,
         .message = fmt::format("cannot renew {} of the vault `{}`: {}", lease.subject, api_.vault().name, why),
         .hint = "what depends on it stops working when it ends"});
  }
}

}  // namespace ame
