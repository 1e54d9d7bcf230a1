// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "core/text.hpp"
#include "schema/decode.hpp"

namespace ame::schema {

namespace {

ArtifactPath read_artifact_path(const Node& item, Decoding& decoding) {
  ArtifactPath path;
  if (item.kind == NodeKind::scalar) {
    path.path = read_path({"paths", item}, decoding);
    return path;
  }
  each_entry({"paths", item}, Section::artifact_path, decoding, [&](const KnownEntry& known) {
    if (known.row->key == Key::path) {
      path.path = read_path(known.value(), decoding);
    } else {
      path.optional = read_flag(known.value(), decoding);
    }
  });
  return path;
}

std::vector<ArtifactPath> read_artifact_paths(const Value& value, Decoding& decoding) {
  std::vector<ArtifactPath> paths;
  if (value.node.kind != NodeKind::sequence) {
    report_kind(value, "a list of paths", decoding);
    return paths;
  }
  for (const Node& item : value.node.items) {
    paths.push_back(read_artifact_path(item, decoding));
  }
  return paths;
}

GitTrigger decode_git_trigger(const Value& value, Decoding& decoding) {
  GitTrigger git;
  each_entry(value, Section::git_trigger, decoding, [&](const KnownEntry& known) {
    switch (known.row->key) {
      case Key::branch:
        git.branch = read_text(known.value(), decoding);
        break;
      case Key::paths:
        git.paths = read_paths(known.value(), decoding);
        break;
      case Key::tags:
        git.tags = read_texts(known.value(), decoding);
        break;
      default:
        if (const auto interval = read_duration(known.value(), decoding)) {
          git.interval = std::chrono::ceil<std::chrono::seconds>(*interval);
        }
        break;
    }
  });
  return git;
}

ConcurrencyPolicy read_concurrency(const Value& value, Decoding& decoding) {
  static const std::vector<std::string> words = {"Allow", "Forbid", "Replace"};
  return static_cast<ConcurrencyPolicy>(read_choice(value, words, decoding));
}

}  // namespace

Artifacts decode_artifacts(const Value& value, Decoding& decoding) {
  Artifacts artifacts;
  each_entry(value, Section::artifacts, decoding, [&](const KnownEntry& known) {
    if (known.row->key == Key::paths) {
      artifacts.paths = read_artifact_paths(known.value(), decoding);
    } else if (known.row->key == Key::save_changed_files) {
      artifacts.save_changed_files = read_flag(known.value(), decoding);
    } else {
      artifacts.save_on_failure = read_flag(known.value(), decoding);
    }
  });
  return artifacts;
}

Triggers decode_triggers(const Value& value, Decoding& decoding) {
  Triggers triggers;
  each_entry(value, Section::triggers, decoding, [&](const KnownEntry& known) {
    switch (known.row->key) {
      case Key::schedule:
        triggers.schedule = read_schedule(known.value(), decoding);
        break;
      case Key::timezone:
        triggers.timezone = read_time_zone(known.value(), decoding);
        break;
      case Key::catch_up:
        triggers.catch_up = read_flag(known.value(), decoding);
        break;
      case Key::concurrency_policy:
        triggers.concurrency = read_concurrency(known.value(), decoding);
        break;
      default:
        triggers.git = decode_git_trigger(known.value(), decoding);
        break;
    }
  });
  return triggers;
}

RetryPolicy decode_retries(const Value& value, Decoding& decoding) {
  RetryPolicy retries;
  if (value.node.kind == NodeKind::scalar) {
    retries.count = read_count(value, decoding);
    return retries;
  }
  retries.count = 1;
  each_entry(value, Section::retries, decoding, [&](const KnownEntry& known) {
    switch (known.row->key) {
      case Key::count:
        retries.count = read_count(known.value(), decoding);
        break;
      case Key::backoff:
        retries.backoff = read_duration(known.value(), decoding).value_or(retries.backoff);
        break;
      case Key::backoff_factor:
        retries.backoff_factor = read_decimal(known.value(), decoding);
        break;
      case Key::on_exit_codes:
        retries.on_exit_codes = read_counts(known.value(), decoding);
        break;
      default:
        retries.on_out_of_memory = read_flag(known.value(), decoding);
        break;
    }
  });
  return retries;
}

CachePolicy decode_cache(const Value& value, Decoding& decoding) {
  CachePolicy cache;
  each_entry(value, Section::cache, decoding, [&](const KnownEntry& known) {
    (known.row->key == Key::inputs ? cache.inputs : cache.outputs) = read_paths(known.value(), decoding);
  });
  return cache;
}

CleanupPolicy decode_cleanup(const Value& value, Decoding& decoding) {
  CleanupPolicy cleanup;
  each_entry(value, Section::cleanup, decoding, [&](const KnownEntry& known) {
    switch (known.row->key) {
      case Key::keep_runs:
        cleanup.keep_runs = read_count(known.value(), decoding);
        break;
      case Key::keep_log:
        cleanup.keep_log = read_quantity(known.value(), decoding);
        break;
      case Key::pack_after:
        cleanup.pack_after = read_duration(known.value(), decoding);
        break;
      default:
        cleanup.keep_for = read_duration(known.value(), decoding);
        break;
    }
  });
  return cleanup;
}

std::vector<NodeLabel> decode_labels(const Value& value, Decoding& decoding) {
  std::vector<NodeLabel> labels;
  for (EnvironmentVariable& label : read_text_map(value, decoding)) {
    labels.push_back({std::move(label.key), std::move(label.value)});
  }
  return labels;
}

}  // namespace ame::schema
