// SPDX-License-Identifier: Apache-2.0
#include "core/system/directory_object_store.hpp"

#include <algorithm>
#include <set>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/system/copy_file.hpp"
#include "core/system/disk_file_system.hpp"
#include "core/system/in_threads.hpp"
#include "core/system/system_call.hpp"

namespace ame {

namespace fs = std::filesystem;

DirectoryObjectStore::DirectoryObjectStore(fs::path top, Use use)
    : top_(std::move(top)),
      use_(use) {}

std::string DirectoryObjectStore::place() const {
  return fmt::format("`{}`", top_.string());
}

std::vector<std::string> DirectoryObjectStore::missing(const std::vector<std::string>& keys) {
  std::vector<std::string> absent;
  const DiskFileSystem files;
  std::ranges::copy_if(keys, std::back_inserter(absent), [&](const std::string& key) {
    return files.status(top_ / key).kind != FileKind::regular;
  });
  return absent;
}

void DirectoryObjectStore::put(std::span<const Upload> uploads, const TransferProgress& progress) {
  in_threads(uploads.size(), [&](std::size_t index, std::mutex& mutex) {
    const Upload& upload = uploads[index];
    const std::uint64_t size = copy_file_atomically(upload.file, top_ / upload.key, {.sha256 = upload.sha256});
    const std::scoped_lock guard(mutex);
    progress(size);
  });
}

void DirectoryObjectStore::put_text(const std::string& key, std::string_view text) {
  DiskFileSystem files;
  files.make_directories((top_ / key).parent_path());
  files.write_atomically(top_ / key, text);
}

std::vector<std::string> DirectoryObjectStore::put_by_content(const ContentUpload& upload,
                                                              const TransferProgress& progress) {
  std::vector<std::string> hashes(upload.files.size());
  std::set<std::string> told;  // several threads may have made the same at once
  in_threads(hashes.size(), [&](std::size_t index, std::mutex& mutex) {
    const auto kept = keep_by_content(upload.top / upload.files[index], top_, upload.key_of);
    if (!kept) {
      return;
    }
    hashes[index] = kept->sha256;
    const std::scoped_lock guard(mutex);
    if (kept->is_new && told.insert(kept->sha256).second) {
      progress(kept->size);
    }
  });
  return hashes;
}

void DirectoryObjectStore::get(std::span<const Download> downloads, const TransferProgress& progress) {
  in_threads(downloads.size(), [&](std::size_t index, std::mutex& mutex) {
    const Download& download = downloads[index];
    const std::uint64_t size = copy_file_atomically(top_ / download.key,
                                                    download.file,
                                                    {.mode = download.mode,
                                                     .sha256 = download.sha256,
                                                     .mismatch = Mismatch::source_is_damaged,
                                                     .may_share = download.may_share});
    const std::scoped_lock guard(mutex);
    progress(size);
  });
}

std::optional<std::string> DirectoryObjectStore::get_text(const std::string& key) {
  return DiskFileSystem().read(top_ / key);
}

std::vector<std::string> DirectoryObjectStore::list(const std::string& prefix) {
  std::vector<std::string> keys;
  // Only the directory that the prefix leads into can hold what begins with it.
  const fs::path within = top_ / prefix.substr(0, prefix.rfind('/') == std::string::npos ? 0 : prefix.rfind('/'));
  std::error_code failure;
  for (auto entry = fs::recursive_directory_iterator(within, failure); !failure && entry != fs::end(entry);
       entry.increment(failure)) {
    std::string key = entry->path().lexically_relative(top_).string();
    const bool half_made = entry->path().filename().string().starts_with(".ame-");
    if (entry->is_regular_file() && key.starts_with(prefix) && !half_made) {
      keys.push_back(std::move(key));
    }
  }
  if (failure && failure != std::errc::no_such_file_or_directory) {
    throw machine_error("read", within, failure.value());
  }
  std::ranges::sort(keys);
  return keys;
}

void DirectoryObjectStore::remove(const std::vector<std::string>& keys) {
  DiskFileSystem files;
  for (const std::string& key : keys) {
    files.remove_all(top_ / key);
  }
}

}  // namespace ame
