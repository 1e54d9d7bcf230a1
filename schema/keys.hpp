// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ame::schema {

/// The mappings that an ame.yml is made of.
enum class Section : std::uint8_t {
  project,
  task,
  item,  ///< a task inside a pipeline, model or data set
  task_template,
  executor,
  resources,
  gpu,
  secret,
  variable,
  artifacts,
  artifact_path,
  data_set,
  reference,     ///< of a task or data set: name and project
  data_set_use,  ///< `ref:`
  template_use,
  triggers,
  git_trigger,
  retries,
  cache,
  cleanup,
  matrix,
  model,
  training,
  deployment,
  defaults,
  import,
  vault,
  vault_login,
  config,         ///< the user's own config.yml
  user_defaults,  ///< `defaults` there
  workspace,      ///< an ame-workspace.yml
  free,           ///< any keys
};

inline constexpr std::size_t section_count = static_cast<std::size_t>(Section::free) + 1;

/// Some sections, as a set.
class Sections {
 public:
  constexpr Sections(std::initializer_list<Section> sections) {
    for (const Section section : sections) {
      bits_ |= std::uint64_t{1} << static_cast<unsigned>(section);
    }
  }

  [[nodiscard]] constexpr bool has(Section section) const {
    return (bits_ & (std::uint64_t{1} << static_cast<unsigned>(section))) != 0;
  }

 private:
  std::uint64_t bits_ = 0;
};

/// Every key, once, whatever sections it stands in.
enum class Key : std::uint8_t {
  project,
  description,
  tasks,
  templates,
  models,
  data_sets,
  defaults,
  imports,
  vaults,
  tools,
  name,
  executor,
  task_ref,
  pipeline,
  from_template,
  parameters,
  depends_on,
  matrix,
  when,
  retries,
  timeout,
  resources,
  secrets,
  environment,
  artifacts,
  triggers,
  workdir,
  ignore_errors,
  node_selector,
  cleanup,
  cache,
  command,
  python_version,
  image,
  tool_version,
  groups,
  extras,
  requirements,
  entry_point,
  experiment,
  env_manager,
  cpu,
  memory,
  memory_max,
  storage,
  gpu,
  vendor,
  model,
  count,
  key,
  vault,
  field,
  version,
  inject_as,
  inject_as_file,
  inject_prefix,
  optional,
  default_value,
  val,
  paths,
  save_changed_files,
  save_on_failure,
  path,
  task,
  size,
  ref,
  with,
  schedule,
  timezone,
  catch_up,
  concurrency_policy,
  git,
  branch,
  tags,
  interval,
  backoff,
  backoff_factor,
  on_exit_codes,
  on_out_of_memory,
  inputs,
  outputs,
  keep_runs,
  keep_for,
  keep_log,
  pack_after,
  include,
  exclude,
  training,
  validation_task,
  deployment,
  replicas,
  auto_train,
  deploy,
  enable_tls,
  ingress_annotations,
  user,
  secret,
  address,
  mount,
  kv_version,
  name_space,
  ca_file,
  auth,
  method,
  role,
  token_file,
  token_env,
  role_id_env,
  secret_id_env,
  token_helper,
  role_id_file,
  secret_id_file,
  jwt_env,
  jwt_file,
  projects,
};

/// What a value may look like. Decoder, JSON Schema and reference each have one place that knows them all.
enum class ValueType : std::uint8_t {
  text,
  name,           ///< letters, digits, `_`, `-`
  project_name,   ///< the same
  variable_name,  ///< of an environment variable
  flag,
  count,  ///< whole, 0 or more
  decimal,
  quantity,
  duration,
  cron,
  path,     ///< relative, inside the project
  command,  ///< a text or a list of texts
  texts,
  paths,
  counts,
  text_map,
  dependencies,
  section,           ///< the mapping `inner`
  sections,          ///< a list of `inner`
  count_or_section,  ///< a number, or `inner`
  text_or_section,   ///< a text, or `inner`
  mixed_list,        ///< a list of texts and of `inner`
  named_sections,    ///< a mapping from names to `inner`
  executor,
  secrets,
  environment,
  pipeline,
  templates_used,
  matrix,
  parameters,
};

enum class Need : std::uint8_t { optional, required };

/// How what a task says meets what its template says.
enum class Merge : std::uint8_t {
  replace,
  by_key,       ///< mappings, at every level
  by_variable,  ///< environment
  by_target,    ///< secrets, by what they set
  by_tag,       ///< the executor: by key where the tags agree
  never,        ///< a template has none, or its own does not reach the task
};

/// Bits of KeyRow::tags.
using Tags = std::uint8_t;

struct KeyRow {
  Key key;
  std::string_view name;
  Sections where;
  ValueType type;
  std::string_view doc;  ///< one line
  std::array<std::string_view, 4> aliases = {};
  Section inner = Section::project;  ///< of types that have one
  Need need = Need::optional;
  Merge merge = Merge::replace;
  Tags tags = 0xff;  ///< in an executor or a secret: those with one of these tags

  [[nodiscard]] constexpr KeyRow also(std::array<std::string_view, 4> other_spellings) const {
    KeyRow row = *this;
    row.aliases = other_spellings;
    return row;
  }

  [[nodiscard]] constexpr KeyRow of(Section content) const {
    KeyRow row = *this;
    row.inner = content;
    return row;
  }

  [[nodiscard]] constexpr KeyRow required() const {
    KeyRow row = *this;
    row.need = Need::required;
    return row;
  }

  [[nodiscard]] constexpr KeyRow merged(Merge how) const {
    KeyRow row = *this;
    row.merge = how;
    return row;
  }

  [[nodiscard]] constexpr KeyRow only(Tags some) const {
    KeyRow row = *this;
    row.tags = some;
    return row;
  }
};

/// The one table: what a key is called, where it stands, what it holds. In the order of the reference.
std::span<const KeyRow> all_keys();

/// A key as some mapping spells it.
struct Spelling {
  const KeyRow* row = nullptr;  ///< null: no such key there
  bool alias = false;
};

Spelling find_key(Section section, std::string_view text);

/// Rows of the section's required keys.
std::span<const KeyRow* const> required_keys(Section section);

/// Names (not aliases) of the section's keys, for suggestions.
std::vector<std::string> key_names(Section section);

/// Keys of older versions of the format: refused, with what to do.
struct RetiredKey {
  std::string_view name;
  Sections where;
  std::string_view instead;
};

const RetiredKey* find_retired_key(Section section, std::string_view text);

/// "a task", "`resources`": for messages.
std::string_view described(Section section);

}  // namespace ame::schema
