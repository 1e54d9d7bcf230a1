// SPDX-License-Identifier: Apache-2.0
#include "core/graph/find_circle.hpp"

#include <algorithm>

namespace ame {

namespace {

enum class Progress : std::uint8_t { fresh, open, done };

struct Frame {
  std::uint32_t node = 0;
  std::size_t next = 0;
};

/// The way from `node`, which is on the path, to the path's end.
std::vector<std::uint32_t> way_from(const std::vector<Frame>& path, std::uint32_t node) {
  std::vector<std::uint32_t> circle;
  for (auto at = std::ranges::find(path, node, &Frame::node); at != path.end(); ++at) {
    circle.push_back(at->node);
  }
  return circle;
}

}  // namespace

std::vector<std::uint32_t> find_circle(const std::vector<std::vector<std::uint32_t>>& edges) {
  std::vector<Progress> progress(edges.size(), Progress::fresh);
  std::vector<Frame> path;
  for (std::uint32_t root = 0; root < edges.size(); ++root) {
    if (progress[root] != Progress::fresh) {
      continue;
    }
    path.push_back({root, 0});
    progress[root] = Progress::open;
    while (!path.empty()) {
      Frame& frame = path.back();
      if (frame.next == edges[frame.node].size()) {
        progress[frame.node] = Progress::done;
        path.pop_back();
        continue;
      }
      const std::uint32_t to = edges[frame.node][frame.next++];
      if (progress[to] == Progress::open) {
        return way_from(path, to);
      }
      if (progress[to] == Progress::fresh) {
        progress[to] = Progress::open;
        path.push_back({to, 0});
      }
    }
  }
  return {};
}

}  // namespace ame
