// SPDX-License-Identifier: Apache-2.0
#include "core/system/git_repository.hpp"

#include <string>
#include <system_error>

#include <git2.h>

#include "core/error.hpp"
#include "core/system/git_handles.hpp"

namespace ame {

namespace fs = std::filesystem;

namespace {

/// Loading libgit2 takes longer than looking for what it would look for.
bool may_be_in_repository(const fs::path& directory) {
  std::error_code ignored;
  for (fs::path at = directory; !at.empty(); at = at.parent_path()) {
    if (fs::exists(at / ".git", ignored)) {
      return true;
    }
    if (at == at.root_path()) {
      break;
    }
  }
  return false;
}

git::RepositoryHandle open(const fs::path& directory) {
  git_repository* found = nullptr;
  return git_repository_open_ext(&found, directory.c_str(), 0, nullptr) == 0 ? git::RepositoryHandle(found)
                                                                             : git::RepositoryHandle();
}

/// Empty before the first commit.
std::string commit_of(git_repository* repository) {
  git_reference* found = nullptr;
  if (git_repository_head(&found, repository) != 0) {
    return "";
  }
  const git::ReferenceHandle head(found);
  const git_oid* commit = git_reference_target(head.get());
  return commit == nullptr ? "" : git::text_of(*commit);
}

/// None when it cannot be told.
std::optional<bool> has_changes(git_repository* repository) {
  git_status_options options{};
  options.version = GIT_STATUS_OPTIONS_VERSION;
  options.show = GIT_STATUS_SHOW_INDEX_AND_WORKDIR;
  options.flags = GIT_STATUS_OPT_INCLUDE_UNTRACKED | GIT_STATUS_OPT_EXCLUDE_SUBMODULES;
  git_status_list* found = nullptr;
  if (git_status_list_new(&found, repository, &options) != 0) {
    return std::nullopt;
  }
  const git::StatusListHandle changes(found);
  return git_status_list_entrycount(changes.get()) > 0;
}

std::optional<Checkout> read_checkout(const fs::path& directory) {
  const git::Library library;
  const git::RepositoryHandle repository = open(directory);
  const char* root = repository ? git_repository_workdir(repository.get()) : nullptr;
  if (root == nullptr) {
    return std::nullopt;
  }
  const std::optional<bool> is_dirty = has_changes(repository.get());
  if (!is_dirty) {
    return std::nullopt;
  }
  return Checkout{.root = fs::path(root).parent_path(), .commit = commit_of(repository.get()), .dirty = *is_dirty};
}

}  // namespace

std::optional<Checkout> GitRepository::checkout_of(const fs::path& directory) const {
  if (!may_be_in_repository(directory)) {
    return std::nullopt;
  }
  try {
    return read_checkout(directory);
  } catch (const Error&) {
    return std::nullopt;  // libgit2 is not there
  }
}

}  // namespace ame
