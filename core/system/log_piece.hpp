// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "core/model/run.hpp"
#include "core/ports/process_runner.hpp"

namespace ame {

/// When a piece of a log came and from which stream, as it is stored: microseconds since 1970, times 4, plus
/// OutputStream.
inline std::uint64_t packed_origin(UtcTime time, OutputStream stream) {
  return static_cast<std::uint64_t>(time.time_since_epoch().count()) << 2U | static_cast<std::uint64_t>(stream);
}

inline UtcTime time_of_origin(std::uint64_t origin) {
  return UtcTime(UtcTime::duration(static_cast<std::int64_t>(origin >> 2U)));
}

inline OutputStream stream_of_origin(std::uint64_t origin) {
  return (origin & 3U) == static_cast<std::uint64_t>(OutputStream::standard_error) ? OutputStream::standard_error
                                                                                   : OutputStream::standard_output;
}

/// One piece in a log of its own. Little-endian numbers, as memory has them on every machine ame runs on.
struct LogPiece {
  std::uint64_t end = 0;  ///< offset behind the piece's last byte
  std::uint64_t origin = 0;
};

static_assert(sizeof(LogPiece) == 16);

}  // namespace ame
