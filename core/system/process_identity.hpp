// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/model/run.hpp"
#include "core/ports/run_control.hpp"

namespace ame {

/// This process, as it is written into the runs it owns. RunOwner::boot carries the kernel's boot id and the namespace
/// that process numbers belong to.
RunOwner this_process();

/// Whether that process is alive, as far as it can be known from here.
OwnerState state_of_process(const RunOwner& owner);

}  // namespace ame
