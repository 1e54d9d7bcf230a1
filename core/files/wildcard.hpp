// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ame {

/// Whether a name, without `/`, is meant by a pattern of `*`, `?`, `[a-z]`, `[!a-z]`, `[[:digit:]]` and backslashes.
/// Bytes are compared. Takes time in proportion to the product of the lengths, whatever the pattern.
bool wildcard_matches(std::string_view pattern, std::string_view name);

/// The same for a path, segment by segment; the segment `**` means any number of directories, at the end everything
/// below.
bool segments_match(const std::vector<std::string>& pattern, const std::vector<std::string_view>& path);

/// Parts between slashes; empty ones are left out.
std::vector<std::string_view> path_segments(std::string_view path);

}  // namespace ame
