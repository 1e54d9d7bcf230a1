// SPDX-License-Identifier: Apache-2.0
#pragma once

#define CURL_DISABLE_TYPECHECK  // its checks are macros that stand in the way of pointers to the functions
#include <curl/curl.h>

namespace ame {

/// The functions of libcurl that are called here. The program is not linked with it: it brings thirty libraries along,
/// and most commands never send a request (docs/decisions/0005-libgit2-on-first-use.md).
struct Libcurl {
  decltype(&::curl_global_init) global_init;
  decltype(&::curl_easy_init) easy_init;
  decltype(&::curl_easy_cleanup) easy_cleanup;
  decltype(&::curl_easy_reset) easy_reset;
  decltype(&::curl_easy_setopt) easy_setopt;
  decltype(&::curl_easy_perform) easy_perform;
  decltype(&::curl_easy_getinfo) easy_getinfo;
  decltype(&::curl_easy_strerror) easy_strerror;
  decltype(&::curl_slist_append) slist_append;
  decltype(&::curl_slist_free_all) slist_free_all;
};

/// Opens the library the first time. Throws Error(machine) where it is absent.
const Libcurl& libcurl();

}  // namespace ame
