// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/ports/file_system.hpp"

namespace ame {

struct Upload {
  std::string key;
  std::filesystem::path file;
  std::uint64_t size = 0;  ///< bytes, for the display
  std::string sha256;      ///< 64 digits: an object with another content is not made, and that is an Error; empty: any
};

struct Download {
  std::string key;
  std::filesystem::path file;  ///< appears whole or not at all; parents are made
  FileMode mode = FileMode::shared;
  std::string sha256;      ///< 64 digits: a file with another content is not made, and that is an Error; empty: any
  bool may_share = false;  ///< the file may be the same bytes on the disk as the object: for who only reads it
};

/// Called after each object, with its bytes.
using TransferProgress = std::function<void(std::uint64_t)>;

/// The key of an object that has this SHA-256, of 64 digits.
using KeyOfContent = std::function<std::string(std::string_view sha256)>;

/// Files that are kept under the keys that their contents give them.
struct ContentUpload {
  std::filesystem::path top;
  std::vector<std::string> files;  ///< relative to `top`
  KeyOfContent key_of;
};

/// A place that keeps named bytes: a directory, a bucket. Keys are parts separated by `/`, none of them `.` or `..`.
/// Work comes in lists, so that an implementation can do many at once. Every failure is Error(machine) that names the
/// place; what was done before it stays, and the same call again goes on from there.
class ObjectStore {
 public:
  virtual ~ObjectStore() = default;

  /// For messages: "`/var/lib/artifacts`", "s3://bucket/prefix". No credentials.
  [[nodiscard]] virtual std::string place() const = 0;

  /// Whether others than this machine may write to it, whom no lock of this machine stops.
  [[nodiscard]] virtual bool is_shared() const { return false; }

  /// Those of the keys that are not there.
  [[nodiscard]] virtual std::vector<std::string> missing(const std::vector<std::string>& keys) = 0;

  /// Nobody ever sees a part of an object. A key that exists is replaced.
  virtual void put(std::span<const Upload> uploads, const TransferProgress& progress) = 0;
  virtual void put_text(const std::string& key, std::string_view text) = 0;

  /// Each content goes once, and not at all where its key is there. Returns the SHA-256 of each file, in their order;
  /// empty for one that is not there.
  virtual std::vector<std::string> put_by_content(const ContentUpload& upload, const TransferProgress& progress) = 0;

  /// Error when a key is not there.
  virtual void get(std::span<const Download> downloads, const TransferProgress& progress) = 0;
  [[nodiscard]] virtual std::optional<std::string> get_text(const std::string& key) = 0;

  /// Keys that begin with the prefix, sorted.
  [[nodiscard]] virtual std::vector<std::string> list(const std::string& prefix) = 0;

  /// Absent ones are fine.
  virtual void remove(const std::vector<std::string>& keys) = 0;
};

}  // namespace ame
