// SPDX-License-Identifier: Apache-2.0
#include "core/env/image_environments.hpp"

#include <memory>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "core/env/cache_layout.hpp"
#include "core/env/environment_key.hpp"
#include "core/env/plan_file.hpp"
#include "core/env/run_process.hpp"
#include "core/error.hpp"
#include "core/run/placed_process_runner.hpp"

namespace ame {

namespace fs = std::filesystem;

namespace {

EnvironmentSettings settings_for(const ContainerImage& image, const EnvironmentSettings& host) {
  EnvironmentSettings settings = host;
  settings.cache = image.cache;
  settings.caller = image.environment;
  settings.uses_uv = false;  // what an image has is what installs
  settings.process.clear();  // a lease would outlive the files as the image shows them
  return settings;
}

fs::path image_file_of(const ContainerImage& image) {
  return image.cache / "image.json";
}

/// The plan of an environment whose image was never looked into.
BuildNeeded first_request(const ContainerImage& image,
                          const EnvironmentPlan& plan,
                          const fs::path& project,
                          FileSystem& files) {
  const std::string key = provisional_key(plan, project);
  const fs::path file = CacheLayout(image.cache).plan(key);
  files.make_directories(file.parent_path());
  files.write_atomically(file, to_json(WantedEnvironment{.plan = plan, .project = project}));
  return {.key = key,
          .request = {.argv = {"", "internal", "build-environment", "--plan", file.string()},
                      .environment = {},
                      .directory = project}};
}

std::string ask_for_programs(const ContainerImage& image, ProcessRunner& processes) {
  std::string programs;
  const FinishedProcess finished = run_process(processes,
                                               {.argv = {"/bin/sh", "-c", programs_question(image.environment)},
                                                .environment = as_strings(image.environment),
                                                .directory = "/"},
                                               [&programs](std::string_view bytes) { programs += bytes; });
  if (!finished.is_fine()) {
    throw Error(ExitCode::machine,
                Diagnostic{.message = fmt::format(
                               "the image `{}` cannot be looked into: {}",
                               image.place.image_name,
                               finished.end.failure.empty() ? what_became_of(finished.end) : finished.end.failure),
                           .hint = "an image for anything but `!custom` needs `/bin/sh` and a Python"});
  }
  return programs;
}

}  // namespace

ImageEnvironments::ImageEnvironments(ContainerImage image,
                                     EnvironmentSettings host,
                                     FileSystem& files,
                                     FileLocks& locks)
    : image_(std::move(image)),
      host_(std::move(host)),
      files_(files),
      locks_(locks) {}

std::variant<ReadyEnvironment, BuildNeeded> ImageEnvironments::find_or_request(const EnvironmentPlan& plan,
                                                                               const fs::path& project) {
  BuildNeeded needed;
  if (const std::optional<std::string> programs = files_.read(programs_file(image_))) {
    ImageFiles files(files_, image_.place, *programs);
    auto found = EnvironmentKeeper(settings_for(image_, host_), files, locks_).find_or_request(plan, project);
    if (auto* ready = std::get_if<ReadyEnvironment>(&found)) {
      return std::move(*ready);
    }
    needed = std::move(std::get<BuildNeeded>(found));
  } else {
    needed = first_request(image_, plan, project, files_);
  }
  // Inside the image, but by this ame: it need not be in there.
  const fs::path file = image_file_of(image_);
  files_.write_atomically(file, to_json(image_));
  needed.request.argv.front() = host_.program.string();
  needed.request.argv.insert(needed.request.argv.end(), {"--image", file.string()});
  needed.request.environment = as_strings(host_.caller);
  needed.key = image_.place.image + ":" + needed.key;
  return needed;
}

std::optional<ReadyEnvironment> ImageEnvironments::find(const std::string& key,
                                                        const EnvironmentPlan& plan,
                                                        const fs::path& project) {
  const std::optional<std::string> programs = files_.read(programs_file(image_));
  if (!programs) {
    return std::nullopt;
  }
  ImageFiles files(files_, image_.place, *programs);
  return EnvironmentKeeper(settings_for(image_, host_), files, locks_).find(key, plan, project);
}

void build_image_environment(const fs::path& image_file,
                             const fs::path& plan_file,
                             const EnvironmentSettings& host,
                             const BuildPorts& ports,
                             const ImageBuild& build) {
  ContainerImage image = read_container_image(ports.files.read(image_file).value_or(""), image_file);
  for (const auto& [key, value] : host.caller) {
    image.place.engine_environment.push_back({.key = key, .value = value});
  }
  PlacedProcessRunner processes(ports.processes, std::make_shared<const ContainerPlace>(image.place));
  std::optional<std::string> programs = ports.files.read(programs_file(image));
  if (!programs) {
    build.listener.progress(fmt::format("looking into the image {}", image.place.image_name));
    programs = ask_for_programs(image, processes);
    ports.files.write_atomically(programs_file(image), *programs);
  }
  ImageFiles files(ports.files, image.place, *programs);
  const Account user{.uid = image.place.user.uid, .gid = image.place.user.gid};
  if (build.accounts.caller().is_root() && !user.is_root()) {
    files.give_new_directories([&](const fs::path& directory) { build.accounts.give(directory, user); });
  }
  build_environment(plan_file, settings_for(image, host), {files, processes, ports.locks, ports.clock}, build.listener);
}

}  // namespace ame
