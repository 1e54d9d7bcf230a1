// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "core/ports/object_store.hpp"

namespace ame {

/// Objects as files below a directory, which is made when it is first written to. Safe for many processes at once.
class DirectoryObjectStore final : public ObjectStore {
 public:
  enum class Use { by_this_machine, shared };

  explicit DirectoryObjectStore(std::filesystem::path top, Use use = Use::by_this_machine);

  [[nodiscard]] std::string place() const override;

  [[nodiscard]] bool is_shared() const override { return use_ == Use::shared; }

  [[nodiscard]] std::vector<std::string> missing(const std::vector<std::string>& keys) override;
  void put(std::span<const Upload> uploads, const TransferProgress& progress) override;
  void put_text(const std::string& key, std::string_view text) override;
  std::vector<std::string> put_by_content(const ContentUpload& upload, const TransferProgress& progress) override;
  void get(std::span<const Download> downloads, const TransferProgress& progress) override;
  [[nodiscard]] std::optional<std::string> get_text(const std::string& key) override;
  [[nodiscard]] std::vector<std::string> list(const std::string& prefix) override;
  void remove(const std::vector<std::string>& keys) override;

 private:
  std::filesystem::path top_;
  Use use_;
};

}  // namespace ame
