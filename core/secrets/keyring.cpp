// SPDX-License-Identifier: Apache-2.0
#include "core/secrets/keyring.hpp"

#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/secrets/key_stanza.hpp"
#include "core/secrets/run_tool.hpp"
#include "core/secrets/secret_faults.hpp"

namespace ame {

namespace {

constexpr std::chrono::seconds patience{3};
constexpr const char* service = "ame-secret-key";

constexpr const char* no_tool = "`secret-tool` is not on PATH";

std::string first_line_of(const std::string& text) {
  return text.substr(0, text.find('\n'));
}

std::string problem_of(const ProcessEnded& ended, const std::string& complaint) {
  if (ended.start_error != 0) {
    return no_tool;
  }
  if (ended.signal == 0 && ended.exit_code == 0) {
    return {};
  }
  return complaint.empty() ? "it has no such key" : first_line_of(complaint);
}

}  // namespace

Keyring::Keyring(Ports ports, Settings settings)
    : ports_(ports),
      settings_(std::move(settings)) {}

bool Keyring::has_session() const {
  const auto bus = settings_.environment.find("DBUS_SESSION_BUS_ADDRESS");
  if (bus != settings_.environment.end() && !bus->second.empty()) {
    return true;
  }
  const auto runtime = settings_.environment.find("XDG_RUNTIME_DIR");
  return runtime != settings_.environment.end() && !runtime->second.empty() &&
         ports_.files.status(std::filesystem::path(runtime->second) / "bus").kind != FileKind::missing;
}

Keyring::Answer Keyring::run(std::vector<std::string> argv) {
  ProcessRequest request{.argv = std::move(argv), .directory = "/"};
  for (const auto& [key, value] : settings_.environment) {
    request.environment.push_back(fmt::format("{}={}", key, value));
  }
  ToolRun tool = run_tool({ports_.processes, ports_.clock}, request, {.patience = patience});
  if (tool.fate != ToolRun::Fate::ended) {
    return {.problem = "it did not answer within 3 seconds"};
  }
  return {.output = std::move(tool.output), .problem = problem_of(tool.end, tool.complaint)};
}

SecretText Keyring::find(std::string_view key_id) {
  constexpr const char* hint = "unlock your session's keyring, or move the key with `ame secret rotate` where it is";
  if (!has_session()) {
    throw secret_fault("the secret store is locked with the keyring, and this session has none", hint);
  }
  Answer answer = run({"secret-tool", "lookup", "service", service, "key", std::string(key_id)});
  auto key = key_of_text(answer.output.reveal());
  if (!answer.problem.empty() || !key) {
    throw secret_fault(fmt::format("the keyring does not give the key of the secret store: {}",
                                   answer.problem.empty() ? "what it holds is no key of ame" : answer.problem),
                       hint);
  }
  return std::move(*key);
}

std::optional<std::string> Keyring::store(std::string_view key_id, const SecretText& key) {
  // secret-tool reads the key from its standard input, which a request cannot fill: it is given a file.
  const std::filesystem::path file = settings_.memory_directory() / fmt::format("keyring-{}", key_id);
  ports_.files.write_atomically(file, text_of_key(key).reveal(), FileMode::owner_only);
  const Answer answer =
      run({"/bin/sh",
           "-c",
           "exec secret-tool store --label='key of the secret store of ame' service \"$1\" key \"$2\" < \"$3\"",
           "sh",
           service,
           std::string(key_id),
           file.string()});
  ports_.files.remove_all(file);
  if (!answer.problem.empty()) {
    return answer.problem;
  }
  Answer check = run({"secret-tool", "lookup", "service", service, "key", std::string(key_id)});
  const auto stored = key_of_text(check.output.reveal());
  if (!stored || !stored->same_as(key)) {
    return check.problem.empty() ? "it does not give back what was stored" : check.problem;
  }
  return std::nullopt;
}

void Keyring::remove(std::string_view key_id) {
  run({"secret-tool", "clear", "service", service, "key", std::string(key_id)});
}

}  // namespace ame
