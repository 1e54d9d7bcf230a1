// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace ame {

/// Azurite, Microsoft's own stand-in for Azure Blob Storage, on loopback: started when it is first asked for and
/// stopped with the program. It checks signatures. Its account and key are those that everybody's Azurite has.
class AzureServer {
 public:
  static constexpr const char* account = "devstoreaccount1";
  static constexpr const char* key =
      "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

  /// "http://127.0.0.1:40123/devstoreaccount1"; empty where this machine has no such server.
  static std::string endpoint();

  /// A shared access signature for everything, that allows these letters, "rwdlac", until the end of 2099.
  static std::string signature_for(const std::string& permissions);

  static void make_container(const std::string& name);

  /// What rclone, a client that knows nothing of ame, answers of a container; `words` follow its configuration. Ends
  /// the test when it fails. The account is `a:`.
  static std::string rclone(const std::string& container, const std::string& words);
};

}  // namespace ame
