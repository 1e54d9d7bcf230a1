// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace ame {

/// "512", "4Gi", "23.4Gi": bytes in the largest binary unit they fill, cut to one decimal. For people; exact amounts
/// are Quantity::text().
std::string size_text(std::int64_t bytes);

/// The same with as many decimals (at most three) as it takes to differ from size_text(other).
std::string size_text_unlike(std::int64_t bytes, std::int64_t other);

}  // namespace ame
