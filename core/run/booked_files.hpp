// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/run/step_book.hpp"

namespace ame {

/// What changed just now may change again unseen: the kernel's clock of files moves in steps of 10 ms at most.
inline constexpr std::int64_t moment_of_files_ns = 20'000'000;

/// A file as it is, without its hash. `now_ns` is in nanoseconds since 1970.
BookedFile booked_file(const std::string& path, const FileStatus& status, std::int64_t now_ns);

/// Whether the file is surely the one that was booked: the kernel notes every write.
bool has_same_books(const BookedFile& file, const FileStatus& status);

/// Null where there is none. Requires files sorted by path.
const BookedFile* find_booked(const std::vector<BookedFile>& files, const std::string& path);

/// The first file that is another one, as a reason: "`data.csv` has changed"; empty where all are the same.
std::string first_change(const std::vector<BookedFile>& then, const std::vector<BookedFile>& now);

/// Whether both are the same files with the same contents, executable or not.
bool have_same_hashes(const std::vector<BookedFile>& left, const std::vector<BookedFile>& right);

/// The same contents as the files are booked now.
std::vector<BookedFile> rebooked(const std::vector<BookedFile>& files,
                                 const std::map<std::string, FileStatus>& statuses,
                                 std::int64_t now_ns);

}  // namespace ame
