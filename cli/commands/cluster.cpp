// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cctype>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "cli/commands/cluster_test.hpp"
#include "cli/commands/cluster_world.hpp"
#include "cli/commands/commands.hpp"
#include "cli/commands/durations.hpp"
#include "cli/render/cluster_text.hpp"
#include "clusters/engines.hpp"
#include "core/error.hpp"
#include "core/model/size_text.hpp"
#include "core/text.hpp"

namespace ame::cli {

namespace {

struct ClusterOptions {
  std::string name;
  Cluster cluster;
  std::string directory;
  std::string config;
  std::string ca_file;
  std::string wait = "2m";
  std::string older_than = "30d";
  bool dry_run = false;
  bool use = false;
  bool force = false;
  bool json = false;
};

[[noreturn]] void refuse(std::string message, std::string hint = {}) {
  throw Error(ExitCode::usage, Diagnostic{.message = std::move(message), .hint = std::move(hint)});
}

void require_sense(const ClusterOptions& options) {
  const auto is_plain = [](char letter) {
    return std::isalnum(static_cast<unsigned char>(letter)) != 0 || letter == '-' || letter == '_';
  };
  if (options.name.empty() || !std::ranges::all_of(options.name, is_plain)) {
    refuse(fmt::format("a cluster cannot be called `{}`", options.name), "letters, digits, `-` and `_` make a name");
  }
}

/// `ame cluster add`
ExitCode add(const ClusterOptions& options, Session& session) {
  require_sense(options);
  Cluster cluster = options.cluster;
  cluster.name = options.name;
  if (cluster.kind.empty()) {
    cluster.kind = cluster.endpoint.empty() || cluster.auth == "jwt" ? "slurm" : "tes";
  }
  if (!options.directory.empty()) {
    cluster.directory = (session.directory / options.directory).lexically_normal();
  }
  if (!options.config.empty()) {
    cluster.config = (session.directory / options.config).lexically_normal();
  }
  if (!options.ca_file.empty()) {
    cluster.ca_file = (session.directory / options.ca_file).lexically_normal();
  }
  cluster.auth = cluster.auth == "none" ? "" : cluster.auth;
  clusters::engine_kind(cluster.kind).complete(cluster, session.ports.state_directory() / "clusters" / cluster.name);
  bool is_used = false;
  change_clusters(session, [&](clusters::ClusterSettings& settings) {
    if (settings.find(cluster.name) != nullptr && !options.force) {
      refuse(fmt::format("there is a cluster `{}` already; nothing was changed", cluster.name),
             "`--force` replaces it");
    }
    std::erase_if(settings.clusters, [&](const Cluster& other) { return other.name == cluster.name; });
    settings.clusters.push_back(cluster);
    settings.used = options.use || settings.used.empty() ? cluster.name : settings.used;
    is_used = settings.used == cluster.name;
  });
  session.terminal.remark(fmt::format("added the cluster `{}`{}; `ame cluster test {}` says whether it works\n",
                                      cluster.name,
                                      is_used ? ", which runs use from now on" : "",
                                      cluster.name));
  return ExitCode::success;
}

/// `ame cluster list`
ExitCode list(const ClusterOptions& options, Session& session) {
  const clusters::ClusterSettings settings = cluster_settings(session);
  std::vector<ShownCluster> shown;
  for (const Cluster& cluster : settings.clusters) {
    shown.push_back({.name = cluster.name,
                     .kind = cluster.kind,
                     .directory = cluster.directory.string(),
                     .endpoint = cluster.endpoint,
                     .partition = cluster.partition,
                     .account = cluster.account,
                     .is_used = cluster.name == settings.used});
  }
  session.terminal.answer(options.json ? clusters_json(shown) : clusters_text(shown, session.terminal.answer_paint()));
  if (shown.empty() && !options.json) {
    session.terminal.remark("no cluster is configured; `ame cluster add` configures one\n");
  }
  return ExitCode::success;
}

/// `ame cluster use`
ExitCode use(const ClusterOptions& options, Session& session) {
  change_clusters(session, [&](clusters::ClusterSettings& settings) {
    settings.used = cluster_named(settings, options.name).name;
  });
  session.terminal.remark(fmt::format("`ame task run` submits to `{}` from now on\n", options.name));
  return ExitCode::success;
}

/// `ame cluster remove`
ExitCode remove(const ClusterOptions& options, Session& session) {
  Cluster removed;
  change_clusters(session, [&](clusters::ClusterSettings& settings) {
    removed = cluster_named(settings, options.name);
    std::erase(settings.clusters, removed);
    settings.used = settings.used == removed.name ? "" : settings.used;
  });
  session.terminal.remark(fmt::format("ame knows nothing of the cluster `{}` any more; what is in {} stays\n",
                                      removed.name,
                                      removed.storage.empty() ? removed.directory.string() : removed.storage));
  return ExitCode::success;
}

/// The one that is named, or the one that is used.
Cluster meant(const ClusterOptions& options, Session& session) {
  const std::optional<Cluster> cluster = wanted_cluster(session, options.name);
  if (!cluster) {
    refuse("no cluster is configured", "`ame cluster add` configures one");
  }
  return *cluster;
}

/// `ame cluster prune`
ExitCode prune(const ClusterOptions& options, Session& session) {
  const Cluster cluster = meant(options, session);
  const UtcTime before = session.ports.clock().now() - duration_option("--older-than", options.older_than);
  const clusters::OldContents old =
      engine_of(cluster, session.environment, session)
          ->prune(before, options.dry_run ? clusters::Pruning::look_only : clusters::Pruning::remove);
  session.terminal.remark(fmt::format("{} ({}) {} from `{}`\n",
                                      counted(old.files, "content"),
                                      size_text(static_cast<std::int64_t>(old.bytes)),
                                      options.dry_run  ? "would go"
                                      : old.files == 1 ? "is gone"
                                                       : "are gone",
                                      cluster.name));
  return ExitCode::success;
}

/// `ame cluster test`
ExitCode test(const ClusterOptions& options, Session& session) {
  return test_cluster(meant(options, session), duration_option("--wait", options.wait), session);
}

/// "https://tes.example.org:8000/x" is on "tes.example.org", and called `tes`.
std::string name_from(std::string_view endpoint) {
  const std::size_t scheme = endpoint.find("://");
  endpoint.remove_prefix(scheme == std::string_view::npos ? 0 : scheme + 3);
  const std::string_view host = endpoint.substr(0, endpoint.find_first_of(":/"));
  const bool is_number = host.find_first_not_of("0123456789.") == std::string_view::npos;
  return is_number ? "tes" : std::string(host.substr(0, host.find('.')));
}

/// `ame setup`
ExitCode setup(ClusterOptions options, Session& session) {
  options.name = options.name.empty() ? name_from(options.cluster.endpoint) : options.name;
  options.cluster.kind = "tes";
  options.use = true;
  options.force = true;
  add(options, session);
  return test(options, session);
}

}  // namespace

CommandSpec setup_command() {
  const auto options = std::make_shared<ClusterOptions>();
  return {
      .name = "setup",
      .summary = "Configure a server of GA4GH TES by its address, and test it",
      .details = "Does what `ame cluster add --use` and `ame cluster test` do. What is there of that name is replaced.",
      .options =
          {{"--name", &options->name, "NAME", "What it is to be called; default: the first part of its host", {}},
           {"--storage", &options->cluster.storage, "NAME", "Storage that its server reads", {}},
           {"--image", &options->cluster.image, "IMAGE", "Of tasks that name none", {}},
           {"--auth", &options->cluster.auth, "HOW", "How it knows you", {"none", "bearer", "basic"}},
           {"--ca-file", &options->ca_file, "FILE", "Certificates to trust instead of the system's", {}},
           {"--wait", &options->wait, "DURATION", "How long to wait at most; default: 2m", {}}},
      .arguments = {{"ENDPOINT", &options->cluster.endpoint, "Address of the server", true, Completion::nothing}},
      .examples = {{"ame setup https://tes.example.org --storage lake --image python:3.12",
                    "let `ame task run` use that server from now on"}},
      .action = [options](Session& session) { return setup(*options, session); }};
}

CommandSpec cluster_add_command() {
  const auto options = std::make_shared<ClusterOptions>();
  return {
      .name = "add",
      .summary = "Configure a cluster that runs tasks",
      .details =
          "For Slurm: its programs are called here, and a directory is shared with the machines of the cluster, as "
          "home directories mostly are. The project's files, the logs and the environments go there. Where its "
          "programs are not at hand, `--auth jwt --endpoint` names its slurmrestd, and the secret store keeps "
          "`cluster/NAME/token`, which `scontrol token` makes. For TES: its "
          "server has an address, and a storage is shared with it; where it wants to know who asks, `--auth` says "
          "how, and the secret store keeps `cluster/NAME/token`, or `user` and `password`. The first cluster is "
          "used by runs that name none.",
      .options =
          {{"--kind", &options->cluster.kind, "KIND", "Which engine it has", clusters::cluster_kinds()},
           {"--directory", &options->directory, "DIR", "Shared with the cluster; is made where absent", {}},
           {"--partition", &options->cluster.partition, "NAME", "Partition; default: the cluster's own", {}},
           {"--account", &options->cluster.account, "NAME", "Account that is charged", {}},
           {"--config", &options->config, "FILE", "slurm.conf of this cluster; default: as found", {}},
           {"--endpoint", &options->cluster.endpoint, "URL", "Address of its server", {}},
           {"--auth", &options->cluster.auth, "HOW", "How the server knows you", {"none", "bearer", "basic", "jwt"}},
           {"--ca-file", &options->ca_file, "FILE", "Certificates to trust instead of the system's", {}},
           {"--storage", &options->cluster.storage, "NAME", "Of TES: storage that its server reads", {}},
           {"--image", &options->cluster.image, "IMAGE", "Of TES: of tasks that name none", {}},
           {"--use", &options->use, "", "Runs use it from now on", {}},
           {"--force", &options->force, "", "Replace one of the same name", {}}},
      .arguments = {{"NAME", &options->name, "What it is to be called", true, Completion::nothing}},
      .examples = {{"ame cluster add lab --directory ~/ame --partition gpu",
                    "the Slurm that `sbatch` of this machine submits to"},
                   {"ame cluster add lab --directory ~/ame --auth jwt --endpoint https://slurm.example.org:6820",
                    "a Slurm that is asked over HTTP"},
                   {"ame cluster add far --endpoint https://tes.example.org --storage lake --image python:3.12",
                    "a server of TES that reads and writes the storage `lake`"}},
      .action = [options](Session& session) { return add(*options, session); }};
}

CommandSpec cluster_list_command() {
  const auto options = std::make_shared<ClusterOptions>();
  return {.name = "list",
          .summary = "Show the clusters, and which one runs use",
          .options = {{"--json", &options->json, "", "Print JSON", {}}},
          .examples = {{"ame cluster list", "see where `ame task run` submits to"}},
          .action = [options](Session& session) { return list(*options, session); },
          .aliases = {"ls"}};
}

CommandSpec cluster_use_command() {
  const auto options = std::make_shared<ClusterOptions>();
  return {.name = "use",
          .summary = "Choose the cluster that runs use",
          .arguments = {{"NAME", &options->name, "A cluster", true, Completion::nothing}},
          .examples = {{"ame cluster use lab", "let `ame task run` submit to `lab`"}},
          .action = [options](Session& session) { return use(*options, session); }};
}

CommandSpec cluster_remove_command() {
  const auto options = std::make_shared<ClusterOptions>();
  return {.name = "remove",
          .summary = "Forget a cluster; what is there stays",
          .arguments = {{"NAME", &options->name, "A cluster", true, Completion::nothing}},
          .examples = {{"ame cluster remove lab", "forget the cluster `lab`"}},
          .action = [options](Session& session) { return remove(*options, session); },
          .aliases = {"rm"}};
}

CommandSpec cluster_prune_command() {
  const auto options = std::make_shared<ClusterOptions>();
  return {
      .name = "prune",
      .summary = "Remove contents that were sent to a cluster long ago",
      .details =
          "They are kept so that a file goes once, whatever run it belongs to; what is removed is sent again when a "
          "run needs it. Files of runs are removed with their runs, by `ame task prune`.",
      .options = {{"--older-than", &options->older_than, "DURATION", "Sent so long ago; default: 30d", {}},
                  {"--dry-run", &options->dry_run, "", "Show what would go, and remove nothing", {}}},
      .arguments = {{"NAME", &options->name, "A cluster; default: the one that is used", false, Completion::nothing}},
      .examples = {{"ame cluster prune lab --older-than 90d", "keep what was sent in the last 90 days"}},
      .action = [options](Session& session) { return prune(*options, session); }};
}

CommandSpec cluster_test_command() {
  const auto options = std::make_shared<ClusterOptions>();
  return {
      .name = "test",
      .summary = "See whether a cluster does all that runs need",
      .details =
          "Two small jobs are sent. Reaching it, sending files, the space that is left, starting, Python, output, an "
          "exit code and cancelling are each told with their time; the first that fails ends the test and says why.",
      .options = {{"--wait", &options->wait, "DURATION", "How long to wait at most; default: 2m", {}}},
      .arguments = {{"NAME", &options->name, "A cluster; default: the one that is used", false, Completion::nothing}},
      .examples = {{"ame cluster test lab", "see whether `lab` works"}},
      .action = [options](Session& session) { return test(*options, session); }};
}

}  // namespace ame::cli
