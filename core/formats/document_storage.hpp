// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/formats/arena.hpp"
#include "core/formats/document.hpp"

namespace ame {

struct Document::Storage {
  Arena arena;
};

}  // namespace ame
