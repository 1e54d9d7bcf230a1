// SPDX-License-Identifier: Apache-2.0
#include "core/env/install_progress.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "core/text.hpp"

namespace ame {

namespace fs = std::filesystem;

namespace {

constexpr double mebi = 1024.0 * 1024.0;

/// "33.7MiB", "16.8 MB", "512kB". None for other texts.
std::optional<std::int64_t> bytes_in(std::string_view text) {
  struct Unit {
    std::string_view name;
    double bytes;
  };

  constexpr std::array<Unit, 7> units = {
      {{"GiB", 1024.0 * mebi}, {"MiB", mebi}, {"KiB", 1024.0}, {"GB", 1e9}, {"MB", 1e6}, {"kB", 1e3}, {"B", 1.0}}};
  const std::size_t digits = std::min(text.find_first_not_of("0123456789."), text.size());
  double number = 0;
  const auto read = std::from_chars(text.data(), text.data() + digits, number);
  std::string_view unit = text.substr(digits);
  unit.remove_prefix(std::min(unit.find_first_not_of(' '), unit.size()));
  const auto* const found =
      std::find_if(units.begin(), units.end(), [unit](const Unit& one) { return unit == one.name; });
  if (read.ec != std::errc() || found == units.end()) {
    return std::nullopt;
  }
  return static_cast<std::int64_t>(number * found->bytes);
}

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = std::min(text.find_first_not_of(" \t\r"), text.size());
  const std::size_t end = text.find_last_not_of(" \t\r");
  return end == std::string_view::npos ? std::string_view() : text.substr(begin, end - begin + 1);
}

std::string_view after(std::string_view text, std::string_view beginning) {
  return text.starts_with(beginning) ? text.substr(beginning.size()) : std::string_view();
}

std::string time_left(double seconds) {
  if (seconds < 60) {
    return fmt::format("{:.0f} s", std::max(1.0, seconds));
  }
  return seconds < 3600 ? fmt::format("{:.0f} min", seconds / 60) : fmt::format("{:.1f} h", seconds / 3600);
}

}  // namespace

InstallProgress::InstallProgress(const FileReader& files, fs::path wheels, const Clock& clock)
    : files_(&files),
      wheels_(std::move(wheels)),
      clock_(&clock) {}

void InstallProgress::hear(std::string_view bytes) {
  constexpr std::size_t longest_line = 64UL << 10;
  unfinished_ += bytes;
  std::size_t end = 0;
  while ((end = unfinished_.find('\n')) != std::string::npos) {
    take_line(trimmed(std::string_view(unfinished_).substr(0, end)));
    unfinished_.erase(0, end + 1);
  }
  if (unfinished_.size() > longest_line) {
    unfinished_.clear();
  }
}

void InstallProgress::take_line(std::string_view line) {
  if (const std::string_view what = after(line, "Downloading "); !what.empty()) {
    const std::size_t open = what.rfind('(');
    const std::optional<std::int64_t> bytes = open == std::string_view::npos || !what.ends_with(')')
                                                  ? std::nullopt
                                                  : bytes_in(what.substr(open + 1, what.size() - open - 2));
    if (bytes) {
      began_ = downloads_.empty() ? clock_->steady() : began_;
      const bool is_of_pip = what.find(".whl") < open || what.find(".tar.gz") < open;  // one after the other
      for (auto& [name, download] : downloads_) {
        download.is_done = download.is_done || is_of_pip;
      }
      downloads_[std::string(trimmed(what.substr(0, open)))] = {.bytes = *bytes};
    }
  } else if (const std::string_view done = after(line, "Downloaded "); !done.empty()) {
    if (const auto found = downloads_.find(std::string(done)); found != downloads_.end()) {
      found->second.is_done = true;
    }
  } else if (line.starts_with("Prepared ") || line.starts_with("Installing collected packages")) {
    phase_ = "installing";
  } else if (line.starts_with("Building ") || line.starts_with("Collecting ")) {
    phase_ = line.starts_with("B") ? "building " + std::string(after(line, "Building ")) : "resolving";
  } else if (line.starts_with("Resolved ")) {
    phase_ = "preparing";
  }
}

std::optional<std::string> InstallProgress::now() const {
  const bool is_downloading =
      std::any_of(downloads_.begin(), downloads_.end(), [](const auto& download) { return !download.second.is_done; });
  if (is_downloading && phase_ != "installing") {
    return downloading();
  }
  return phase_.empty() ? std::nullopt : std::optional(phase_);
}

std::string InstallProgress::downloading() const {
  std::int64_t all = 0;
  std::int64_t done = 0;
  std::size_t open = 0;
  for (const auto& [name, download] : downloads_) {
    all += download.bytes;
    done += download.is_done ? download.bytes : 0;
    open += download.is_done ? 0 : 1;
  }
  done += arriving(all - done);
  std::string text = fmt::format("downloading {}: {:.1f} of {:.1f} MiB",
                                 counted(open, "package"),
                                 static_cast<double>(done) / mebi,
                                 static_cast<double>(all) / mebi);
  const double seconds = std::chrono::duration<double>(clock_->steady() - began_).count();
  if (done > 0 && seconds >= 1) {
    text += fmt::format(", about {} left",
                        time_left(seconds * static_cast<double>(all - done) / static_cast<double>(done)));
  }
  return text;
}

/// uv unpacks what arrives; packages are about a third of their size while they are packed.
std::int64_t InstallProgress::arriving(std::int64_t at_most) const {
  constexpr int packed = 3;
  std::int64_t unpacked = 0;
  for (const std::string& name : files_->list(wheels_)) {
    unpacked += name.starts_with(".tmp") ? size_of_tree(*files_, wheels_ / name) : 0;
  }
  return std::min(unpacked / packed, at_most / 20 * 19);
}

std::int64_t size_of_tree(const FileReader& files, const fs::path& directory) {
  std::int64_t bytes = 0;
  for (const std::string& name : files.list(directory)) {
    const fs::path path = directory / name;
    const FileStatus status = files.status(path);
    if (status.kind == FileKind::regular) {
      bytes += static_cast<std::int64_t>(status.size);
    } else if (status.kind == FileKind::directory && name != "lib64") {  // a link to lib
      bytes += size_of_tree(files, path);
    }
  }
  return bytes;
}

}  // namespace ame
