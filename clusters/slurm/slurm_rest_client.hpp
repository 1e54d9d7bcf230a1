// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "clusters/server_fault.hpp"
#include "clusters/slurm/slurm_queue.hpp"
#include "clusters/slurm/slurm_rest_protocol.hpp"
#include "core/model/secret_text.hpp"
#include "core/ports/clock.hpp"
#include "core/ports/http.hpp"

namespace ame::clusters {

/// Asked a few times each second while a request is under way; true ends it.
using IsCancelled = std::function<bool()>;

/// Asks a slurmrestd. Every request is sent once. One thread asks at a time.
class SlurmRestClient {
 public:
  /// `endpoint` is "https://slurm.example.org:6820", with or without the version to speak: "…/slurm/v0.0.41". The ports
  /// outlive this.
  SlurmRestClient(Http& http, const Clock& clock, std::string endpoint, std::filesystem::path ca_file);

  /// As `scontrol token` prints it, with or without `SLURM_JWT=`.
  void use_token(SecretText token);

  /// The version that is spoken: the best that both sides know. Asks once.
  ServerResult<SlurmRestVersion> version(const IsCancelled& is_cancelled = {});

  /// Their names.
  ServerResult<std::vector<std::string>> partitions(const IsCancelled& is_cancelled = {});

  /// Returns the number of the job.
  ServerResult<std::string> submit(const SlurmRestJob& job, const IsCancelled& is_cancelled = {});

  /// All jobs that it tells of, of whichever user.
  ServerResult<Queue> jobs(const IsCancelled& is_cancelled = {});

  /// Fine as well for jobs that are over.
  ServerResult<std::monostate> cancel(const std::vector<std::string>& numbers, const IsCancelled& is_cancelled = {});

 private:
  ServerResult<std::string> send(HttpRequest request, const IsCancelled& is_cancelled);
  ServerResult<std::string> ask(HttpRequest request, const IsCancelled& is_cancelled);
  [[nodiscard]] ServerFault explained(ServerFault fault) const;

  Http& http_;
  const Clock& clock_;
  std::string server_;        ///< without a version
  std::string version_name_;  ///< that it was told to speak; empty: any
  std::filesystem::path ca_file_;
  SecretText token_;
  TokenClaims claims_;
  std::optional<SlurmRestVersion> version_;
};

/// "v0.0.41" of "https://slurm.example.org:6820/slurm/v0.0.41"; empty: the address names none.
std::string version_in(const std::string& endpoint);

}  // namespace ame::clusters
