// SPDX-License-Identifier: Apache-2.0
#pragma once

// Catch2 3 has no single header. On the include path only where that version was found.
#include <catch2/catch_all.hpp>

using Catch::Approx;  // as version 2 has it
