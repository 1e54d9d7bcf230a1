// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <utility>

#include "core/ports/errands.hpp"

namespace ame {

/// Done when they are taken.
class LaterErrands final : public Errands {
 public:
  void send(Errand errand) override { errands_.push_back(std::move(errand)); }

  bool take() override {
    if (errands_.empty()) {
      return false;
    }
    const Errand errand = std::move(errands_.front());
    errands_.pop_front();
    errand({})();
    return true;
  }

  [[nodiscard]] bool is_busy() const override { return !errands_.empty(); }

 private:
  std::deque<Errand> errands_;
};

}  // namespace ame
