// SPDX-License-Identifier: Apache-2.0
#include "core/secrets/secret_masker.hpp"

#include <algorithm>
#include <bit>
#include <utility>

namespace ame {

SecretMasker::SecretMasker(std::shared_ptr<const MaskPatterns> patterns)
    : patterns_(std::move(patterns)) {}

void SecretMasker::write(std::string_view bytes, const Sink& sink) {
  if (patterns_->empty()) {
    sink(bytes);
    return;
  }
  std::string_view held = bytes;
  if (!held_.empty()) {
    held_.append(bytes);
    held = held_;
  }
  const std::vector<Open> resumed = std::exchange(open_, {});
  for (const Open& open : resumed) {
    walk(held, open.start, open.candidates);
  }
  scan(held);

  const std::size_t certain = first_uncertain(held);
  const std::size_t examined = held.size() < patterns_->window() ? 0 : held.size() - patterns_->window() + 1;
  hand_on(held, certain, sink);
  for (Open& open : open_) {
    open.start -= certain;
  }
  next_start_ = std::max({certain, examined, next_start_}) - certain;
  if (held_.empty()) {
    held_.assign(held.substr(certain));
  } else {
    held_.erase(0, certain);
  }
}

void SecretMasker::finish(const Sink& sink) {
  hand_on(held_, held_.size(), sink);
  held_.clear();
  open_.clear();
  masked_.clear();
  next_start_ = 0;
  in_mask_ = false;
}

void SecretMasker::scan(std::string_view held) {
  if (held.size() < patterns_->window()) {
    return;
  }
  const std::size_t last_start = held.size() - patterns_->window();
  const std::size_t stride = patterns_->stride();
  // The group of starts [first, first + stride) is decided by the one gram that begins at its last start.
  for (std::size_t first = next_start_; first <= last_start; first += stride) {
    const std::size_t probe = first + stride - 1;
    const std::uint32_t offsets = patterns_->offsets_of_gram(held.data() + probe);
    if (offsets != 0) [[unlikely]] {
      scan_group(held, probe, offsets);
    }
  }
}

void SecretMasker::scan_group(std::string_view held, std::size_t probe, std::uint32_t offsets) {
  const std::size_t last_start = held.size() - patterns_->window();
  while (offsets != 0) {
    const auto offset = static_cast<unsigned>(std::bit_width(offsets)) - 1;  // the earliest start first
    offsets &= ~(1U << offset);
    const std::size_t start = probe - offset;
    if (start > last_start) {
      return;
    }
    if (const auto candidates = patterns_->starting_with(held.substr(start))) {
      walk(held, start, *candidates);
    }
  }
}

void SecretMasker::walk(std::string_view held, std::size_t start, MaskPatterns::Candidates candidates) {
  const std::string_view rest = held.substr(start);
  while (true) {
    if (patterns_->text(candidates.begin).size() == candidates.depth) {
      add({.begin = start, .end = start + candidates.depth});
      ++candidates.begin;
    }
    if (candidates.begin == candidates.end) {
      return;
    }
    if (candidates.end - candidates.begin == 1) {
      const std::string_view wanted = patterns_->text(candidates.begin);
      const std::size_t known = std::min(wanted.size(), rest.size());
      if (wanted.substr(candidates.depth, known - candidates.depth) !=
          rest.substr(candidates.depth, known - candidates.depth)) {
        return;
      }
      candidates.depth = known;
    }
    if (candidates.depth == rest.size() && patterns_->text(candidates.begin).size() > rest.size()) {
      open_.push_back({.start = start, .candidates = candidates});
      return;
    }
    if (patterns_->text(candidates.begin).size() == candidates.depth) {
      continue;
    }
    const auto narrowed = patterns_->narrowed(candidates, rest[candidates.depth]);
    if (!narrowed) {
      return;
    }
    candidates = *narrowed;
  }
}

void SecretMasker::add(Interval interval) {
  if (!masked_.empty() && masked_.back().begin <= interval.begin && interval.begin <= masked_.back().end) {
    masked_.back().end = std::max(masked_.back().end, interval.end);
  } else {
    masked_.push_back(interval);
  }
}

std::size_t SecretMasker::first_uncertain(std::string_view held) const {
  std::size_t first = held.size();
  for (const Open& open : open_) {
    first = std::min(first, open.start);
  }
  const std::size_t examined = held.size() < patterns_->window() ? 0 : held.size() - patterns_->window() + 1;
  for (std::size_t start = std::max(next_start_, examined); start < first; ++start) {
    if (patterns_->is_beginning(held.substr(start))) {
      return start;
    }
  }
  return first;
}

void SecretMasker::hand_on(std::string_view held, std::size_t certain, const Sink& sink) {
  if (masked_.empty()) {
    if (certain != 0) {
      in_mask_ = false;
      sink(held.substr(0, certain));
    }
    return;
  }
  std::ranges::sort(masked_, {}, &Interval::begin);
  std::size_t done = 0;
  for (const Interval& interval : masked_) {
    const std::size_t begin = std::clamp(interval.begin, done, certain);
    if (begin > done) {
      in_mask_ = false;
      sink(held.substr(done, begin - done));
    }
    const std::size_t end = std::clamp(interval.end, begin, certain);
    if (end > begin && !in_mask_) {
      sink(mask_text);
      in_mask_ = true;
    }
    done = end;
  }
  if (done < certain) {
    in_mask_ = false;
    sink(held.substr(done, certain - done));
  }
  std::erase_if(masked_, [certain](const Interval& interval) { return interval.end <= certain; });
  for (Interval& interval : masked_) {
    interval = {.begin = interval.begin > certain ? interval.begin - certain : 0, .end = interval.end - certain};
  }
}

std::string masked(std::string_view text, const std::shared_ptr<const MaskPatterns>& patterns) {
  std::string result;
  SecretMasker masker(patterns);
  const auto collect = [&result](std::string_view bytes) { result.append(bytes); };
  masker.write(text, collect);
  masker.finish(collect);
  return result;
}

}  // namespace ame
