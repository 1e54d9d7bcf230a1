// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cli/render/terminal.hpp"

namespace ame::cli {

enum class Health { good, lacking, broken };

/// A program or a place, as it was found.
struct Finding {
  std::string name;
  Health health = Health::good;
  std::string detail;  ///< where it is, which version, or what to do without it
};

/// What this machine has and lacks for ame.
struct Examination {
  std::vector<Finding> pythons;
  std::vector<Finding> tools;
  std::vector<Finding> executors;
  std::vector<Finding> places;
  std::vector<Finding> project;  ///< what the directory at hand looks like; empty: like no project
};

std::string doctor_text(const Examination& examination, const Painter& paint);
std::string doctor_json(const Examination& examination);

/// "12.5 GB".
std::string size_text(std::int64_t bytes);

}  // namespace ame::cli
