// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "core/model/run.hpp"
#include "core/run/frozen_run.hpp"
#include "core/secrets/mask_patterns.hpp"

namespace ame {

/// Takes what equals a secret of the run, however it came there, out of what is kept of the run's beginning. Files that
/// hold one, variables of the command line and the arguments behind `--` are withheld; other texts are masked.
void hide_secrets(FrozenRun& frozen, RunRecord& record, const std::shared_ptr<const MaskPatterns>& patterns);

}  // namespace ame
