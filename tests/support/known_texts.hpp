// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace ame {

/// Every ame.yml and every block of YAML that this project carries: examples, documents, the corpus of the fuzzer.
std::vector<std::string> known_texts();

}  // namespace ame
