// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/ports/accounts.hpp"

namespace ame {

class PosixAccounts final : public Accounts {
 public:
  [[nodiscard]] Account caller() const override;
  [[nodiscard]] Account owner_of(const std::filesystem::path& path) const override;
  void give(const std::filesystem::path& directory, Account to) override;
};

}  // namespace ame
