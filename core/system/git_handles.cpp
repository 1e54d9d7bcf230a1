// SPDX-License-Identifier: Apache-2.0
#include "core/system/git_handles.hpp"

#include <cstdlib>

#include <fmt/format.h>

#include "core/error.hpp"

namespace ame::git {

Library::Library() {
  constexpr int first_use = 1;
  const char* const authorities = std::getenv("SSL_CERT_FILE");
  if (git_libgit2_init() != first_use || authorities == nullptr || *authorities == '\0') {
    return;
  }
  if (git_libgit2_opts(GIT_OPT_SET_SSL_CERT_LOCATIONS, authorities, static_cast<const char*>(nullptr)) < 0) {
    const std::string reason = last_message();
    git_libgit2_shutdown();
    throw Error(ExitCode::machine,
                Diagnostic{.message = fmt::format("`SSL_CERT_FILE` holds no certificates: {}", reason)});
  }
}

}  // namespace ame::git
