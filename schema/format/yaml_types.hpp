// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace ame::schema {

/// Whether some reader of YAML (1.1 or 1.2) takes this text without quotes for something else: a number (`3.10`, `010`,
/// `1e3`, `1:30`), a truth value (`no`, `on`), a date, nothing (`~`).
bool is_retyped(std::string_view text);

/// Whether it would then also come back as another text: `3.10` as 3.1, `no` as false; but not `42`.
bool is_changed_by_retyping(std::string_view text);

}  // namespace ame::schema
