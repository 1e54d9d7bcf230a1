// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fstream>
#include <iterator>
#include <map>
#include <string>

#include "core/error.hpp"
#include "core/ports/object_store.hpp"
#include "core/system/sha256.hpp"

namespace ame {

/// Objects in memory; files they come from and go to are real.
class MemoryObjectStore final : public ObjectStore {
 public:
  [[nodiscard]] std::string place() const override { return "memory"; }

  [[nodiscard]] std::vector<std::string> missing(const std::vector<std::string>& keys) override {
    std::vector<std::string> absent;
    for (const std::string& key : keys) {
      if (!objects_.contains(key)) {
        absent.push_back(key);
      }
    }
    return absent;
  }

  void put(std::span<const Upload> uploads, const TransferProgress& progress) override {
    for (const Upload& upload : uploads) {
      std::ifstream stream(upload.file, std::ios::binary);
      if (!stream) {
        throw Error(ExitCode::machine, Diagnostic{.message = "cannot read `" + upload.file.string() + "`"});
      }
      objects_[upload.key] = {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
      progress(objects_[upload.key].size());
    }
  }

  void put_text(const std::string& key, std::string_view text) override { objects_[key] = text; }

  std::vector<std::string> put_by_content(const ContentUpload& upload, const TransferProgress& progress) override {
    std::vector<std::string> hashes;
    for (const std::string& path : upload.files) {
      std::ifstream stream(upload.top / path, std::ios::binary);
      std::string content{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
      hashes.push_back(stream.is_open() ? sha256_text(content) : "");
      if (stream.is_open() && objects_.emplace(upload.key_of(hashes.back()), content).second) {
        progress(content.size());
      }
    }
    return hashes;
  }

  void get(std::span<const Download> downloads, const TransferProgress& progress) override {
    for (const Download& download : downloads) {
      const auto found = objects_.find(download.key);
      if (found == objects_.end()) {
        throw Error(ExitCode::machine, Diagnostic{.message = "no object `" + download.key + "`"});
      }
      std::filesystem::create_directories(download.file.parent_path());
      std::ofstream(download.file, std::ios::binary) << found->second;
      std::filesystem::permissions(download.file, std::filesystem::perms(static_cast<unsigned>(download.mode)));
      progress(found->second.size());
    }
  }

  [[nodiscard]] std::optional<std::string> get_text(const std::string& key) override {
    const auto found = objects_.find(key);
    return found == objects_.end() ? std::nullopt : std::optional(found->second);
  }

  [[nodiscard]] std::vector<std::string> list(const std::string& prefix) override {
    std::vector<std::string> keys;
    for (const auto& [key, content] : objects_) {
      if (key.starts_with(prefix)) {
        keys.push_back(key);
      }
    }
    return keys;
  }

  void remove(const std::vector<std::string>& keys) override {
    for (const std::string& key : keys) {
      objects_.erase(key);
    }
  }

 private:
  std::map<std::string, std::string> objects_;
};

}  // namespace ame
