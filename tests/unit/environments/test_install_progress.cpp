// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "core/env/install_progress.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/memory_file_system.hpp"

using ame::InstallProgress;

TEST_CASE("what uv says becomes bytes and time left") {
  ame::MemoryFileSystem files;
  ame::ManualClock clock;
  InstallProgress progress(files, "/wheels", clock);
  CHECK_FALSE(progress.now().has_value());
  progress.hear("Using Python 3.11.2\nResolved 3 pack");
  progress.hear("ages in 5ms\n");
  CHECK(progress.now() == "preparing");
  progress.hear("Downloading scipy (30.0MiB)\nDownloading numpy (10.0MiB)\n");
  CHECK(progress.now() == "downloading 2 packages: 0.0 of 40.0 MiB");
  clock.advance(std::chrono::seconds(2));
  progress.hear(" Downloaded numpy\n");
  CHECK(progress.now() == "downloading 1 package: 10.0 of 40.0 MiB, about 6 s left");
  files.add("/wheels/.tmpa/scipy/x.so", std::string(30UL << 20, 'x'));
  CHECK(progress.now() == "downloading 1 package: 20.0 of 40.0 MiB, about 2 s left");
  progress.hear(" Downloaded scipy\nPrepared 3 packages in 2s\n");
  CHECK(progress.now() == "installing");
}

TEST_CASE("what pip says becomes the same") {
  ame::MemoryFileSystem files;
  ame::ManualClock clock;
  InstallProgress progress(files, "/wheels", clock);
  progress.hear("Collecting numpy==2.2.6\n");
  CHECK(progress.now() == "resolving");
  progress.hear("  Downloading numpy-2.2.6-cp311-cp311-manylinux_2_17_x86_64.whl (16.8 MB)\n");
  CHECK(progress.now() == "downloading 1 package: 0.0 of 16.0 MiB");
  progress.hear("  Downloading tabulate-0.9.0-py3-none-any.whl (35 kB)\n");
  CHECK(progress.now() == "downloading 1 package: 16.0 of 16.1 MiB");
  progress.hear("Installing collected packages: numpy, tabulate\n");
  CHECK(progress.now() == "installing");
}
