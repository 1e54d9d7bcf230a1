// SPDX-License-Identifier: Apache-2.0
#include "core/system/libcurl.hpp"

#include <fmt/format.h>

#include "core/error.hpp"

#include <dlfcn.h>

namespace ame {

namespace {

void* opened_library() {
  void* const library = ::dlopen(AME_LIBCURL, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    throw Error(ExitCode::machine,
                Diagnostic{.message = fmt::format("cannot load the library `{}`: {}", AME_LIBCURL, ::dlerror()),
                           .hint = "install libcurl (Debian: libcurl4)"});
  }
  return library;
}

template <class Function>
void load(void* library, Function& function, const char* name) {
  function = reinterpret_cast<Function>(::dlsym(library, name));
  if (function == nullptr) {
    throw Error(ExitCode::machine,
                Diagnostic{.message = fmt::format("the library `{}` has no `{}`", AME_LIBCURL, name)});
  }
}

Libcurl loaded() {
  void* const library = opened_library();
  Libcurl curl{};
  load(library, curl.global_init, "curl_global_init");
  load(library, curl.easy_init, "curl_easy_init");
  load(library, curl.easy_cleanup, "curl_easy_cleanup");
  load(library, curl.easy_reset, "curl_easy_reset");
  load(library, curl.easy_setopt, "curl_easy_setopt");
  load(library, curl.easy_perform, "curl_easy_perform");
  load(library, curl.easy_getinfo, "curl_easy_getinfo");
  load(library, curl.easy_strerror, "curl_easy_strerror");
  load(library, curl.slist_append, "curl_slist_append");
  load(library, curl.slist_free_all, "curl_slist_free_all");
  curl.global_init(CURL_GLOBAL_DEFAULT);
  return curl;
}

}  // namespace

const Libcurl& libcurl() {
  static const Libcurl curl = loaded();
  return curl;
}

}  // namespace ame
