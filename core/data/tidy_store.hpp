// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>
#include <vector>

#include "core/ports/object_store.hpp"

namespace ame {

/// Contents that no record of the store names any more. A record is whatever lies beside `objects/`: each hash in its
/// text counts. Requires that nobody adds to the store meanwhile: of one that other machines share, none is told.
/// Records in `without` do not count: what would be unused once they are gone.
std::vector<std::string> unused_objects(ObjectStore& store, const std::set<std::string>& without = {});

}  // namespace ame
