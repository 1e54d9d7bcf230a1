// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/ports/clock.hpp"
#include "core/ports/http.hpp"

namespace ame {

/// Who asks an Azure storage account.
struct AzureCredentials {
  std::string account;
  std::string key;  ///< in base64, as Azure gives it; empty: the shared access signature says who asks
  std::string sas;  ///< "sv=…&sig=…", without a question mark; empty: the key signs
};

/// What is signed of a request.
struct AzureParts {
  std::string method;
  std::string path;       ///< of the address, encoded; begins with `/`
  QueryParameters query;  ///< not encoded
  std::vector<HttpHeader> headers;
  std::uint64_t content_size = 0;
};

/// In base64, for headers and names of blocks.
std::string base64_text(std::string_view bytes);

/// Whether this is base64 from beginning to end.
bool is_base64(std::string_view text);

/// The headers of `parts`, with those that Azure's authorization by a shared key adds (Microsoft: "Authorize with
/// Shared Key", for the Blob service from version 2015-02-21 on). With a shared access signature, nothing is signed.
std::vector<HttpHeader> azure_headers(AzureParts parts, const AzureCredentials& credentials, UtcTime now);

}  // namespace ame
