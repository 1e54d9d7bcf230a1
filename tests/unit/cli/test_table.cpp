// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "cli/render/run_table.hpp"
#include "cli/render/table.hpp"

namespace ame::cli {

namespace {

const Painter plain{Painter::Colour::off};

RunRecord run(long id, std::string name, RunState state) {
  return {.id = {id}, .name = std::move(name), .state = state};
}

}  // namespace

TEST_CASE("runs are listed as the AME page shows them", "[cli]") {
  // The names of that page end in what is a run's number here.
  CHECK(table_text({"Name", "Status", "Project"},
                   {{{"ameprojectsrc56k2rlogregtrainingsklearn-logistic-regression"}, {"Succeeded"}, {"Unknown"}},
                    {{"ameprojectsrcj8264logregtrainingdatasetdemo"}, {"Failed"}, {"Unknown"}},
                    {{"datasetdatasetdemodataset1dataset1-fetcher"}, {"Succeeded"}, {"Unknown"}},
                    {{"validate-logreg-1"}, {"Succeeded"}, {"Unknown"}}},
                   plain) ==
        "Name                                                        Status    Project \n"
        "ameprojectsrc56k2rlogregtrainingsklearn-logistic-regression Succeeded Unknown \n"
        "ameprojectsrcj8264logregtrainingdatasetdemo                 Failed    Unknown \n"
        "datasetdatasetdemodataset1dataset1-fetcher                  Succeeded Unknown \n"
        "validate-logreg-1                                           Succeeded Unknown \n"
        "\n");
}

TEST_CASE("a run is listed by name and number, with its project where that is known", "[cli]") {
  RunRecord known = run(142, "train", RunState::succeeded);
  known.project = ProjectName("mnist");
  CHECK(run_table({known, run(7, "prepare", RunState::running)}, plain) ==
        "Name      Status    Project \n"
        "train-142 Succeeded mnist   \n"
        "prepare-7 Running   Unknown \n"
        "\n");
}

TEST_CASE("columns stay straight with wide letters and colour", "[cli]") {
  CHECK(table_text({"N", "S"}, {{{"日本"}, {"x", Style::good}}, {{"a"}, {"yy"}}}, plain) ==
        "N    S  \n日本 x  \na    yy \n\n");
  CHECK(table_text({"N", "S"}, {{{"a"}, {"x", Style::good}}}, Painter(Painter::Colour::on)) ==
        "\033[1mN\033[0m \033[1mS\033[0m \na \033[32mx\033[0m \n\n");
}

}  // namespace ame::cli
