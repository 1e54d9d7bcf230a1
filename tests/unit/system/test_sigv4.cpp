// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "core/system/sha256.hpp"
#include "core/system/sigv4.hpp"

namespace ame {
namespace {

/// 24 May 2013, 00:00 UTC: the examples of Amazon's documentation of S3.
const UtcTime then = UtcTime(std::chrono::seconds(1'369'353'600));
const S3Credentials example = {.access_key = "AKIAIOSFODNN7EXAMPLE",
                               .secret_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
                               .session_token = {},
                               .region = "us-east-1"};

std::string authorization(const SignedParts& parts) {
  return sigv4_headers(parts, example, then).back().value;
}

}  // namespace

TEST_CASE("requests are signed as Amazon's documentation shows it") {
  const std::string begin =
      "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, "
      "SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature=";
  CHECK(authorization({.method = "GET",
                       .host = "examplebucket.s3.amazonaws.com",
                       .path = "/",
                       .query = {{"lifecycle", ""}},
                       .content_sha256 = sha256_text("")}) ==
        begin + "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
  CHECK(authorization({.method = "GET",
                       .host = "examplebucket.s3.amazonaws.com",
                       .path = "/",
                       .query = {{"prefix", "J"}, {"max-keys", "2"}},
                       .content_sha256 = sha256_text("")}) ==
        begin + "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
}

TEST_CASE("parameters are encoded and sorted") {
  CHECK(query_text({{"prefix", "a b/+"}, {"list-type", "2"}, {"uploads", ""}}) ==
        "?list-type=2&prefix=a%20b%2F%2B&uploads=");
  CHECK(query_text({}).empty());
}

}  // namespace ame
