// SPDX-License-Identifier: Apache-2.0
#include "core/system/git_project_fetcher.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/git_address.hpp"
#include "core/system/file_descriptor.hpp"
#include "core/system/git_handles.hpp"
#include "core/system/system_call.hpp"

namespace ame {

namespace fs = std::filesystem;

namespace {

/// libgit2 repeats addresses in its messages.
std::string without_password(std::string text, const std::string& url) {
  const std::string_view password = password_in_address(url);
  for (auto at = text.find(password); !password.empty() && at != std::string::npos; at = text.find(password)) {
    text.erase(at, password.size());
  }
  return text;
}

std::string shown(const std::string& url) {
  return shown_git_address(url);
}

Error refusal(const std::string& message, const std::string& hint) {
  return {ExitCode::bad_project, Diagnostic{.message = message, .hint = hint}};
}

Error git_failure(int code, const std::string& url) {
  const std::string reason = without_password(git::last_message(), url);
  if (code == GIT_EAUTH) {
    return refusal(fmt::format("the repository `{}` does not let us in: {}", shown(url), reason),
                   "give the import a `secret:` with a user and a token");
  }
  if (code == GIT_ECERTIFICATE) {
    return refusal(fmt::format("the certificate of `{}` is not trusted: {}", shown(url), reason),
                   "add the server's authority to this machine's certificates, or name it in `SSL_CERT_FILE`");
  }
  return refusal(fmt::format("the repository `{}` cannot be read: {}", shown(url), reason),
                 "check the url, and that this machine reaches it");
}

void check(int code, const std::string& url) {
  if (code < 0) {
    throw git_failure(code, url);
  }
}

/// Asked again by libgit2 after each refusal; answers each kind once, so that a wrong token ends.
struct Login {
  const GitCredentials* credentials = nullptr;
  unsigned int tried = 0;
};

int answer_login(
    git_credential** out, const char* /*url*/, const char* user_in_url, unsigned int allowed, void* payload) {
  auto& login = *static_cast<Login*>(payload);
  const unsigned int open = allowed & ~login.tried;
  const std::string user =
      login.credentials->user.empty() && user_in_url != nullptr ? user_in_url : login.credentials->user;
  if ((open & GIT_CREDENTIAL_USERPASS_PLAINTEXT) != 0 && !login.credentials->token.empty()) {
    login.tried |= GIT_CREDENTIAL_USERPASS_PLAINTEXT;
    return git_credential_userpass_plaintext_new(
        out, user.empty() ? "git" : user.c_str(), login.credentials->token.c_str());
  }
  if ((open & GIT_CREDENTIAL_SSH_KEY) != 0) {
    login.tried |= GIT_CREDENTIAL_SSH_KEY;
    return git_credential_ssh_key_from_agent(out, user.empty() ? "git" : user.c_str());
  }
  return GIT_EAUTH;
}

git_remote_callbacks callbacks_for(Login& login) {
  git_remote_callbacks callbacks = GIT_REMOTE_CALLBACKS_INIT;
  callbacks.credentials = answer_login;
  callbacks.payload = &login;
  return callbacks;
}

bool is_commit_id(const std::string& text) {
  return text.size() == GIT_OID_HEXSZ &&
         std::ranges::all_of(text, [](unsigned char c) { return std::isxdigit(c) != 0; });
}

std::map<std::string, std::string> references_of(git_remote* remote, const std::string& url) {
  const git_remote_head** heads = nullptr;
  std::size_t count = 0;
  check(git_remote_ls(&heads, &count, remote), url);
  std::map<std::string, std::string> found;
  for (std::size_t index = 0; index < count; ++index) {
    found.emplace(heads[index]->name, git::text_of(heads[index]->oid));
  }
  return found;
}

std::string commit_named(const std::map<std::string, std::string>& references,
                         const std::string& ref,
                         const std::string& url) {
  if (ref.empty()) {
    const auto head = references.find("HEAD");
    if (head == references.end()) {
      throw refusal(fmt::format("the repository `{}` has no commit yet", shown(url)), "push one, or name a `ref:`");
    }
    return head->second;
  }
  // An annotated tag is an object of its own; `^{}` is the commit it stands for.
  const std::array<std::string, 2> as_tag = {"refs/tags/" + ref + "^{}", "refs/tags/" + ref};
  const auto branch = references.find("refs/heads/" + ref);
  const auto peeled = references.find(as_tag[0]);
  const auto tag = peeled != references.end() ? peeled : references.find(as_tag[1]);
  if (branch != references.end() && tag != references.end() && branch->second != tag->second) {
    throw refusal(fmt::format("`{}` is a branch and a tag of `{}`, and they differ", ref, shown(url)),
                  fmt::format("name the commit: {} (branch) or {} (tag)", branch->second, tag->second));
  }
  if (branch == references.end() && tag == references.end()) {
    throw refusal(fmt::format("the repository `{}` has no branch or tag `{}`", shown(url), ref),
                  "a commit is named by all of its 40 digits");
  }
  return branch != references.end() ? branch->second : tag->second;
}

git::RepositoryHandle open_or_create(const fs::path& path, const std::string& url) {
  git_repository* repository = nullptr;
  if (git_repository_open_bare(&repository, path.c_str()) < 0) {
    check(git_repository_init(&repository, path.c_str(), 1), url);
  }
  return git::RepositoryHandle(repository);
}

git::ObjectHandle find_commit(git_repository* repository, const std::string& commit) {
  git_oid id;
  git_object* object = nullptr;
  if (git_oid_fromstr(&id, commit.c_str()) < 0 || git_object_lookup(&object, repository, &id, GIT_OBJECT_COMMIT) < 0) {
    return nullptr;
  }
  return git::ObjectHandle(object);
}

void fetch_all(git_repository* repository, const std::string& url, const GitCredentials& credentials) {
  git_remote* raw = nullptr;
  check(git_remote_create_anonymous(&raw, repository, url.c_str()), url);
  const git::RemoteHandle remote(raw);
  Login login{.credentials = &credentials};
  git_fetch_options options = GIT_FETCH_OPTIONS_INIT;
  options.callbacks = callbacks_for(login);
  options.download_tags = GIT_REMOTE_DOWNLOAD_TAGS_ALL;
  std::string every_branch = "+refs/heads/*:refs/heads/*";
  char* pattern = every_branch.data();
  const git_strarray patterns{.strings = &pattern, .count = 1};
  check(git_remote_fetch(remote.get(), &patterns, &options, nullptr), url);
}

void write_files(git_repository* repository, git_object* commit, const fs::path& target, const std::string& url) {
  git_checkout_options options = GIT_CHECKOUT_OPTIONS_INIT;
  options.checkout_strategy = GIT_CHECKOUT_FORCE | GIT_CHECKOUT_DONT_UPDATE_INDEX;
  const std::string directory = target.string();
  options.target_directory = directory.c_str();
  check(git_checkout_tree(repository, commit, &options), url);
}

FileDescriptor lock(const fs::path& path) {
  FileDescriptor file(::open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0644));
  if (!file.is_open()) {
    throw machine_error("open", path, errno);
  }
  if (without_interruption([&] { return ::flock(file.number(), LOCK_EX); }) < 0) {
    throw machine_error("lock", path, errno);
  }
  return file;
}

void make_directories(const fs::path& path) {
  std::error_code failure;
  fs::create_directories(path, failure);
  if (failure) {
    throw machine_error("create", path, failure.value());
  }
}

}  // namespace

GitProjectFetcher::GitProjectFetcher(fs::path cache)
    : cache_(std::move(cache)) {}

fs::path GitProjectFetcher::directory_of(const std::string& url) const {
  const git::Library library;
  git_oid hash;
  git_odb_hash(&hash, url.data(), url.size(), GIT_OBJECT_BLOB);
  return cache_ / "imports" / git::text_of(hash).substr(0, 16);
}

std::string GitProjectFetcher::resolve(const std::string& url,
                                       const std::string& ref,
                                       const GitCredentials& credentials) {
  if (is_commit_id(ref)) {
    return ref;
  }
  const git::Library library;
  git_remote* raw = nullptr;
  check(git_remote_create_detached(&raw, url.c_str()), url);
  const git::RemoteHandle remote(raw);
  Login login{.credentials = &credentials};
  const git_remote_callbacks callbacks = callbacks_for(login);
  check(git_remote_connect(remote.get(), GIT_DIRECTION_FETCH, &callbacks, nullptr, nullptr), url);
  return commit_named(references_of(remote.get(), url), ref, url);
}

std::optional<fs::path> GitProjectFetcher::find(const std::string& url, const std::string& commit) const {
  const fs::path directory = directory_of(url) / commit;
  std::error_code ignored;
  return fs::is_directory(directory, ignored) ? std::optional(directory) : std::nullopt;
}

fs::path GitProjectFetcher::fetch(const std::string& url,
                                  const std::string& commit,
                                  const GitCredentials& credentials) {
  if (const auto present = find(url, commit)) {
    return *present;
  }
  const git::Library library;
  const fs::path directory = directory_of(url);
  make_directories(directory);
  const FileDescriptor guard = lock(directory / "lock");
  if (const auto present = find(url, commit)) {
    return *present;
  }
  const git::RepositoryHandle repository = open_or_create(directory / "repository.git", url);
  git::ObjectHandle object = find_commit(repository.get(), commit);
  if (!object) {
    fetch_all(repository.get(), url, credentials);
    object = find_commit(repository.get(), commit);
  }
  if (!object) {
    throw refusal(fmt::format("the repository `{}` has no commit {}", shown(url), commit),
                  "was it rewritten? `ame import update` pins what it has now");
  }
  const fs::path partial = directory / (commit + ".partial");
  std::error_code failure;
  fs::remove_all(partial, failure);
  write_files(repository.get(), object.get(), partial, url);
  fs::rename(partial, directory / commit, failure);
  if (failure) {
    throw machine_error("rename", partial, failure.value());
  }
  return directory / commit;
}

}  // namespace ame
