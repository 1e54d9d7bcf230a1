// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/model/secret_text.hpp"

namespace ame {

/// Its texts are wiped when they are given back.
using SecretJson = nlohmann::basic_json<std::map, std::vector, WipedString>;

}  // namespace ame
