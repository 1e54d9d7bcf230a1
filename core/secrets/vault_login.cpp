// SPDX-License-Identifier: Apache-2.0
#include "core/secrets/vault_login.hpp"

#include <optional>
#include <utility>

#include <fmt/format.h>

#include "core/secrets/local_providers.hpp"

namespace ame {

namespace {

constexpr const char* usual_token_variable = "VAULT_TOKEN";
constexpr const char* token_of_pod = "/var/run/secrets/kubernetes.io/serviceaccount/token";
constexpr std::uint64_t largest_credential = 64ULL << 10U;

std::string token_variable_of(const VaultLogin& login) {
  return login.token_env.empty() ? usual_token_variable : login.token_env;
}

class Login {
 public:
  Login(VaultApi& api, const VaultLoginPorts& ports)
      : api_(api),
        ports_(ports),
        settings_(api.vault().login) {}

  VaultToken perform() {
    switch (settings_.method) {
      case VaultAuth::token:
        return with_token();
      case VaultAuth::approle:
        return with_credentials(
            {{"role_id", needed("role id", settings_.role_id_env, settings_.role_id_file)},
             {"secret_id", needed("secret id", settings_.secret_id_env, settings_.secret_id_file)}});
      case VaultAuth::kubernetes:
        return with_jwt(settings_.jwt_file.empty() ? token_of_pod : settings_.jwt_file);
      case VaultAuth::jwt:
        return with_jwt(settings_.jwt_file);
    }
    throw api_.fault("its way to log in is unknown");
  }

 private:
  [[nodiscard]] std::filesystem::path path_of(const std::string& name) const {
    const auto home = ports_.environment.find("HOME");
    if (name.starts_with("~/") && home != ports_.environment.end()) {
      return std::filesystem::path(home->second) / name.substr(2);
    }
    return api_.vault().directory / name;
  }

  [[nodiscard]] SecretText in_variable(const std::string& variable) const {
    const auto found = ports_.environment.find(variable);
    return found == ports_.environment.end() ? SecretText() : SecretText(found->second);
  }

  /// Empty where there is none.
  [[nodiscard]] SecretText in_file(const std::filesystem::path& file) const {
    auto content = ports_.files.read(file, largest_credential);
    if (!content) {
      return {};
    }
    SecretText text(without_line_end(*content));
    wipe(*content);
    return text;
  }

  /// The file where one is named, else the variable.
  [[nodiscard]] SecretText needed(const std::string& what, const std::string& variable, const std::string& file) const {
    if (!file.empty()) {
      SecretText text = in_file(path_of(file));
      if (text.empty()) {
        throw api_.fault(fmt::format("the {} is not in `{}`", what, path_of(file).string()));
      }
      return text;
    }
    SecretText text = in_variable(variable);
    if (text.empty()) {
      throw api_.fault(fmt::format("the variable {} with the {} is not set", variable, what));
    }
    return text;
  }

  SecretText helped_token() {
    ProcessRequest request{.argv = {path_of(settings_.token_helper).string(), "get"}, .directory = "/"};
    for (const auto& [key, value] : ports_.environment) {
      request.environment.push_back(fmt::format("{}={}", key, value));
    }
    ToolRun run = run_tool(ports_.tools, request, {.patience = std::chrono::seconds(10)});
    const bool is_fine =
        run.fate == ToolRun::Fate::ended && run.end.start_error == 0 && run.end.signal == 0 && run.end.exit_code == 0;
    SecretText token = is_fine ? SecretText(without_line_end(run.output.reveal())) : SecretText();
    if (token.empty()) {
      throw api_.fault(fmt::format("its token helper `{}` gives no token", settings_.token_helper),
                       "run it with `get` in a shell to see why");
    }
    return token;
  }

  SecretText found_token() {
    if (!settings_.token_helper.empty()) {
      origin_ = fmt::format("the token of `{}`", settings_.token_helper);
      return helped_token();
    }
    if (!settings_.token_file.empty()) {
      origin_ = fmt::format("the token in `{}`", settings_.token_file);
      return needed("token", {}, settings_.token_file);
    }
    const std::string variable = token_variable_of(settings_);
    origin_ = fmt::format("the token in {}", variable);
    SecretText token = in_variable(variable);
    if (token.empty() && settings_.token_env.empty()) {
      origin_ = "the token in `~/.vault-token`";
      token = in_file(path_of("~/.vault-token"));
    }
    if (token.empty()) {
      throw api_.fault(
          fmt::format("there is no token in {}", variable),
          settings_.token_env.empty() ? "set it, or log in with `vault login`" : "set it in the environment of ame");
    }
    return token;
  }

  VaultToken with_token() {
    api_.use_token(found_token());
    const VaultReply reply = api_.get("auth/token/lookup-self");
    if (!reply.is_success()) {
      throw api_.fault(fmt::format("it does not accept {}", origin_),
                       "it may have expired, been revoked, or belong to another Vault or namespace");
    }
    const SecretJson data = reply.body.value("data", SecretJson::object());
    return {.lasts = std::chrono::seconds(data.value("ttl", 0)), .is_renewable = data.value("renewable", false)};
  }

  VaultToken with_jwt(const std::string& file) {
    SecretJson::object_t credentials;
    credentials["role"] = WipedString(settings_.role);
    return with_credentials({{"jwt", needed("JSON Web Token", settings_.jwt_env, file)}}, std::move(credentials));
  }

  using Credentials = std::initializer_list<std::pair<const char*, SecretText>>;

  VaultToken with_credentials(const Credentials& credentials, SecretJson::object_t body = {}) {
    for (const auto& [name, value] : credentials) {
      body[name] = WipedString(value.reveal());
    }
    const std::string mount = settings_.mount.empty() ? std::string(word_of(settings_.method)) : settings_.mount;
    const VaultReply reply =
        api_.post(fmt::format("auth/{}/login", url_encoded(mount, "/")), SecretJson(std::move(body)));
    const auto auth = reply.body.is_object() ? reply.body.find("auth") : reply.body.end();
    if (!reply.is_success() || auth == reply.body.end() || !auth->is_object() || !auth->contains("client_token")) {
      throw api_.fault(
          reply.errors.empty()
              ? fmt::format("it refuses to log us in with {}", word_of(settings_.method))
              : fmt::format("it refuses to log us in with {}: {}", word_of(settings_.method), reply.errors),
          fmt::format("the method is mounted at `auth/{}`", mount));
    }
    api_.use_token(SecretText((*auth)["client_token"].get_ref<const WipedString&>()));
    return {.lasts = std::chrono::seconds(auth->value("lease_duration", 0)),
            .is_renewable = auth->value("renewable", false),
            .is_own = true};
  }

  VaultApi& api_;
  const VaultLoginPorts& ports_;
  const VaultLogin& settings_;
  std::string origin_;
};

}  // namespace

VaultToken log_in(VaultApi& api, const VaultLoginPorts& ports) {
  return Login(api, ports).perform();
}

std::vector<std::string> variables_of(const VaultLogin& login) {
  std::vector<std::string> variables;
  if (login.method == VaultAuth::token) {
    variables.push_back(token_variable_of(login));
  }
  for (const std::string* variable : {&login.role_id_env, &login.secret_id_env, &login.jwt_env}) {
    if (!variable->empty()) {
      variables.push_back(*variable);
    }
  }
  return variables;
}

}  // namespace ame
