// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "core/model/effective_value.hpp"

namespace ame::cli {

/// A task as YAML that loads, with the origin of each value in a comment behind it.
std::string origin_yaml(const EffectiveValue& task);

/// {"task": …, "values": [{"path": …, "value": …, "from": …, "name": …, "project": …, "file": …, "line": …, "column":
/// …}]}
std::string origin_json(const EffectiveValue& task);

}  // namespace ame::cli
