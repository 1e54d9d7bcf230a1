// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/syscall.h>

namespace ame {

/// For functions that run in a child on the memory of its parent, where no sanitizer may keep books.
#define AME_IN_CHILD __attribute__((no_sanitize("address", "thread", "undefined")))

#if defined(__x86_64__) || defined(__aarch64__)
#define AME_HAS_RAW_SYSTEM_CALLS 1
#else
#include <errno.h>
#include <unistd.h>
#define AME_HAS_RAW_SYSTEM_CALLS 0
#endif

/// The kernel's own answer: a negative errno value when it refuses. Unlike the functions of the C library it leaves
/// errno alone, which a child that borrows the memory of a running parent shares with it.
AME_IN_CHILD inline long raw_system_call(long number, long a = 0, long b = 0, long c = 0, long d = 0) {
#if defined(__x86_64__)
  long result = number;
  register long fourth asm("r10") = d;
  asm volatile("syscall" : "+a"(result) : "D"(a), "S"(b), "d"(c), "r"(fourth) : "rcx", "r11", "memory");
  return result;
#elif defined(__aarch64__)
  register long name asm("x8") = number;
  register long result asm("x0") = a;
  register long second asm("x1") = b;
  register long third asm("x2") = c;
  register long fourth asm("x3") = d;
  asm volatile("svc 0" : "+r"(result) : "r"(name), "r"(second), "r"(third), "r"(fourth) : "memory", "cc");
  return result;
#else
  const long result = ::syscall(number, a, b, c, d);
  return result < 0 ? -errno : result;
#endif
}

AME_IN_CHILD inline long raw_system_call(long number, const void* a, const void* b = nullptr, const void* c = nullptr) {
  return raw_system_call(number, reinterpret_cast<long>(a), reinterpret_cast<long>(b), reinterpret_cast<long>(c));
}

}  // namespace ame
