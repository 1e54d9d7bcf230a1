// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include "core/model/machine.hpp"
#include "core/ports/clock.hpp"
#include "core/ports/process_runner.hpp"

namespace ame {

/// Adds the devices that the drivers' own tools (nvidia-smi, amd-smi, rocm-smi) know to `machine`, as far as the
/// caller's own CUDA_VISIBLE_DEVICES and its kin leave them to ame; and in `gpus_looked_for` what each tool did not
/// know. Costs as much as those tools do: to be called only where a task wants a device. Throws Error(interrupted).
void detect_gpus(MachineResources& machine,
                 ProcessRunner& processes,
                 const Clock& clock,
                 const std::map<std::string, std::string>& environment);

}  // namespace ame
