// SPDX-License-Identifier: Apache-2.0
#include "schema/circles.hpp"

#include <fmt/format.h>

namespace ame::schema {

namespace {

constexpr std::size_t shown_edges = 12;

}  // namespace

void report_circle(std::string_view what, const std::vector<CircleEdge>& edges, Problems& problems) {
  Problem problem{.where = edges.front().where, .message = fmt::format("{}: ", what)};
  for (std::size_t index = 0; index < edges.size(); ++index) {
    if (index == shown_edges) {
      problem.message += fmt::format("({} more) -> ", edges.size() - index);
      break;
    }
    problem.message += fmt::format("`{}` -> ", edges[index].from);
    const CircleEdge& next = edges[(index + 1) % edges.size()];
    problem.related.push_back(
        {fmt::format("`{}` {} `{}`", edges[index].from, edges[index].says, next.from), edges[index].where});
  }
  problem.message += fmt::format("`{}`", edges.front().from);
  problems.error(std::move(problem));
}

}  // namespace ame::schema
