// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "clusters/slurm/slurm_line.hpp"
#include "clusters/slurm/slurm_rest_client.hpp"
#include "core/model/secret_text.hpp"
#include "core/ports/clock.hpp"
#include "core/ports/errands.hpp"
#include "core/ports/process_runner.hpp"

namespace ame::clusters {

/// What asks a slurmrestd. All that is referred to outlives it.
struct SlurmRestAccess {
  SlurmRestClient& client;
  std::function<SecretText()> token;  ///< as it is now: they do not live long
  std::string server;                 ///< as messages call it
};

/// Asks a slurmrestd, beside the thread that waits. After one that was not answered the next comes with the token that
/// there is then.
class SlurmRestLine final : public SlurmLine {
 public:
  /// The ports outlive this. `processes` is where others ask ame to stop.
  SlurmRestLine(SlurmRestAccess access, std::unique_ptr<Errands> errands, ProcessRunner& processes, const Clock& clock);

  void ask(SlurmQuestion question) override;

  [[nodiscard]] bool is_busy() const override { return errands_->is_busy(); }

  SlurmEvent wait(Time until) override;

 private:
  SlurmRestAccess access_;
  ProcessRunner& processes_;
  const Clock& clock_;
  std::optional<SlurmAnswer> answer_;
  bool had_trouble_ = false;
  std::unique_ptr<Errands> errands_;  ///< last: goes first, and is about the others
};

}  // namespace ame::clusters
