// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "core/env/index_settings.hpp"
#include "tests/support/memory_file_system.hpp"

using ame::CallerEnvironment;
using ame::chooses_packages;
using ame::pip_settings;
using ame::PipSettings;
using ame::uv_variables_for;

TEST_CASE("what pip is told comes from its files and from variables, the last one wins") {
  ame::MemoryFileSystem files;
  files.add("/etc/pip.conf", "[global]\nindex-url = https://a.example/simple\ntimeout=5\n[freeze]\ntimeout = 9\n");
  files.add("/home/ann/.config/pip/pip.conf",
            "# mine\n[global]\nextra_index_url =\n    https://b.example/simple\n    https://c.example/simple\n"
            "[install]\nno-index: false\n");
  const CallerEnvironment caller = {{"HOME", "/home/ann"}, {"PIP_TIMEOUT", "7"}, {"PIP_INDEX_URL", ""}};
  CHECK(pip_settings(caller, files) ==
        PipSettings{{"extra-index-url", " https://b.example/simple https://c.example/simple"},
                    {"index-url", "https://a.example/simple"},
                    {"no-index", "false"},
                    {"timeout", "7"}});
}

TEST_CASE("PIP_CONFIG_FILE is read last, and /dev/null means no file at all") {
  ame::MemoryFileSystem files;
  files.add("/etc/pip.conf", "[global]\nindex-url = https://a.example/simple\n");
  files.add("/mine.conf", "[global]\nindex-url = https://b.example/simple\n");
  CHECK(pip_settings({{"HOME", "/h"}, {"PIP_CONFIG_FILE", "/mine.conf"}}, files) ==
        PipSettings{{"index-url", "https://b.example/simple"}});
  CHECK(pip_settings({{"HOME", "/h"}, {"PIP_CONFIG_FILE", "/dev/null"}}, files).empty());
}

TEST_CASE("uv is told what pip is told") {
  const auto variables = uv_variables_for({{"index-url", "https://a.example/simple"},
                                           {"extra-index-url", " https://b.example/simple\nhttps://c.example/simple"},
                                           {"find-links", "/w /x"},
                                           {"trusted-host", "a.example"},
                                           {"cert", "/ca.pem"},
                                           {"pre", "yes"},
                                           {"no-index", "0"},
                                           {"progress-bar", "off"}});
  CHECK(std::get<CallerEnvironment>(variables) ==
        CallerEnvironment{{"SSL_CERT_FILE", "/ca.pem"},
                          {"UV_DEFAULT_INDEX", "https://a.example/simple"},
                          {"UV_FIND_LINKS", "/w,/x"},
                          {"UV_INDEX", "https://b.example/simple https://c.example/simple"},
                          {"UV_INDEX_STRATEGY", "unsafe-best-match"},
                          {"UV_INSECURE_HOST", "a.example"},
                          {"UV_PRERELEASE", "allow"}});
}

TEST_CASE("a setting of pip that uv has no word for is named") {
  CHECK(std::get<ame::UntranslatablePipSetting>(uv_variables_for({{"only-binary", ":all:"}})).option == "only-binary");
}

TEST_CASE("what may choose packages counts, what concerns only how they come does not") {
  for (const char* const counts : {"PIP_INDEX_URL",
                                   "PIP_ONLY_BINARY",
                                   "UV_INDEX",
                                   "UV_EXCLUDE_NEWER",
                                   "UV_SOMETHING_NEW",
                                   "PIPENV_PYPI_MIRROR",
                                   "POETRY_REPOSITORIES_MINE_URL"}) {
    CHECK(chooses_packages(counts));
  }
  for (const char* const does_not : {"PIP_CERT",
                                     "PIP_TIMEOUT",
                                     "PIP_CACHE_DIR",
                                     "UV_CACHE_DIR",
                                     "UV_HTTP_TIMEOUT",
                                     "UV_INDEX_MINE_PASSWORD",
                                     "PATH"}) {
    CHECK_FALSE(chooses_packages(does_not));
  }
}
