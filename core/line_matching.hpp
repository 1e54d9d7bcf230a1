// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace ame {

/// The lines of a text, each with its end; the last may have none.
std::vector<std::string_view> lines_with_ends(std::string_view text);

/// For each line of `before` the line of `after` that it has become, or `no_line`. Matches ascend. Lines that occur
/// once in both are matched first, so that braces and blank lines do not tear blocks apart; large stretches without any
/// such line count as replaced.
std::vector<std::size_t> match_lines(const std::vector<std::string_view>& before,
                                     const std::vector<std::string_view>& after);

inline constexpr std::size_t no_line = static_cast<std::size_t>(-1);

}  // namespace ame
