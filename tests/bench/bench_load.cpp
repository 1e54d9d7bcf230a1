// SPDX-License-Identifier: Apache-2.0
// What it costs to load a large ame.yml and to make its graph, against yaml-cpp's own tree of the same file in the same
// run. usage: bench_load [TASKS...]     1000, 10000 and 50000 without arguments
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include "core/formats/parse.hpp"
#include "core/graph/task_graph.hpp"
#include "schema/load.hpp"
#include "tests/bench/child_process.hpp"
#include "tests/bench/generated_project.hpp"
#include "tests/support/memory_file_system.hpp"

namespace ame::bench {
namespace {

constexpr int runs = 3;
constexpr const char* project_file = "/project/ame.yml";

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

std::shared_ptr<const SourceText> source_of(std::string text) {
  return std::make_shared<SourceText>(SourceText{.file = "ame.yml", .text = std::move(text)});
}

Project load(const FileReader& files) {
  return schema::load_project(files, project_file, {}).project;
}

void make_whole_graph(const Project& project) {
  std::vector<TaskName> all;
  for (const auto& task : project.tasks) {
    all.push_back(task->name);
  }
  make_task_graph(project, all);
}

void measure_growth(const std::vector<std::size_t>& sizes) {
  std::vector<Row> rows{{"YAML::Load", {}}, {"parse_yaml", {}}, {"load_project", {}}, {"load and graph", {}}};
  for (const std::size_t size : sizes) {
    const auto source = source_of(generated_project(size));
    MemoryFileSystem files;
    files.add(project_file, source->text);
    const std::vector<Measurement> best = best_of(runs,
                                                  {[&] { YAML::Load(source->text); },
                                                   [&] { parse_yaml(source); },
                                                   [&] { load(files); },
                                                   [&] { make_whole_graph(load(files)); }});
    for (std::size_t row = 0; row < rows.size(); ++row) {
      rows[row].at.push_back(best[row]);
    }
  }
  for (const Row& row : rows) {
    print(row, rows.front(), sizes);
  }
}

void measure_matrix() {
  constexpr std::size_t size = 20'000;
  MemoryFileSystem spelled;
  MemoryFileSystem matrix;
  spelled.add(project_file, spelled_out_sweep(size));
  matrix.add(project_file, matrix_sweep(size));
  const std::vector<Measurement> best =
      best_of(runs, {[&] { make_whole_graph(load(spelled)); }, [&] { make_whole_graph(load(matrix)); }});
  fmt::print("{} tasks out of a matrix: {:.1f} ms, {:.2f} of the {:.1f} ms when they are spelled out\n",
             size,
             best[1].seconds * 1e3,
             best[1].seconds / best[0].seconds,
             best[0].seconds * 1e3);
}

/// The least processor time of several runs in this process. A child that shares the project's memory with its parent
/// would pay for copying the pages that it touches.
double least_seconds(const Work& work) {
  double least = 0;
  for (int run = 0; run < runs; ++run) {
    const std::clock_t started = std::clock();
    work();
    const double took = static_cast<double>(std::clock() - started) / CLOCKS_PER_SEC;
    least = run == 0 ? took : std::min(least, took);
  }
  return least;
}

/// Putting steps in order and looking for circles, against reading the file that says them.
void measure_edges() {
  constexpr std::size_t tasks = 10'000;
  constexpr std::size_t needs = 10;
  const auto source = source_of(tasks_with_needs(tasks, needs));
  MemoryFileSystem files;
  files.add(project_file, source->text);
  const Project project = load(files);
  const double reading = least_seconds([&] { parse_yaml(source); });
  const double ordering = least_seconds([&] { make_whole_graph(project); });
  fmt::print(
      "{} edges: in order and without circles after {:.1f} ms, {:.3f} of the {:.1f} ms that reading them takes\n",
      tasks * needs,
      ordering * 1e3,
      ordering / reading,
      reading * 1e3);
}

}  // namespace
}  // namespace ame::bench

int main(int count, char** arguments) {
  std::vector<std::size_t> sizes;
  for (int index = 1; index < count; ++index) {
    sizes.push_back(std::strtoul(arguments[index], nullptr, 10));
  }
  ame::bench::measure_growth(sizes.empty() ? std::vector<std::size_t>{1'000, 10'000, 50'000} : sizes);
  ame::bench::measure_matrix();
  ame::bench::measure_edges();
}
