// SPDX-License-Identifier: Apache-2.0
#include "core/env/index_settings.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <span>

namespace ame {

namespace fs = std::filesystem;

namespace {

/// Options of pip that decide nothing but how it goes about it.
constexpr std::array<std::string_view, 22> manners_of_pip = {"break-system-packages",
                                                             "cache-dir",
                                                             "compile",
                                                             "debug",
                                                             "disable-pip-version-check",
                                                             "exists-action",
                                                             "log",
                                                             "no-cache-dir",
                                                             "no-color",
                                                             "no-input",
                                                             "no-python-version-warning",
                                                             "no-warn-conflicts",
                                                             "no-warn-script-location",
                                                             "progress-bar",
                                                             "quiet",
                                                             "require-virtualenv",
                                                             "resume-retries",
                                                             "retries",
                                                             "root-user-action",
                                                             "use-feature",
                                                             "user",
                                                             "verbose"};

/// Likewise of uv, by the beginnings of their variables.
constexpr std::array<std::string_view, 22> manners_of_uv = {"UV_CACHE_DIR",       "UV_COMPILE_BYTECODE",
                                                            "UV_CONCURRENT_",     "UV_CREDENTIALS_DIR",
                                                            "UV_HTTP_",           "UV_KEYRING_PROVIDER",
                                                            "UV_LINK_MODE",       "UV_LOCK_TIMEOUT",
                                                            "UV_NATIVE_TLS",      "UV_NO_CACHE",
                                                            "UV_NO_PROGRESS",     "UV_NO_WRAP",
                                                            "UV_OFFLINE",         "UV_PROJECT",
                                                            "UV_PUBLISH_",        "UV_PYTHON",
                                                            "UV_REQUEST_TIMEOUT", "UV_RUN_",
                                                            "UV_STACK_SIZE",      "UV_SYSTEM_CERTS",
                                                            "UV_TOOL_",           "UV_VENV_"};

std::string option_name(std::string_view text) {
  std::string name;
  for (const char letter : text) {
    name += letter == '_' ? '-' : static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  }
  return name;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(blanks);
  return begin == std::string_view::npos ? std::string_view()
                                         : text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

bool is_manner(std::string_view option) {
  return std::ranges::find(manners_of_pip, option) != manners_of_pip.end();
}

bool is_credential(std::string_view variable) {
  return variable.ends_with("_USERNAME") || variable.ends_with("_PASSWORD") || variable.ends_with("_TOKEN");
}

/// The sections of an INI file that `pip install` reads, as Python's configparser reads them.
void read_ini(std::string_view text, PipSettings& settings) {
  bool is_heard = false;
  std::string option;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    const std::string_view content = trimmed(line);
    if (content.empty() || content.starts_with('#') || content.starts_with(';')) {
      continue;
    }
    if (content.starts_with('[')) {
      is_heard = content == "[global]" || content == "[install]";
      option.clear();
    } else if (line.starts_with(' ') || line.starts_with('\t')) {
      if (is_heard && !option.empty()) {
        settings[option].append(" ").append(content);
      }
    } else if (is_heard) {
      const std::size_t equals = std::min(content.find_first_of("=:"), content.size());
      option = option_name(trimmed(content.substr(0, equals)));
      settings[option] = std::string(trimmed(content.substr(std::min(equals + 1, content.size()))));
    }
  }
}

fs::path configuration_home(const CallerEnvironment& caller) {
  const fs::path given = value_of(caller, "XDG_CONFIG_HOME");
  return given.is_absolute() ? given : fs::path(value_of(caller, "HOME")) / ".config";
}

/// As pip reads them, the weakest first.
std::vector<fs::path> pip_files(const CallerEnvironment& caller) {
  const std::string given = value_of(caller, "PIP_CONFIG_FILE");
  if (given == "/dev/null") {  // pip's own word for: read none
    return {};
  }
  std::vector<fs::path> paths = {"/etc/xdg/pip/pip.conf",
                                 "/etc/pip.conf",
                                 fs::path(value_of(caller, "HOME")) / ".pip/pip.conf",
                                 configuration_home(caller) / "pip/pip.conf",
                                 given};
  std::erase_if(paths, [](const fs::path& path) { return !path.is_absolute(); });
  return paths;
}

bool is_yes(std::string_view value) {
  constexpr std::array<std::string_view, 5> words = {"1", "true", "yes", "on", "t"};
  return std::ranges::find(words, option_name(value)) != words.end();
}

std::string joined(std::string_view words, char between) {
  std::string text;
  for (const char letter : words) {
    const bool is_blank = std::isspace(static_cast<unsigned char>(letter)) != 0;
    if (!is_blank) {
      text += letter;
    } else if (!text.empty() && text.back() != between) {
      text += between;
    }
  }
  return text;
}

struct Translation {
  std::string_view option;
  const char* variable;
  char between = ' ';  ///< of several values
};

constexpr std::array<Translation, 10> of_values = {{{"cert", "SSL_CERT_FILE"},
                                                    {"client-cert", "SSL_CLIENT_CERT"},
                                                    {"constraint", "UV_CONSTRAINT"},
                                                    {"default-timeout", "UV_HTTP_TIMEOUT"},
                                                    {"extra-index-url", "UV_INDEX"},
                                                    {"find-links", "UV_FIND_LINKS", ','},
                                                    {"index-url", "UV_DEFAULT_INDEX"},
                                                    {"proxy", "ALL_PROXY"},
                                                    {"timeout", "UV_HTTP_TIMEOUT"},
                                                    {"trusted-host", "UV_INSECURE_HOST"}}};

struct SwitchTranslation {
  std::string_view option;
  const char* variable;
  const char* value;
};

constexpr std::array<SwitchTranslation, 3> of_switches = {{{"no-index", "UV_NO_INDEX", "1"},
                                                           {"pre", "UV_PRERELEASE", "allow"},
                                                           {"require-hashes", "UV_REQUIRE_HASHES", "1"}}};

/// False where uv has no word for it.
bool translate(const std::string& option, const std::string& value, CallerEnvironment& variables) {
  const auto* const valued = std::ranges::find(of_values, option, &Translation::option);
  if (valued != of_values.end()) {
    variables[valued->variable] = joined(value, valued->between);
    return true;
  }
  const auto* const switched = std::ranges::find(of_switches, option, &SwitchTranslation::option);
  if (switched != of_switches.end() && is_yes(value)) {
    variables[switched->variable] = switched->value;
  }
  return switched != of_switches.end() || is_manner(option);
}

}  // namespace

PipSettings pip_settings(const CallerEnvironment& caller, const FileReader& files) {
  PipSettings settings;
  for (const fs::path& path : pip_files(caller)) {
    if (const std::optional<std::string> text = files.read(path)) {
      read_ini(*text, settings);
    }
  }
  for (const auto& [name, value] : caller) {
    if (name.starts_with("PIP_") && name != "PIP_CONFIG_FILE" && !value.empty()) {
      settings[option_name(std::string_view(name).substr(4))] = value;
    }
  }
  return settings;
}

std::variant<CallerEnvironment, UntranslatablePipSetting> uv_variables_for(const PipSettings& settings) {
  CallerEnvironment variables;
  for (const auto& [option, value] : settings) {
    if (!value.empty() && !translate(option, value, variables)) {
      return UntranslatablePipSetting{option};
    }
  }
  if (variables.contains("UV_INDEX")) {  // pip takes the best of all indexes, uv the first that has the package
    variables["UV_INDEX_STRATEGY"] = "unsafe-best-match";
  }
  return variables;
}

bool chooses_packages(std::string_view variable) {
  if (variable.starts_with("PIP_")) {
    constexpr std::array<std::string_view, 3> ways = {"cert", "default-timeout", "timeout"};
    const std::string option = option_name(variable.substr(4));
    return !is_manner(option) && std::ranges::find(ways, option) == ways.end();
  }
  if (variable.starts_with("UV_")) {
    const auto begins = [variable](std::string_view beginning) { return variable.starts_with(beginning); };
    return std::ranges::none_of(manners_of_uv, begins) && !is_credential(variable);
  }
  return variable == "PIPENV_PYPI_MIRROR" || variable.starts_with("POETRY_REPOSITORIES_") ||
         variable.starts_with("POETRY_INSTALLER_");
}

std::vector<fs::path> index_files(const CallerEnvironment& caller) {
  std::vector<fs::path> paths = pip_files(caller);
  const fs::path home = configuration_home(caller);
  paths.insert(paths.end(),
               {"/etc/uv/uv.toml",
                home / "uv/uv.toml",
                fs::path(value_of(caller, "UV_CONFIG_FILE")),
                home / "pypoetry/config.toml"});
  std::erase_if(paths, [](const fs::path& path) { return !path.is_absolute(); });
  return paths;
}

}  // namespace ame
