// SPDX-License-Identifier: Apache-2.0
// Defines the functions of libgit2 that are called here, so that the program is not linked with it: the library and the
// fifteen it brings along cost two thirds of a start-up, and most commands never use them. The first call opens it
// (docs/decisions/0005-libgit2-on-first-use.md). A function that is newly used gets its lines here; the linker tells.
#include <cstdarg>

#include <fmt/core.h>
#include <git2.h>

#include "core/error.hpp"

#include <dlfcn.h>

namespace {

void* opened_library() {
  void* const library = dlopen(AME_LIBGIT2, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    throw ame::Error(ame::ExitCode::machine,
                     ame::Diagnostic{.message = fmt::format("cannot load the library `{}`: {}", AME_LIBGIT2, dlerror()),
                                     .hint = "install libgit2, the version that ame was built with"});
  }
  return library;
}

void* symbol(const char* name) {
  static void* const library = opened_library();
  void* const found = dlsym(library, name);
  if (found == nullptr) {
    throw ame::Error(ame::ExitCode::machine,
                     ame::Diagnostic{.message = fmt::format("the library `{}` has no `{}`", AME_LIBGIT2, name)});
  }
  return found;
}

/// The library's function of the same name and type as one defined below.
template <auto* ours>
decltype(ours) real(const char* name) {
  static const auto found = reinterpret_cast<decltype(ours)>(symbol(name));
  return found;
}

}  // namespace

int git_libgit2_init() {
  return real<git_libgit2_init>("git_libgit2_init")();
}

int git_libgit2_shutdown() {
  return real<git_libgit2_shutdown>("git_libgit2_shutdown")();
}

/// Only for options that take two texts.
int git_libgit2_opts(int option, ...) {
  va_list words;
  va_start(words, option);
  const char* const first = va_arg(words, const char*);
  const char* const second = va_arg(words, const char*);
  va_end(words);
  static const auto found = reinterpret_cast<decltype(&git_libgit2_opts)>(symbol("git_libgit2_opts"));
  return found(option, first, second);
}

const git_error* git_error_last() {
  return real<git_error_last>("git_error_last")();
}

int git_oid_fromstr(git_oid* out, const char* text) {
  return real<git_oid_fromstr>("git_oid_fromstr")(out, text);
}

int git_oid_fmt(char* out, const git_oid* id) {
  return real<git_oid_fmt>("git_oid_fmt")(out, id);
}

int git_odb_hash(git_oid* out, const void* bytes, size_t size, git_object_t type) {
  return real<git_odb_hash>("git_odb_hash")(out, bytes, size, type);
}

int git_repository_init(git_repository** out, const char* path, unsigned is_bare) {
  return real<git_repository_init>("git_repository_init")(out, path, is_bare);
}

int git_repository_open_bare(git_repository** out, const char* path) {
  return real<git_repository_open_bare>("git_repository_open_bare")(out, path);
}

int git_repository_open_ext(git_repository** out, const char* path, unsigned flags, const char* ceilings) {
  return real<git_repository_open_ext>("git_repository_open_ext")(out, path, flags, ceilings);
}

const char* git_repository_workdir(const git_repository* repository) {
  return real<git_repository_workdir>("git_repository_workdir")(repository);
}

int git_repository_head(git_reference** out, git_repository* repository) {
  return real<git_repository_head>("git_repository_head")(out, repository);
}

void git_repository_free(git_repository* repository) {
  real<git_repository_free>("git_repository_free")(repository);
}

const git_oid* git_reference_target(const git_reference* reference) {
  return real<git_reference_target>("git_reference_target")(reference);
}

int git_reference_peel(git_object** out, const git_reference* reference, git_object_t type) {
  return real<git_reference_peel>("git_reference_peel")(out, reference, type);
}

void git_reference_free(git_reference* reference) {
  real<git_reference_free>("git_reference_free")(reference);
}

int git_object_lookup(git_object** out, git_repository* repository, const git_oid* id, git_object_t type) {
  return real<git_object_lookup>("git_object_lookup")(out, repository, id, type);
}

void git_object_free(git_object* object) {
  real<git_object_free>("git_object_free")(object);
}

int git_status_list_new(git_status_list** out, git_repository* repository, const git_status_options* options) {
  return real<git_status_list_new>("git_status_list_new")(out, repository, options);
}

size_t git_status_list_entrycount(git_status_list* list) {
  return real<git_status_list_entrycount>("git_status_list_entrycount")(list);
}

const git_status_entry* git_status_byindex(git_status_list* list, size_t index) {
  return real<git_status_byindex>("git_status_byindex")(list, index);
}

void git_status_list_free(git_status_list* list) {
  real<git_status_list_free>("git_status_list_free")(list);
}

int git_diff_tree_to_workdir_with_index(git_diff** out,
                                        git_repository* repository,
                                        git_tree* tree,
                                        const git_diff_options* options) {
  return real<git_diff_tree_to_workdir_with_index>("git_diff_tree_to_workdir_with_index")(
      out, repository, tree, options);
}

int git_diff_print(git_diff* diff, git_diff_format_t format, git_diff_line_cb print, void* payload) {
  return real<git_diff_print>("git_diff_print")(diff, format, print, payload);
}

void git_diff_free(git_diff* diff) {
  real<git_diff_free>("git_diff_free")(diff);
}

int git_checkout_tree(git_repository* repository, const git_object* tree, const git_checkout_options* options) {
  return real<git_checkout_tree>("git_checkout_tree")(repository, tree, options);
}

int git_remote_create_detached(git_remote** out, const char* url) {
  return real<git_remote_create_detached>("git_remote_create_detached")(out, url);
}

int git_remote_create_anonymous(git_remote** out, git_repository* repository, const char* url) {
  return real<git_remote_create_anonymous>("git_remote_create_anonymous")(out, repository, url);
}

int git_remote_connect(git_remote* remote,
                       git_direction direction,
                       const git_remote_callbacks* callbacks,
                       const git_proxy_options* proxy,
                       const git_strarray* headers) {
  return real<git_remote_connect>("git_remote_connect")(remote, direction, callbacks, proxy, headers);
}

int git_remote_ls(const git_remote_head*** out, size_t* size, git_remote* remote) {
  return real<git_remote_ls>("git_remote_ls")(out, size, remote);
}

int git_remote_fetch(git_remote* remote,
                     const git_strarray* refspecs,
                     const git_fetch_options* options,
                     const char* message) {
  return real<git_remote_fetch>("git_remote_fetch")(remote, refspecs, options, message);
}

void git_remote_free(git_remote* remote) {
  real<git_remote_free>("git_remote_free")(remote);
}

int git_credential_userpass_plaintext_new(git_credential** out, const char* user, const char* password) {
  return real<git_credential_userpass_plaintext_new>("git_credential_userpass_plaintext_new")(out, user, password);
}

int git_credential_ssh_key_from_agent(git_credential** out, const char* user) {
  return real<git_credential_ssh_key_from_agent>("git_credential_ssh_key_from_agent")(out, user);
}
