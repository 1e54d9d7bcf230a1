// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include <git2.h>

namespace ame::git {

template <auto free>
struct Free {
  template <class Thing>
  void operator()(Thing* thing) const {
    free(thing);
  }
};

using RemoteHandle = std::unique_ptr<git_remote, Free<git_remote_free>>;
using RepositoryHandle = std::unique_ptr<git_repository, Free<git_repository_free>>;
using DiffHandle = std::unique_ptr<git_diff, Free<git_diff_free>>;
using ObjectHandle = std::unique_ptr<git_object, Free<git_object_free>>;
using ReferenceHandle = std::unique_ptr<git_reference, Free<git_reference_free>>;
using StatusListHandle = std::unique_ptr<git_status_list, Free<git_status_list_free>>;

/// libgit2 counts who uses it; it is ready for as long as one of these lives. SSL_CERT_FILE replaces the authorities of
/// the machine, as with other programs.
class Library {
 public:
  Library();

  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;

  ~Library() { git_libgit2_shutdown(); }
};

/// libgit2's own words for what just failed.
inline std::string last_message() {
  const git_error* error = git_error_last();
  return error != nullptr && error->message != nullptr ? error->message : "unknown reason";
}

/// 40 hex digits.
inline std::string text_of(const git_oid& id) {
  std::string text(GIT_OID_HEXSZ, '0');
  git_oid_fmt(text.data(), &id);
  return text;
}

}  // namespace ame::git
