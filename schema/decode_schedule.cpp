// SPDX-License-Identifier: Apache-2.0
#include "schema/decode.hpp"

namespace ame::schema {

std::string read_schedule(const Value& value, Decoding& decoding) {
  return read_text(value, decoding);
}

}  // namespace ame::schema
