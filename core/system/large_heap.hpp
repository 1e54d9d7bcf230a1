// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace ame {

/// What follows will need about so many bytes. Where that is much, they are had at once, in large pages if the kernel
/// has any: thousands of small ones, each asked for when it is first touched, take a fifth of the time in which a
/// project of 2,000 tasks is read. Only a hint; does nothing but with the C library of GNU.
void expect_memory(std::size_t bytes);

}  // namespace ame
