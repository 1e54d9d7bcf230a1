// SPDX-License-Identifier: Apache-2.0
#include "core/run/booked_files.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace ame {

bool has_same_books(const BookedFile& file, const FileStatus& status) {
  return file.changed_ns != 0 && file.size == status.size && file.modified_ns == status.modified_ns &&
         file.changed_ns == status.changed_ns && file.inode == status.inode && file.mode == status.mode;
}

BookedFile booked_file(const std::string& path, const FileStatus& status, std::int64_t now_ns) {
  const bool is_recent = status.changed_ns >= now_ns - moment_of_files_ns;
  return {.path = path,
          .hash = {},
          .size = status.size,
          .modified_ns = status.modified_ns,
          .changed_ns = is_recent ? 0 : status.changed_ns,
          .inode = status.inode,
          .mode = status.mode};
}

const BookedFile* find_booked(const std::vector<BookedFile>& files, const std::string& path) {
  const auto found = std::ranges::lower_bound(files, path, {}, &BookedFile::path);
  return found == files.end() || found->path != path ? nullptr : &*found;
}

std::string first_change(const std::vector<BookedFile>& then, const std::vector<BookedFile>& now) {
  for (const BookedFile& file : now) {
    const BookedFile* const old = find_booked(then, file.path);
    if (old == nullptr) {
      return fmt::format("`{}` is new", file.path);
    }
    if (old->hash != file.hash) {
      return fmt::format("`{}` has changed", file.path);
    }
  }
  for (const BookedFile& file : then) {
    if (find_booked(now, file.path) == nullptr) {
      return fmt::format("`{}` is gone", file.path);
    }
  }
  return {};
}

bool have_same_hashes(const std::vector<BookedFile>& left, const std::vector<BookedFile>& right) {
  return std::ranges::equal(left, right, [](const BookedFile& a, const BookedFile& b) {
    return a.path == b.path && a.hash == b.hash && (a.mode & 0111U) == (b.mode & 0111U);
  });
}

std::vector<BookedFile> rebooked(const std::vector<BookedFile>& files,
                                 const std::map<std::string, FileStatus>& statuses,
                                 std::int64_t now_ns) {
  std::vector<BookedFile> fresh;
  for (const BookedFile& file : files) {
    const FileStatus& status = statuses.at(file.path);
    fresh.push_back(has_same_books(file, status) ? file : booked_file(file.path, status, now_ns));
    fresh.back().hash = file.hash;
  }
  return fresh;
}

}  // namespace ame
