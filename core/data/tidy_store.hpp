// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/ports/object_store.hpp"

namespace ame {

/// Contents that no record of the store names any more. A record is whatever lies beside `objects/`: each hash in its
/// text counts. Requires that nobody adds to the store meanwhile.
std::vector<std::string> unused_objects(ObjectStore& store);

}  // namespace ame
