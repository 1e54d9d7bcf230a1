// SPDX-License-Identifier: Apache-2.0
#include "schema/keys.hpp"

#include "schema/tags.hpp"

namespace ame::schema {

namespace {

using K = Key;
using S = Section;
using T = ValueType;

constexpr KeyRow row(Key key, std::string_view name, Sections where, ValueType type, std::string_view doc) {
  return {.key = key, .name = name, .where = where, .type = type, .doc = doc};
}

constexpr Sections any_task = {S::task, S::item, S::task_template};

constexpr Tags poetry = bit(ExecutorTag::poetry);
constexpr Tags uv = bit(ExecutorTag::uv);
constexpr Tags pip = bit(ExecutorTag::pip);
constexpr Tags mlflow = bit(ExecutorTag::mlflow);
constexpr Tags managed = static_cast<Tags>(~bit(ExecutorTag::custom));
constexpr Tags vault_only = bit(SecretSource::vault);
constexpr Tags structured = bit(SecretSource::vault) | bit(SecretSource::ame) | bit(SecretSource::file);

constexpr std::array rows = {
    row(K::project, "project", {S::project}, T::project_name, "name of the project; default: that of its directory")
        .also({"name", "projectName", "projectname", "projectid"}),
    row(K::description, "description", {S::project, S::task, S::item, S::task_template}, T::text, "for people"),
    row(K::tasks, "tasks", {S::project}, T::sections, "what can be run").of(S::task),
    row(K::templates, "templates", {S::project}, T::sections, "partial tasks that tasks are made from")
        .of(S::task_template),
    row(K::models, "models", {S::project}, T::sections, "models with their training, validation and deployment")
        .of(S::model),
    row(K::data_sets, "dataSets", {S::project}, T::sections, "data that tasks produce and others use")
        .also({"data_sets"})
        .of(S::data_set),
    row(K::defaults, "defaults", {S::project}, T::section, "what holds for every task that says nothing else")
        .of(S::defaults),
    row(K::defaults,
        "defaults",
        {S::config},
        T::section,
        "what holds for the tasks of every project that says nothing else")
        .of(S::user_defaults),
    row(K::imports, "imports", {S::project}, T::mixed_list, "where other projects are found: directories, or git")
        .of(S::import),
    row(K::vaults, "vaults", {S::project, S::config}, T::named_sections, "the Vaults that `!vault` secrets name")
        .of(S::vault),
    row(K::tools,
        "tools",
        {S::project},
        T::text_map,
        "versions of the managers: `poetry`, `pip`, `pipenv`, `mlflow`, `uv`"),

    row(K::name,
        "name",
        {S::task, S::task_template, S::model, S::data_set, S::reference, S::template_use},
        T::name,
        "letters, digits, `_` and `-`; unique among its kind")
        .required()
        .merged(Merge::never),
    row(K::name, "name", {S::item}, T::name, "default: that of the task referred to, or the pipeline's with a number")
        .merged(Merge::never),
    row(K::name, "name", {S::data_set_use}, T::name, "of the data set, unless `ref` says it"),
    row(K::executor, "executor", any_task, T::executor, "how the task's environment is made and the task started")
        .of(S::executor)
        .merged(Merge::by_tag),
    row(K::task_ref,
        "taskRef",
        {S::task, S::item},
        T::text_or_section,
        "another task: this one is the same, but for what is said here")
        .also({"taskref"})
        .of(S::reference)
        .merged(Merge::never),
    row(K::pipeline,
        "pipeline",
        any_task,
        T::pipeline,
        "sub-tasks, one after another; a list in the list runs in parallel")
        .of(S::item),
    row(K::from_template, "fromTemplate", any_task, T::templates_used, "one template or a list, the last winning")
        .of(S::template_use)
        .merged(Merge::never),
    row(K::parameters,
        "parameters",
        {S::task_template},
        T::parameters,
        "names for `${name}` in the template, with their defaults; null: must be given")
        .merged(Merge::never),
    row(K::depends_on, "dependsOn", any_task, T::dependencies, "tasks that must have succeeded before"),
    row(K::matrix,
        "matrix",
        any_task,
        T::matrix,
        "one run for each combination of values, which `${matrix.axis}` gives")
        .of(S::matrix)
        .merged(Merge::by_key),
    row(K::when, "when", any_task, T::text, "condition; the task is skipped where it does not hold"),
    row(K::resources, "resources", any_task, T::section, "what the task needs of a machine")
        .of(S::resources)
        .merged(Merge::by_key),
    row(K::secrets, "secrets", any_task, T::secrets, "secret values, as variables or files")
        .of(S::secret)
        .merged(Merge::by_target),
    row(K::environment, "environment", any_task, T::environment, "variables of the task")
        .also({"env"})
        .of(S::variable)
        .merged(Merge::by_variable),
    row(K::artifacts, "artifacts", any_task, T::section, "files to keep")
        .also({"artifactCfg"})
        .of(S::artifacts)
        .merged(Merge::by_key),
    row(K::data_sets, "dataSets", any_task, T::mixed_list, "data sets that must be there before")
        .also({"data_sets"})
        .of(S::data_set_use),
    row(K::triggers,
        "triggers",
        {S::task, S::task_template},
        T::section,
        "when the task runs by itself, once its project is pushed")
        .of(S::triggers)
        .merged(Merge::by_key),
    row(K::retries, "retries", any_task, T::count_or_section, "further attempts after a failure")
        .of(S::retries)
        .merged(Merge::by_key),
    row(K::timeout, "timeout", any_task, T::duration, "how long one attempt may take"),
    row(K::workdir, "workdir", any_task, T::path, "directory to run in, inside the project; default: the project"),
    row(K::ignore_errors, "ignoreErrors", any_task, T::flag, "a failure does not stop what comes after"),
    row(K::cache, "cache", any_task, T::section, "skip the task while its inputs are unchanged")
        .of(S::cache)
        .merged(Merge::by_key),
    row(K::cleanup, "cleanup", any_task, T::section, "what is kept of finished runs")
        .of(S::cleanup)
        .merged(Merge::by_key),
    row(K::node_selector,
        "nodeSelector",
        any_task,
        T::text_map,
        "labels of the cluster's nodes to run on; no meaning on this machine")
        .merged(Merge::by_key)
        .of(S::free),

    row(K::command,
        "command",
        {S::executor},
        T::command,
        "a text for the shell, or a list: a program and its arguments"),
    row(K::python_version, "pythonVersion", {S::executor}, T::text, "version of Python, such as `3.11`"),
    row(K::image, "image", {S::executor, S::defaults}, T::text, "container image to run in"),
    row(K::tool_version, "toolVersion", {S::executor}, T::text, "version of the manager itself").only(managed),
    row(K::groups, "groups", {S::executor}, T::texts, "dependency groups to install as well").only(poetry | uv),
    row(K::extras, "extras", {S::executor}, T::texts, "extras to install as well").only(poetry | uv),
    row(K::requirements, "requirements", {S::executor}, T::path, "default: `requirements.txt`").only(pip),
    row(K::entry_point, "entryPoint", {S::executor}, T::text, "entry point of the `MLproject`; default: `main`")
        .only(mlflow),
    row(K::parameters, "parameters", {S::executor}, T::text_map, "parameters of the entry point")
        .only(mlflow)
        .merged(Merge::by_key)
        .of(S::free),
    row(K::experiment, "experiment", {S::executor}, T::text, "experiment in MLflow").only(mlflow),
    row(K::env_manager, "envManager", {S::executor}, T::text, "`virtualenv`, `local` or `conda`").only(mlflow),

    row(K::cpu, "cpu", {S::resources}, T::quantity, "threads: `4`, `0.5` or `500m`"),
    row(K::memory, "memory", {S::resources, S::gpu}, T::quantity, "bytes: `10G`, `512Mi`"),
    row(K::memory_max, "memoryMax", {S::resources}, T::quantity, "how far a retry after running out of memory may go"),
    row(K::storage, "storage", {S::resources}, T::quantity, "disk space for the working directory"),
    row(K::gpu,
        "gpu",
        {S::resources},
        T::count_or_section,
        "GPUs of a model, or shared; whole ones of a vendor are `nvidia.com/gpu: 1`")
        .of(S::gpu)
        .merged(Merge::by_key),
    row(K::vendor, "vendor", {S::gpu}, T::text, "`nvidia`, `amd` or `intel`"),
    row(K::model, "model", {S::gpu}, T::text, "such as `H200`"),
    row(K::count, "count", {S::gpu}, T::quantity, "how many; less than 1 shares one").also({"fraction"}),
    row(K::count, "count", {S::retries}, T::count, "further attempts after the first"),

    row(K::vault, "vault", {S::secret}, T::text, "which of the configured Vaults").only(vault_only),
    row(K::key, "key", {S::secret}, T::text, "which secret: its name, path, variable, file or command")
        .also({"path", "command"}),
    row(K::key, "key", {S::variable}, T::variable_name, "name of the variable").also({"name"}).required(),
    row(K::val, "val", {S::variable}, T::text, "its value").also({"value"}),
    row(K::field, "field", {S::secret}, T::text, "one field of a secret that has several").only(structured),
    row(K::version, "version", {S::secret}, T::text, "a fixed version of it").only(vault_only),
    row(K::inject_as, "injectAs", {S::secret}, T::variable_name, "environment variable that gets the value"),
    row(K::inject_as_file, "injectAsFile", {S::secret}, T::path, "file that gets the value while the task runs"),
    row(K::inject_prefix,
        "injectPrefix",
        {S::secret},
        T::variable_name,
        "every field becomes a variable with this before its name")
        .only(structured),
    row(K::optional, "optional", {S::secret}, T::flag, "no error when there is no such secret"),
    row(K::optional, "optional", {S::artifact_path}, T::flag, "no error when there is no such file"),
    row(K::default_value, "default", {S::secret}, T::text, "value when there is no such secret"),

    row(K::paths, "paths", {S::artifacts}, T::mixed_list, "files, directories or patterns, inside the project")
        .of(S::artifact_path),
    row(K::paths, "paths", {S::git_trigger}, T::paths, "only commits that touch these"),
    row(K::save_changed_files, "saveChangedFiles", {S::artifacts}, T::flag, "every file that is new or changed")
        .also({"save_changed_files"}),
    row(K::save_on_failure, "saveOnFailure", {S::artifacts}, T::flag, "also when the task fails"),
    row(K::path, "path", {S::artifact_path}, T::path, "file, directory or pattern").required(),
    row(K::path, "path", {S::data_set}, T::path, "what the task leaves behind, inside the project").required(),
    row(K::path, "path", {S::import}, T::text, "directory of the project, from here"),
    row(K::size, "size", {S::data_set}, T::quantity, "bytes to expect"),
    row(K::task, "task", {S::data_set, S::training}, T::section, "the task, or a `taskRef`").of(S::item),
    row(K::task_ref, "taskRef", {S::data_set}, T::text_or_section, "short for `task: {taskRef: …}`")
        .also({"taskref"})
        .of(S::reference),
    row(K::ref, "ref", {S::data_set_use}, T::section, "name and project, one level deeper").of(S::reference),
    row(K::project,
        "project",
        {S::reference, S::template_use, S::data_set_use, S::import},
        T::project_name,
        "whose it is; default: this project"),
    row(K::with, "with", {S::template_use}, T::parameters, "values for the template's parameters"),

    row(K::schedule,
        "schedule",
        {S::triggers},
        T::cron,
        "five fields in quotes: minute hour day month weekday; or `@daily` and its kin"),
    row(K::timezone, "timezone", {S::triggers}, T::text, "such as `Europe/Copenhagen`; default: that of the machine"),
    row(K::catch_up, "catchUp", {S::triggers}, T::flag, "make up for times that were missed"),
    row(K::concurrency_policy,
        "concurrencyPolicy",
        {S::triggers},
        T::text,
        "`Allow`, `Forbid` or `Replace` a run that still goes on"),
    row(K::git, "git", {S::triggers}, T::section, "run on new commits").of(S::git_trigger).merged(Merge::by_key),
    row(K::git, "git", {S::import}, T::text, "address of a repository"),
    row(K::ref, "ref", {S::import}, T::text, "branch, tag or commit; default: the repository's own"),
    row(K::user, "user", {S::import}, T::text, "user name for a private repository"),
    row(K::secret, "secret", {S::import}, T::text, "key of the secret that is its password or token"),
    row(K::branch, "branch", {S::git_trigger}, T::text, "pattern; default: the repository's own branch"),
    row(K::tags, "tags", {S::git_trigger}, T::texts, "patterns of tags"),
    row(K::interval, "interval", {S::git_trigger}, T::duration, "how often to look; default: `5m`"),

    row(K::backoff, "backoff", {S::retries}, T::duration, "wait before the first retry"),
    row(K::backoff_factor, "backoffFactor", {S::retries}, T::decimal, "each wait is this much longer; default: 2"),
    row(K::on_exit_codes, "onExitCodes", {S::retries}, T::counts, "only after these exit codes"),
    row(K::on_out_of_memory, "onOutOfMemory", {S::retries}, T::flag, "with more memory, up to `memoryMax`"),
    row(K::inputs, "inputs", {S::cache}, T::paths, "files that the task reads"),
    row(K::outputs, "outputs", {S::cache}, T::paths, "files that the task writes"),
    row(K::keep_runs, "keepRuns", {S::cleanup}, T::count, "the newest so many"),
    row(K::keep_for, "keepFor", {S::cleanup}, T::duration, "those younger than this"),
    row(K::keep_log, "keepLog", {S::cleanup}, T::quantity, "bytes of each step's log, the newest: `10Gi`"),
    row(K::pack_after, "packAfter", {S::cleanup}, T::duration, "logs of those that ended longer ago are packed"),
    row(K::include, "include", {S::matrix}, T::matrix, "combinations to add"),
    row(K::exclude,
        "exclude",
        {S::matrix},
        T::matrix,
        "combinations to leave out; one that names some axes means all with them"),

    row(K::training, "training", {S::model}, T::section, "the task that makes a new version").of(S::training),
    row(K::validation_task,
        "validationTask",
        {S::model},
        T::section,
        "the task that must succeed before a version is deployed")
        .of(S::item),
    row(K::deployment, "deployment", {S::model}, T::section, "how a valid version is served").of(S::deployment),
    row(K::replicas, "replicas", {S::deployment}, T::count, "processes that serve; default: 1"),
    row(K::image, "image", {S::deployment}, T::text, "container image that serves"),
    row(K::command, "command", {S::deployment}, T::command, "default: `mlflow models serve`"),
    row(K::resources, "resources", {S::deployment, S::defaults, S::user_defaults}, T::section, "as in a task")
        .of(S::resources),
    row(K::auto_train, "autoTrain", {S::deployment}, T::flag, "deploying trains when there is no version yet"),
    row(K::deploy, "deploy", {S::deployment}, T::flag, "whether it may be served; default: true"),
    row(K::enable_tls, "enableTls", {S::deployment}, T::flag, "on a cluster; default: true"),
    row(K::ingress_annotations, "ingressAnnotations", {S::deployment}, T::text_map, "for the cluster's ingress"),

    row(K::address, "address", {S::vault}, T::text, "such as `https://vault.example.org:8200`").required(),
    row(K::mount, "mount", {S::vault}, T::text, "of the key-value engine; default: `secret`"),
    row(K::mount, "mount", {S::vault_login}, T::text, "of the method; default: its name"),
    row(K::kv_version, "kvVersion", {S::vault}, T::count, "1 or 2; default: 2"),
    row(K::name_space, "namespace", {S::vault}, T::text, "Vault namespace"),
    row(K::ca_file, "caFile", {S::vault}, T::text, "certificates to trust"),
    row(K::auth, "auth", {S::vault}, T::section, "how to log in").of(S::vault_login),
    row(K::method, "method", {S::vault_login}, T::text, "`token`, `approle`, `kubernetes` or `jwt`; default: `token`"),
    row(K::token_file, "tokenFile", {S::vault_login}, T::text, "file with the token"),
    row(K::token_env, "tokenEnv", {S::vault_login}, T::text, "variable with the token; default: `VAULT_TOKEN`"),
    row(K::role, "role", {S::vault_login}, T::text, "for `kubernetes` and `jwt`"),
    row(K::role_id_env, "roleIdEnv", {S::vault_login}, T::text, "variable with the role id, for `approle`"),
    row(K::secret_id_env, "secretIdEnv", {S::vault_login}, T::text, "variable with the secret id, for `approle`"),
    row(K::token_helper,
        "tokenHelper",
        {S::vault_login},
        T::text,
        "program that prints the token when called with `get`"),
    row(K::role_id_file, "roleIdFile", {S::vault_login}, T::text, "file with the role id, for `approle`"),
    row(K::secret_id_file, "secretIdFile", {S::vault_login}, T::text, "file with the secret id, for `approle`"),
    row(K::jwt_env, "jwtEnv", {S::vault_login}, T::text, "variable with the JSON Web Token, for `jwt`"),
    row(K::jwt_file, "jwtFile", {S::vault_login}, T::text, "file with it; default for `kubernetes`: that of the pod"),
    row(K::projects,
        "projects",
        {S::workspace},
        T::texts,
        "directories of projects; `models/*`: all that are in `models`"),
};

constexpr std::array<RetiredKey, 18> retired_keys = {{
    {"enable_tls", {S::deployment}, "it is `enableTls` today"},
    {"auto_train", {S::deployment}, "it is `autoTrain` today"},
    {"defaultTask", {S::project}, ""},
    {"command", {S::task, S::item, S::task_template}, "it belongs under `executor`"},
    {"runcommand", {S::task, S::item, S::task_template}, "it is `command` under `executor` today"},
    {"task_type", {S::task, S::item, S::task_template}, "it is the tag of `executor` today"},
    {"taskType", {S::task, S::item, S::task_template}, "it is the tag of `executor` today"},
    {"templateRef", {S::task, S::item, S::task_template}, "it is `fromTemplate` today"},
    {"taskname", {S::item}, "it is `taskRef` or `name` today"},
    {"envkey", {S::variable}, "it is `key` today"},
    {"envkey", {S::secret}, "it is `injectAs` today"},
    {"name", {S::secret}, "it is `key` today"},
    {"vaultName", {S::secret}, "it is `vault` today"},
    {"secretKey", {S::secret}, "it is `key` today"},
    {"secretPath", {S::secret}, "it is `key` today"},
    {"gpus", {S::resources}, "it is `nvidia.com/gpu` today"},
    {"vram", {S::resources}, "it is `memory` under `gpu` today"},
    {"type", {S::model}, ""},
}};

}  // namespace

std::span<const KeyRow> all_keys() {
  return rows;
}

const RetiredKey* find_retired_key(Section section, std::string_view text) {
  for (const RetiredKey& retired : retired_keys) {
    if (retired.name == text && retired.where.has(section)) {
      return &retired;
    }
  }
  return nullptr;
}

}  // namespace ame::schema
