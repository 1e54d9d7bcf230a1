// SPDX-License-Identifier: Apache-2.0
#include "cli/render/task_values.hpp"

#include <array>

#include "cli/render/yaml.hpp"

namespace ame::cli {

namespace {

using ame::cli::json_of;

constexpr std::array<const char*, 5> secret_tags = {"ame", "vault", "env", "file", "command"};

Json quantity_or_null(const std::optional<Quantity>& quantity) {
  return quantity ? Json(quantity->text()) : Json(nullptr);
}

Json parameters_of(const std::vector<MlflowParameter>& parameters) {
  Json object = Json::object();
  for (const MlflowParameter& parameter : parameters) {
    object[parameter.key] = parameter.value;
  }
  return object;
}

/// The keys that only some executors have.
struct AddKeys {
  Json& object;

  template <class Kind>
  void operator()(const Kind& kind) const {
    if constexpr (requires { kind.groups; }) {
      object["groups"] = kind.groups;
      object["extras"] = kind.extras;
    }
    if constexpr (requires { kind.requirements; }) {
      object["requirements"] = text_or_null(kind.requirements);
    }
    if constexpr (requires { kind.entry_point; }) {
      object["entryPoint"] = text_or_null(kind.entry_point);
      object["parameters"] = parameters_of(kind.parameters);
      object["experiment"] = text_or_null(kind.experiment);
      object["envManager"] = text_or_null(kind.env_manager);
    }
  }
};

Json command_of(const std::optional<CommandText>& command) {
  if (!command) {
    return nullptr;
  }
  if (const auto* shell = std::get_if<ShellCommand>(&*command)) {
    return shell->text;
  }
  return std::get<ArgvCommand>(*command).argv;
}

Json json_of(const GpuRequest& gpu) {
  return {{"vendor", text_or_null(gpu.vendor)},
          {"model", text_or_null(gpu.model)},
          {"count", gpu.count.text()},
          {"memory", quantity_or_null(gpu.memory)}};
}

Json json_of(const SecretReference& secret) {
  return {{tag_key, secret_tags.at(static_cast<std::size_t>(secret.source))},
          {"vault", text_or_null(secret.vault)},
          {"key", text_or_null(secret.key)},
          {"field", text_or_null(secret.field)},
          {"version", text_or_null(secret.version)},
          {"injectAs", text_or_null(secret.inject_as)},
          {"injectAsFile", text_or_null(secret.inject_as_file)},
          {"injectPrefix", text_or_null(secret.inject_prefix)},
          {"optional", secret.optional},
          {"default", secret.default_value ? Json(*secret.default_value) : Json(nullptr)}};
}

}  // namespace

Json json_of(const std::vector<EnvironmentVariable>& variables) {
  Json object = Json::object();
  for (const EnvironmentVariable& variable : variables) {
    object[variable.key] = variable.value;
  }
  return object;
}

Json json_of(const Executor& executor) {
  Json object = {{tag_key, tag_of(executor)},
                 {"pythonVersion", text_or_null(executor.python_version)},
                 {"toolVersion", text_or_null(executor.tool_version)},
                 {"image", text_or_null(executor.image)}};
  std::visit(AddKeys{object}, executor.kind);
  object["command"] = command_of(executor.command);
  return object;
}

Json json_of(const Resources& resources) {
  if (resources == Resources{}) {
    return nullptr;
  }
  Json object = {{"cpu", quantity_or_null(resources.cpu)},
                 {"memory", quantity_or_null(resources.memory)},
                 {"memoryMax", quantity_or_null(resources.memory_max)},
                 {"storage", quantity_or_null(resources.storage)},
                 {"gpu", resources.gpu ? json_of(*resources.gpu) : Json(nullptr)}};
  for (const ExtendedResource& resource : resources.extended) {
    object[resource.key] = resource.amount.text();
  }
  return object;
}

Json json_of(const std::vector<SecretReference>& secrets) {
  Json list = Json::array();
  for (const SecretReference& secret : secrets) {
    list.push_back(json_of(secret));
  }
  return list;
}

Json json_of(const Artifacts& artifacts) {
  if (artifacts == Artifacts{}) {
    return nullptr;
  }
  Json paths = Json::array();
  for (const ArtifactPath& path : artifacts.paths) {
    paths.push_back({{"path", path.path}, {"optional", path.optional}});
  }
  return {{"paths", paths},
          {"saveChangedFiles", artifacts.save_changed_files},
          {"saveOnFailure", artifacts.save_on_failure}};
}

}  // namespace ame::cli
