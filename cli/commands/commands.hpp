// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command_spec.hpp"

namespace ame::cli {

// Each declares its options and examples; the work is the action.
CommandSpec task_run_command();
CommandSpec task_rerun_command();
CommandSpec task_why_command();
CommandSpec task_diff_command();
CommandSpec task_status_command();
CommandSpec task_prune_command();
CommandSpec task_export_command();
CommandSpec task_list_command();
CommandSpec task_logs_command();
CommandSpec task_env_command();
CommandSpec task_plan_command();
CommandSpec task_graph_command();
CommandSpec task_view_command();
CommandSpec task_wait_command();
CommandSpec task_attach_command();
CommandSpec task_cancel_command();
CommandSpec task_remove_command();
CommandSpec artifact_list_command();
CommandSpec artifact_get_command();
CommandSpec artifact_diff_command();
CommandSpec artifact_remove_command();
CommandSpec artifact_prune_command();
CommandSpec dataset_list_command();
CommandSpec dataset_status_command();
CommandSpec dataset_build_command();
CommandSpec dataset_remove_command();
CommandSpec dataset_prune_command();
CommandSpec init_command();
CommandSpec validate_command();
CommandSpec fmt_command();
CommandSpec migrate_command();
CommandSpec schema_command();
CommandSpec import_update_command();
CommandSpec import_fetch_command();
CommandSpec import_list_command();
CommandSpec quantity_command();
CommandSpec schedule_list_command();
CommandSpec schedule_next_command();
CommandSpec secret_add_command();
CommandSpec secret_list_command();
CommandSpec secret_get_command();
CommandSpec secret_check_command();
CommandSpec secret_rename_command();
CommandSpec secret_remove_command();
CommandSpec secret_rotate_command();
CommandSpec secret_export_command();
CommandSpec secret_import_command();
CommandSpec vault_list_command();
CommandSpec vault_test_command();
CommandSpec model_list_command();
CommandSpec model_train_command();
CommandSpec model_validate_command();
CommandSpec model_deploy_command();
CommandSpec model_status_command();
CommandSpec model_stop_command();
CommandSpec storage_add_command();
CommandSpec storage_list_command();
CommandSpec storage_use_command();
CommandSpec storage_test_command();
CommandSpec storage_remove_command();
CommandSpec audit_command();
CommandSpec doctor_command();
CommandSpec completion_command();
CommandSpec complete_command();
CommandSpec env_group();
CommandSpec build_environment_command();
CommandSpec guard_secret_files_command();
CommandSpec reference_command();
CommandSpec look_at_files_command();
CommandSpec keep_artifacts_command();
CommandSpec look_at_data_set_command();
CommandSpec await_data_set_command();
CommandSpec keep_data_set_command();
CommandSpec place_data_sets_command();
CommandSpec resources_group();

}  // namespace ame::cli
