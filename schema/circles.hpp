// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "schema/problems.hpp"

namespace ame::schema {

/// One step on the way round: `from` says `says` the next one's name.
struct CircleEdge {
  std::string from;
  std::string_view says;  ///< "depends on", "refers to", …
  Spot where;
};

/// Prints the path and the place of each of its edges. Long ways round are cut in the middle.
void report_circle(std::string_view what, const std::vector<CircleEdge>& edges, Problems& problems);

}  // namespace ame::schema
