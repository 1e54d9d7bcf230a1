// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cctype>
#include <chrono>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "cli/commands/commands.hpp"
#include "cli/commands/storage_world.hpp"
#include "cli/render/storage_text.hpp"
#include "core/error.hpp"

namespace ame::cli {

namespace {

struct StorageOptions {
  std::string kind;
  Storage storage;
  std::string name;
  bool use = false;
  bool force = false;
  bool json = false;
};

[[noreturn]] void refuse(std::string message, std::string hint = {}) {
  throw Error(ExitCode::usage, Diagnostic{.message = std::move(message), .hint = std::move(hint)});
}

void require_sense(const StorageOptions& options) {
  const Storage& storage = options.storage;
  const auto is_plain = [](char letter) {
    return std::isalnum(static_cast<unsigned char>(letter)) != 0 || letter == '-' || letter == '_';
  };
  if (storage.name == "local" || storage.name.empty() || !std::ranges::all_of(storage.name, is_plain)) {
    refuse(fmt::format("a storage cannot be called `{}`", storage.name),
           "letters, digits, `-` and `_` make a name; `local` is the directory in ame's state");
  }
  if (storage.kind == StorageKind::directory && storage.path.empty()) {
    refuse("a storage of kind `directory` needs `--path`");
  }
  if (storage.kind == StorageKind::directory) {
    return;
  }
  if (storage.endpoint.empty() || storage.bucket.empty()) {
    refuse(fmt::format("a storage of kind `{}` needs `--endpoint` and `--bucket`", word_of(storage.kind)));
  }
  if (!storage.endpoint.starts_with("https://") && !storage.endpoint.starts_with("http://")) {
    refuse(fmt::format("`--endpoint` needs an address that begins with https://, not `{}`", storage.endpoint));
  }
  if (!is_private_address(storage.endpoint)) {
    refuse(fmt::format("`{}` would send what you keep, and who you are, to another machine in clear text",
                       storage.endpoint),
           "use https://, with `--ca-file` where the certificate is of your own making");
  }
  if (storage.kind == StorageKind::azure && azure_account(storage.endpoint).empty()) {
    refuse(fmt::format("`{}` names no storage account", storage.endpoint),
           "an address of Azure begins with it, as `https://lab.blob.core.windows.net`");
  }
}

StorageKind kind_of(const StorageOptions& options) {
  if (const auto kind = storage_kind(options.kind)) {
    return *kind;
  }
  if (!options.storage.path.empty()) {
    return StorageKind::directory;
  }
  return options.storage.endpoint.find(".blob.") == std::string::npos ? StorageKind::s3 : StorageKind::azure;
}

/// `ame storage add`
ExitCode add(StorageOptions options, Session& session) {
  Storage& storage = options.storage;
  storage.name = options.name;
  storage.kind = kind_of(options);
  while (storage.endpoint.ends_with('/')) {
    storage.endpoint.pop_back();
  }
  if (!storage.path.empty()) {
    storage.path = (session.directory / storage.path).lexically_normal().string();
  }
  if (!storage.ca_file.empty()) {
    storage.ca_file = (session.directory / storage.ca_file).lexically_normal().string();
  }
  storage.region = storage.region.empty() ? "us-east-1" : storage.region;
  require_sense(options);
  change_storages(session, [&](StorageSettings& settings) {
    if (settings.find(storage.name) != nullptr && !options.force) {
      refuse(fmt::format("there is a storage `{}` already; nothing was changed", storage.name),
             "`--force` replaces it");
    }
    std::erase_if(settings.storages, [&](const Storage& other) { return other.name == storage.name; });
    settings.storages.push_back(storage);
    settings.used = options.use ? storage.name : settings.used;
  });
  session.terminal.remark(fmt::format("added the storage `{}`\n", storage.name));
  if (storage.kind != StorageKind::directory) {
    session.terminal.remark(
        fmt::format("its keys come from the secret store: {} put them in\n", how_to_give_keys(storage)));
  }
  return ExitCode::success;
}

std::string place_of(const Storage& storage) {
  if (storage.kind == StorageKind::directory) {
    return storage.path;
  }
  const std::string prefix = storage.prefix.empty() ? "" : "/" + storage.prefix;
  if (storage.kind == StorageKind::azure) {
    return fmt::format("{}/{}{}", storage.endpoint, storage.bucket, prefix);
  }
  return fmt::format("s3://{}{} at {}", storage.bucket, prefix, storage.endpoint);
}

/// `ame storage list`
ExitCode list(const StorageOptions& options, Session& session) {
  StorageSettings settings = storage_settings(session);
  settings.storages.insert(settings.storages.begin(), storage_named(session, settings, "local"));
  const std::string used = used_storage(session).name;
  std::vector<ShownStorage> shown;
  for (const Storage& storage : settings.storages) {
    shown.push_back({.name = storage.name,
                     .kind = word_of(storage.kind),
                     .place = place_of(storage),
                     .is_used = storage.name == used});
  }
  session.terminal.answer(options.json ? storages_json(shown) : storages_text(shown, session.terminal.answer_paint()));
  return ExitCode::success;
}

/// `ame storage use`
ExitCode use(const StorageOptions& options, Session& session) {
  change_storages(
      session, [&](StorageSettings& settings) { settings.used = storage_named(session, settings, options.name).name; });
  session.terminal.remark(fmt::format("runs keep what they leave behind in `{}` from now on\n", options.name));
  return ExitCode::success;
}

/// `ame storage remove`
ExitCode remove(const StorageOptions& options, Session& session) {
  bool was_used = false;
  change_storages(session, [&](StorageSettings& settings) {
    const Storage storage = storage_named(session, settings, options.name);
    if (std::erase(settings.storages, storage) == 0) {
      refuse("`local` is always there", "`ame storage use` takes another");
    }
    was_used = settings.used == storage.name;
    settings.used = was_used ? "" : settings.used;
  });
  session.terminal.remark(fmt::format("ame knows nothing of the storage `{}` any more; what is kept there stays{}\n",
                                      options.name,
                                      was_used ? ", and runs use `local` again" : ""));
  return ExitCode::success;
}

/// One thing that is tried of a storage, told with its time.
void attempt(const char* what, const std::function<bool()>& works, const ObjectStore& store, Session& session) {
  const auto begin = session.ports.clock().steady();
  if (!works()) {
    throw Error(ExitCode::machine,
                Diagnostic{.message = fmt::format("{} took an object, and `{}` shows another", store.place(), what)});
  }
  const std::chrono::duration<double, std::milli> took = session.ports.clock().steady() - begin;
  session.terminal.answer(fmt::format("{:<7} ok {:8.1f} ms\n", what, took.count()));
}

/// `ame storage test`
ExitCode test(const StorageOptions& options, Session& session) {
  const StorageSettings settings = storage_settings(session);
  const Storage storage = options.name.empty() ? used_storage(session) : storage_named(session, settings, options.name);
  const auto store = session.ports.make_store(storage, storage_keys(session, storage));
  session.terminal.answer(store->place() + "\n");
  const std::string key = fmt::format("tests/{:08x}", std::random_device()());
  const auto try_it = [&](const char* what, const std::function<bool()>& works) {
    attempt(what, works, *store, session);
  };
  try_it("write", [&] {
    store->put_text(key, key);
    return true;
  });
  try_it("list", [&] { return std::ranges::count(store->list("tests/"), key) == 1; });
  try_it("read", [&] { return store->get_text(key) == key; });
  try_it("remove", [&] {
    store->remove({key});
    return !store->get_text(key);
  });
  return ExitCode::success;
}

}  // namespace

CommandSpec storage_add_command() {
  const auto options = std::make_shared<StorageOptions>();
  Storage& storage = options->storage;
  return {
      .name = "add",
      .summary = "Configure a place that keeps artifacts and data sets",
      .details = "Keys are not given here: they come from the secret store, and only ame's own transfers see them.",
      .options =
          {{"--kind", &options->kind, "KIND", "What it is", {"directory", "s3", "azure"}},
           {"--path", &storage.path, "DIR", "The directory", {}},
           {"--endpoint", &storage.endpoint, "URL", "Address of the S3 server or of the Azure storage account", {}},
           {"--bucket,--container", &storage.bucket, "BUCKET", "The bucket or Azure container; it must be there", {}},
           {"--prefix", &storage.prefix, "PREFIX", "Keep everything below this in the bucket", {}},
           {"--region", &storage.region, "REGION", "Region that requests are signed for; default: us-east-1", {}},
           {"--ca-file", &storage.ca_file, "FILE", "Certificates to trust instead of the system's", {}},
           {"--use", &options->use, "", "Runs use it from now on", {}},
           {"--force", &options->force, "", "Replace one of the same name", {}}},
      .arguments = {{"NAME", &options->name, "What it is to be called", true, Completion::nothing}},
      .examples = {{"ame storage add lab --kind s3 --endpoint https://s3.lab.example --bucket models --use",
                    "keep everything in the bucket `models`"},
                   {"ame storage add blobs --endpoint https://lab.blob.core.windows.net --container models",
                    "keep it in a container of Azure Blob Storage"}},
      .action = [options](Session& session) { return add(*options, session); }};
}

CommandSpec storage_list_command() {
  const auto options = std::make_shared<StorageOptions>();
  return {.name = "list",
          .summary = "Show the storages, and which one runs use",
          .options = {{"--json", &options->json, "", "Print JSON", {}}},
          .examples = {{"ame storage list", "see where runs keep what they leave behind"}},
          .action = [options](Session& session) { return list(*options, session); },
          .aliases = {"ls"}};
}

CommandSpec storage_use_command() {
  const auto options = std::make_shared<StorageOptions>();
  return {.name = "use",
          .summary = "Choose the storage that runs use",
          .arguments = {{"NAME",
                         &options->name,
                         "A storage, or `local` for the directory in ame's state",
                         true,
                         Completion::nothing}},
          .examples = {{"ame storage use lab", "keep what runs leave behind in `lab`"}},
          .action = [options](Session& session) { return use(*options, session); }};
}

CommandSpec storage_remove_command() {
  const auto options = std::make_shared<StorageOptions>();
  return {.name = "remove",
          .summary = "Forget a storage; what is kept there stays",
          .arguments = {{"NAME", &options->name, "A storage", true, Completion::nothing}},
          .examples = {{"ame storage remove lab", "forget the storage `lab`"}},
          .action = [options](Session& session) { return remove(*options, session); },
          .aliases = {"rm"}};
}

CommandSpec storage_test_command() {
  const auto options = std::make_shared<StorageOptions>();
  return {
      .name = "test",
      .summary = "Write, list, read and remove one small object",
      .details = "Each is told with its time; the first that fails ends the test and says why.",
      .arguments = {{"NAME", &options->name, "A storage; default: the one that runs use", false, Completion::nothing}},
      .examples = {{"ame storage test lab", "see whether `lab` works"}},
      .action = [options](Session& session) { return test(*options, session); }};
}

}  // namespace ame::cli
