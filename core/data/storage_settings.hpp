// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ame {

enum class StorageKind : std::uint8_t { directory, s3, azure };

/// "directory", "s3", "azure".
const char* word_of(StorageKind kind);

/// None for another word.
std::optional<StorageKind> storage_kind(std::string_view word);

/// A place that keeps artifacts and data sets, as the user configured it. No secrets: those are in the secret store.
struct Storage {
  std::string name;
  StorageKind kind = StorageKind::directory;
  std::string path;      ///< of a directory, absolute
  std::string endpoint;  ///< "https://s3.example.org"
  std::string bucket;    ///< of azure, the container
  std::string prefix;    ///< before every key; may be empty
  std::string region;    ///< of s3
  std::string ca_file;   ///< certificates to trust instead of the system's; may be empty

  bool operator==(const Storage&) const = default;
};

struct StorageSettings {
  std::string used;  ///< name of the one that runs use; empty or `local`: the directory in ame's state
  std::vector<Storage> storages;

  /// Null where there is none of that name.
  [[nodiscard]] const Storage* find(std::string_view name) const;

  bool operator==(const StorageSettings&) const = default;
};

/// What opens a storage.
struct StorageKeys {
  std::string id;      ///< access key; of azure, the storage account
  std::string secret;  ///< of it
  std::string token;   ///< of temporary keys; of azure, a shared access signature; may be empty
};

/// The account that an address of Azure names: "https://lab.blob.core.windows.net" and "http://127.0.0.1:1/lab" do.
std::string azure_account(std::string_view endpoint);

/// Keys of the secret store that hold them.
std::string storage_secret(std::string_view storage, std::string_view part);

std::string storage_settings_json(const StorageSettings& settings);

/// Throws Error(bad_project) that names the file.
StorageSettings read_storage_settings(std::string_view text, const std::filesystem::path& file);

}  // namespace ame
