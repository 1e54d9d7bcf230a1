// SPDX-License-Identifier: Apache-2.0
#include "core/system/frozen_run_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include "core/system/disk_file_system.hpp"
#include "core/system/file_descriptor.hpp"
#include "core/system/json_text.hpp"
#include "core/system/sha256.hpp"
#include "core/system/system_call.hpp"

namespace ame {

namespace fs = std::filesystem;

namespace {

using Json = nlohmann::ordered_json;

constexpr int format_version = 1;
constexpr const char* document = "run.json";
constexpr std::uint64_t largest_document = 1ULL << 30;

/// What is smaller stands in the document itself.
constexpr std::size_t worth_a_file = 2048;

bool is_utf8(const std::string& content) {
  try {
    static_cast<void>(Json(content).dump());
    return true;
  } catch (const Json::exception&) {
    return false;
  }
}

/// Without waiting for the disk, since it is written before every run: what a crash cuts off counts as nothing.
void write_quickly(const fs::path& path, std::string_view text) {
  const FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  const int failure = file.is_open() ? write_all(file.number(), text) : errno;
  if (failure != 0) {
    throw machine_error("write", path, failure);
  }
}

/// Writes contents once, however many runs have them.
class Contents {
 public:
  explicit Contents(const FrozenPlace& place)
      : place_(place) {}

  /// A text as it is, or the name of the file that holds it.
  Json keep(const std::string& content) {
    if (content.size() < worth_a_file && is_utf8(content)) {
      return {{"text", content}};
    }
    const std::string name = sha256_text(content);
    if (!link_shared(name, content.size())) {
      write_quickly(place_.directory / name, content);
      files_.make_directories(place_.shared);
      // Where links do not work, or too many lead to it, each run has its own.
      static_cast<void>(::link((place_.directory / name).c_str(), (place_.shared / name).c_str()));
    }
    return {{"file", name}};
  }

  [[nodiscard]] std::string get(const Json& kept) const {
    if (kept.contains("text")) {
      return kept.at("text");
    }
    const fs::path file = place_.directory / kept.at("file").get<std::string>();
    auto content = files_.read(file, largest_document);
    if (!content || sha256_text(*content) != file.filename().native()) {
      throw machine_error("read", file, content ? EIO : ENOENT);
    }
    return *std::move(content);
  }

 private:
  /// False where no run has it, or a crash of the machine has left only a part.
  [[nodiscard]] bool link_shared(const std::string& name, std::size_t size) const {
    const fs::path own = place_.directory / name;
    const fs::path shared = place_.shared / name;
    if (::link(shared.c_str(), own.c_str()) != 0) {
      return errno == EEXIST;
    }

    struct stat found {};

    if (::stat(own.c_str(), &found) == 0 && static_cast<std::size_t>(found.st_size) == size) {
      return true;
    }
    ::unlink(own.c_str());
    ::unlink(shared.c_str());
    return false;
  }

  const FrozenPlace& place_;
  DiskFileSystem files_;
};

Json json_of(const std::vector<EnvironmentVariable>& variables) {
  Json list = Json::array();
  for (const EnvironmentVariable& variable : variables) {
    list.push_back({{"key", variable.key}, {"value", variable.value}});
  }
  return list;
}

std::vector<EnvironmentVariable> variables_from(const Json& list) {
  std::vector<EnvironmentVariable> variables;
  for (const Json& variable : list) {
    variables.push_back({.key = variable.at("key"), .value = variable.at("value")});
  }
  return variables;
}

CommandText command_from(const Json& json) {
  if (json.is_string()) {
    return ShellCommand{json.get<std::string>()};
  }
  return ArgvCommand{json.get<std::vector<std::string>>()};
}

void add(JsonText& text, std::string_view key, const std::vector<EnvironmentVariable>& variables) {
  text.open_list(key);
  for (const EnvironmentVariable& variable : variables) {
    text.open_object().text("key", variable.key).text("value", variable.value).close_object();
  }
  text.close_list();
}

void add(JsonText& text, std::string_view key, const CommandText& command) {
  if (const auto* shell = std::get_if<ShellCommand>(&command)) {
    text.text(key, shell->text);
  } else {
    text.texts(key, std::get<ArgvCommand>(command).argv);
  }
}

void add(JsonText& text, const FrozenStep& step) {
  text.open_object().text("name", step.name.text()).text("task", step.task.text()).open_list("needs");
  for (const StepName& need : step.needs) {
    text.item(need.text());
  }
  text.close_list();
  add(text, "command", step.command);
  text.text("directory", step.directory.native()).text("environment", step.environment).text("image", step.image);
  add(text, "variables", step.variables);
  text.close_object();
}

FrozenStep step_from(const Json& json) {
  FrozenStep step{.name = StepName(json.at("name").get<std::string>()),
                  .task = TaskName(json.at("task").get<std::string>()),
                  .needs = {},
                  .command = command_from(json.at("command")),
                  .directory = json.at("directory").get<std::string>(),
                  .environment = json.at("environment"),
                  .image = json.at("image"),
                  .variables = variables_from(json.at("variables"))};
  for (const Json& need : json.at("needs")) {
    step.needs.emplace_back(need.get<std::string>());
  }
  return step;
}

constexpr std::array<const char*, 4> kinds = {"missing", "regular", "directory", "other"};

FileKind kind_from(const std::string& word) {
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    if (word == kinds.at(i)) {
      return static_cast<FileKind>(i);
    }
  }
  return FileKind::missing;
}

Json json_of(const FrozenRun& run, Contents& contents) {
  Json files = Json::object();
  for (const auto& [path, status] : run.files.statuses) {
    files[path.string()]["kind"] = kinds.at(static_cast<std::size_t>(status.kind));
  }
  for (const auto& [path, content] : run.files.contents) {
    files[path.string()]["content"] = content ? contents.keep(*content) : Json(nullptr);
  }
  for (const auto& [path, names] : run.files.lists) {
    files[path.string()]["names"] = names;
  }
  for (const fs::path& path : run.withheld_files) {
    files[path.string()]["withheld"] = true;
  }
  return files;
}

void read_files(const Json& json, const Contents& contents, FrozenRun& run) {
  for (const auto& [name, file] : json.items()) {
    const fs::path path(name);
    if (file.contains("kind")) {
      run.files.statuses[path].kind = kind_from(file.at("kind"));
    }
    if (file.contains("content")) {
      const Json& content = file.at("content");
      run.files.contents[path] = content.is_null() ? std::nullopt : std::optional(contents.get(content));
    }
    if (file.contains("names")) {
      run.files.lists[path] = file.at("names").get<std::vector<std::string>>();
    }
    if (file.contains("withheld")) {
      run.withheld_files.insert(path);
    }
  }
}

Json json_of(const FrozenWishes& wishes) {
  return {{"variables", json_of(wishes.variables)},
          {"withheld", wishes.withheld},
          {"timeout", wishes.timeout},
          {"slots", wishes.slots},
          {"keeps_going", wishes.keeps_going},
          {"withholds_arguments", wishes.withholds_arguments}};
}

FrozenWishes wishes_from(const Json& json) {
  return {.variables = variables_from(json.at("variables")),
          .withheld = json.at("withheld"),
          .timeout = json.at("timeout"),
          .slots = json.at("slots"),
          .keeps_going = json.at("keeps_going"),
          .withholds_arguments = json.value("withholds_arguments", false)};
}

Json json_of(const FrozenRun& run) {
  const Cluster& cluster = *run.cluster;
  return {{"name", cluster.name},
          {"kind", cluster.kind},
          {"directory", cluster.directory.string()},
          {"partition", cluster.partition},
          {"account", cluster.account},
          {"config", cluster.config.string()},
          {"endpoint", cluster.endpoint},
          {"auth", cluster.auth},
          {"ca_file", cluster.ca_file.string()},
          {"storage", cluster.storage},
          {"image", cluster.image},
          {"of_run", run.cluster_directory.string()},
          {"goes_on", run.goes_on}};
}

void read_cluster(const Json& json, FrozenRun& run) {
  run.cluster = Cluster{.name = json.at("name"),
                        .kind = json.at("kind"),
                        .directory = json.at("directory").get<std::string>(),
                        .partition = json.at("partition"),
                        .account = json.at("account"),
                        .config = json.at("config").get<std::string>(),
                        .endpoint = json.value("endpoint", ""),
                        .auth = json.value("auth", ""),
                        .ca_file = json.value("ca_file", ""),
                        .storage = json.value("storage", ""),
                        .image = json.value("image", "")};
  run.cluster_directory = json.at("of_run").get<std::string>();
  run.goes_on = json.value("goes_on", false);
}

FrozenRun run_from(const Json& json, const Contents& contents) {
  FrozenRun run;
  run.ame = json.at("ame");
  for (const Json& path : json.at("project_path")) {
    run.project_path.emplace_back(path.get<std::string>());
  }
  run.wishes = wishes_from(json.at("wishes"));
  const Json& changes = json.at("changes");
  run.changes = {.commit = changes.at("commit"),
                 .diff = contents.get(changes.at("diff")),
                 .is_whole = changes.at("is_whole"),
                 .untracked = changes.at("untracked")};
  read_files(json.at("files"), contents, run);
  for (const Json& step : json.at("steps")) {
    run.steps.push_back(step_from(step));
  }
  if (const auto cluster = json.find("cluster"); cluster != json.end()) {
    read_cluster(*cluster, run);
  }
  return run;
}

}  // namespace

void write_frozen_run(const FrozenPlace& place, const FrozenRun& run) {
  constexpr std::size_t size_of_step = 256;
  DiskFileSystem files;
  files.make_directories(place.directory, FileMode::owner_only);
  Contents contents(place);
  JsonText text(size_of_step * (run.steps.size() + 1));
  text.open_object().number("v", format_version).text("ame", run.ame).open_list("project_path");
  for (const fs::path& path : run.project_path) {
    text.item(path.native());
  }
  text.close_list().value("wishes", json_of(run.wishes));
  text.value("changes",
             {{"commit", run.changes.commit},
              {"diff", contents.keep(run.changes.diff)},
              {"is_whole", run.changes.is_whole},
              {"untracked", run.changes.untracked}});
  text.value("files", json_of(run, contents)).open_list("steps");
  for (const FrozenStep& step : run.steps) {
    add(text, step);
  }
  text.close_list();
  if (run.cluster) {
    text.value("cluster", json_of(run));
  }
  write_quickly(place.directory / document, std::move(text.close_object()).finish());
}

std::optional<FrozenRun> read_frozen_run(const FrozenPlace& place) {
  const auto text = DiskFileSystem().read(place.directory / document, largest_document);
  if (!text) {
    return std::nullopt;
  }
  try {
    const Json json = Json::parse(*text);
    return json.at("v") == format_version ? std::optional(run_from(json, Contents(place))) : std::nullopt;
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

void release_frozen_run(const FrozenPlace& place) {
  for (const std::string& name : DiskFileSystem().list(place.directory)) {
    const fs::path shared = place.shared / name;

    struct stat found {};

    // Two links: the run's own and the shared one.
    if (::stat(shared.c_str(), &found) == 0 && found.st_nlink <= 2) {
      ::unlink(shared.c_str());
    }
  }
}

}  // namespace ame
