// SPDX-License-Identifier: Apache-2.0
// What it costs to read a large ame.yml, against yaml-cpp's own tree of the same file in the same run.
// usage: bench_load [TASKS...]     1000, 10000 and 50000 without arguments
#include <cmath>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include "core/formats/parse.hpp"
#include "tests/bench/child_process.hpp"
#include "tests/bench/generated_project.hpp"

namespace ame::bench {
namespace {

struct Row {
  std::string name;
  std::vector<Measurement> at;  ///< one for each size
};

/// 1 where time grows as the file does, 2 where it grows as its square.
double growth(const Row& row, const std::vector<std::size_t>& sizes) {
  return std::log(row.at.back().seconds / row.at.front().seconds) /
         std::log(static_cast<double>(sizes.back()) / static_cast<double>(sizes.front()));
}

void print(const Row& row, const Row& peer, const std::vector<std::size_t>& sizes) {
  fmt::print("{}\n", row.name);
  for (std::size_t index = 0; index < sizes.size(); ++index) {
    const Measurement& ours = row.at[index];
    const Measurement& theirs = peer.at[index];
    fmt::print("  {:6} tasks {:9.1f} ms {:8.1f} us/task {:8.1f} MB   {:4.2f} of the time, {:4.2f} of the memory\n",
               sizes[index],
               ours.seconds * 1e3,
               ours.seconds * 1e6 / static_cast<double>(sizes[index]),
               ours.megabytes,
               ours.seconds / theirs.seconds,
               ours.megabytes / theirs.megabytes);
  }
  if (sizes.size() > 1) {
    fmt::print("  grows with exponent {:.2f}\n", growth(row, sizes));
  }
}

void run(const std::vector<std::size_t>& sizes) {
  constexpr int runs = 3;
  Row peer{.name = "YAML::Load", .at = {}};
  Row parse{.name = "parse_yaml", .at = {}};
  for (const std::size_t size : sizes) {
    const auto source = std::make_shared<SourceText>(SourceText{.file = "ame.yml", .text = generated_project(size)});
    const std::vector<Measurement> best =
        best_of(runs, {[&] { YAML::Load(source->text); }, [&] { parse_yaml(source); }});
    peer.at.push_back(best[0]);
    parse.at.push_back(best[1]);
  }
  print(peer, peer, sizes);
  print(parse, peer, sizes);
}

}  // namespace
}  // namespace ame::bench

int main(int count, char** arguments) {
  std::vector<std::size_t> sizes;
  for (int index = 1; index < count; ++index) {
    sizes.push_back(std::strtoul(arguments[index], nullptr, 10));
  }
  ame::bench::run(sizes.empty() ? std::vector<std::size_t>{1'000, 10'000, 50'000} : sizes);
}
