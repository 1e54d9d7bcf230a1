// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "clusters/server_fault.hpp"
#include "clusters/tes/tes_protocol.hpp"
#include "core/model/secret_text.hpp"
#include "core/ports/http.hpp"

namespace ame::clusters {

enum class TesView : std::uint8_t { minimal, basic, full };

/// Asks a server that speaks GA4GH TES 1.1 (or 1.0). Every request is sent once. Any number of threads may ask.
class TesClient {
 public:
  /// `authorization` is the value of that header; empty: none is sent. All that is referred to outlives this.
  TesClient(Http& http, std::string endpoint, SecretText authorization, std::filesystem::path ca_file);

  /// Returns the id.
  ServerResult<std::string> create(const std::string& task, const std::stop_token& stop = {});

  ServerResult<SeenTask> get(const std::string& id, TesView view, const std::stop_token& stop = {});

  /// All tasks whose name begins so, whatever pages they come on. In the minimal view tasks have no names, and a server
  /// that cannot choose tells of others as well.
  ServerResult<std::vector<SeenTask>> list(const std::string& name_prefix,
                                           TesView view,
                                           const std::stop_token& stop = {});

  /// The id of the task of this name, which nobody else gives; empty: there is none.
  ServerResult<std::string> find(const std::string& name, const std::stop_token& stop = {});

  /// Fine as well for a task that is over.
  ServerResult<std::monostate> cancel(const std::string& id, const std::stop_token& stop = {});

  /// What the server calls itself.
  ServerResult<std::string> service(const std::stop_token& stop = {});

 private:
  ServerResult<std::string> send(HttpRequest request, const std::stop_token& stop);

  Http& http_;
  std::string endpoint_;
  SecretText authorization_;
  std::filesystem::path ca_file_;
};

/// The address of a server as requests need it: `https://tes.example.org` is `https://tes.example.org/ga4gh/tes/v1`.
std::string tes_endpoint(std::string address);

}  // namespace ame::clusters
