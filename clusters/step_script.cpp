// SPDX-License-Identifier: Apache-2.0
#include "clusters/step_script.hpp"

#include <cctype>
#include <chrono>
#include <variant>

#include <fmt/format.h>

#include "clusters/environment_program.hpp"
#include "core/run/retry_rules.hpp"
#include "core/text.hpp"

namespace ame::clusters {

namespace {

namespace fs = std::filesystem;

constexpr const char* beginning = R"sh(
: "${AME_CLUSTER_CACHE:=${XDG_CACHE_HOME:-${HOME:?}/.cache}/ame-cluster}"
export AME_CLUSTER_PROJECT AME_CLUSTER_CACHE

ame_say() { printf 'ame: %s\n' "$*" >&2; }
ame_fail() { ame_say "$*"; exit 125; }

cd -- "$AME_CLUSTER_PROJECT" || ame_fail "the project is not at $AME_CLUSTER_PROJECT"
)sh";

/// The newest Python that fits, as on a laptop.
constexpr const char* finding_python = R"sh(
ame_python=
for ame_name in python3.15 python3.14 python3.13 python3.12 python3.11 python3.10 python3.9 python3.8 python3 python; do
  ame_found=$(command -v "$ame_name") || continue
  if "$ame_found" -I -c "$ame_fits" 2>/dev/null; then
    ame_python=$ame_found
    break
  fi
done
[ -n "$ame_python" ] || ame_fail "no Python on PATH fits $ame_wanted; \`module load\` may bring one"
ame_active=$("$ame_python" -I -c "$ame_program" "$ame_plan" "$AME_CLUSTER_CACHE" "$AME_CLUSTER_PROJECT") || exit 125
eval "$ame_active"
)sh";

/// In a heredoc nothing is expanded, and no line of ours is its end.
std::string assigned(const std::string& name, const std::string& text) {
  return fmt::format("{}=$(cat <<'AME_END'\n{}\nAME_END\n)\n", name, text);
}

std::string exported(const std::string& key, const std::string& value) {
  return fmt::format("export {}={}\n", key, shell_quoted(value));
}

/// The task's variables, but for those that only the cluster knows. What the job was started with comes first, and
/// ame's own quiet settings where it does not say: all that a job inherits without a caller.
std::string variables_of(const Job& job) {
  std::string text;
  if (job.inherited != nullptr) {
    for (const EnvironmentVariable& usual : *job.inherited) {
      text += fmt::format("export {0}=\"${{{0}:-{1}}}\"\n", usual.key, usual.value);
    }
  }
  for (const EnvironmentVariable& variable : job.environment) {
    if (variable.key == "AME_PROJECT_DIR") {
      text += "export AME_PROJECT_DIR=\"$AME_CLUSTER_PROJECT\"\n";
    } else if (variable.key == "AME_RUN_ID") {
      text += "export AME_RUN_ID=\"${AME_RUN_ID:-0}\"\n";
    } else {
      text += exported(variable.key, variable.value);
    }
  }
  return text;
}

/// Secrets never stand in a script.
std::string secrets_of(const StepToRender& wanted) {
  const std::vector<std::string> variables = secret_variables_of(*wanted.step.task);
  if (variables.empty() && wanted.told_as.empty() && !wanted.has_secrets_file) {
    return {};
  }
  std::string text = fmt::format(R"sh(
ame_secrets=${{AME_SECRETS:-/nowhere}}/{}
if [ -f "$ame_secrets" ]; then
  . "$ame_secrets"
  rm -f -- "$ame_secrets"
fi
unset AME_SECRETS
)sh",
                                 shell_quoted(wanted.secrets));
  for (const std::string& variable : variables) {
    text += fmt::format(
        "[ -n \"${{{0}+set}}\" ] || ame_fail 'the secret `{0}` is not in the environment of this job'\n", variable);
  }
  return text;
}

std::string environment_of(const StepToRender& wanted, const FileReader& files) {
  const EnvironmentPlan& plan = *wanted.job.plan->environment;
  const std::string fits =
      fmt::format("import sys; v = sys.version_info[:3]; sys.exit(not ({}))", python_condition(plan.python));
  return fmt::format("\name_wanted={}\name_fits={}\n",
                     shell_quoted(plan.python.constraint.empty() ? "3" : plan.python.constraint),
                     shell_quoted(fits)) +
         assigned("ame_plan", environment_plan_json(plan, wanted.job.project, files)) +
         assigned("ame_program", environment_program()) + finding_python;
}

/// For who follows the job, whatever the engine knows of it: "begun 1764400000.125 node7", "ended 0
/// 1764400012.500 118 0", with the bytes of its outputs, which may be seen later than this where disks are shared.
std::string telling_of(const std::string& name) {
  return fmt::format(R"sh(
ame_told=${{AME_TOLD:?}}/{}
unset AME_TOLD AME_RUN_TOKEN
exec >>"$ame_told.out" 2>>"$ame_told.err"
ame_tell() {{ printf '%s\n' "$*" >>"$ame_told.state"; }}
ame_size() {{ echo $(($(wc -c <"$ame_told.$1"))); }}
ame_tell "begun $(date +%s.%3N) $(uname -n)"
trap 'ame_code=$?; times >>"$ame_told.state"; ame_tell "ended $ame_code $(date +%s.%3N) $(ame_size out) $(ame_size err)"' EXIT
trap 'exit 143' TERM
)sh",
                     shell_quoted(name));
}

std::string command_of(const CommandText& command) {
  if (const auto* const shell = std::get_if<ShellCommand>(&command)) {
    return "/bin/sh -c " + shell_quoted(shell->text);
  }
  std::string words;
  for (const std::string& word : std::get<ArgvCommand>(command).argv) {
    words += (words.empty() ? "" : " ") + shell_quoted(word);
  }
  return words;
}

std::string pauses_of(const RetryPolicy& retries) {
  std::string text;
  for (int attempt = 1; attempt <= retries.count; ++attempt) {
    const auto pause = std::chrono::ceil<std::chrono::seconds>(backoff_after(retries, attempt));
    text += fmt::format("    {}) ame_pause={} ;;\n", attempt, pause.count());
  }
  return text + "    *) exit \"$ame_code\" ;;\n";
}

std::string retries_of(const RetryPolicy& retries, const std::string& command) {
  std::string codes;
  for (const int code : retries.on_exit_codes) {
    codes += fmt::format("{}{}", codes.empty() ? "" : "|", code);
  }
  return fmt::format(R"sh(
ame_attempt=1
while :; do
  export AME_ATTEMPT="$ame_attempt"
  (exec {}) && exit 0
  ame_code=$?
  case $ame_code in
    {}) ;;
    *) exit "$ame_code" ;;
  esac
  case $ame_attempt in
{}  esac
  ame_say "attempt $ame_attempt ended with $ame_code, next in $ame_pause s"
  sleep "$ame_pause"
  ame_attempt=$((ame_attempt + 1))
done
)sh",
                     command,
                     codes.empty() ? "[0-9]*" : codes,
                     pauses_of(retries));
}

}  // namespace

std::string plain_name(std::string_view name) {
  std::string text;
  for (const char letter : name) {
    const bool is_plain =
        (std::isalnum(static_cast<unsigned char>(letter)) != 0) || letter == '-' || letter == '_' || letter == '.';
    text += is_plain ? letter : '-';
  }
  return text;
}

std::string name_of_step(StepIndex index, const Step& step) {
  constexpr std::size_t longest = 150;  // file systems take 255 bytes, and what it is put together with is shorter
  return fmt::format("{}-{}", index + 1, plain_name(step.name.text()).substr(0, longest));
}

std::vector<std::string> secret_variables_of(const Task& task) {
  std::vector<std::string> variables;
  for (const SecretReference& secret : task.secrets) {
    if (!secret.optional && !secret.default_value && !secret.inject_as.empty()) {
      variables.push_back(secret.inject_as);
    }
  }
  return variables;
}

std::string step_script(const StepToRender& wanted, const std::string& header, const FileReader& files) {
  const Task& task = *wanted.step.task;
  std::string text = "#!/bin/sh\n" + header;
  text += fmt::format("# `{}` of {}, written by ame. It needs a POSIX shell and, where the task does, a Python.\n",
                      wanted.step.name.text(),
                      task.project.text());
  text += fmt::format("AME_CLUSTER_PROJECT=${{AME_CLUSTER_PROJECT:-{}}}", shell_quoted(wanted.project.string()));
  text += wanted.told_as.empty() ? "" : telling_of(wanted.told_as);
  text += beginning;
  text += "\n" + variables_of(wanted.job) + secrets_of(wanted);
  if (wanted.job.plan->environment) {
    text += environment_of(wanted, files);
  }
  const fs::path directory = wanted.job.directory.lexically_relative(wanted.job.project);
  if (directory != ".") {
    text +=
        fmt::format("cd -- {} || ame_fail 'no directory {}'\n", shell_quoted(directory.string()), directory.string());
  }
  const std::string command = command_of(wanted.job.plan->command);
  if (task.retries.count > 0) {
    return text + retries_of(task.retries, command);
  }
  // A shell that has become the command can tell nothing any more.
  return text + (wanted.told_as.empty() ? "\nexec " + command + "\n" : "\n(exec " + command + ")\n");
}

}  // namespace ame::clusters
