// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ame {

/// One way round, in order, each leading to the next and the last to the first; empty when there is none.
/// `edges[node]` are the nodes that a node leads to. Takes time in proportion to nodes and edges, and no stack.
std::vector<std::uint32_t> find_circle(const std::vector<std::vector<std::uint32_t>>& edges);

}  // namespace ame
