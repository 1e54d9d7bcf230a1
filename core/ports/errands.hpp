// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <stop_token>

namespace ame {

/// Work that is done beside what a thread does: questions over a network, files that come and go. One thread sends and
/// takes.
class Errands {
 public:
  /// What follows from an errand, called by who takes it.
  using Then = std::function<void()>;

  /// Done beside. It must not throw, and should come to an end soon once it is asked to stop.
  using Errand = std::function<Then(const std::stop_token& stop)>;

  /// Asks what is under way to stop and waits for it; what was not begun is dropped.
  virtual ~Errands() = default;

  virtual void send(Errand errand) = 0;

  /// Calls what follows from one that is done; false: none is.
  virtual bool take() = 0;

  /// Whether something is under way or waits to be taken.
  [[nodiscard]] virtual bool is_busy() const = 0;
};

}  // namespace ame
