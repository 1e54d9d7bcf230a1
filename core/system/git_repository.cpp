// SPDX-License-Identifier: Apache-2.0
#include "core/system/git_repository.hpp"

#include <algorithm>
#include <string>
#include <system_error>
#include <utility>

#include <git2.h>

#include "core/error.hpp"
#include "core/run/frozen_run.hpp"
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

/// Null when it cannot be told.
git::StatusListHandle statuses_of(git_repository* repository, unsigned more_flags = 0) {
  git_status_options options{};
  options.version = GIT_STATUS_OPTIONS_VERSION;
  options.show = GIT_STATUS_SHOW_INDEX_AND_WORKDIR;
  options.flags = GIT_STATUS_OPT_INCLUDE_UNTRACKED | GIT_STATUS_OPT_EXCLUDE_SUBMODULES | more_flags;
  git_status_list* found = nullptr;
  return git_status_list_new(&found, repository, &options) == 0 ? git::StatusListHandle(found)
                                                                : git::StatusListHandle();
}

/// None when it cannot be told.
std::optional<bool> has_changes(git_repository* repository) {
  const git::StatusListHandle changes = statuses_of(repository);
  return changes ? std::optional(git_status_list_entrycount(changes.get()) > 0) : std::nullopt;
}

std::vector<std::string> untracked_in(git_repository* repository) {
  const git::StatusListHandle changes = statuses_of(repository, GIT_STATUS_OPT_RECURSE_UNTRACKED_DIRS);
  std::vector<std::string> paths;
  const std::size_t count = changes ? git_status_list_entrycount(changes.get()) : 0;
  for (std::size_t i = 0; i < count; ++i) {
    const git_status_entry* entry = git_status_byindex(changes.get(), i);
    if ((entry->status & GIT_STATUS_WT_NEW) != 0 && entry->index_to_workdir != nullptr) {
      paths.emplace_back(entry->index_to_workdir->new_file.path);
    }
  }
  std::ranges::sort(paths);
  return paths;
}

git::ObjectHandle tree_of_head(git_repository* repository) {
  git_reference* found = nullptr;
  if (git_repository_head(&found, repository) != 0) {
    return {};
  }
  const git::ReferenceHandle head(found);
  git_object* tree = nullptr;
  return git_reference_peel(&tree, head.get(), GIT_OBJECT_TREE) == 0 ? git::ObjectHandle(tree) : git::ObjectHandle();
}

struct Patch {
  std::string text;
  std::uint64_t limit = 0;
};

/// For libgit2: stops when it returns anything but 0.
int add_line(const git_diff_delta* delta, const git_diff_hunk* /*hunk*/, const git_diff_line* line, void* target) {
  Patch& patch = *static_cast<Patch*>(target);
  if (may_hold_secrets(delta->new_file.path) || may_hold_secrets(delta->old_file.path)) {
    return 0;
  }
  if (patch.text.size() + line->content_len > patch.limit) {
    return 1;
  }
  if (line->origin == GIT_DIFF_LINE_CONTEXT || line->origin == GIT_DIFF_LINE_ADDITION ||
      line->origin == GIT_DIFF_LINE_DELETION) {
    patch.text += line->origin;
  }
  patch.text.append(line->content, line->content_len);
  return 0;
}

void add_patch(git_repository* repository, std::uint64_t limit, WorkingChanges& changes) {
  const git::ObjectHandle tree = tree_of_head(repository);
  git_diff_options options{};
  options.version = GIT_DIFF_OPTIONS_VERSION;
  options.ignore_submodules = GIT_SUBMODULE_IGNORE_ALL;
  options.context_lines = 3;
  git_diff* found = nullptr;
  // A tree is an object; libgit2's own types say so only in C.
  auto* const as_tree = reinterpret_cast<git_tree*>(tree.get());
  if (!tree || git_diff_tree_to_workdir_with_index(&found, repository, as_tree, &options) != 0) {
    return;
  }
  const git::DiffHandle diff(found);
  Patch patch{.text = {}, .limit = limit};
  changes.is_whole = git_diff_print(diff.get(), GIT_DIFF_FORMAT_PATCH, add_line, &patch) == 0;
  changes.diff = changes.is_whole ? std::move(patch.text) : std::string();
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

WorkingChanges GitRepository::changes_of(const fs::path& directory, std::uint64_t limit) const {
  WorkingChanges changes;
  if (!may_be_in_repository(directory)) {
    return changes;
  }
  try {
    const git::Library library;
    const git::RepositoryHandle repository = open(directory);
    if (repository && git_repository_workdir(repository.get()) != nullptr) {
      changes.commit = commit_of(repository.get());
      changes.untracked = untracked_in(repository.get());
      add_patch(repository.get(), limit, changes);
    }
  } catch (const Error&) {
    return {};  // libgit2 is not there
  }
  return changes;
}

}  // namespace ame
