// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ame {

/// "1 task", "3 tasks".
std::string counted(std::size_t count, std::string_view noun);

/// "`a`", "`a` or `b`", "`a`, `b` or `c`".
std::string one_of(const std::vector<std::string>& words);

/// "`a`", "`a` and `b`", "`a`, `b` and `c`".
std::string all_of(const std::vector<std::string>& words);

/// The word most like `wanted` (letters added, lost, changed or swapped, case ignored); none where nothing is near.
std::optional<std::string> nearest(std::string_view wanted, const std::vector<std::string>& words);

/// "did you mean `train`?", or an empty text.
std::string did_you_mean(std::string_view wanted, const std::vector<std::string>& words);

/// "512 bytes", "1.5 KiB", "12 GiB".
std::string bytes_text(std::uint64_t bytes);

/// So that a POSIX shell reads it as one word.
std::string shell_quoted(std::string_view word);

}  // namespace ame
