// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "core/run/job.hpp"

namespace ame {

/// Jobs that ask for the same of a machine get the same number, from 0 on: where one has to wait, all of them do.
std::vector<std::uint32_t> kinds_of(const std::vector<Job>& jobs);

/// A number for each, for a place where none waits because of another.
std::vector<std::uint32_t> each_its_own(const std::vector<Job>& jobs);

}  // namespace ame
