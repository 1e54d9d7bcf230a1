// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace ame {

/// Says that the running test cannot run here, and why; the caller returns. CTest then counts it as skipped, and CI,
/// which has all it needs, as failed.
void skip_test(std::string_view reason);

}  // namespace ame
