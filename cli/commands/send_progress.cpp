// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/send_progress.hpp"

#include <fmt/format.h>

#include "core/model/size_text.hpp"
#include "core/text.hpp"

namespace ame::cli {

namespace {

constexpr std::chrono::milliseconds between_drawings{200};
constexpr std::chrono::seconds between_lines{10};
constexpr const char* erased = "\r\x1b[K";

}  // namespace

SendProgress::SendProgress(Terminal& terminal, const Clock& clock)
    : terminal_(terminal),
      clock_(clock),
      said_(clock.steady()) {}

SendProgress::~SendProgress() {
  if (is_drawn_) {
    terminal_.remark(erased);
  }
}

void SendProgress::sent(std::size_t files, std::uint64_t bytes) {
  files_ += files;
  bytes_ += bytes;
  const bool redraws = terminal_.can_redraw();
  const auto now = clock_.steady();
  if (now - said_ < (redraws ? between_drawings : between_lines)) {
    return;
  }
  said_ = now;
  is_drawn_ = redraws;
  terminal_.remark(fmt::format("{}sent {} ({}){}",
                               redraws ? erased : "",
                               counted(files_, "file"),
                               size_text(static_cast<std::int64_t>(bytes_)),
                               redraws ? "" : "\n"));
}

}  // namespace ame::cli
