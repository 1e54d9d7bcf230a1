// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>

namespace ame {

/// Settings and images of a real podman for tests, made once for all of them by tests/containers/make_images.py:
/// `localhost/ame-small:1` (busybox) and `localhost/ame-python:1`. None, said by skip_test(), where podman cannot start
/// containers.
std::optional<std::filesystem::path> container_store();

}  // namespace ame
