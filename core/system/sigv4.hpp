// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "core/ports/clock.hpp"
#include "core/ports/http.hpp"

namespace ame {

/// Who signs, for S3.
struct S3Credentials {
  std::string access_key;
  std::string secret_key;
  std::string session_token;  ///< of temporary credentials; empty: none
  std::string region;         ///< "us-east-1"
};

/// What is signed of a request.
struct SignedParts {
  std::string method;
  std::string host;       ///< with its port, where that is not the usual one
  std::string path;       ///< begins with `/`; not encoded
  QueryParameters query;  ///< not encoded
  std::string content_sha256;
};

/// Signature Version 4 of the AWS General Reference: the headers a request needs so that the server believes it.
std::vector<HttpHeader> sigv4_headers(const SignedParts& parts, const S3Credentials& credentials, UtcTime now);

}  // namespace ame
