// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <variant>

namespace ame {

/// Lets a command go on without the terminal and the session it was started in.
class Background {
 public:
  virtual ~Background() = default;

  enum class Side {
    front,  ///< the process the user started: tells what it hears and ends
    back,   ///< a copy that goes on
  };

  /// Splits the process in two. The back side has a session of its own, so that a logout does not end it, and shares
  /// the streams of the front until it tells. Throws Error(machine).
  virtual Side split() = 0;

  /// On the back side: gives the front its answer. From now on what is written goes nowhere.
  virtual void tell(const std::string& answer) = 0;

  /// On the front side: blocks until the back has told; or its exit code, when it ended without. What asks the front to
  /// stop meanwhile is passed on to the back.
  virtual std::variant<std::string, int> hear() = 0;
};

}  // namespace ame
