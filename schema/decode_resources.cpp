// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "core/text.hpp"
#include "schema/decode.hpp"

namespace ame::schema {

namespace {

constexpr std::string_view gpu_suffix = "/gpu";

bool is_fraction(const Quantity& quantity) {
  return quantity.milli() % 1000 != 0;
}

/// I18: thousandths of a byte are nearly always a slip for `M` (R081).
void warn_of_thousandths(const Value& value, Decoding& decoding) {
  if (value.node.scalar.ends_with('m')) {
    decoding.problems.warning(
        {.where = value.node,
         .message = fmt::format("`{}` is in thousandths of a byte", value.node.scalar),
         .hint = fmt::format("write `{}M` for megabytes", value.node.scalar.substr(0, value.node.scalar.size() - 1))});
  }
}

std::optional<Quantity> read_bytes(const Value& value, Decoding& decoding) {
  auto quantity = read_quantity(value, decoding);
  if (!quantity) {
    return std::nullopt;
  }
  if (quantity->is_zero()) {
    decoding.problems.error(
        {.where = value.node, .message = fmt::format("`{}` is zero", value.key), .expected = "expected more than 0"});
    return std::nullopt;
  }
  warn_of_thousandths(value, decoding);
  return quantity;
}

class GpuReader {
 public:
  GpuReader(GpuRequest& gpu, Decoding& decoding)
      : gpu_(gpu),
        decoding_(decoding) {}

  void read(const KnownEntry& known) {
    const Value value = known.value();
    switch (known.row->key) {
      case Key::vendor: {
        static const std::vector<std::string> vendors = {"nvidia", "amd", "intel"};
        gpu_.vendor = vendors[read_choice(value, vendors, decoding_)];
        break;
      }
      case Key::model:
        gpu_.model = read_text(value, decoding_);
        break;
      case Key::memory:
        gpu_.memory = read_bytes(value, decoding_);
        break;
      default:
        read_count_of(value);
        break;
    }
  }

  void read_count_of(const Value& value) {
    const auto count = read_quantity(value, decoding_);
    if (!count) {
      return;
    }
    gpu_.count = *count;
    if (count->is_zero() || (is_fraction(*count) && *count > Quantity::of_whole(1))) {
      decoding_.problems.error({.where = value.node,
                                .message = fmt::format("`{}` of a GPU", value.node.scalar),
                                .expected = "expected a whole number, or a part of one such as `0.5`"});
    }
  }

 private:
  GpuRequest& gpu_;
  Decoding& decoding_;
};

std::optional<GpuRequest> decode_gpu(const Value& value, Decoding& decoding) {
  GpuRequest gpu{.count = Quantity::of_whole(1)};
  GpuReader reader(gpu, decoding);
  if (value.node.kind == NodeKind::scalar) {
    reader.read_count_of(value);
    return gpu;
  }
  each_entry(value, Section::gpu, decoding, [&](const KnownEntry& known) { reader.read(known); });
  return gpu;
}

/// `nvidia.com/gpu: 1` and its kin: whole GPUs of a vendor (R088, R089).
void read_vendor_gpu(const Entry& entry, const Quantity& amount, Resources& resources, Decoding& decoding) {
  const std::string_view domain = entry.key.scalar.substr(0, entry.key.scalar.size() - gpu_suffix.size());
  const std::string vendor(domain.substr(0, domain.find('.')));
  if (is_fraction(amount)) {
    decoding.problems.error(
        {.where = entry.value,
         .message = fmt::format("`{}` counts whole GPUs, not `{}`", entry.key.scalar, entry.value.scalar),
         .hint = fmt::format("to share one, write `gpu: {{vendor: {}, count: {}}}`", vendor, entry.value.scalar)});
    return;
  }
  if (amount.is_zero()) {
    return;
  }
  if (resources.gpu) {
    decoding.problems.error({.where = entry.key, .message = "GPUs are asked for twice", .hint = "keep one of the two"});
    return;
  }
  resources.gpu = GpuRequest{.vendor = vendor, .count = amount};
}

bool is_known_gpu(std::string_view key) {
  return key == "nvidia.com/gpu" || key == "amd.com/gpu" || key == "gpu.intel.com/gpu" || key == "intel.com/gpu";
}

void read_extended(const Entry& entry, Resources& resources, Decoding& decoding) {
  if (is_null(entry.value)) {
    return;
  }
  const auto amount = read_quantity({entry.key.scalar, entry.value}, decoding);
  if (!amount) {
    return;
  }
  if (is_known_gpu(entry.key.scalar)) {
    read_vendor_gpu(entry, *amount, resources, decoding);
  } else {
    resources.extended.push_back({std::string(entry.key.scalar), *amount});
  }
}

void read_resource(const KnownEntry& known, Resources& resources, Decoding& decoding) {
  const Value value = known.value();
  switch (known.row->key) {
    case Key::cpu:
      resources.cpu = read_quantity(value, decoding);
      if (resources.cpu && resources.cpu->is_zero()) {
        decoding.problems.error({.where = value.node, .message = "`cpu` is zero", .expected = "expected more than 0"});
      }
      break;
    case Key::memory:
      resources.memory = read_bytes(value, decoding);
      break;
    case Key::memory_max:
      resources.memory_max = read_bytes(value, decoding);
      break;
    case Key::storage:
      resources.storage = read_bytes(value, decoding);
      break;
    default:
      if (resources.gpu) {
        decoding.problems.error(
            {.where = known.entry->key, .message = "GPUs are asked for twice", .hint = "keep one of the two"});
      }
      resources.gpu = decode_gpu(value, decoding);
      break;
  }
}

}  // namespace

Resources decode_resources(const Value& value, Decoding& decoding) {
  Resources resources;
  KeyWalk walk(value, Section::resources, decoding);
  for (const Entry& entry : value.node.entries) {
    if (entry.key.scalar.find('/') != std::string_view::npos) {
      read_extended(entry, resources, decoding);
    } else if (const KeyRow* row = walk.next(entry)) {
      read_resource({row, &entry}, resources, decoding);
    }
  }
  if (resources.memory && resources.memory_max && *resources.memory_max < *resources.memory) {
    decoding.problems.error({.where = value.node, .message = "`memoryMax` is less than `memory`"});
  }
  return resources;
}

}  // namespace ame::schema
